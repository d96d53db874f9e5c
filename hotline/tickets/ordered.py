"""The orders of the city (督办单): which stand, which are overdue, how departments answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.supervision_order import OrderState, SupervisionOrder
from hotline.tickets import paging, worklists
from hotline.tickets.orders import LIVE
from hotline.tickets.paging import PAGE
from hotline.work import Work
from sla.policy import Stage

# The running clock of an order that stands.
_RUNS = and_(
    Deadline.ticket_id == SupervisionOrder.ticket_id,
    Deadline.stage == Stage.SUPERVISION,
    Deadline.settled_at.is_(None),
    SupervisionOrder.state == OrderState.ISSUED,
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; None leaves a thing open. `standing` is a key of `standings`."""

    standing: str = "live"
    department: str | None = None
    level: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; `clocks` are the last of each order, by its id. `after` is None at the end."""

    orders: list[SupervisionOrder]
    clocks: Mapping[int, Deadline]
    after: str | None


def standings(work: Work) -> Mapping[str, ColumnElement[bool]]:
    """Return the named parts of the list, as conditions on an order and its running clock."""
    return {
        "live": SupervisionOrder.state.in_(LIVE),
        "issued": SupervisionOrder.state == OrderState.ISSUED,
        "overdue": and_(SupervisionOrder.state == OrderState.ISSUED, Deadline.due_at < work.now),
        "answered": SupervisionOrder.state == OrderState.ANSWERED,
        "ended": SupervisionOrder.state.not_in(LIVE),
        "all": SupervisionOrder.id.is_not(None),
    }


def page(work: Work, narrowed: Filter, *, after: str | None = None, size: int = PAGE) -> Page:
    """Return one page, least time left first, without a running clock last. Two queries."""
    ordered = (
        select(SupervisionOrder, Deadline.due_at)
        .outerjoin(Deadline, _RUNS)
        .options(joinedload(SupervisionOrder.ticket))
        .where(*_conditions(work, narrowed))
    )
    if key := paging.read_key(after):
        ordered = ordered.where(paging.beyond(Deadline.due_at.expression, SupervisionOrder.id, *key))
    by_time = (Deadline.due_at.is_(None), Deadline.due_at, SupervisionOrder.id)
    rows = work.session.execute(ordered.order_by(*by_time).limit(size + 1)).all()
    shown = [order for order, _ in rows[:size]]
    further = paging.key_of(rows[size - 1][1], rows[size - 1][0].id) if len(rows) > size else None
    return Page(shown, clocks_of(work, shown), further)


def counts(work: Work, narrowed: Filter) -> dict[str, int]:
    """Return how many orders stand under each name of `standings`. One query."""
    narrowing = _narrowing(narrowed)
    counted = {
        name: select(func.count())
        .select_from(SupervisionOrder)
        .outerjoin(Deadline, _RUNS)
        .where(condition, *narrowing)
        .scalar_subquery()
        for name, condition in standings(work).items()
    }
    row = work.session.execute(select(*counted.values())).one()
    return dict(zip(counted, row, strict=True))


def _conditions(work: Work, narrowed: Filter) -> list[ColumnElement[bool]]:
    return [standings(work)[narrowed.standing], *_narrowing(narrowed)]


def _narrowing(narrowed: Filter) -> list[ColumnElement[bool]]:
    asked = (
        (SupervisionOrder.department_code, narrowed.department),
        (SupervisionOrder.level, narrowed.level),
        (SupervisionOrder.reason, narrowed.reason),
    )
    return [column == value for column, value in asked if value]


def clocks_of(work: Work, orders: Sequence[SupervisionOrder]) -> dict[int, Deadline]:
    """Return the running or last clock of each order, by the order's id. One query."""
    clocks = select(Deadline).where(
        Deadline.ticket_id.in_([one.ticket_id for one in orders]), Deadline.stage == Stage.SUPERVISION
    )
    found = {(one.ticket_id, one.key): one for one in work.session.scalars(clocks)}
    had = [(one.id, (one.ticket_id, one.clock or "")) for one in orders]
    return {order_id: found[key] for order_id, key in had if key in found}


def numbered(work: Work, number: str) -> SupervisionOrder | None:
    """Return the order with this number, None when there is none on a ticket the actor sees. Two queries."""
    order = work.session.scalar(select(SupervisionOrder).where(SupervisionOrder.number == number))
    if order is None:
        return None
    ticket_number = number.rpartition("-")[0]
    return order if worklists.numbered(work, [ticket_number]) else None


@dataclass(frozen=True)
class Tally:
    """How one department answers: orders issued since a day, replies by their clocks, what stands overdue."""

    department: str
    issued: int
    escalated: int
    in_time: int
    late: int
    overdue: int


def tallies(work: Work, since: datetime) -> list[Tally]:
    """Return by department how orders were answered, most often late first. Two queries."""
    answers = {row[0]: row[1:] for row in work.session.execute(_by_clock(work, since))}
    issued = (
        select(
            SupervisionOrder.department_code,
            func.count(),
            func.count().filter(SupervisionOrder.state == OrderState.ESCALATED),
        )
        .where(SupervisionOrder.issued_at >= since)
        .group_by(SupervisionOrder.department_code)
    )
    found = [
        Tally(code, number, risen, *answers.get(code, (0, 0, 0)))
        for code, number, risen in work.session.execute(issued)
    ]
    return sorted(found, key=lambda one: (-one.overdue, -one.late, -one.issued, one.department))


def _by_clock(work: Work, since: datetime) -> Select[str | None, int, int, int]:
    """Ask by department for the replies in time, those that were late, and those overdue."""
    standing = and_(Deadline.settled_at.is_(None), Deadline.due_at < work.now)
    return (
        select(
            Deadline.department_code,
            func.count().filter(Deadline.outcome == DeadlineOutcome.MET),
            func.count().filter(Deadline.outcome == DeadlineOutcome.LATE),
            func.count().filter(standing),
        )
        .where(Deadline.stage == Stage.SUPERVISION, Deadline.started_at >= since)
        .group_by(Deadline.department_code)
    )
