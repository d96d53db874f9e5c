"""What another calendar would do to the open tickets (预览): counted and listed, nothing is changed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.cities.city import City
from hotline.lifecycle import OPEN
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.reckoning import Moved
from hotline.work import Work

LISTED = 100
_BATCH = 500


@dataclass(frozen=True)
class Touch:
    """The first and the last day that a change concerns; None: any day. `any_clock`: natural ones as well."""

    first: date | None = None
    last: date | None = None
    any_clock: bool = False


ANY_CLOCK = Touch(any_clock=True)


@dataclass(frozen=True)
class Line:
    """A clock that would move, and its ticket."""

    ticket: Ticket
    clock: Deadline
    before: datetime | None
    after: datetime | None


@dataclass
class Effect:
    """How many tickets are open, of how many a clock moves, becomes overdue, stops being overdue.

    `lines`: the first of the clocks that move. `departments`: tickets that move by who leads, None before
    dispatch.
    """

    open: int = 0
    moved: int = 0
    overdue: int = 0
    relieved: int = 0
    lines: list[Line] = field(default_factory=list)
    departments: Counter[str | None] = field(default_factory=Counter)

    @property
    def counts(self) -> Mapping[str, int]:
        return {
            "open": self.open,
            "moved": self.moved,
            "overdue": self.overdue,
            "relieved": self.relieved,
        }


def effect_of(work: Work, city: City, touch: Touch, *, listed: int = LISTED) -> Effect:
    """Reckon every clock that may move in `city`. Four queries for each 500 tickets, and one."""
    found = Effect(open=_open_tickets(work.session))
    then = replace(work, city=city)
    for clocks in _batches(work, touch):
        _add(then, found, clocks, listed)
    return found


def _add(then: Work, found: Effect, clocks: Sequence[tuple[Ticket, Deadline]], listed: int) -> None:
    past = timeline.spells_of_each(then, [ticket.id for ticket, _ in clocks])
    moves: dict[int, list[Line]] = {}
    for ticket, clock in clocks:
        after = deadlines.due_by(then, clock, past.get(ticket.id, []))
        if after != clock.due_at:
            moves.setdefault(ticket.id, []).append(Line(ticket, clock, clock.due_at, after))
    for lines in moves.values():
        moved = [Moved(line.clock, line.after) for line in lines]
        found.moved += 1
        found.overdue += any(one.becomes_overdue(then.now) for one in moved)
        found.relieved += any(one.stops_being_overdue(then.now) for one in moved)
        found.departments[lines[0].ticket.lead_code] += 1
        found.lines += lines[: max(0, listed - len(found.lines))]


def touched_tickets(
    work: Work, touch: Touch, *, after: int, limit: int, behind: int | None = None
) -> list[int]:
    """Return the next tickets with a running clock that a change may move, by id. One query.

    `behind`: only those whose clock was last reckoned by an earlier calendar than that.
    """
    is_behind = true() if behind is None else Deadline.calendar_version < behind
    ids = (
        select(Ticket.id)
        .join(Deadline, Deadline.ticket_id == Ticket.id)
        .where(*_may_move(work, touch), Ticket.id > after, is_behind)
        .distinct()
        .order_by(Ticket.id)
        .limit(limit)
    )
    return list(work.session.scalars(ids))


def _batches(work: Work, touch: Touch) -> Iterator[list[tuple[Ticket, Deadline]]]:
    """Yield the clocks that may move with their tickets, those of one ticket together."""
    last = 0
    while ids := touched_tickets(work, touch, after=last, limit=_BATCH):
        rows = (
            select(Ticket, Deadline)
            .join(Deadline, Deadline.ticket_id == Ticket.id)
            .where(*_may_move(work, touch), Ticket.id > last, Ticket.id <= ids[-1])
            .order_by(Ticket.id, Deadline.id)
        )
        yield [(ticket, clock) for ticket, clock in work.session.execute(rows)]
        last = ids[-1]


def _may_move(work: Work, touch: Touch) -> list[ColumnElement[bool]]:
    """Natural time runs through every day; a clock that stands still is reckoned when it goes on."""
    zone = work.city.zone
    conditions: list[ColumnElement[bool]] = [Deadline.settled_at.is_(None)]
    if not touch.any_clock:
        conditions += [Deadline.due_at.is_not(None), Deadline.allowance.contains("w")]
    if touch.first is not None:
        conditions.append(Deadline.due_at >= datetime.combine(touch.first, time.min, zone))
    if touch.last is not None:
        conditions.append(
            Deadline.started_at < datetime.combine(touch.last + timedelta(days=1), time.min, zone)
        )
    return conditions


def _open_tickets(session: Session) -> int:
    running = select(Deadline.ticket_id).where(Deadline.settled_at.is_(None))
    is_open = or_(Ticket.status.in_(OPEN), Ticket.id.in_(running))
    counted: Select[int] = select(func.count()).select_from(Ticket).where(is_open)
    return session.scalar(counted) or 0
