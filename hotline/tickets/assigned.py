"""Which part departments have in tickets: lead, assisting or provisional (主办、协办、先行办理)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.work import Work


def assignments_of(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return every part a department had in this ticket, oldest first. One query."""
    parts = select(Assignment).where(Assignment.ticket_id == ticket.id).order_by(Assignment.id)
    return list(work.session.scalars(parts.options(joinedload(Assignment.department))))


def own_parts(work: Work, tickets: Sequence[Ticket]) -> dict[int, Assignment]:
    """Return what part the actor's department has in handling each of `tickets`, by ticket id. One query."""
    held = select(Assignment).where(
        Assignment.ticket_id.in_([ticket.id for ticket in tickets]),
        Assignment.department_code == work.actor.department_code,
        Assignment.part != Part.CONVENED,
        Assignment.ended_at.is_(None),
    )
    return {part.ticket_id: part for part in work.session.scalars(held.order_by(Assignment.id))}


def to_be_heard(work: Work, tickets: Sequence[Ticket]) -> set[int]:
    """Return on which of `tickets` the actor's department owes its opinion to a dispute. One query."""
    called = select(Assignment.ticket_id).where(
        Assignment.ticket_id.in_([ticket.id for ticket in tickets]),
        Assignment.department_code == work.actor.department_code,
        Assignment.part == Part.CONVENED,
        Assignment.answered_at.is_(None),
        Assignment.ended_at.is_(None),
    )
    return set(work.session.scalars(called))


def last_accepted_at(work: Work) -> datetime | None:
    """Return when the actor's department last accepted a ticket, None when it never did. One query."""
    return work.session.scalar(
        select(func.max(Assignment.accepted_at)).where(
            Assignment.department_code == work.actor.department_code
        )
    )


def handed_to(work: Work, *, limit: int = 30) -> list[str]:
    """Return whom the actor's department handed tickets down to, the most often named first. One query."""
    named = (
        select(Assignment.handed_to)
        .where(Assignment.department_code == work.actor.department_code, Assignment.handed_to.is_not(None))
        .group_by(Assignment.handed_to)
        .order_by(func.count().desc(), Assignment.handed_to)
        .limit(limit)
    )
    return [name for name in work.session.scalars(named) if name]
