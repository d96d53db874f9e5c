"""The inbox of a department or a desk: what befell its tickets while it looked elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from hotline.errors import NotFound
from hotline.models.notice import Notice
from hotline.models.ticket import Ticket
from hotline.tickets.paging import PAGE
from hotline.work import Work


@dataclass(frozen=True)
class Line:
    """A notice with the ticket that it is about."""

    notice: Notice
    ticket: Ticket


@dataclass(frozen=True)
class Inbox:
    """One page, newest first. `before`: below which id the next begins, None at the end."""

    lines: list[Line]
    before: int | None


def inbox(work: Work, *, unread_only: bool = False, before: int | None = None, size: int = PAGE) -> Inbox:
    """Return what the actor was told. One query."""
    told = select(Notice, Ticket).join(Ticket, Ticket.id == Notice.ticket_id).where(_addressed(work))
    if unread_only:
        told = told.where(Notice.read_at.is_(None))
    if before:
        told = told.where(Notice.id < before)
    rows = work.session.execute(told.order_by(Notice.id.desc()).limit(size + 1))
    lines = [Line(notice, ticket) for notice, ticket in rows]
    return Inbox(lines[:size], lines[size - 1].notice.id if len(lines) > size else None)


def unread(work: Work) -> int:
    """Return how many notices nobody has read yet. One query."""
    waiting = select(func.count()).where(_addressed(work), Notice.read_at.is_(None))
    return work.session.execute(waiting).scalar_one()


def read(work: Work, notice_id: int) -> Line:
    """Mark one notice as read and return it with its ticket. Raises NotFound, also for another's notice."""
    found = (
        select(Notice, Ticket)
        .join(Ticket, Ticket.id == Notice.ticket_id)
        .where(Notice.id == notice_id, _addressed(work))
    )
    row = work.session.execute(found).one_or_none()
    if row is None:
        raise NotFound("notice", notice_id)
    notice, ticket = row
    notice.read_at = notice.read_at or work.now
    return Line(notice, ticket)


def read_all(work: Work, *, told_before: datetime | None = None) -> None:
    """Mark everything in the actor's inbox as read; with `told_before`, what came earlier than that."""
    waiting = update(Notice).where(_addressed(work), Notice.read_at.is_(None))
    if told_before:
        waiting = waiting.where(Notice.created_at < told_before)
    work.session.execute(waiting.values(read_at=work.now))


def _addressed(work: Work) -> ColumnElement[bool]:
    """A department's people share its inbox, a desk's people the desk's; some lines are for leaders alone."""
    if work.actor.department_code:
        mine = or_(Notice.role.is_(None), Notice.role.in_(work.actor.roles))
        return and_(Notice.department_code == work.actor.department_code, mine)
    return and_(Notice.department_code.is_(None), Notice.role.in_(work.actor.roles))
