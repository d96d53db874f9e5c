"""Reckon running clocks anew, on purpose and on the record: after the calendar changed (重算时限)."""

from dataclasses import dataclass
from datetime import datetime

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, iso
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.ledger import record
from hotline.work import Work


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
