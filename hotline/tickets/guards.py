"""Who may do what to this one ticket, beyond what the role says (职责分离)."""

from collections.abc import Collection

from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import Action, Role, Status, acting_role
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.tickets import ledger, timeline
from hotline.tickets.assigned import assignment_of, departments_of
from hotline.work import Work
from routing import Decision

# What the leader signs for the department once the hotline presses it (督办件).
_SIGNED = frozenset({Action.RESOLVE})


def require_lead(work: Work, ticket: Ticket, action: Action) -> None:
    """Only the lead department acts for the ticket; in a dispute, the provisional one (先办后议).

    What is supervised is reported by its leader (分管负责人).
    """
    acting_role(action, work.actor.roles)
    acting = acting_department(work, ticket)
    if acting is None or work.actor.department_code != acting:
        raise NotAllowed(action, "not_lead")
    if ticket.supervised and action in _SIGNED and Role.LEADER not in work.actor.roles:
        raise NotAllowed(action, "leader")
    ledger.require(work, ticket, action)


def acting_department(work: Work, ticket: Ticket) -> str | None:
    """Return the code of the department that acts for the ticket, or None."""
    if ticket.status is not Status.DISPUTED:
        return ticket.lead_code
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    return provisional.department_code if provisional else None


def require_filled(**fields: str) -> None:
    """Raise InvalidInput for each of these texts of a form that was left empty."""
    problems = {name: "missing" for name, text in fields.items() if not text.strip()}
    if problems:
        raise InvalidInput(problems)


def require_other_side(work: Work, ticket: Ticket, action: Action) -> None:
    """Who decides about a department's wish or work is not of that department."""
    _refuse_own_side(work, ticket, action)
    ledger.require(work, ticket, action)


def require_uninvolved(work: Work, ticket: Ticket, action: Action) -> None:
    """Nobody follows up what he, or his department, took or handled."""
    _refuse_own_side(work, ticket, action)
    if work.actor.user_id is not None and timeline.took_part(work, ticket, work.actor.user_id):
        raise NotAllowed(action, "own_work")
    ledger.require(work, ticket, action)


def require_not_complained_of(decision: Decision | None, **parts: Collection[str]) -> None:
    """Whoever the matter complains of takes no part in it (回避). `parts`: the departments of each field.

    Raises InvalidInput. Only a ruling (`disputes.designate`, `name_provisional`) may put that aside.
    """
    accused = decision.complained_of if decision else ()
    problems = {
        field: "complained_of" for field, codes in parts.items() if not set(accused).isdisjoint(codes)
    }
    if problems:
        raise InvalidInput(problems)


def _refuse_own_side(work: Work, ticket: Ticket, action: Action) -> None:
    acting_role(action, work.actor.roles)
    if work.actor.department_code and work.actor.department_code in departments_of(work, ticket):
        raise NotAllowed(action, "own_side")
