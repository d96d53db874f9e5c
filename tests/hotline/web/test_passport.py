"""Every clock says how it comes about: on the ticket, on a sheet of its own, as JSON."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, followup, handling, review, supervision, suspension
from hotline.work import Actor, Work
from sla.policy import Stage
from tests.builders import (
    AGENT,
    DAY,
    FOLLOWER,
    HANDLER,
    HOUR,
    OTHER_HANDLER,
    REVIEWER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_resolved_ticket,
    by,
)
from tests.hotline.tickets.deeds import BAD, answers, closing_on, in_days
from tests.hotline.web.browsing import one, soup

ClientAs = Callable[[Actor], FlaskClient]


def a_ticket_that_waited(work: Work) -> Ticket:
    """Suspended at 11:00 of its first day until 15:00 of the next one."""
    ticket = a_contacted_ticket(work)
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="outside_event", text="连日降雨", until=in_days(work, 3)
    )
    suspension.decide_suspension(by(work, REVIEWER, after=HOUR), ticket, granted=True, text="")
    suspension.resume(by(work, REVIEWER, after=DAY + 5 * HOUR), ticket, note="雨停")
    return ticket


def sheet(client: FlaskClient, ticket: Ticket, clock: str = "resolve-1-1") -> list[list[str]]:
    page = soup(client.get(f"/tickets/{ticket.number}/passport/{clock}"))
    rows = page.select(".arithmetic tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


def test_a_sheet_says_what_counts_and_what_stood_still(client_as: ClientAs, work: Work) -> None:
    rows = sheet(client_as(HANDLER), a_ticket_that_waited(work))

    assert rows[0] == [
        "2026-11-24(周二)",
        "—",
        "10:00–11:00 起算当天不计；11:00–12:00、14:00–18:00 挂起",
        "不计",
        "0分",
    ]
    assert rows[1] == ["2026-11-25(周三)", "15:00–18:00", "09:00–12:00、14:00–15:00 挂起", "3小时", "3小时"]
    assert rows[4] == ["2026-11-28(周六)", "—", "周末", "不计", "17小时"]
    assert [row[2] for row in rows if "补还" in row[2]] == [
        "15:00–18:00 补还起算当天暂停的时间",
        "09:00–11:00 补还起算当天暂停的时间",
    ]


def test_the_sheet_adds_up_and_names_rule_policy_and_pause(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_that_waited(work)

    page = soup(client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1"))

    total = one(page, ".arithmetic tfoot").get_text(" ", strip=True)
    assert total == "合计 54小时，与规定的 7 个工作日相等，另补还起算当天暂停的 5小时"
    facts = one(page, ".facts").get_text(" ", strip=True)
    assert f"第 6 条“投诉、举报”（版本 {work.city.policy.version}）" in facts
    assert "挂起 2026-11-24 11:00 至 2026-11-25 15:00" in facts


def test_the_rows_of_the_json_leave_no_gap_and_add_up(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_that_waited(work)

    told: dict[str, Any] = client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1.json").json

    rows = told["rows"]
    assert [row["from"] for row in rows[1:]] == [row["to"] for row in rows[:-1]]
    assert sum(row["counted_seconds"] for row in rows) == told["counted_seconds"] == told["granted_seconds"]
    assert datetime.fromisoformat(rows[-1]["to"]) == datetime.fromisoformat(told["due_at"])
    assert {row["pause"] for row in rows if row["reason"] == "paused"} == {"suspended"}
    assert (told["rule"], told["allowance"]) == ("6 投诉、举报", "7wd")


def test_the_key_t_opens_the_passport_of_the_result(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)

    page = soup(client_as(HANDLER).get(f"/tickets/{ticket.number}"))

    resolve = next(clock for clock in deadlines.running(work, ticket) if clock.stage is Stage.RESOLVE)
    assert [button["popovertarget"] for button in page.select("[data-key=t]")] == [f"passport-{resolve.id}"]


def clocks_of(work: Work, ticket: Ticket) -> list[Deadline]:
    return deadlines.all_of(work, ticket)


def test_every_clock_that_a_ticket_had_is_one_click_away(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    review.accept_result(by(work, REVIEWER), ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=followup.SEND_BACK)
    handling.accept(by(work, HANDLER), ticket)

    page = soup(client_as(HANDLER).get(f"/tickets/{ticket.number}"))

    links = {link["href"].rpartition("/")[2] for link in page.select(".times a[href*='/passport/']")}
    assert links == {clock.key.replace("/", "-") for clock in clocks_of(work, ticket)}


@pytest.mark.parametrize("clock", ["resolve-2-1", "resolve", "nothing-1-1", "resolve-1-1.xml"])
def test_a_clock_that_there_is_not_is_not_found(client_as: ClientAs, work: Work, clock: str) -> None:
    ticket = a_dispatched_ticket(work)

    assert client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/{clock}").status_code == 404


@pytest.mark.parametrize("ending", ["", ".json"])
def test_another_department_sees_no_passport(client_as: ClientAs, work: Work, ending: str) -> None:
    ticket = a_dispatched_ticket(work)

    answer = client_as(OTHER_HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1{ending}")

    assert answer.status_code == 404


def test_a_held_clock_says_how_far_it_came(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="outside_event", text="连日降雨", until=in_days(work, 3)
    )
    later = replace(work, now=work.now + DAY + HOUR)
    suspension.decide_suspension(by(later, REVIEWER), ticket, granted=True, text="")

    page = soup(client_as(AGENT).get(f"/tickets/{ticket.number}/passport/resolve-1-1"))

    assert "现在不计时，恢复后重新算出" in page.get_text()
    assert "已计 2小时，规定的是 7 个工作日" in one(page, ".arithmetic tfoot").get_text()


def test_a_settled_clock_that_another_calendar_would_end_elsewhere_says_so(
    client_as: ClientAs, work: Work
) -> None:
    known = closing_on(work, in_days(work, 1))
    ticket = a_resolved_ticket(known)

    page = soup(client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1"))

    assert "当时的到期时间不变" in page.get_text()


def test_natural_time_counts_to_midnight(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work, urgency="urgent")

    rows = sheet(client_as(HANDLER), ticket)

    assert [row[1] for row in rows] == ["10:00–24:00", "00:00–10:00"]
    assert rows[-1][3:] == ["10小时", "24小时"]
    assert work.now + timedelta(days=1) == deadlines.running(work, ticket)[-1].due_at


def test_a_clock_called_off_in_a_pause_has_no_deadline_and_says_so(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="outside_event", text="连日降雨", until=in_days(work, 3)
    )
    suspension.decide_suspension(by(work, REVIEWER, after=HOUR), ticket, granted=True, text="")
    supervision.withdraw(by(work, AGENT, after=DAY), ticket, reason="已修好")

    page = soup(client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1")).get_text()

    assert "停表时正在暂停，没有到期时间" in page
    assert "规则改过" not in page


def test_the_rows_that_a_program_reads_add_up(client_as: ClientAs, work: Work) -> None:
    odd = replace(work, now=work.now + timedelta(microseconds=600_000))
    ticket = a_ticket_that_waited(odd)

    answer = client_as(HANDLER).get(f"/tickets/{ticket.number}/passport/resolve-1-1.json").get_json()

    assert sum(row["counted_seconds"] for row in answer["rows"]) == answer["counted_seconds"]
