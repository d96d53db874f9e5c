"""试派台: every step of a dispatch is shown for a text that nobody registered."""

import logging
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.lifecycle import Action
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.work import Actor, Work
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
    a_ticket_to_follow_up,
    by,
)
from tests.hotline.tickets.deeds import DEEDS
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]
PAGE = "/dispatch/bench"
COVER = "路边供水井盖不见了，晚上走路危险"
PLACE = "海澜区潮音街道"


def tried(client: FlaskClient, **fields: object) -> str:
    answer = post(client, PAGE, **fields)
    assert answer.status_code == 200
    return one(soup(answer), "#found").get_text(" ", strip=True)


def settled(work: Work, session: Session, content: str, **changes: object) -> Ticket:
    ticket = a_ticket_to_follow_up(work, content=content, category="0202", **changes)
    DEEDS[Action.CLOSE](by(work, FOLLOWER, after=HOUR), ticket)
    session.commit()
    return ticket


@pytest.mark.parametrize("who", [DISPATCHER, SUPERVISOR, ADMIN])
def test_who_looks_after_dispatching_may_try(client_as: ClientAs, who: Actor) -> None:
    assert client_as(who).get(PAGE).status_code == 200


@pytest.mark.parametrize("who", [AGENT, HANDLER, REVIEWER])
def test_nobody_else_does(client_as: ClientAs, who: Actor) -> None:
    assert client_as(who).get(PAGE).status_code == 403
    assert post(client_as(who), PAGE, text=COVER).status_code == 403


def test_every_step_is_shown(client_as: ClientAs) -> None:
    said = tried(client_as(DISPATCHER), text=COVER, address=PLACE, category="0202")

    for step in ("结论", "1 分词", "2 分类", "3 属地", "4 目录条款", "5 以往办过的"):
        assert step in said
    assert "水务集团" in said
    assert "写到“供水”" in said
    assert "“潮音街道” → 海澜区潮音街道" in said
    assert "没有写到：电力、供电、高压线" in said
    assert "也符合，但第" in said


def test_the_entry_that_decided_stands_first(client_as: ClientAs) -> None:
    answer = post(client_as(DISPATCHER), PAGE, text=COVER, address=PLACE, category="0202")

    rows = soup(answer).select(".entries tbody tr")
    assert "采用" in rows[0].text
    assert sum("采用" in row.text for row in rows) == 1


def test_an_unknown_owner_is_left_to_the_desk_and_the_area_handles_first(client_as: ClientAs) -> None:
    said = tried(client_as(DISPATCHER), text="路边一个井盖不见了", address=PLACE, category="0202")

    assert "由派单台定" in said
    assert "产权没问清前，由海澜区城管局先行处置" in said


def test_nothing_is_stored_and_the_text_is_in_no_log(
    client_as: ClientAs, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    counted = [select(func.count()).select_from(table) for table in (Ticket, TicketEvent)]
    before = [session.scalar(each) for each in counted]

    tried(client_as(DISPATCHER), text=COVER, address=PLACE)

    assert [session.scalar(each) for each in counted] == before
    assert COVER not in caplog.text


def test_what_was_settled_before_is_shown_without_personal_data(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = settled(work, session, f"{COVER}，请回电13912345678。")

    said = tried(client_as(DISPATCHER), text=COVER, address=PLACE, category="0202")

    assert "供水井盖不见了" in said
    assert "13912345678" not in said
    assert ticket.number in said.replace(" ", "")


def test_an_administrator_sees_no_titles(client_as: ClientAs, work: Work, session: Session) -> None:
    settled(work, session, "沿河步道的供水井盖不见了，踩空过一次")

    said = tried(client_as(ADMIN), text=COVER, address=PLACE, category="0202")

    assert "沿河步道" not in said


@pytest.mark.parametrize("who", [DISPATCHER, SUPERVISOR, ADMIN])
def test_what_was_said_in_confidence_is_on_nobodys_bench(
    client_as: ClientAs, work: Work, session: Session, who: Actor
) -> None:
    ticket = settled(work, session, "沿河步道的供水井盖不见了，踩空过一次", confidential=True)

    said = tried(client_as(who), text=COVER, address=PLACE, category="0202")

    assert "沿河步道" not in said
    assert ticket.number not in said.replace(" ", "")


def test_a_text_that_says_nothing_is_told_what_to_do(client_as: ClientAs) -> None:
    assert "多写两句，或者在左边填一个分类" in tried(client_as(DISPATCHER), text="。")


def test_markup_in_a_text_is_only_text(client_as: ClientAs) -> None:
    answer = post(client_as(DISPATCHER), PAGE, text="<script>alert(1)</script>供水井盖坏了", category="0202")

    assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "这一项还没有填"),
        ({"text": COVER, "category": "没有这一类"}, "没有这个事项分类"),
        ({"text": "井" * 5001}, "最多 5000 字"),
    ],
)
def test_what_cannot_be_tried_comes_back_with_what_was_typed(
    client_as: ClientAs, fields: dict[str, str], said: str
) -> None:
    answer = post(client_as(DISPATCHER), PAGE, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert fields["text"].strip() in answer.text


def test_the_desk_tells_what_earlier_matters_say(client_as: ClientAs, work: Work, session: Session) -> None:
    settled(work, session, "潮音街道的供水井盖不见了")
    ticket = a_logged_ticket(work, content="供水井盖不见了两天", category="0202", address=PLACE)
    session.commit()

    card = one(soup(client_as(DISPATCHER).get(f"/dispatch/{ticket.number}")), "aside.card-of").text

    assert "相似已办" in card
    assert "最像的 1 件里 1 件由市城管局办结" in card


def test_the_desk_leads_to_the_bench(client_as: ClientAs) -> None:
    assert soup(client_as(DISPATCHER).get("/dispatch")).select_one(f".tabs a[href='{PAGE}']")


def test_the_desk_refuses_to_push_a_duty_down_and_says_why(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_logged_ticket(work, address=PLACE)
    session.commit()

    answer = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/send", lead="J0101")

    assert answer.status_code == 422
    assert "最低由区级主办（依据城市照明管理规定）" in answer.text
