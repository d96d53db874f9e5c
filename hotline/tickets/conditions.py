"""Whether the conditions of a rung hold for a clock."""

from sqlalchemy import func, select

from hotline.lifecycle import Action
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline
from hotline.models.follow_up import FollowUp
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.work import Work
from sla.rungs import Facts, Rung, Want

# What a department may say of its delay: it writes it down, or asks for more time or another fate.
EXPLAINING = frozenset(
    {Action.NOTE, Action.REQUEST_EXTENSION, Action.REQUEST_SUSPENSION, Action.REQUEST_RETURN}
)


def hold(work: Work, ticket: Ticket, deadline: Deadline, rung: Rung) -> bool:
    """Ask the conditions of a rung, of now. Up to three queries, none for what it does not ask."""
    when = rung.when
    facts = Facts(
        contacted=Want.NEVER_CONTACTED in when.wants and _was_contacted(work, ticket),
        explained=Want.UNEXPLAINED in when.wants and _was_explained(work, ticket, deadline),
        urged=ticket.urged,
        unsatisfied=_unsatisfied(work, ticket) if when.unsatisfied_from else 0,
        supervised=ticket.supervised,
    )
    return when.hold(facts)


def _was_contacted(work: Work, ticket: Ticket) -> bool:
    """Whether the lead, or whom it handed the ticket down to, reached the caller since this dispatch."""
    reached = select(Assignment.id).where(
        Assignment.ticket_id == ticket.id,
        Assignment.round == ticket.round,
        Assignment.hop == ticket.hop,
        Assignment.part.in_((Part.LEAD, Part.HANDED)),
        Assignment.contacted_at.is_not(None),
    )
    return work.session.scalar(reached.limit(1)) is not None


def _was_explained(work: Work, ticket: Ticket, deadline: Deadline) -> bool:
    if deadline.due_at is None or deadline.department_code is None:
        return False
    said = timeline.acted_since(work, ticket, EXPLAINING, deadline.due_at)
    return any(entry.department_code is not None for entry in said)


def _unsatisfied(work: Work, ticket: Ticket) -> int:
    """How many answers of the caller, in all rounds, were below what counts as satisfied."""
    asked = select(func.count()).where(
        FollowUp.ticket_id == ticket.id, FollowUp.satisfied < work.city.scorecard.satisfied_from
    )
    return work.session.execute(asked).scalar_one()
