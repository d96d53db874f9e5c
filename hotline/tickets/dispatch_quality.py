"""How well the hotline dispatches, and departments give back (派单质量): each side's faults, counted.

A return that was granted is the dispatch's fault, one that was refused the department's. Every figure can be
listed by the conditions that it is counted by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, func, not_, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import paging, scorecard
from hotline.tickets.evidence import Evidence, Piece
from hotline.tickets.paging import PAGE
from hotline.tickets.scorecard import KEPT, NOTHING, Rate
from hotline.work import Work


class By(StrEnum):
    """What the figures are split by. Department: the one first dispatched to, or that gave back."""

    CATEGORY = "category"
    DEPARTMENT = "department"
    DISPATCHER = "dispatcher"


class Figure(StrEnum):
    """What a number stands for; its tickets can be listed."""

    DISPATCHED = "dispatched"
    KEPT = "kept"
    WRONG = "wrong"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Quality:
    """One row. `key` None: no category, or dispatched by no person. `lost`: days until the last dispatch.

    `accuracy`: tickets that the first department kept, of those dispatched. `returns`: right of decided.
    """

    key: str | int | None
    accuracy: Rate
    hops: int
    lost: float
    returns: Rate

    def plus(self, other: "Quality") -> "Quality":
        return Quality(
            None,
            self.accuracy.plus(other.accuracy),
            self.hops + other.hops,
            self.lost + other.lost,
            self.returns.plus(other.returns),
        )


class DaysBetween(FunctionElement[float]):
    """The days from the first moment to the second, on either database."""

    name = "days_between"
    type = Float()
    inherit_cache = True


@compiles(DaysBetween, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    begin, end = (compiler.process(one, **options) for one in element.clauses)
    return f"(julianday({end}) - julianday({begin}))"


@compiles(DaysBetween, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    begin, end = (compiler.process(one, **options) for one in element.clauses)
    return f"(EXTRACT(EPOCH FROM ({end} - {begin})) / 86400.0)"


# A return was right when it was granted; where a ruling came later, when the ruling named someone else.
_RIGHT = case(
    (Ticket.designated, Ticket.lead_code != Application.department_code),
    else_=Application.state == ApplicationState.GRANTED,
)

_First = aliased(Assignment, name="first_dispatch")
_Last = aliased(Assignment, name="last_dispatch")
_Before = aliased(Assignment, name="before")


def quality(work: Work, since: datetime, by: By) -> list[Quality]:
    """Return a row for each key that has anything since then, in no order. Two queries."""
    dispatched = {
        key: (Rate(kept or 0, number), hops or 0, lost or 0.0)
        for key, number, kept, hops, lost in work.session.execute(_dispatches(since, by))
    }
    returned = {
        key: Rate(granted, number) for key, number, granted in work.session.execute(_returns(since, by))
    }
    return [
        Quality(key, *dispatched.get(key, (NOTHING, 0, 0.0)), returned.get(key, NOTHING))
        for key in dict.fromkeys([*dispatched, *returned])
    ]


def sum_of(rows: Sequence[Quality]) -> Quality:
    total = Quality(None, NOTHING, 0, 0.0, NOTHING)
    for row in rows:
        total = total.plus(row)
    return total


def names_of(work: Work, rows: Sequence[Quality]) -> dict[int, str]:
    """Return what the dispatchers among the keys are called. One query."""
    ids = [row.key for row in rows if isinstance(row.key, int)]
    named = select(User.id, User.name).where(User.id.in_(ids))
    return dict(work.session.execute(named).all())


def _dispatches(since: datetime, by: By) -> Any:
    key = _key_of_dispatch(by)
    last = and_(
        _Last.ticket_id == Ticket.id,
        _Last.part == Part.LEAD,
        _Last.hop == Ticket.hop,
        Ticket.hop > 1,
        _is_first_of_its_hop(_Last),
    )
    return (
        select(
            key,
            func.count(),
            func.count().filter(KEPT),
            func.sum(Ticket.hop),
            func.sum(DaysBetween(_First.assigned_at, _Last.assigned_at)),
        )
        .select_from(Ticket)
        .join(_First, _is_first_dispatch())
        .outerjoin(_Last, last)
        .where(*scorecard.dispatched(since))
        .group_by(key)
    )


def _is_first_dispatch() -> ColumnElement[bool]:
    return and_(
        _First.ticket_id == Ticket.id,
        _First.part == Part.LEAD,
        _First.hop == 1,
        _is_first_of_its_hop(_First),
    )


def _is_first_of_its_hop(one: Any) -> ColumnElement[bool]:
    """A later round, and a ruling that confirms the department, write a lead once more for the same hop.

    A dispatch that was taken back is none.
    """
    earlier = (
        select(_Before.id)
        .where(
            _Before.ticket_id == one.ticket_id,
            _Before.part == Part.LEAD,
            _Before.hop == one.hop,
            _Before.id < one.id,
            _Before.ending.is_distinct_from(Ending.UNSENT),
        )
        .exists()
    )
    return and_(one.ending.is_distinct_from(Ending.UNSENT), not_(earlier))


def _returns(since: datetime, by: By) -> Any:
    key = _key_of_return(by)
    return (
        select(key, func.count(), func.count().filter(_RIGHT))
        .select_from(Application)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(*_decided(since))
        .group_by(key)
    )


def _decided(since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Application.kind == ApplicationKind.RETURN,
        Application.state.in_((ApplicationState.GRANTED, ApplicationState.REFUSED)),
        Application.decided_at >= since,
    )


def _key_of_dispatch(by: By) -> Any:
    return {
        By.CATEGORY: Ticket.category_code,
        By.DEPARTMENT: _First.department_code,
        By.DISPATCHER: _First.assigned_by_id,
    }[by]


def _key_of_return(by: By) -> Any:
    return {
        By.CATEGORY: Ticket.category_code,
        By.DEPARTMENT: Application.department_code,
        By.DISPATCHER: Application.dispatched_by_id,
    }[by]


@dataclass(frozen=True)
class Asked:
    """Which figure of which row, since when. `by` None: of all rows."""

    figure: Figure
    since: datetime
    by: By | None = None
    key: str | int | None = None


def tickets_of(work: Work, asked: Asked, *, after: str | None = None, size: int = PAGE) -> Evidence:
    """Return one page of what a figure counts, newest first. Two queries."""
    is_return = asked.figure in (Figure.GRANTED, Figure.REFUSED)
    of_row = _of_row(asked, _key_of_return if is_return else _key_of_dispatch)
    if is_return:
        judged = _RIGHT if asked.figure is Figure.GRANTED else not_(_RIGHT)
        rows = select(Ticket, Application.department_code, Application.decided_at, Application.id)
        rows = rows.join(Application, Application.ticket_id == Ticket.id)
        rows = rows.where(*_decided(asked.since), judged, *of_row)
        at, row_id = Application.decided_at, Application.id
    else:
        wanted = {Figure.KEPT: [KEPT], Figure.WRONG: [not_(KEPT)]}.get(asked.figure, [])
        rows = select(Ticket, _First.department_code, _First.assigned_at, _First.id)
        rows = rows.join(_First, _is_first_dispatch())
        rows = rows.where(*scorecard.dispatched(asked.since), *wanted, *of_row)
        at, row_id = _First.assigned_at, _First.id
    number = work.session.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    if (key := paging.read_key(after)) and key[0]:
        rows = rows.where(tuple_(at, row_id) < tuple_(*key))
    found = work.session.execute(rows.order_by(at.desc(), row_id.desc()).limit(size + 1)).all()
    good = asked.figure in (Figure.KEPT, Figure.DISPATCHED)
    pieces = tuple(
        Piece(ticket, when, code, good, None, None) for ticket, code, when, _ in found[:size] if when
    )
    more = paging.key_of(found[size - 1][2], found[size - 1][3]) if len(found) > size else None
    return Evidence(Rate(number, number), pieces, more)


def _of_row(asked: Asked, key_of: Any) -> list[ColumnElement[bool]]:
    if asked.by is None:
        return []
    column = key_of(asked.by)
    return [column.is_(None) if asked.key is None else column == asked.key]


def row_of(key: str | int | None) -> Quality:
    """Return an empty row of this key."""
    return Quality(key, NOTHING, 0, 0.0, NOTHING)
