"""A calendar that changes: running clocks move on purpose and on the record, settled ones never."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hotline.lifecycle import Action, Role
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.tickets import deadlines, handling, intake, reckoning, timeline
from hotline.tickets.intake import Amendment
from hotline.tickets.verification import verify
from hotline.work import SYSTEM, Work
from sla.policy import Stage
from tests.builders import (
    AGENT,
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    REVIEWER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import closing_on, live, sweep

TOMORROW = date(2026, 11, 25)


def newly_closed(work: Work) -> Work:
    """The system at work in a city that closes tomorrow, as nobody knew before."""
    return closing_on(by(work, SYSTEM, after=HOUR), TOMORROW)


def clock(work: Work, ticket: Ticket, stage: Stage) -> Deadline:
    return next(one for one in deadlines.all_of(work, ticket) if one.stage is stage)


def test_a_running_clock_moves_with_an_entry_that_says_from_where_to_where(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    before = clock(work, ticket, Stage.RESOLVE).due_at

    reckoning.recompute(newly_closed(work), ticket)

    due = clock(work, ticket, Stage.RESOLVE).due_at
    [entry] = timeline.acted(work, ticket, Action.RECKON)
    assert before is not None
    assert due == before + DAY == ticket.next_due_at
    assert (entry.role, entry.from_status) == (Role.SYSTEM, entry.to_status)
    assert entry.details["moved"] == {"resolve/1/1": [before.isoformat(), due.isoformat()]}


def test_what_does_not_move_gets_no_entry(work: Work) -> None:
    ticket = a_contacted_ticket(work)

    moved = reckoning.recompute(by(work, SYSTEM), ticket)

    assert moved == timeline.acted(work, ticket, Action.RECKON) == []


def test_a_preview_changes_nothing(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    before = ends(work, ticket)

    assert len(reckoning.moves(newly_closed(work), ticket)) == 1

    assert ends(work, ticket) == before


def test_a_day_that_is_worked_after_all_makes_clocks_overdue(work: Work) -> None:
    closed = closing_on(work, TOMORROW)
    ticket = a_dispatched_ticket(closed)
    friday = replace(by(work, SYSTEM), now=datetime(2026, 11, 26, 1, 0, tzinfo=UTC))

    moved = {one.clock.stage: one.becomes_overdue(friday.now) for one in reckoning.moves(friday, ticket)}

    assert moved == {Stage.ACCEPT: True, Stage.CONTACT: True, Stage.RESOLVE: False}


def test_settled_clocks_are_proved_by_the_calendar_they_were_settled_under(work: Work) -> None:
    settled, running = a_resolved_ticket(work), a_dispatched_ticket(work)
    handling.accept(by(work, HANDLER, after=HOUR), running)
    later = newly_closed(work)

    for ticket in (settled, running):
        reckoning.recompute(later, ticket)
    work.session.flush()

    assert list(verify(later)) == []


def test_a_result_sent_back_under_another_calendar_goes_on_by_that_one(work: Work) -> None:
    ticket = a_resolved_ticket(work)
    later = by(newly_closed(work), REVIEWER)
    live(later, ticket, (REVIEWER, Action.SEND_BACK_RESULT))
    sweep(by(later, AGENT, after=DAY))
    work.session.flush()

    assert list(verify(later)) == []


# The facts change


def amended(work: Work, ticket: Ticket, **changes: object) -> None:
    intake.amend(work, ticket, Amendment(**changes), reason="来电更正")


def test_what_proves_critical_is_due_from_when_that_is_known(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    later = by(work, DISPATCHER, after=HOUR)

    amended(later, ticket, urgency=Urgency.CRITICAL)

    assert deadlines.running(work, ticket)[0].due_at == later.now + timedelta(minutes=15)
    assert clock(work, ticket, Stage.ACCEPT).outcome is DeadlineOutcome.CANCELLED
    resolve = deadlines.running(work, ticket)[-1]
    assert (resolve.stage, resolve.due_at) == (Stage.RESOLVE, later.now + timedelta(hours=2))
    [entry] = timeline.acted(work, ticket, Action.RECKON)
    assert entry.details["allowances"]["resolve/1/1"] == ["7wd", "2h"]
    assert not list(verify(work))


def test_what_proves_ordinary_has_its_time_from_the_start(work: Work) -> None:
    ordinary, urgent = a_dispatched_ticket(work), a_dispatched_ticket(work, urgency=Urgency.URGENT)

    amended(by(work, DISPATCHER, after=HOUR), urgent, urgency=Urgency.NORMAL)

    assert ends(work, urgent) == ends(work, ordinary)
    assert not list(verify(work))


def ends(work: Work, ticket: Ticket) -> dict[str, datetime | None]:
    return {one.stage: one.due_at for one in deadlines.running(work, ticket)}


def test_less_time_never_moves_a_promise_back(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    before = ends(work, ticket)[Stage.RESOLVE]
    assert before is not None
    last_minute = replace(by(work, DISPATCHER), now=before - timedelta(minutes=1))

    amended(last_minute, ticket, urgency=Urgency.CRITICAL)

    assert ends(work, ticket)[Stage.RESOLVE] == before


def test_what_was_extended_keeps_its_end(work: Work) -> None:
    ticket = an_accepted_ticket(work)
    live(work, ticket, (HANDLER, Action.REQUEST_EXTENSION), (REVIEWER, Action.GRANT_EXTENSION))
    before = ends(work, ticket)[Stage.RESOLVE]

    amended(by(work, DISPATCHER), ticket, urgency=Urgency.URGENT)

    assert ends(work, ticket)[Stage.RESOLVE] == before


def test_where_the_policy_gives_no_time_the_clock_ends_unjudged(work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    amended(by(work, DISPATCHER), ticket, kind=Kind.PRAISE)

    assert ends(work, ticket) == {}
    assert clock(work, ticket, Stage.RESOLVE).outcome is DeadlineOutcome.CANCELLED


def test_an_amendment_that_changes_no_time_reckons_nothing(work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    amended(by(work, DISPATCHER), ticket, address="灯源路 5 号")

    assert timeline.acted(work, ticket, Action.RECKON) == []
