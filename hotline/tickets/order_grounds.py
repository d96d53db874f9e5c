"""On which tickets an order is due by the rules of the city (建议督办), and on what ground."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from hotline.lifecycle import OPEN
from hotline.models.deadline import Deadline
from hotline.models.follow_up import FollowUp
from hotline.models.supervision_order import OrderState, SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline, worklists
from hotline.tickets.orders import LIVE
from hotline.tickets.tabs import bad_answer
from hotline.work import Work
from sla.allowance import Allowance
from sla.policy import Stage

# What fell due before that has long been ordered, or nobody will.
_LOOKS_BACK = timedelta(days=60)


@dataclass(frozen=True)
class Ground:
    """`reason`: a code of the city's orders. `due_at`: when the result should have been there, else None."""

    ticket: Ticket
    reason: str
    due_at: datetime | None


@dataclass(frozen=True)
class Grounds:
    shown: tuple[Ground, ...]
    total: int


def grounds(work: Work, *, limit: int) -> Grounds:
    """Return on which tickets an order is due: the longest late first, then bad answers, then urgings.

    A ticket stands there once, by its first ground; not while an order stands on it, nor for a reason for
    which one was issued in this round. Seven queries.
    """
    asked: tuple[tuple[str, ColumnElement[bool]], ...] = (
        ("overdue", _late_without_a_word(work)),
        ("unsatisfied", _answered_badly(work)),
        ("urged", Ticket.urged >= work.city.orders.grounds.urged),
    )
    found: dict[int, str] = {}
    total = 0
    before: list[ColumnElement[bool]] = []
    for reason, condition in asked:
        conditions = (*_may_be_ordered(reason), condition, *(~one for one in before))
        total += work.session.scalar(select(func.count()).select_from(Ticket).where(*conditions)) or 0
        ids = select(Ticket.id).where(*conditions).order_by(Ticket.next_due_at, Ticket.id)
        for ticket_id in work.session.scalars(ids.limit(limit - len(found))):
            found[ticket_id] = reason
        before.append(and_(condition, *_may_be_ordered(reason)))
    tickets = worklists.shown_in_order(work, list(found))
    due = deadlines.due_of(work, tickets, Stage.RESOLVE)
    shown = tuple(
        Ground(one, found[one.id], due.get(one.id) if found[one.id] == "overdue" else None) for one in tickets
    )
    return Grounds(shown, total)


def _may_be_ordered(reason: str) -> tuple[ColumnElement[bool], ...]:
    of_ticket = SupervisionOrder.ticket_id == Ticket.id
    for_this = and_(
        SupervisionOrder.round == Ticket.round,
        SupervisionOrder.reason == reason,
        SupervisionOrder.state != OrderState.CANCELLED,
    )
    ordered = exists().where(of_ticket, or_(SupervisionOrder.state.in_(LIVE), for_this))
    return Ticket.status.in_(OPEN), Ticket.lead_code.is_not(None), ~ordered


def _late_without_a_word(work: Work) -> ColumnElement[bool]:
    """The result is overdue for so long, and the department has not said why since."""
    latest = _latest_due(work, work.city.orders.grounds.overdue)
    return exists().where(
        Deadline.ticket_id == Ticket.id,
        Deadline.stage == Stage.RESOLVE,
        Deadline.settled_at.is_(None),
        Deadline.due_at <= latest,
        ~timeline.explained_since_due(),
    )


def _answered_badly(work: Work) -> ColumnElement[bool]:
    bad = select(func.count()).where(FollowUp.ticket_id == Ticket.id, bad_answer(work))
    return bad.scalar_subquery() >= work.city.orders.grounds.unsatisfied


def _latest_due(work: Work, grace: Allowance) -> datetime:
    """Return the latest moment after which `grace` has run out by now, to the minute."""
    return _bisect(work.now - _LOOKS_BACK, work.now, lambda at: _is_over(work, at, grace))


def _is_over(work: Work, since: datetime, grace: Allowance) -> bool:
    end = deadlines.ends_at(work, since, grace)
    return end is not None and end <= work.now


def _bisect(low: datetime, high: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """Return the last moment for which `holds`, which is true of `low` and false from some moment on."""
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
