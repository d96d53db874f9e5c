"""In whose hands an open ticket is (在谁手上), a desk's or a department's, and how long each had it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.lifecycle import ENDED, Role, Status
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.hands import holding_department
from hotline.tickets.proof.replay import stages
from hotline.tickets.proof.story import Story
from hotline.work import Work

# Where only a desk of the hotline can make the next move.
_DESKS: Mapping[Status, Role] = {
    Status.LOGGED: Role.DISPATCHER,
    Status.RETURN_REQUESTED: Role.DISPATCHER,
    Status.RESOLVED: Role.REVIEWER,
    Status.AWAITING_FOLLOW_UP: Role.FOLLOW_UP,
}


@dataclass(frozen=True)
class Holder:
    """A desk, by the role of its people, or the code of a department; neither where nobody has it."""

    desk: Role | None = None
    department: str | None = None


def holder_of(work: Work, ticket: Ticket) -> Holder:
    """Return who has to make the next move. Two queries where a department has it."""
    if desk := _DESKS.get(ticket.status):
        return Holder(desk=desk)
    department = holding_department(work, ticket)
    if department is None and ticket.status is Status.DISPUTED:
        return Holder(desk=Role.SUPERVISOR)
    return Holder(department=department)


@dataclass(frozen=True)
class Stretch:
    """An unbroken time in the same hands. `end` None while it lasts."""

    holder: Holder
    begin: datetime
    end: datetime | None

    def length(self, now: datetime) -> timedelta:
        return (self.end or now) - self.begin


def stretches(work: Work, ticket: Ticket) -> list[Stretch]:
    """Return who had the ticket, one after the other, from its registration on. One query.

    They leave no gap: while it was closed nobody had it, and the time after its end is in none of them.
    """
    turns: list[tuple[datetime, Holder]] = []
    for entry, story in stages(timeline.events_of(work, ticket)):
        holder = _holder_told(story, entry.to_status)
        if not turns or turns[-1][1] != holder:
            turns.append((entry.at, holder))
    ended_at = turns.pop()[0] if ticket.status in ENDED else None
    ends = [at for at, _ in turns[1:]] + [ended_at]
    return [Stretch(holder, at, end) for (at, holder), end in zip(turns, ends, strict=True)]


def _holder_told(story: Story, status: Status) -> Holder:
    """As `holder_of`, from what the ledger tells."""
    if status in ENDED:
        return Holder()
    if desk := _DESKS.get(status):
        return Holder(desk=desk)
    if status is Status.DISPUTED:
        provisional = story.newest(Part.PROVISIONAL)
        if provisional is None:
            return Holder(desk=Role.SUPERVISOR)
        return Holder(department=provisional.department_code)
    below = story.newest(Part.HANDED)
    return Holder(department=below.department_code if below else story.row.lead_code)


def times(found: Iterable[Stretch], now: datetime) -> dict[Holder, timedelta]:
    """Return how long each had it in all."""
    lengths: dict[Holder, timedelta] = {}
    for one in found:
        lengths[one.holder] = lengths.get(one.holder, timedelta()) + one.length(now)
    return lengths
