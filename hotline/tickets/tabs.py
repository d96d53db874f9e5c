"""The named lists of the desks, as conditions on the tickets' table."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true

from hotline.lifecycle import ENDED, MOVES, OPEN, Action, Status
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.follow_up import FollowUp, Solved
from hotline.models.supervision_order import OrderState, SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.work import Work


def tabs(work: Work) -> Mapping[str, ColumnElement[bool]]:
    """The named lists of the desks, as conditions on Ticket.

    For a department they hold what it leads or handles for one above, "assisting" what it still owes an
    opinion on or has to come to; "to_act" leaves out what a department below has now, "soon" and "overdue"
    the clocks of the hotline's own desks.
    """
    mine = work.actor.department_code
    led = _in_hand(work) if mine else true()
    ticking = and_(led, Ticket.status.in_(_WITH_DEPARTMENT if mine else OPEN))
    awaited = _awaits_opinion(work)
    assists = Ticket.status.in_(MOVES[Action.ASSIST].sources)
    assisting = and_(assists, awaited) if awaited is not None else false()
    to_act = and_(led, Ticket.status.in_((Status.DISPATCHED, Status.ACCEPTED)), *_not_waiting_below(work))
    supervised = and_(led, Ticket.status.in_(OPEN), Ticket.supervised > 0)
    ordered = to_be_replied(work)
    return {
        "all": Ticket.id.is_not(None),
        "open": Ticket.status.in_(OPEN),
        "to_act": _any_of(to_act, assisting if awaited is not None else None, ordered),
        "to_dispatch": Ticket.status == Status.LOGGED,
        "to_accept": and_(led, Ticket.status == Status.DISPATCHED),
        "in_hand": and_(led, Ticket.status == Status.ACCEPTED),
        "assisting": assisting,
        "with_department": and_(led, Ticket.status.in_(HELD_BY_DEPARTMENT)),
        "returning": and_(led, Ticket.status.in_((Status.RETURN_REQUESTED, Status.DISPUTED))),
        "to_sign": and_(led, Ticket.status.in_(MOVES[Action.REQUEST_RETURN].sources), _has_draft()),
        "held": and_(led, Ticket.status.in_((Status.SUSPENDED, Status.DEFERRED))),
        "supervised": _any_of(supervised, ordered),
        "urged": and_(led, Ticket.status.in_(OPEN), Ticket.urged > 0),
        "soon": and_(
            ticking, Ticket.next_due_at >= work.now, Ticket.next_due_at < work.now + timedelta(hours=24)
        ),
        "today": and_(ticking, Ticket.next_due_at >= work.now, Ticket.next_due_at < end_of_day(work)),
        "overdue": and_(ticking, Ticket.next_due_at < work.now),
        "unwatched": and_(ticking, Ticket.next_due_at < work.now, Ticket.supervised == 0),
        "to_review": Ticket.status == Status.RESOLVED,
        "to_follow_up": and_(Ticket.status == Status.AWAITING_FOLLOW_UP, ~_has_bad_answer(work)),
        "to_judge": and_(Ticket.status == Status.AWAITING_FOLLOW_UP, _has_bad_answer(work)),
        "disputed": Ticket.status == Status.DISPUTED,
        "for_arbiter": and_(Ticket.status == Status.RETURN_REQUESTED, _asked_back_enough(work)),
        "after_limit": and_(
            Ticket.status == Status.AWAITING_FOLLOW_UP,
            Ticket.round >= work.city.follow_up.max_rounds,
            _has_bad_answer(work),
        ),
        "closed": Ticket.status == Status.CLOSED,
        "ended": Ticket.status.in_(ENDED),
    }


# Tabs that for a department hold only what it leads or owes an opinion on: nothing more need be asked.
OWN = frozenset(
    {
        "to_act",
        "to_accept",
        "in_hand",
        "assisting",
        "with_department",
        "returning",
        "to_sign",
        "held",
        "supervised",
        "urged",
        "soon",
        "today",
        "overdue",
    }
)

# Where the clocks that run are a department's own.
_WITH_DEPARTMENT = (Status.DISPATCHED, Status.ACCEPTED, Status.RETURN_REQUESTED, Status.DISPUTED)

# All that a department has in hand, stopped clocks included.
HELD_BY_DEPARTMENT = (*_WITH_DEPARTMENT, Status.SUSPENDED, Status.DEFERRED)


def _any_of(first: ColumnElement[bool], *others: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """Return first OR the others that there are: an empty one beside it would keep SQLite from its index."""
    given = [one for one in others if one is not None]
    return or_(first, *given) if given else first


def to_be_replied(work: Work) -> ColumnElement[bool] | None:
    """The tickets on which the actor's department owes a reply to an order (None: on none). One query."""
    mine = work.actor.department_code
    if mine is None:
        return None
    owed = select(SupervisionOrder.ticket_id).where(
        SupervisionOrder.department_code == mine, SupervisionOrder.state == OrderState.ISSUED
    )
    return one_of(work.session.scalars(owed))


def _has_draft() -> ColumnElement[bool]:
    """A handler has drafted a return; the leader has not signed it yet."""
    waiting = select(Application.ticket_id).where(
        Application.kind == ApplicationKind.RETURN_DRAFT, Application.state == ApplicationState.PENDING
    )
    return Ticket.id.in_(waiting)


def _asked_back_enough(work: Work) -> ColumnElement[bool]:
    """So many returns were asked for that the next belongs before the arbiter."""
    asked = select(func.count()).where(
        Application.ticket_id == Ticket.id, Application.kind == ApplicationKind.RETURN
    )
    return asked.scalar_subquery() >= work.city.returns.limit


def _in_hand(work: Work) -> ColumnElement[bool]:
    """What the actor's department leads, or handles for a department above (下派). One query."""
    led = Ticket.lead_code == work.actor.department_code
    handed = one_of(work.session.scalars(handed_to(work)))
    return or_(led, handed) if handed is not None else led


def handed_to(work: Work) -> Select[int]:
    """Return the query for the ids of the tickets that the actor's department handles for one above."""
    return select(Assignment.ticket_id).where(
        Assignment.part == Part.HANDED,
        Assignment.department_code == work.actor.department_code,
        Assignment.ended_at.is_(None),
    )


def _not_waiting_below(work: Work) -> list[ColumnElement[bool]]:
    """Leave out what the actor's department handed down and has not got back. One query."""
    if work.actor.department_code is None:
        return []
    below = work.session.scalars(
        select(Assignment.ticket_id).where(
            Assignment.part == Part.HANDED,
            Assignment.from_code == work.actor.department_code,
            Assignment.ended_at.is_(None),
        )
    )
    waiting = one_of(below)
    return [not_(waiting)] if waiting is not None else []


_OWES_OPINION = (Part.ASSISTING, Part.PROVISIONAL, Part.CONVENED)


def _awaits_opinion(work: Work) -> ColumnElement[bool] | None:
    """The tickets on which an opinion is owed, or someone is awaited on the spot: by anybody, for a
    department by itself (None: on none)."""
    opinion = and_(Assignment.part.in_(_OWES_OPINION), Assignment.answered_at.is_(None))
    arrival = and_(Assignment.part == Part.WHISTLED, Assignment.arrived_at.is_(None))
    owed = select(Assignment.ticket_id).where(or_(opinion, arrival), Assignment.ended_at.is_(None))
    mine = work.actor.department_code
    if mine is None:
        return Ticket.id.in_(owed)
    return one_of(work.session.scalars(owed.where(Assignment.department_code == mine)))


def one_of(ids: Iterable[int]) -> ColumnElement[bool] | None:
    """Return a condition that names these tickets one by one, None when there are none.

    Both databases then answer an OR from two indexes, where a subquery beside it would make them read
    every ticket.
    """
    named = sorted(set(ids))
    return Ticket.id.in_(named) if named else None


def end_of_day(work: Work) -> datetime:
    local = work.now.astimezone(work.city.calendar.zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _has_bad_answer(work: Work) -> ColumnElement[bool]:
    return exists().where(
        FollowUp.ticket_id == Ticket.id,
        FollowUp.round == Ticket.round,
        bad_answer(work),
    )


def bad_answer(work: Work) -> ColumnElement[bool]:
    """The caller was reached, and it is not solved or he is not content."""
    unhappy = or_(FollowUp.solved != Solved.YES, FollowUp.satisfied < work.city.scorecard.satisfied_from)
    return and_(FollowUp.reached, unhappy)
