"""Promises made by real actions, and what became of them."""

from typing import Any, TypeVar

from sqlalchemy import select

from hotline import runtime
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.work import SYSTEM
from tests.builders import AGENT, LEAD, a_dispatched_ticket

Row = TypeVar("Row", OutboxMessage, Notice)


def a_ticket(**changes: object) -> Ticket:
    """A dispatched ticket, committed with everything that its log and dispatch promised."""
    with runtime.work(AGENT) as work:
        return a_dispatched_ticket(work, **changes)


def a_promise(kind: str, **payload: Any) -> int:
    with runtime.work(SYSTEM) as work:
        message = OutboxMessage(kind=kind, payload=payload)
        work.session.add(message)
        work.session.flush()
        return message.id


def a_notice_for(ticket: Ticket) -> int:
    return a_promise("tell_department", ticket=ticket.id, action="urge", department=LEAD)


def a_broken_promise() -> int:
    """One that cannot be kept: its ticket does not exist."""
    return a_promise("tell_department", ticket=0, action="urge", department=LEAD)


def the_message(message_id: int) -> OutboxMessage:
    return next(message for message in messages() if message.id == message_id)


def messages() -> list[OutboxMessage]:
    return _rows(OutboxMessage)


def notices() -> list[Notice]:
    return _rows(Notice)


def _rows(table: type[Row]) -> list[Row]:
    with runtime.view(SYSTEM) as work:
        rows = list(work.session.scalars(select(table)))
        work.session.expunge_all()  # to be read after the view has ended
    return sorted(rows, key=lambda row: row.id)


def forget_promises() -> None:
    """Mark everything promised so far as done, so that a test sees only its own."""
    with runtime.work(SYSTEM) as work:
        for message in work.session.scalars(select(OutboxMessage)):
            message.done_at = work.now
