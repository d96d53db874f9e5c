"""The report of responsible time: every number is the number of the tickets that it lists."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from hotline.lifecycle import Action, Role
from hotline.models.application import ApplicationKind
from hotline.tickets.custody import report as reports
from hotline.tickets.custody.evidence import Asked, tickets_of
from hotline.tickets.custody.facts import Figure
from hotline.tickets.custody.kept import Kept
from hotline.tickets.custody.report import Basis, Lengths, Period, report
from hotline.tickets.custody.stretches import Side, of_department
from hotline.tickets.scorecard import Rate
from tests.builders import (
    AGENT,
    DAY,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    OTHER,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, live, lives
from tests.hotline.tickets.test_custody import A_HANDLED_RESULT, a_late_first_round, given_back_after


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What this process keeps, empty before each test."""
    monkeypatch.setattr(reports, "KEPT", Kept())


def period(work, *, basis=Basis.CLOSED, department=None):
    return Period(work.now - DAY, work.now + 400 * DAY, basis, department)


def row_of(found, party):
    return next(one for one in found.rows if one.party == party)


def test_the_parties_of_a_report_add_up_to_all_the_time_there_was(work):
    tickets = list(lives(work))
    later = by(work, AGENT, after=60 * DAY)

    found = report(later, Period(work.now, later.now, Basis.LOGGED))

    assert sum((row.natural.total for row in found.rows), timedelta()) == found.total
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert 0 < found.tickets <= len(tickets) + 2


@pytest.mark.parametrize("department", [None, LEAD], ids=["the city", "a department"])
@pytest.mark.parametrize("basis", Basis)
def test_every_number_opens_as_many_tickets(work, basis, department):
    list(lives(work))
    a_late_first_round(work)
    given_back_after(work, 7 * DAY)
    later = by(work, AGENT, after=60 * DAY)
    asked = Period(work.now - DAY, later.now, basis, department)

    def number(figure, party=None, kind=None):
        return tickets_of(later, asked, Asked((figure,), party, kind)).number

    found = report(later, asked)

    for row in found.rows:
        assert row.natural.number == number(Figure.HELD, row.party)
        assert row.breaches == number(Figure.BREACH, row.party)
        assert row.inherited == number(Figure.INHERITED, row.party)
        assert row.elsewhere == number(Figure.ELSEWHERE, row.party)
        assert row.first.numerator == number(Figure.FIRST_MET, row.party)
    for wait in found.waits:
        assert wait.natural.number == number(Figure.WAITED, None, wait.kind)
    assert found.final.numerator == number(Figure.FINAL_MET)
    assert found.solved.denominator == number(Figure.SOLVED_AT_ONCE) + number(Figure.NOT_AT_ONCE)


def test_a_breach_stands_under_who_answers_and_beside_under_whose_clock_it_was(work):
    _, later = given_back_after(work, 7 * DAY)

    found = report(later, Period(work.now, later.now, Basis.LOGGED))

    first, second = row_of(found, of_department(LEAD)), row_of(found, of_department(OTHER))
    # The first also never accepted it in its day; the second neither accepted nor called.
    assert (first.breaches, first.inherited, first.elsewhere) == (1, 0, 0)
    assert (second.breaches, second.inherited, second.elsewhere) == (2, 0, 1)


def test_what_came_with_little_left_is_marked_as_inherited(work):
    """21 working hours of 55 are left to the second, in whose hands it runs out."""
    _, later = given_back_after(work, 2 * DAY + 8 * HOUR, decided=4 * DAY)

    found = report(later, Period(work.now, later.now, Basis.LOGGED))

    resolve = row_of(found, of_department(OTHER))
    assert resolve.inherited == 1


def test_first_and_final_results_are_counted_apart(work):
    ticket, at = a_late_first_round(work)
    at = live(at, ticket, (SUPERVISOR, Action.REOPEN), (HANDLER, Action.ACCEPT), *A_HANDLED_RESULT)
    live(at, ticket, (FOLLOWER, Action.CLOSE))
    later = by(at, AGENT, after=DAY)

    found = report(later, period(work))

    assert (found.first, found.final, found.solved) == (Rate(0, 1), Rate(1, 1), Rate(0, 1))
    assert found.first_took.median < found.final_took.median


def test_a_round_that_is_left_out_of_the_scorecard_breaches_nothing(work):
    ticket, at = a_late_first_round(work)
    at = live(
        at,
        ticket,
        (HANDLER, Action.REQUEST_EXCLUSION),
        (REVIEWER, Action.GRANT_EXCLUSION),
        (SECOND_REVIEWER, Action.GRANT_EXCLUSION),
    )

    found = report(by(at, AGENT, after=DAY), period(work))

    assert found.first == Rate(0, 0)
    assert all(row.breaches == 0 for row in found.rows)
    assert row_of(found, of_department(LEAD)).natural.number == 1
    (wait,) = found.waits
    assert (wait.desk, wait.kind, wait.open) == (Role.REVIEWER, ApplicationKind.EXCLUSION, 0)


def test_a_department_sees_itself_and_how_much_of_the_whole_it_was(work):
    _, at = a_late_first_round(work)
    later = by(at, AGENT, after=DAY)

    found = report(later, period(work, department=LEAD))

    assert [row.party for row in found.rows] == [of_department(LEAD)]
    assert 0.9 < found.rows[0].share < 1
    assert report(later, period(work, department=OTHER)).tickets == 0


def test_tickets_that_another_has_are_in_no_report(work):
    ticket = a_logged_ticket(work)
    DEEDS[Action.TRANSFER](by(work, AGENT), ticket)

    assert report(by(work, AGENT, after=DAY), period(work, basis=Basis.LOGGED)).tickets == 0


def reads(work):
    """The statements against the ledger, as they are made."""
    seen = []

    @event.listens_for(work.session.get_bind(), "before_cursor_execute")
    def note(_connection, _cursor, statement, *_):
        if "FROM ticket_events" in statement:
            seen.append(statement)

    return seen


def test_a_closed_ledger_is_read_once_until_something_is_added_to_it(work):
    ticket, at = a_late_first_round(work)
    later = by(at, AGENT, after=DAY)
    before = report(later, period(work))
    work.session.flush()
    seen = reads(work)

    assert report(later, period(work)) == before
    assert seen == []

    live(at, ticket, (SUPERVISOR, Action.REOPEN))
    assert report(later, period(work)).tickets == 0
    found = report(by(later, AGENT, after=DAY), period(work, basis=Basis.LOGGED))
    assert row_of(found, of_department(LEAD)).party.side is Side.DEPARTMENT
    assert len([one for one in seen if "IN (" in one]) == 1


def test_what_still_waits_on_a_closed_ticket_is_read_again(work):
    ticket, at = a_late_first_round(work)
    live(at, ticket, (HANDLER, Action.REQUEST_EXCLUSION))

    def waits_at(later):
        asked = Asked((Figure.WAITING,))
        ((_, fact),) = tickets_of(later, period(work), asked).pieces
        return fact.natural

    first, second = (waits_at(by(at, AGENT, after=days * DAY)) for days in (2, 5))

    assert second - first == 3 * DAY


def test_median_and_ninth_decile_are_lengths_that_occurred():
    found = Lengths.of(number * HOUR for number in range(1, 11))

    assert (found.number, found.median, found.p90) == (10, 5 * HOUR, 9 * HOUR)
    assert Lengths.of([]).median is None
