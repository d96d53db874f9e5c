"""Whose time it was, as pages, lists and a file say it."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.lifecycle import Action, Role
from hotline.tickets import dispatching
from hotline.tickets.custody import report as reports
from hotline.tickets.custody.kept import Kept
from hotline.tickets.custody.stretches import NOBODY, Party, Side, of_department
from hotline.tickets.dispatching import Choice
from hotline.tickets.holders import Holder
from hotline.web import custody, filters
from tests.builders import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, live
from tests.hotline.tickets.test_custody import A_HANDLED_RESULT, a_late_first_round
from tests.hotline.web.browsing import one, soup


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What this process keeps, empty before each test."""
    monkeypatch.setattr(reports, "KEPT", Kept())


def long_ago(work, days=25):
    return replace(work, now=work.now - timedelta(days=days))


def given_back(work):
    """Kept for seven days by its first department, given back, and late with the second."""
    ticket = a_dispatched_ticket(work)
    DEEDS[Action.REQUEST_RETURN](by(work, LEADER, after=7 * DAY), ticket)
    DEEDS[Action.GRANT_RETURN](by(work, DISPATCHER, after=7 * DAY + HOUR), ticket)
    dispatching.dispatch(by(work, DISPATCHER, after=7 * DAY + HOUR), ticket, Choice(OTHER))
    return ticket


def numbers(page, words):
    """Return the cells of the row that begins with these words."""
    row = next(line for line in page.select("tr") if line.th and line.th.get_text(strip=True) == words)
    return [cell.get_text(" ", strip=True) for cell in row.select("td")]


def test_the_ticket_page_says_who_had_it_and_who_answers(client_as, work):
    ticket = given_back(long_ago(work))

    card = one(
        soup(client_as(SUPERVISOR).get(f"/tickets/{ticket.number}")), "section[aria-labelledby=custody]"
    )

    bar = one(card, "svg.held")
    assert len(bar.select("rect")) == 3
    assert "城管局 7天，占 28%" in str(bar["aria-label"])
    assert numbers(card, "市城管局")[0] == "7天"
    assert "办结超时：归市城管局，时限在市交通局名下" in card.get_text(" ", strip=True).replace(" ，", "，")


def test_the_ticket_page_keeps_the_first_result_beside_the_final(client_as, work):
    ticket, at = a_late_first_round(long_ago(work, 30))
    live(at, ticket, (SUPERVISOR, Action.REOPEN), (HANDLER, Action.ACCEPT), *A_HANDLED_RESULT)

    page = soup(client_as(SUPERVISOR).get(f"/tickets/{ticket.number}")).get_text(" ", strip=True)

    assert "首次办结" in page
    assert "超时完成，登记后 20天" in page
    assert "最终办结" in page
    assert "（第 2 轮），按期" in page


def test_every_number_of_the_report_opens_its_tickets(client_as, work):
    given_back(long_ago(work))
    a_late_first_round(long_ago(work, 28))
    client = client_as(SUPERVISOR)

    page = soup(client.get("/supervisor/time?view=logged"))

    links = {str(link["href"]): link.get_text(strip=True) for link in page.select("a[href*='/time/tickets']")}
    assert len(links) > 10
    for address, shown in links.items():
        listed = soup(client.get(address))
        assert f" · {shown} " in one(listed, "h1").get_text(), address
        assert len(listed.select("tbody tr")) == int(shown)


def test_a_department_sees_itself_alone(client_as, work):
    given_back(long_ago(work))
    client = client_as(OTHER_HANDLER)

    page = soup(client.get("/department/time?view=logged"))

    assert [row.th.get_text() for row in page.select(".sc-time tbody tr")] == ["市交通局"]
    assert "市城管局" not in one(page, "main").get_text()
    theirs = client.get(f"/department/time/tickets?figure=held&side=department&holder={LEAD}&view=logged")
    assert soup(theirs).select("tbody tr") == []
    assert client.get("/supervisor/time").status_code == 403
    assert client_as(SUPERVISOR).get("/department/time").status_code == 403


def test_decisions_that_are_waited_for_stand_under_their_desk(client_as, work):
    ticket = an_accepted_ticket(long_ago(work))
    DEEDS[Action.REQUEST_EXTENSION](by(long_ago(work), HANDLER), ticket)
    DEEDS[Action.GRANT_EXTENSION](by(long_ago(work), REVIEWER, after=3 * HOUR), ticket)
    work.session.flush()

    page = soup(client_as(SUPERVISOR).get("/supervisor/time?view=logged"))

    assert numbers(page, "审核台审延期") == ["1", "3小时", "3小时", "2小时", "0"]


def test_the_file_says_the_same_as_the_page(client_as, work):
    given_back(long_ago(work))

    answer = client_as(SUPERVISOR).get("/supervisor/time.csv?view=logged")

    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    first = next(row for row in rows if row["名称"] == "市城管局")
    assert (first["工单数"], first["自然小时合计"], first["负责的超时"]) == ("1", "168.00", "1")
    assert sum(float(row["占比"] or 0) for row in rows) == pytest.approx(1, abs=0.01)


def test_a_period_is_whole_local_days(client_as, work):
    given_back(long_ago(work))
    client = client_as(SUPERVISOR)
    day = work.city.calendar.day_of(long_ago(work).now)

    def found(since, until):
        page = client.get(f"/supervisor/time?view=logged&since={since}&until={until}")
        return "承办单位" in page.text

    assert found(day, day)
    assert not found(day + DAY, day + 2 * DAY)
    assert client.get(f"/supervisor/time?since={day}&until={day - DAY}").status_code == 422


def test_departments_beyond_the_third_share_a_tone():
    parties = [of_department(code) for code in "ABCD"]

    tones = custody.tones_of([*parties, NOBODY])

    assert list(tones.values()) == ["department-1", "department-2", "department-3", "department-3", "nobody"]


def test_every_party_has_a_name(work):
    desks = (Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR)
    parties = [Party(side, Holder(desk=role)) for side in (Side.DESK, Side.APPROVAL) for role in desks]
    parties += [Party(side, Holder()) for side in (Side.CALLER, Side.OUTSIDE, Side.NOBODY)]

    names = [filters.party(one, work) for one in parties]

    assert len(set(names)) == len(names)
    assert not any(name.isascii() for name in names)
