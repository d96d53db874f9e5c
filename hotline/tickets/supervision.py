"""Press, order, re-open: what the caller and the supervisor do when it does not go by itself."""

from hotline import labels
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.supervision_order import SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    deadlines,
    dispatching,
    followup,
    merging,
    orders,
    untold,
    urgings,
)
from hotline.tickets.holders import Holder, holder_of
from hotline.tickets.ledger import record, require
from hotline.work import Work
from sla.policy import Stage


def urge(work: Work, ticket: Ticket, *, text: str = "") -> Holder:
    """Press for it (催办) and return who is told: who has it in hand.

    Adds to a counter, never shortens a clock. Raises LimitReached past the limits of the city.
    """
    require(work, ticket, Action.URGE)
    urgings.require_may_urge(work, ticket)
    told = holder_of(work, ticket)
    record(work, ticket, Action.URGE, text=text.strip(), desk=told.desk, department=told.department)
    ticket.urged += 1
    return told


def supervise(work: Work, ticket: Ticket, *, text: str, **demand: str) -> SupervisionOrder:
    """Order it in writing (督办), see `orders.issue`. `demand`: the other fields of `orders.Demand`."""
    return orders.issue(work, ticket, orders.Demand(text, **demand))


def reopen(work: Work, ticket: Ticket, *, text: str) -> None:
    """Open a closed ticket again (重启): next round, or the dispatch desk when no department had it."""
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
    dispatched = ticket.lead_code is not None
    record(
        work,
        ticket,
        Action.REOPEN,
        toward=Status.DISPATCHED if dispatched else Status.LOGGED,
        department=ticket.lead_code,
        text=text.strip(),
    )
    followup.begin_round(work, ticket)
    if not dispatched:
        deadlines.open_stage(work, ticket, Stage.DISPATCH)


def withdraw(work: Work, ticket: Ticket, *, reason: str) -> None:
    """The caller takes it back (撤诉). Every clock stops, unjudged.

    What other callers said of the same matter is theirs: tickets merged into this one stand alone again.
    """
    if not reason.strip():
        raise InvalidInput({"reason": "missing"})
    untold.drop(work, ticket)
    record(work, ticket, Action.WITHDRAW, reason=reason.strip())
    applications.lapse(work, ticket)
    orders.lapse(work, ticket)
    dispatching.end_assignments(work, ticket)
    deadlines.cancel(work, ticket)
    ticket.resume_on = None
    ticket.closed_at = work.now
    merging.release_children(work, ticket, reason=labels.PARENT_WITHDRAWN)


def note(work: Work, ticket: Ticket, *, text: str) -> None:
    """Leave a remark that only the desks see (备注)."""
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    record(work, ticket, Action.NOTE, text=text.strip())
