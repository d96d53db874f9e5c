"""Reckon running clocks anew, on purpose and on the record: the calendar or the facts changed (重算时限)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, iso
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.ledger import record
from hotline.work import SYSTEM, Work
from sla.allowance import Allowance
from sla.clock import Clock
from sla.policy import Case, Stage


@dataclass(frozen=True)
class Moved:
    """A running clock, and when it falls due by the calendar of today; None while it is paused."""

    clock: Deadline
    due_at: datetime | None

    def becomes_overdue(self, now: datetime) -> bool:
        was = self.clock.due_at
        return self.due_at is not None and self.due_at <= now and (was is None or was > now)


def moves(work: Work, ticket: Ticket) -> list[Moved]:
    """Return the running clocks that `recompute` would move, changing nothing. Two queries."""
    past = timeline.spells(work, ticket)
    found = [Moved(clock, deadlines.due_by(work, clock, past)) for clock in deadlines.running(work, ticket)]
    return [one for one in found if one.due_at != one.clock.due_at]


def recompute(work: Work, ticket: Ticket) -> list[Moved]:
    """Move the running clocks to where the calendar of today ends them. What is settled stays."""
    found = moves(work, ticket)
    if found:
        moved = {one.clock.key: [iso(one.clock.due_at), iso(one.due_at)] for one in found}
        record(work, ticket, Action.RECKON, moved=moved)
    deadlines.reckon(work, ticket)
    return found


class Running(Protocol):
    """What decides whether a running clock gives way: a row of `deadlines`, or one that is only supposed."""

    @property
    def stage(self) -> Stage: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def allowance(self) -> str: ...
    @property
    def extension(self) -> str | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def department_code(self) -> str | None: ...


AClock = TypeVar("AClock", bound=Running)


@dataclass(frozen=True)
class Replaced(Generic[AClock]):
    """A running clock, what the policy allows in its place (None: no clock) and from when that counts."""

    clock: AClock
    allowance: Allowance | None
    since: datetime


def follow_facts(work: Work, ticket: Ticket) -> None:
    """Give running clocks the time that the policy now allows, after urgency, kind or the like changed.

    More time counts from when the clock started; less counts from now and never ends after the old one did:
    nobody is late for what he could not know. What was extended or is paused stays.
    """
    clocks = deadlines.running(work, ticket)
    replaced = giving_way(work, deadlines.case_of(ticket), clocks, timeline.spells(work, ticket))
    if not replaced:
        return
    allowances = {one.clock.key: [one.clock.allowance, _written(one.allowance)] for one in replaced}
    since = {one.clock.key: iso(one.since) for one in replaced}
    record(work.by(SYSTEM), ticket, Action.RECKON, allowances=allowances, since=since)
    for one in replaced:
        deadlines.replace(work, ticket, one.clock, since=one.since, allowance=one.allowance)
    deadlines.reckon(work, ticket)


def giving_way(
    work: Work, case: Case, clocks: Sequence[AClock], past: list[timeline.Spell]
) -> list[Replaced[AClock]]:
    """Return which of a ticket's running `clocks` give way now that its case is this one, and to what."""
    found = [_replaced(work, case, one, past) for one in clocks if one.stage not in deadlines.HELP_STAGES]
    replaced = [one for one in found if one]
    for lead in [one for one in replaced if one.clock.stage is Stage.RESOLVE]:
        replaced += [Replaced(one, lead.allowance, lead.since) for one in _outlasting(work, clocks, lead)]
    return replaced


def _outlasting(work: Work, clocks: Sequence[AClock], lead: Replaced[AClock]) -> list[AClock]:
    """Return the opinions that would now be owed later than the lead's own result is (协办不晚于主办)."""
    ends = deadlines.ends_at(work, lead.since, lead.allowance) if lead.allowance else None
    if ends is None:
        return []
    return [one for one in clocks if one.stage is Stage.ASSIST and one.due_at and one.due_at > ends]


def _replaced(work: Work, case: Case, clock: AClock, past: list[timeline.Spell]) -> Replaced[AClock] | None:
    allowed = work.city.policy.allowance(clock.stage, case)
    if clock.extension or clock.due_at is None or _written(allowed) == clock.allowance:
        return None
    if allowed is None:
        return Replaced(clock, None, work.now)
    pauses = deadlines.pauses_for(work, clock.stage, past)
    from_start = Clock(clock.started_at, pauses).due_at(deadlines.calendar_of(work, clock), allowed)
    if from_start is not None and from_start > clock.due_at:
        return Replaced(clock, allowed, clock.started_at)
    from_now = Clock(work.now).due_at(deadlines.calendar_of(work, clock), allowed)
    is_sooner = from_now is not None and from_now < clock.due_at
    return Replaced(clock, allowed, work.now) if is_sooner else None


def _written(allowance: Allowance | None) -> str | None:
    return None if allowance is None else str(allowance)
