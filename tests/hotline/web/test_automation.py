"""The page of the auto lane: what is promised and kept, what another promise would do, the switch."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline import runtime
from hotline.cities.city import City
from hotline.tickets import lanes
from hotline.work import Actor, Work
from tests.builders import ADMIN, AGENT, DAY, DISPATCHER, HANDLER, REVIEWER, SUPERVISOR
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup
from tests.support.judged import come_in, with_model

ClientAs = Callable[[Actor], FlaskClient]
LIGHTS, WATER = "0204", "0301"
LAMPS, TAPS = "路灯不亮", "停水、水压、水质"


@pytest.fixture
def app(app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """In a city that has a model."""
    monkeypatch.setattr(runtime.current(), "city", with_model(city))
    return app


@pytest.fixture
def proved(work: Work) -> Work:
    """Forty faultless decisions on lights, ten on water of which one was wrong."""
    work = replace(work, city=with_model(work.city))
    come_in(work, 40, LIGHTS, NOW - DAY, eligible=True, decided=LIGHTS)
    come_in(work, 9, WATER, NOW - DAY, eligible=True, decided=WATER)
    come_in(work, 1, WATER, NOW - DAY, eligible=True, decided=LIGHTS)
    for category in lanes.categories(work):
        lanes.reckon(work, category)
    work.session.commit()
    return work


def rows(client: FlaskClient, path: str) -> dict[str, str]:
    """The words of each line, by the name of its category."""
    found = soup(client.get(path)).select("table.lanes tbody tr")
    return {row.th.text.partition(" / ")[2]: " ".join(row.text.split()) for row in found if row.th}


def test_each_category_shows_its_evidence_and_what_it_lacks(client_as: ClientAs, proved: Work) -> None:
    lines = rows(client_as(SUPERVISOR), "/automation")

    assert "自动派" in lines["路灯不亮"]
    assert "40/40 对" in lines["路灯不亮"]
    assert "有 1 件错的，还证明不了" in lines["停水、水压、水质"]


def test_a_stricter_promise_is_tried_out_and_changes_nothing(client_as: ClientAs, proved: Work) -> None:
    client = client_as(SUPERVISOR)

    line = rows(client, "/automation?promise=0.97")["路灯不亮"]

    assert "0 类可自动派" in client.get("/automation?promise=0.97").text
    assert "再有 59 件没有错的" in line
    assert "自动派" in line


@pytest.mark.parametrize(
    ("view", "shown"), [("open", [LAMPS]), ("held", []), ("near", []), ("all", [LAMPS, TAPS])]
)
def test_the_tabs_narrow_the_list(client_as: ClientAs, proved: Work, view: str, shown: list[str]) -> None:
    assert sorted(rows(client_as(DISPATCHER), f"/automation?view={view}")) == sorted(shown)


def test_a_category_is_closed_by_hand_with_a_reason_and_opened_again(
    client_as: ClientAs, proved: Work
) -> None:
    client = client_as(SUPERVISOR)

    assert post(client, f"/automation/{LIGHTS}/hold", reason="职责刚调整").status_code == 303
    page = client.get(f"/automation/{LIGHTS}").text
    assert "人工停用" in page
    assert "职责刚调整" in page
    proved.session.expire_all()
    assert lanes.threshold_of(proved, LIGHTS) is None

    assert post(client, f"/automation/{LIGHTS}/release").status_code == 303
    proved.session.expire_all()
    assert lanes.threshold_of(proved, LIGHTS) is not None


def test_without_a_reason_it_stays_open_and_the_page_says_so(client_as: ClientAs, proved: Work) -> None:
    answer = post(client_as(SUPERVISOR), f"/automation/{LIGHTS}/hold", reason="")

    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert lanes.threshold_of(proved, LIGHTS) is not None


def test_a_dispatcher_may_close_and_not_open(client_as: ClientAs, proved: Work) -> None:
    client = client_as(DISPATCHER)

    assert post(client, f"/automation/{LIGHTS}/hold", reason="派错好几件").status_code == 303
    assert post(client, f"/automation/{LIGHTS}/release").status_code == 403


@pytest.mark.parametrize("actor", [AGENT, HANDLER, REVIEWER], ids=lambda actor: actor.name)
def test_others_have_no_business_there(client_as: ClientAs, actor: Actor) -> None:
    client = client_as(actor)

    assert client.get("/automation").status_code == 403
    assert client.get(f"/automation/{LIGHTS}").status_code == 403


def test_what_went_wrong_is_listed_and_the_administrator_sees_no_title(
    client_as: ClientAs, proved: Work
) -> None:
    seen = soup(client_as(SUPERVISOR).get(f"/automation/{WATER}"))
    blind = soup(client_as(ADMIN).get(f"/automation/{WATER}"))

    assert len(seen.select(".tickets tbody tr a.title")) == 1
    assert len(blind.select(".tickets tbody tr")) == 1
    assert blind.select(".tickets a.title") == []


@pytest.mark.parametrize(
    "path", ["/automation/9999", "/automation/02", "/automation?promise=2", "/automation?view=x"]
)
def test_what_does_not_exist_is_said(client_as: ClientAs, path: str) -> None:
    assert client_as(SUPERVISOR).get(path).status_code in {404, 422}


def test_a_city_without_a_model_says_what_is_missing(
    client_as: ClientAs, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as(SUPERVISOR)
    monkeypatch.setattr(runtime.current(), "city", city)

    assert "这里没有类别" in client.get("/automation").text
