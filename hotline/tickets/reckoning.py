"""Reckon running clocks anew, on purpose and on the record: the calendar or the facts changed (重算时限)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from hotline.db import Json
from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, iso
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.deadlines import Terms
from hotline.tickets.ledger import is_recallable, record
from hotline.tickets.proof.story import Timed
from hotline.work import SYSTEM, Work
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

    def stops_being_overdue(self, now: datetime) -> bool:
        was = self.clock.due_at
        return was is not None and was <= now and (self.due_at is None or self.due_at > now)

    @property
    def is_later(self) -> bool:
        was = self.clock.due_at
        return was is not None and self.due_at is not None and self.due_at > was


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
        record(work, ticket, Action.RECKON, moved=moved, **_told(work, ticket, found))
    deadlines.reckon(work, ticket)
    return found


def _told(work: Work, ticket: Ticket, found: list[Moved]) -> Json:
    """Return by which calendar clocks moved and who hears: their departments, a caller who waits longer.

    What may still be taken back was told to nobody; its letters are written when it stands.
    """
    told: Json = {"calendar": work.city.calendar_version} if work.city.calendar_version else {}
    if is_recallable(work, ticket):
        return told
    departments = dict.fromkeys(one.clock.department_code for one in found if one.clock.department_code)
    is_promised_later = any(one.clock.stage is Stage.RESOLVE and one.is_later for one in found)
    return told | {"told": list(departments), "later": is_promised_later}


# A row of `deadlines`, or a clock that is only told or supposed.
AClock = TypeVar("AClock", Deadline, Timed)


@dataclass(frozen=True)
class Revised(Generic[AClock]):
    """A running clock, on what terms another takes its place, None for none, and when that falls due."""

    clock: AClock
    terms: Terms | None
    due_at: datetime | None

    def becomes_overdue(self, now: datetime) -> bool:
        return is_overdue(self.due_at, now) and not is_overdue(self.clock.due_at, now)

    def stops_being_overdue(self, now: datetime) -> bool:
        return is_overdue(self.clock.due_at, now) and not is_overdue(self.due_at, now)


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def follow_facts(work: Work, ticket: Ticket) -> None:
    """Give running clocks the time that the policy now allows, after urgency, kind or the like changed.

    More time counts from when the clock started; less counts from now and never ends after the old one did:
    nobody is late for what he could not know. What was extended or is paused stays, and what an order sets.
    """
    clocks = deadlines.running(work, ticket)
    past = timeline.spells(work, ticket)
    put_in_force(work.by(SYSTEM), ticket, giving_way(work, deadlines.case_of(ticket), clocks, past))


def put_in_force(work: Work, ticket: Ticket, revised: Sequence[Revised[Deadline]]) -> None:
    """Let other clocks take the place of running ones, on the record. Nothing happens without any."""
    if not revised:
        return
    target = work.city.policy.target_for(deadlines.case_of(ticket))
    allowances = {
        one.clock.key: [one.clock.allowance, str(one.terms.allowance) if one.terms else None]
        for one in revised
    }
    since = {one.clock.key: iso(one.terms.began if one.terms else work.now) for one in revised}
    under = [target.title, work.city.policy.version]
    record(work, ticket, Action.RECKON, allowances=allowances, since=since, under=under)
    for one in revised:
        deadlines.replace(work, ticket, one.clock, terms=one.terms)
    deadlines.reckon(work, ticket)


def giving_way(
    work: Work, case: Case, clocks: Sequence[AClock], past: list[timeline.Spell]
) -> list[Revised[AClock]]:
    """Return which of a ticket's running `clocks` give way now that its case is this one, and to what."""
    own = deadlines.AGREED_STAGES | {Stage.ASSIST}
    found = [_following(work, case, one, past) for one in clocks if one.stage not in own]
    revised = [one for one in found if one]
    return revised + _within_lead(work, clocks, revised)


def _within_lead(
    work: Work, clocks: Sequence[AClock], revised: Sequence[Revised[AClock]]
) -> list[Revised[AClock]]:
    """Return the opinions that would now be owed later than the lead's own result is (协办不晚于主办)."""
    leads = [one for one in revised if one.clock.stage is Stage.RESOLVE and one.terms and one.due_at]
    found: list[Revised[AClock]] = []
    for lead in leads:
        ends = lead.terms and deadlines.ends_at(work, lead.terms.began, lead.terms.allowance)
        found += [
            Revised(one, lead.terms, ends)
            for one in clocks
            if one.stage is Stage.ASSIST and one.due_at and ends and one.due_at > ends
        ]
    return found


def _following(work: Work, case: Case, clock: AClock, past: list[timeline.Spell]) -> Revised[AClock] | None:
    target = work.city.policy.target_for(case)
    allowed = target.allowances.get(clock.stage)
    if clock.extension or clock.due_at is None or (allowed and str(allowed)) == clock.allowance:
        return None
    if allowed is None:
        return Revised(clock, None, None)
    hours = deadlines.calendar_of(work, clock)
    pauses = deadlines.pauses_for(work, clock.stage, past)
    from_start = Clock(clock.started_at, pauses).due_at(hours, allowed)
    if from_start is not None and from_start > clock.due_at:
        return Revised(clock, deadlines.terms_under(work, target, clock.started_at, allowed), from_start)
    from_now = Clock(work.now).due_at(hours, allowed)
    if from_now is None or from_now >= clock.due_at:
        return None
    return Revised(clock, deadlines.terms_under(work, target, work.now, allowed), from_now)
