"""The ticket page and the lists: what stands there, for whom, and what may be done next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hotline.lifecycle import Action, Status
from hotline.models.ticket import Ticket
from hotline.tickets import reckoning, returns, timeline
from hotline.tickets.callers import Identity
from hotline.tickets.paging import PAGE
from hotline.tickets.returnable import ReturnRequest
from hotline.work import SYSTEM, Actor, Work
from tests.builders import (
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    PHONE,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import closing_on
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]
NOT_OURS = ReturnRequest("not_our_duty", basis="“三定”规定第五条", suggested=OTHER, evidence="灯杆编号 J-07")


def page_of(client: FlaskClient, ticket: Ticket) -> BeautifulSoup:
    answer = client.get(f"/tickets/{ticket.number}")
    assert answer.status_code == 200
    return soup(answer)


def rail(page: BeautifulSoup) -> str:
    return page.select_one(".rail").get_text(" ", strip=True)


def test_the_three_clocks_of_the_department_stand_on_top(client_as: ClientAs, work: Work) -> None:
    page = page_of(client_as(HANDLER), a_contacted_ticket(work))

    clocks = [one.get_text(strip=True) for one in page.select(".clocks dt")]
    assert clocks == ["签收 · 1 个工作日", "首次联系 · 1 个工作日", "办结 · 7 个工作日"]
    assert [one.text.strip() for one in page.select(".clocks .clock")][:2] == ["按期", "按期"]


def test_a_clock_opens_its_arithmetic_day_by_day(client_as: ClientAs, work: Work) -> None:
    page = page_of(client_as(HANDLER), a_contacted_ticket(work))

    rows = [row.get_text(" ", strip=True) for row in page.select(".passport")[2].select("tbody tr")]
    assert rows[0] == "今天 10:00 起算，当天不计 0"
    assert rows[4] == "11-28(周六) 至 11-29(周日) 周末，不计 3"
    assert rows[-1] == "12-03(周四) 18:00 到期 7"


def test_a_clock_that_was_met_keeps_the_arithmetic_it_had(client_as: ClientAs, work: Work) -> None:
    page = page_of(client_as(HANDLER), a_resolved_ticket(work))

    rows = page.select(".passport")[2].select("tbody tr")
    assert rows[-1].get_text(" ", strip=True) == "12-03(周四) 18:00 到期 7"


def test_only_what_would_succeed_is_a_button(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    assert "写内部备注" in rail(page_of(client_as(HANDLER), ticket))
    assert "撤诉" not in rail(page_of(client_as(HANDLER), ticket))
    assert "撤诉" in rail(page_of(client_as(AGENT), ticket))


def test_what_one_looks_for_and_may_not_do_says_why(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)

    blocked = rail(page_of(client_as(HANDLER), ticket))

    assert "办结反馈 ：还没有联系上诉求人。请先记录联系，再办结。" in blocked


def test_the_caller_is_masked_on_the_page(client_as: ClientAs, work: Work) -> None:
    page = page_of(client_as(HANDLER), a_dispatched_ticket(work))

    assert PHONE not in page.text
    assert "138****0001" in page.text


def test_a_confidential_caller_is_not_known_by_his_other_tickets(client_as: ClientAs, work: Work) -> None:
    known = a_dispatched_ticket(work)
    hidden = a_dispatched_ticket(work, confidential=True)
    assert known.caller_id == hidden.caller_id
    handler, agent = client_as(HANDLER), client_as(AGENT)

    assert f"/tickets/{hidden.number}" not in str(page_of(handler, known))
    assert f"/tickets/{known.number}" not in str(page_of(handler, hidden))
    assert f"/tickets/{known.number}" in str(page_of(agent, hidden))


def test_who_called_is_shown_for_a_purpose_once_and_on_the_record(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_dispatched_ticket(work)
    client = client_as(HANDLER)

    unasked = post(client, f"/tickets/{ticket.number}/reveal", purpose=" ")
    shown = post(client, f"/tickets/{ticket.number}/reveal", purpose="上门前约时间")

    assert unasked.status_code == 422
    assert PHONE not in unasked.text
    assert PHONE in shown.text
    assert shown.headers["Refresh"] == f"30; url=/tickets/{ticket.number}"
    assert shown.headers["Cache-Control"] == "no-store"
    (event,) = timeline.acted(work, ticket, Action.REVEAL)
    assert event.details == {"purpose": "上门前约时间", "caller": ticket.caller_id}
    assert event.actor_name == "handler"


def test_whom_a_department_may_no_longer_look_up_is_said_beside_what_it_may(
    client_as: ClientAs, work: Work
) -> None:
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    work.session.commit()
    client = client_as(HANDLER)

    page = page_of(client, ticket)
    form = client.get(f"/tickets/{ticket.number}/reveal")
    answer = post(client, f"/tickets/{ticket.number}/reveal", purpose="再联系一次")

    assert "查看身份 ：您单位已不再办理这张工单" in rail(page)
    assert page.select_one('a[href$="/reveal"]') is None
    assert (form.status_code, answer.status_code) == (403, 403)
    assert PHONE not in answer.text


def test_a_note_joins_the_trail_and_stays_inside(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    client = client_as(HANDLER)

    answer = post(client, f"/tickets/{ticket.number}/note", text="已约明天 <上午> 到场")

    assert answer.status_code == 303
    first = page_of(client, ticket).select_one(".trail > li")
    assert first["data-audience"] == "内部"
    assert "已约明天 <上午> 到场" in first.text


def test_the_trail_is_narrowed_by_who_may_see_it(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    client = client_as(HANDLER)
    post(client, f"/tickets/{ticket.number}/note", text="内部的话")

    public = soup(client.get(f"/tickets/{ticket.number}?trail=public")).select(".trail > li")

    assert [one["data-audience"] for one in public] == ["公开", "公开"]


def test_an_amendment_shows_what_changed_into_what(client_as: ClientAs, work: Work) -> None:
    ticket = a_logged_ticket(work)
    client = client_as(DISPATCHER)

    answer = post(
        client, f"/tickets/{ticket.number}/amend", urgency="urgent", kind=ticket.kind, reason="家有老人"
    )

    assert answer.status_code == 303
    assert "紧急程度由“一般”改为“紧急”" in page_of(client, ticket).select_one(".trail").text


def test_a_deadline_that_a_new_calendar_moved_says_from_when_to_when(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    reckoning.recompute(closing_on(work.by(SYSTEM), date(2026, 11, 25)), ticket)
    work.session.flush()

    entry = page_of(client_as(SUPERVISOR), ticket).select_one(".trail > li").get_text(" ", strip=True)

    assert "重算时限" in entry
    assert "办结时限由12-03(周四) 18:00改为12-04(周五) 18:00" in entry


@pytest.mark.parametrize(
    ("build", "holder"), [(a_dispatched_ticket, "市城管局"), (a_resolved_ticket, "审核员")]
)
def test_urging_names_who_is_reminded_and_changes_no_clock(
    client_as: ClientAs, work: Work, build: Callable[[Work], Ticket], holder: str
) -> None:
    ticket = build(work)
    work.session.commit()
    due = ticket.next_due_at
    client = client_as(SUPERVISOR)

    form = client.get(f"/tickets/{ticket.number}/urge")
    answer = post(client, f"/tickets/{ticket.number}/urge", text="请今天回复")

    work.session.refresh(ticket)
    assert f"{holder}会收到提醒" in form.text
    assert f"{holder}会收到提醒" in client.get(answer.location).text
    assert (ticket.urged, ticket.next_due_at) == (1, due)


def test_a_withdrawn_ticket_stops(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    post(client_as(AGENT), f"/tickets/{ticket.number}/withdraw", reason="来电表示已自行解决")

    work.session.refresh(ticket)
    assert (ticket.status, ticket.next_due_at) == (Status.WITHDRAWN, None)


@pytest.mark.parametrize("action", ["withdraw", "amend", "urge"])
def test_a_department_neither_withdraws_nor_amends_nor_urges(
    action: str, client_as: ClientAs, work: Work
) -> None:
    ticket = a_dispatched_ticket(work)

    answer = post(client_as(HANDLER), f"/tickets/{ticket.number}/{action}", reason="x", text="x")

    assert answer.status_code == 403


# Lists


def numbers_in(page: BeautifulSoup) -> set[str]:
    return {one["href"].rsplit("/", 1)[1] for one in page.select("a.title")}


def test_a_list_holds_what_its_address_asks_for(client_as: ClientAs, work: Work) -> None:
    waiting, sent = a_logged_ticket(work), a_dispatched_ticket(work)
    client = client_as(SUPERVISOR)

    assert numbers_in(soup(client.get("/tickets?tab=to_dispatch"))) == {waiting.number}
    assert numbers_in(soup(client.get(f"/tickets?lead={LEAD}"))) == {sent.number}
    assert numbers_in(soup(client.get("/tickets?status=dispatched"))) == {sent.number}
    assert numbers_in(soup(client.get("/tickets?q=路灯"))) == {waiting.number, sent.number}
    assert numbers_in(soup(client.get("/tickets?since=2026-11-24&until=2026-11-24"))) == {
        waiting.number,
        sent.number,
    }
    assert numbers_in(soup(client.get("/tickets?until=2026-11-23"))) == set()


def test_an_empty_list_offers_to_drop_what_narrows_it(client_as: ClientAs) -> None:
    page = soup(client_as(SUPERVISOR).get(f"/tickets?lead={LEAD}&urgency=critical"))

    assert "“在办 · 市城管局 · 特急”没有工单" in page.text
    assert page.select_one(".blank a.btn")["href"] == f"/tickets?lead={LEAD}"


@pytest.mark.parametrize("address", ["?status=nonsense", "?since=1900-01-01", "?until=soon"])
def test_an_address_that_says_nothing_is_answered_with_what_is_wrong(
    address: str, client_as: ClientAs
) -> None:
    answer = client_as(SUPERVISOR).get(f"/tickets{address}")

    assert answer.status_code == 422
    assert "网址里的条件不对" in answer.text
    assert soup(answer).select_one(".blank a.btn-primary")["href"] == "/tickets"


@pytest.mark.parametrize(
    "address", ["?tab=nonsense", "?after=nonsense", "?lead=D-GONE", "?category=%25", "?area=X"]
)
def test_an_address_of_what_is_not_there_gives_a_list(address: str, client_as: ClientAs, work: Work) -> None:
    a_dispatched_ticket(work)

    assert client_as(SUPERVISOR).get(f"/tickets{address}").status_code == 200


def test_a_long_list_goes_on_page_by_page(client_as: ClientAs, work: Work) -> None:
    made = {a_logged_ticket(work).number for _ in range(52)}
    client = client_as(SUPERVISOR)

    first = soup(client.get("/tickets?tab=all"))
    second = soup(client.get(first.select_one("a[rel=next]")["href"]))

    assert len(numbers_in(first)) == 50
    assert numbers_in(first) | numbers_in(second) == made
    assert second.select_one("a[rel=next]") is None


def test_a_department_lists_its_own_only(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    assert numbers_in(soup(client_as(HANDLER).get("/tickets"))) == {ticket.number}
    assert numbers_in(soup(client_as(OTHER_HANDLER).get("/tickets"))) == set()


def test_a_moment_that_has_passed_is_not_spoken_of_as_one_to_come(client_as: ClientAs, work: Work) -> None:
    late, timely = a_dispatched_ticket(replace(work, now=NOW - 3 * DAY)), a_dispatched_ticket(work)

    by_number = {
        row.select_one(".no").text: " ".join(row.select_one(".clock-by").text.split())
        for row in soup(client_as(DISPATCHER).get("/tickets")).select("tr[data-line]")
    }

    assert by_number[late.number] == "签收 应于 11-23(周一) 18:00 前"
    assert by_number[timely.number] == "签收 11-25(周三) 18:00 前"


# Search


def test_a_number_leads_straight_to_its_ticket(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    answer = post(client_as(REVIEWER), "/tickets/search", q=f"{ticket.number[:8]} {ticket.number[8:]}")

    assert answer.location == f"/tickets/{ticket.number}"


def test_the_number_that_calls_finds_the_callers_tickets(client_as: ClientAs, work: Work) -> None:
    mine = a_dispatched_ticket(work)
    a_dispatched_ticket(work, identity=Identity("李四", "13900000002"))

    answer = post(client_as(FOLLOWER), "/tickets/search", q="138 0000-0001")

    assert numbers_in(soup(answer)) == {mine.number}


@pytest.mark.parametrize("words", [PHONE, "+86 138-0000-0001", "王先生 13800000001", "0577 8800 1234"])
def test_a_number_that_calls_comes_into_no_address(words: str, client_as: ClientAs, work: Work) -> None:
    a_dispatched_ticket(work)

    answer = post(client_as(AGENT), "/tickets/search", q=words)

    assert answer.status_code == 200
    assert not any(words in link["href"] for link in soup(answer).select("[href]"))
    assert soup(answer).select_one(".bar-find")["method"] == "post"


def test_words_come_into_the_address_so_that_the_page_can_be_opened_again(
    client_as: ClientAs, work: Work
) -> None:
    ticket = a_dispatched_ticket(work)
    client = client_as(AGENT)

    answer = post(client, "/tickets/search", q=" 路灯 ")

    assert answer.status_code == 303
    assert numbers_in(soup(client.get(answer.location))) == {ticket.number}


@pytest.mark.parametrize("words", ["路灯", PHONE], ids=["words", "a number that calls"])
def test_a_search_that_finds_much_says_how_much_and_goes_on(
    words: str, client_as: ClientAs, work: Work
) -> None:
    found = {a_dispatched_ticket(work).number for _ in range(PAGE + 1)}
    client = client_as(AGENT)

    first = soup(post_and_follow(client, q=words))
    onward = first.select_one("form.pager button[name=after]")
    second = soup(post_and_follow(client, q=words, after=onward["value"]))

    assert first.h1.text == f"“{words}”找到 51 件，先列前 50 件"
    assert (len(numbers_in(first)), len(numbers_in(second))) == (50, 1)
    assert numbers_in(first) | numbers_in(second) == found
    assert second.select_one("form.pager button[name=after]") is None
    assert PHONE not in str([link["href"] for link in second.select("[href]")])


def post_and_follow(client: FlaskClient, **fields: object) -> TestResponse:
    answer = post(client, "/tickets/search", **fields)
    return client.get(answer.location) if answer.status_code == 303 else answer


def test_an_address_finds_no_caller(client_as: ClientAs, work: Work) -> None:
    a_dispatched_ticket(work)

    assert numbers_in(soup(client_as(AGENT).get(f"/tickets/search?q={PHONE}"))) == set()


def test_a_department_cannot_look_for_callers(client_as: ClientAs, work: Work) -> None:
    a_dispatched_ticket(work)

    page = soup(post(client_as(HANDLER), "/tickets/search", q=PHONE))

    assert numbers_in(page) == set()
    assert "来电号码" not in page.main.text


@pytest.mark.parametrize("words", ["", "%", "'; --", "不存在的词", "🚰", "9" * 300])
def test_a_search_for_anything_is_answered(words: str, client_as: ClientAs, work: Work) -> None:
    a_resolved_ticket(work)

    client = client_as(AGENT)
    answers = [client.get("/tickets/search", query_string={"q": words})]
    answers.append(post(client, "/tickets/search", q=words))

    assert {answer.status_code for answer in answers} <= {200, 303}
    assert numbers_in(soup(answers[0])) == set()


def test_a_search_shows_no_ticket_of_another_department(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    assert work.session.scalar(select(Ticket.id).where(Ticket.number == ticket.number))
    assert not numbers_in(soup(client_as(OTHER_HANDLER).get("/tickets/search?q=路灯")))
