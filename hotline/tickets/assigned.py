"""Which part departments have in tickets: lead, assisting or provisional (主办、协办、先行办理)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.ticket import Ticket
from hotline.work import Work


def assignments_of(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return every part a department had in this ticket, oldest first. One query."""
    parts = select(Assignment).where(Assignment.ticket_id == ticket.id).order_by(Assignment.id)
    return list(work.session.scalars(parts.options(joinedload(Assignment.department))))


def give_part(
    work: Work, ticket: Ticket, department: str, part: Part, *, from_code: str | None = None
) -> Assignment:
    """Enter a part of `department` in the present dispatch; flush for its id.

    `from_code`: the department that called it in, whistled or handed down; None for desk and arbiter.
    """
    given = Assignment(
        ticket_id=ticket.id,
        department_code=department,
        part=part,
        round=ticket.round,
        hop=ticket.hop,
        assigned_at=work.now,
        assigned_by_id=work.actor.user_id,
        from_code=from_code,
    )
    work.session.add(given)
    return given


def parts_held(work: Work, ticket: Ticket, *parts: Part) -> list[Assignment]:
    """Return what departments hold of the ticket now, oldest first; only of `parts` if any. One query."""
    found = select(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None))
    if parts:
        found = found.where(Assignment.part.in_(parts))
    return list(work.session.scalars(found.order_by(Assignment.id)))


def assignment_of(work: Work, ticket: Ticket, part: Part, department: str | None = None) -> Assignment | None:
    """Return the newest assignment of this part that has not ended, or None. One query."""
    newest = (
        select(Assignment)
        .where(Assignment.ticket_id == ticket.id, Assignment.part == part, Assignment.ended_at.is_(None))
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    if department:
        newest = newest.where(Assignment.department_code == department)
    return work.session.scalar(newest)


def of_this_dispatch(work: Work, ticket: Ticket, part: Part) -> list[Assignment]:
    """Return who had this part since the ticket was last dispatched, ended or not, oldest first. One query.

    What was taken back unsent was never had (撤回派单), and the next dispatch counts as it did.
    """
    had = select(Assignment).where(
        Assignment.ticket_id == ticket.id,
        Assignment.part == part,
        Assignment.round == ticket.round,
        Assignment.hop == ticket.hop,
        Assignment.ending.is_distinct_from(Ending.UNSENT),
    )
    return list(work.session.scalars(had.order_by(Assignment.id)))


def taking_part(work: Work, ticket: Ticket) -> set[str]:
    """Return the departments that have a part in the ticket now. One query."""
    return {one.department_code for one in parts_held(work, ticket)}


def departments_of(work: Work, ticket: Ticket) -> set[str]:
    """Return every department that ever had a part in the ticket, its lead with them. One query."""
    parts = select(Assignment.department_code).where(Assignment.ticket_id == ticket.id)
    return {*work.session.scalars(parts), *([ticket.lead_code] if ticket.lead_code else [])}


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
