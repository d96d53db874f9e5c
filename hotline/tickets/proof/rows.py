"""Read what is kept of many tickets at once, so that a row made unreadable does not hide the others."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline.models.application import Application
from hotline.models.assignment import Assignment
from hotline.models.deadline import Deadline
from hotline.models.event import TicketEvent
from hotline.models.follow_up import FollowUp
from hotline.models.supervision_order import SupervisionOrder
from hotline.models.ticket import Ticket

# What a value raises that is no moment, no JSON, no text, or none of its closed set.
SENSELESS = (ValueError, TypeError, LookupError, OverflowError, RecursionError, OperationalError)


@dataclass
class Rows:
    """What is kept of one ticket. `unreadable`: table and id of each row that cannot be read.

    `ticket` is None when its own row cannot be.
    """

    number: str
    ticket: Ticket | None
    events: list[TicketEvent] = field(default_factory=list)
    clocks: list[Deadline] = field(default_factory=list)
    parts: list[Assignment] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    orders: list[SupervisionOrder] = field(default_factory=list)
    attempts: list[FollowUp] = field(default_factory=list)
    unreadable: list[tuple[str, int]] = field(default_factory=list)


# Where the rows of each table go, and the order in which a proof reads them.
AROUND: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "events": (TicketEvent, (TicketEvent.seq, TicketEvent.id)),
    "clocks": (Deadline, (Deadline.id,)),
    "parts": (Assignment, (Assignment.id,)),
    "applications": (Application, (Application.id,)),
    "orders": (SupervisionOrder, (SupervisionOrder.id,)),
    "attempts": (FollowUp, (FollowUp.id,)),
}


def of_tickets(session: Session, tickets: Select[Ticket]) -> dict[int, Rows]:
    """Return what is kept of each of `tickets`, by id, in their order. A query for each table."""
    own, unreadable = _read(session, tickets)
    found = {ticket.id: Rows(ticket.number, ticket) for ticket in own}
    for key, number in _narrow(session, Ticket, Ticket.number, unreadable):
        found[key] = Rows(number, None, unreadable=[(Ticket.__tablename__, key)])
    if not found:
        return {}
    for name, (table, order) in AROUND.items():
        theirs = select(table).where(table.ticket_id.between(min(found), max(found))).order_by(*order)
        rows, unreadable = _read(session, theirs)
        for row in rows:
            if row.ticket_id in found:
                getattr(found[row.ticket_id], name).append(row)
        for key, ticket_id in _narrow(session, table, table.ticket_id, unreadable):
            if ticket_id in found:
                found[ticket_id].unreadable.append((table.__tablename__, key))
    return dict(sorted(found.items()))


def _read(session: Session, query: Select[Any]) -> tuple[list[Any], list[int]]:
    """Return the rows, and the ids of those that cannot be read. One query, as long as all can."""
    try:
        return list(session.scalars(query)), []
    except SENSELESS:
        [table] = [one["entity"] for one in query.column_descriptions]
    rows: list[Any] = []
    unreadable: list[int] = []
    for key in session.scalars(query.with_only_columns(table.id)).all():
        try:
            rows += session.scalars(select(table).where(table.id == key))
        except SENSELESS:
            unreadable.append(key)
    return rows, unreadable


def _narrow(session: Session, table: Any, column: Any, keys: list[int]) -> list[tuple[int, Any]]:
    """Return id and one column of the rows with these ids."""
    if not keys:
        return []
    return [
        (key, value) for key, value in session.execute(select(table.id, column).where(table.id.in_(keys)))
    ]
