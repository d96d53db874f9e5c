"""In whose hands a department's ticket is: the chain from the lead down (区 → 街道 → 社区)."""

from hotline.errors import NotAllowed
from hotline.lifecycle import Action, Status, acting_role
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.tickets import ledger
from hotline.tickets.assigned import of_this_dispatch, parts_held
from hotline.tickets.guards import acting_department
from hotline.work import Work


def chain_of(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return the parts of those it was handed down to and who still have it, from the top. One query.

    While departments dispute whose it is, nobody below the provisional one has it.
    """
    if ticket.status is Status.DISPUTED:
        return []
    return parts_held(work, ticket, Part.HANDED)


def holding_department(work: Work, ticket: Ticket) -> str | None:
    """Return the code of the department that has it in hand now: the lowest of the chain. Two queries."""
    chain = chain_of(work, ticket)
    return chain[-1].department_code if chain else acting_department(work, ticket)


def handled_by(work: Work, ticket: Ticket) -> set[str]:
    """Return whose calls count as the lead's in this dispatch: its own and those of departments below."""
    below = [one.department_code for one in of_this_dispatch(work, ticket, Part.HANDED)]
    return {*below, *([ticket.lead_code] if ticket.lead_code else [])}


def require_in_hands(work: Work, ticket: Ticket, action: Action) -> list[Assignment]:
    """Only the department that acts for the ticket, or one of those below that have it. Returns the chain."""
    acting_role(action, work.actor.roles)
    mine = work.actor.department_code
    chain = chain_of(work, ticket)
    if mine is None or mine not in {acting_department(work, ticket), *(one.department_code for one in chain)}:
        raise NotAllowed(action, "not_lead")
    ledger.require(work, ticket, action)
    return chain


def require_holder(work: Work, ticket: Ticket, action: Action) -> Assignment:
    """Only the department below that has it now. Returns its part."""
    acting_role(action, work.actor.roles)
    chain = chain_of(work, ticket)
    if not chain or chain[-1].department_code != (work.actor.department_code or "-"):
        raise NotAllowed(action, "not_handed")
    ledger.require(work, ticket, action)
    return chain[-1]
