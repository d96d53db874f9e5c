"""拆单 at the desks: one press makes a ticket of each matter, and the caller is told every number."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import runtime
from hotline.lifecycle import Status
from hotline.models.ticket import Ticket
from hotline.work import Actor, Work
from tests.builders import AGENT, DISPATCHER, a_logged_ticket
from tests.hotline.tickets.test_splitting import LIGHT, STORY, WATER, Reader
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]
CUTS = f"0 {len(LIGHT)}"
CALL = {"content": STORY, "address": "海澜区", "request_key": "call-1", "phone": "13800000009"}


@pytest.fixture(autouse=True)
def read(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask a model that knows two words."""
    model: Any = Reader()
    running = runtime.current()
    monkeypatch.setattr(runtime, "_running", replace(running, city=replace(running.city, classifier=model)))


def a_story(work: Work) -> Ticket:
    ticket = a_logged_ticket(work, content=STORY)
    work.session.commit()
    return ticket


def tickets(session: Session) -> list[Ticket]:
    return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def test_the_desk_proposes_the_split_with_the_sentence_of_each(client_as: ClientAs) -> None:
    page = soup(post(client_as(AGENT), "/agent/suggest", content=STORY, address="海澜区"))

    proposed = one(page, ".matters")
    assert "两件事" in proposed.text
    assert LIGHT in proposed.text
    assert "另外我们这栋楼停水" in proposed.text
    assert one(proposed, "button")["value"] == CUTS


def test_one_press_registers_both_and_tells_both_numbers(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)

    answer = post(client, "/agent/log", **CALL, split=CUTS)
    light, water = tickets(session)
    told = client.get(answer.location).text

    assert answer.status_code == 303
    assert (light.content, water.content) == (LIGHT, WATER)
    assert light.call_id == water.call_id
    assert light.caller_id == water.caller_id
    assert light.number in told
    assert water.number in told
    assert told.count("查询码，只显示这一次") == 2
    assert "查询码，只显示这一次" not in client.get(answer.location).text


def test_the_same_press_twice_is_two_tickets(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)

    for _ in range(2):
        assert post(client, "/agent/log", **CALL, split=CUTS).status_code == 303

    assert len(tickets(session)) == 2


@pytest.mark.parametrize("cuts", ["0 5", "0", "7", "x", "0 -1", f"{CUTS} 60"])
def test_a_cut_that_was_not_proposed_registers_nothing(
    client_as: ClientAs, session: Session, cuts: str
) -> None:
    answer = post(client_as(AGENT), "/agent/log", **CALL, split=cuts)

    assert answer.status_code == 422
    assert "请看一眼新的分法再按" in answer.text
    assert tickets(session) == []


def test_the_dispatch_desk_says_that_it_sounds_like_two(client_as: ClientAs, work: Work) -> None:
    ticket = a_story(work)

    page = client_as(DISPATCHER).get(f"/dispatch/{ticket.number}").text

    assert "听起来是两件事" in page
    assert f"/dispatch/{ticket.number}/split" in page


def test_the_split_page_ticks_what_it_proposes(client_as: ClientAs, work: Work) -> None:
    ticket = a_story(work)

    page = soup(client_as(DISPATCHER).get(f"/dispatch/{ticket.number}/split"))

    ticked = [box["value"] for box in page.select("[name=cuts]") if box.has_attr("checked")]
    assert ticked == [str(len(LIGHT))]


def test_a_dispatcher_splits_and_the_ticket_page_shows_both(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_story(work)
    client = client_as(DISPATCHER)

    answer = post(
        client,
        f"/dispatch/{ticket.number}/split",
        version=ticket.version,
        cuts=str(len(LIGHT)),
        **{f"category-{len(LIGHT)}": "停水、水压、水质", f"place-{len(LIGHT)}": "海澜区望潮街道"},
    )
    water = tickets(session)[-1]
    done = client.get(answer.location).text
    page = client.get(f"/tickets/{ticket.number}").text

    assert answer.status_code == 303
    assert (water.content, water.address, water.category_code) == (WATER, "海澜区望潮街道", "0301")
    assert water.status is Status.LOGGED
    assert water.number in done
    assert "查询码，只显示这一次" in done
    assert "已另立工单" in page
    assert "同一来电" in page
    assert f"由 {ticket.number} 拆出" in client.get(f"/tickets/{water.number}").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "还没有选从哪一句起是另一件事"),
        ({"cuts": "9999"}, "分法也变了"),
        ({"cuts": str(len(LIGHT)), f"category-{len(LIGHT)}": "没有这一类"}, "没有这个事项分类"),
    ],
)
def test_a_split_that_cannot_be_says_why(
    client_as: ClientAs, work: Work, session: Session, fields: dict[str, str], told: str
) -> None:
    ticket = a_story(work)

    answer = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/split", version=ticket.version, **fields)

    assert answer.status_code == 422
    assert told in answer.text
    assert len(tickets(session)) == 1
