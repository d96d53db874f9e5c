"""Prove what the calendar makes of the clocks: when each is due and warns, and which of them is next.

A clock that runs is reckoned anew. One that was settled must stand as the entry that settled it found it:
the calendar of today, or a later rule, has no say in what was in force then.
"""

from collections.abc import Iterator
from datetime import datetime

from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.alerting import POSTPONED
from hotline.tickets.proof.rows import Rows
from hotline.tickets.proof.story import Story, Timed
from hotline.work import Work
from sla.allowance import Allowance
from sla.clock import Clock

_RECKONED_FROM = ("started_at", "allowance", "extension", "alert_level")


def contradictions(work: Work, ticket: Ticket, rows: Rows, story: Story) -> Iterator[str]:
    """Yield in words what cannot be, of the clocks that the rows and the story both have. No query."""
    told = {clock.key: clock for clock in story.clocks}
    holders = {held: row.id for held, row in zip(story.parts, rows.parts, strict=False)}
    past = timeline.spells_of(rows.events)
    seen = max([work.now, *(event.at for event in rows.events[-1:])])
    for row in rows.clocks:
        if (clock := told.get(row.key)) is None:
            continue
        wrong = _settled(row, clock) if clock.settled_at else _running(work, row, clock, past, seen)
        if wrong:
            yield f"{row.key}: {wrong}"
        holder = holders.get(clock.held) if clock.held else None
        if row.assignment_id != holder and len(rows.parts) == len(story.parts):
            yield f"{row.key}: assignment_id: row {row.assignment_id}, ledger {holder}"
    yield from _next(rows, ticket)


def _settled(row: Deadline, clock: Timed) -> str | None:
    if row.alert_at is not None:
        return f"alert_at: row {row.alert_at}, though settled"
    if clock.due_is_kept and row.due_at != clock.due_at:
        return f"due_at: row {row.due_at}, ledger {clock.due_at}"
    if clock.due_is_kept and row.calendar_version != clock.calendar_version:
        return f"calendar_version: row {row.calendar_version}, ledger {clock.calendar_version}"
    return None


def _running(
    work: Work, row: Deadline, clock: Timed, past: list[timeline.Spell], seen: datetime
) -> str | None:
    if any(getattr(row, name) != getattr(clock, name) for name in _RECKONED_FROM):
        return None  # said already, and nothing can be reckoned from it
    watch, allowance = deadlines.stopwatch(work, row, past)
    hours = deadlines.calendar_of(work, row)
    due = watch.due_at(hours, allowance)
    if row.due_at != due:
        return f"due_at: row {row.due_at}, ledger {due}"
    provisional = watch.is_provisional(hours, allowance)
    if row.provisional != provisional:
        return f"provisional: row {row.provisional}, calendar {provisional}"
    if row.calendar_version > work.city.calendar_version:
        return f"calendar_version: row {row.calendar_version}, in force {work.city.calendar_version}"
    return _alerting(work, row, watch, allowance, seen)


def _alerting(work: Work, row: Deadline, watch: Clock, allowance: Allowance, seen: datetime) -> str | None:
    """The next level may not be passed over. Rungs leave no entry, so which have fired is not asked.

    A look at an earlier moment finds nothing to do, and one at a later rung fires those before it too; none
    at all would silence what lies ahead of `seen`, until when the sweep may have looked.
    """
    coming = deadlines.next_alert(work, row, watch, allowance)
    level = coming[1] if coming else None
    moments = {at for at, _ in deadlines.rung_times(work, row, watch, allowance)} | {level}
    if row.alert_at is None:
        silenced = level or min((at for at in moments if at and at > seen), default=None)
        return f"alert_at: row None, ledger {silenced}" if silenced else None
    if row.alert_at in moments and (level is None or row.alert_at <= level):
        return None
    # One that could not be raised when it was due was put off.
    if any(at and at <= work.now and at < row.alert_at <= work.now + POSTPONED for at in moments):
        return None
    return f"alert_at: row {row.alert_at}, ledger {level}"


def _next(rows: Rows, ticket: Ticket) -> Iterator[str]:
    own = [one for one in rows.clocks if one.stage not in deadlines.HELP_STAGES]
    running = sorted((one for one in own if not one.settled_at), key=deadlines.nearest_first)
    due, stage = (running[0].due_at, running[0].stage) if running else (None, None)
    if (ticket.next_due_at, ticket.next_stage) != (due, stage):
        yield f"next due: row {ticket.next_stage} {ticket.next_due_at}, clocks {stage} {due}"
