"""The page of what moved since the model was taught: figures for both, tickets for those who see tickets."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classifier.drift import Aspect
from hotline import labels, runtime
from hotline.cities.city import City
from hotline.jobs import tasks
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import drift
from hotline.tickets.promises import TELL_DESK
from hotline.work import Actor, Work
from tests.builders import ADMIN, AGENT, DAY, DISPATCHER, HANDLER, SUPERVISOR
from tests.conftest import NOW
from tests.hotline.web.browsing import one, post, soup
from tests.support.judged import a_version, come_in, with_model

ClientAs = Callable[[Actor], FlaskClient]
LIGHTS, WATER = "0204", "0301"
YESTERDAY = NOW - DAY
ALIKE = {LIGHTS: [100, 80.0, 5, 65.0], WATER: [100, 80.0, 5, 65.0]}


@pytest.fixture
def app(app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """In a city that has a model."""
    monkeypatch.setattr(runtime.current(), "city", with_model(city))
    return app


@pytest.fixture
def work(work: Work) -> Work:
    return replace(work, city=with_model(work.city))


@pytest.fixture
def moved(work: Work) -> Work:
    """Every other ticket of the lights is overruled, and the water has fallen silent."""
    a_version(work, ALIKE)
    come_in(work, 60, LIGHTS, YESTERDAY, decided=WATER)
    come_in(work, 60, LIGHTS, YESTERDAY)
    work.session.commit()
    return work


def test_what_moved_is_said_in_words_and_leads_to_its_tickets(client_as: ClientAs, moved: Work) -> None:
    page = soup(client_as(SUPERVISOR).get("/models/drift"))

    told = {one(line, ".grow").text: one(line, "a")["href"] for line in page.select(".moved > li")}
    assert told == {
        "“市政设施 / 路灯不亮”近 7 天占 100.0%，训练时占 50.0%": f"/models/drift/{LIGHTS}?aspect=share",
        "“水电气热通信 / 停水、水压、水质”近 7 天占 0.0%，训练时占 50.0%": (
            f"/models/drift/{WATER}?aspect=share"
        ),
        "判成“市政设施 / 路灯不亮”的，近 7 天有 50% 由人改成别的分类，训练时 5%": (
            f"/models/drift/{LIGHTS}?aspect=override"
        ),
    }


def test_every_category_has_its_figures_then_and_now(client_as: ClientAs, moved: Work) -> None:
    page = soup(client_as(SUPERVISOR).get("/models/drift"))

    lights = next(row for row in page.select(".drifts tbody tr") if "路灯不亮" in row.text)
    cells = [" ".join(cell.get_text().split()) for cell in lights.select("td")]
    assert cells == ["50.0%", "—", "▲ 变多 100.0%", "", "80%", "80%", "5% 5/100", "▲ 变多 50% 60/120"]


def test_the_tickets_of_a_category_show_what_people_decided(client_as: ClientAs, moved: Work) -> None:
    page = soup(client_as(SUPERVISOR).get(f"/models/drift/{LIGHTS}?aspect=override"))

    rows = page.select(".tickets tbody tr")
    assert len(rows) == drift.SHOWN
    assert all("停水、水压、水质" in row.text for row in rows)
    assert str(one(rows[0], "a")["href"]).startswith("/tickets/")


def test_the_administrator_sees_figures_and_numbers_and_no_ticket(client_as: ClientAs, moved: Work) -> None:
    title = moved.session.scalars(select(Ticket.title)).first()
    client = client_as(ADMIN)

    figures, category = client.get("/models/drift"), client.get(f"/models/drift/{LIGHTS}")

    assert soup(figures).select(".moved > li")
    assert len(soup(category).select(".tickets tbody tr .no")) == drift.SHOWN
    assert title
    assert title not in category.text
    assert not soup(category).select('a[href^="/tickets/2"]')


def test_only_the_administrator_is_led_to_the_other_pages_of_the_models(
    client_as: ClientAs, moved: Work
) -> None:
    def tabs(actor: Actor) -> list[str]:
        return [str(one["href"]) for one in soup(client_as(actor).get("/models/drift")).select(".tabs a")]

    assert "/models" in tabs(ADMIN)
    assert "/models/drift" in tabs(ADMIN)
    assert tabs(SUPERVISOR) == []


def test_the_supervisor_finds_the_page_in_his_bar(client_as: ClientAs, work: Work) -> None:
    bar = soup(client_as(SUPERVISOR).get("/models/drift")).select_one(".bar-nav [aria-current]")

    assert bar is not None
    assert bar.text == "模型"


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, HANDLER], ids=["agent", "dispatcher", "handler"])
def test_nobody_else_sees_it(client_as: ClientAs, actor: Actor) -> None:
    assert client_as(actor).get("/models/drift").status_code == 403
    assert client_as(actor).get(f"/models/drift/{LIGHTS}").status_code == 403


def test_an_alert_is_one_line_of_the_inbox_and_opens_its_tickets(client_as: ClientAs, moved: Work) -> None:
    drift.raise_alerts(moved)
    waiting = select(OutboxMessage).where(OutboxMessage.kind == TELL_DESK)
    for message in moved.session.scalars(waiting):
        if message.payload["action"] == drift.TOPIC:
            tasks.put_in_inbox(moved, message)
    moved.session.commit()
    notice = next(one for one in moved.session.scalars(select(Notice)) if one.facts["aspect"] == "override")
    client = client_as(SUPERVISOR)

    told = soup(client.get("/notices")).select_one(f'form[action="/notices/{notice.id}"]')
    answer = post(client, f"/notices/{notice.id}")

    assert told is not None
    assert told.b is not None
    assert told.b.text == "模型变化"
    assert "判成“市政设施 / 路灯不亮”的，近 7 天有 50% 由人改成别的分类，训练时 5%" in told.text
    assert "看这些工单" in told.text
    assert answer.location == f"/models/drift/{LIGHTS}?aspect=override"
    moved.session.refresh(notice)
    assert notice.read_at == NOW


def test_a_week_in_which_nothing_moved_says_so(client_as: ClientAs, work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 30, LIGHTS, YESTERDAY)
    come_in(work, 30, WATER, YESTERDAY)
    work.session.commit()

    assert "没有哪一类有明显变化" in client_as(SUPERVISOR).get("/models/drift").text


def test_a_delivered_model_says_from_when_on_it_can_be_compared(client_as: ClientAs, work: Work) -> None:
    come_in(work, 30, LIGHTS, NOW - 7 * DAY)
    work.session.commit()

    page = client_as(SUPERVISOR).get("/models/drift").text

    assert "基准还在攒" in page
    assert "12-15(周二)" in page.replace("\n", "")
    assert "12-22(周二)" in page


def test_before_anything_was_judged_the_page_says_what_is_missing(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)

    assert "还没有可比的" in client.get("/models/drift").text
    assert "还没有可比的" in client.get(f"/models/drift/{LIGHTS}").text


def test_without_a_model_the_page_says_so(
    client_as: ClientAs, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as(ADMIN)
    monkeypatch.setattr(runtime.current(), "city", replace(city, classifier=None))

    assert "没有可用的模型" in client.get("/models/drift").text


def test_a_week_without_tickets_says_so(client_as: ClientAs, work: Work) -> None:
    a_version(work, ALIKE)
    work.session.commit()

    assert "近 7 天没有派定的工单" in client_as(SUPERVISOR).get("/models/drift").text


@pytest.mark.parametrize("path", ["02", "nonsense"])
def test_a_category_that_no_ticket_may_have_has_no_page(client_as: ClientAs, path: str) -> None:
    assert client_as(SUPERVISOR).get(f"/models/drift/{path}").status_code == 404


def test_an_aspect_that_is_none_is_refused(client_as: ClientAs) -> None:
    assert client_as(SUPERVISOR).get(f"/models/drift/{LIGHTS}?aspect=mood").status_code == 422


def test_every_aspect_has_its_word() -> None:
    assert set(labels.DRIFT_ASPECTS) == set(Aspect)
