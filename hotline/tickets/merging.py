"""Handle repeats as one (并单), and undo it."""

from sqlalchemy import or_, select

from hotline.errors import InvalidInput
from hotline.lifecycle import ENDED, Action
from hotline.models.deadline import DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import applications, claims, deadlines, orders, promises, untold
from hotline.tickets.ledger import record, require
from hotline.work import SYSTEM, Work


def merge(work: Work, ticket: Ticket, *, into: str, reason: str) -> None:
    """Join `ticket` to the one numbered `into`, which is handled for both.

    Raises InvalidInput, ClaimedByAnother while a colleague has the ticket open.

    The clocks stop unjudged; the parent's count from now on.
    """
    require(work, ticket, Action.MERGE)
    claims.heed(work, ticket, Action.MERGE)
    orders.require_none_live(work, ticket)
    parent = _hold_with(work, ticket, into.strip())
    problems = {}
    if parent is None or parent.id == ticket.id:
        problems["into"] = "unknown_ticket"
    elif parent.status in ENDED:
        problems["into"] = "parent_ended"
    elif children_of(work, ticket):
        problems["into"] = "is_parent"
    if not reason.strip():
        problems["reason"] = "missing"
    if problems or parent is None:
        raise InvalidInput(problems)
    untold.drop(work, ticket)
    record(work, ticket, Action.MERGE, into=parent.number, parent=parent.id, reason=reason.strip())
    ticket.parent_id = parent.id
    applications.lapse(work, ticket)
    deadlines.cancel(work, ticket, outcome=DeadlineOutcome.MERGED)


def _hold_with(work: Work, ticket: Ticket, number: str) -> Ticket | None:
    """Return the ticket numbered so, None when there is none. Both are held until the work is done.

    Otherwise two dispatchers could at the same moment merge two tickets into each other, and nobody
    would handle either. Held in the order of their ids, so that neither waits for the other for ever.
    """
    both = select(Ticket.id).where(or_(Ticket.id == ticket.id, Ticket.number == number))
    work.session.execute(both.order_by(Ticket.id).with_for_update()).all()
    other = select(Ticket).where(Ticket.number == number)
    return work.session.scalar(other.execution_options(populate_existing=True))


def unmerge(work: Work, ticket: Ticket, *, reason: str) -> None:
    """Take it apart again: back to where it was, its clocks as if never stopped."""
    if not reason.strip():
        raise InvalidInput({"reason": "missing"})
    record(work, ticket, Action.UNMERGE, reason=reason.strip())
    ticket.parent_id = None
    deadlines.restore_merged(work, ticket)


def release_children(work: Work, ticket: Ticket, *, reason: str) -> None:
    """Take apart what was merged into a ticket that nobody will handle: other callers' matters are theirs."""
    for child in children_of(work, ticket):
        unmerge(work.by(SYSTEM), child, reason=reason)


def tell_children(work: Work, ticket: Ticket) -> None:
    """Promise the callers of what was merged into `ticket` to hear that it is done. One query."""
    callers = [child for child in children_of(work, ticket) if not child.anonymous]
    work.session.add_all(promises.promise(promises.TELL_CALLER, child, Action.CLOSE) for child in callers)


def children_of(work: Work, ticket: Ticket) -> list[Ticket]:
    """Return the tickets merged into this one, oldest first. One query."""
    joined = select(Ticket).where(Ticket.parent_id == ticket.id).order_by(Ticket.id)
    return list(work.session.scalars(joined))
