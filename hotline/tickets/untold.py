"""What a fresh dispatch has promised to tell, and nobody was told yet: it waits until the dispatch stands."""

from sqlalchemy import select

from hotline.lifecycle import Action
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import ledger
from hotline.work import Work


def messages(work: Work, ticket: Ticket) -> list[OutboxMessage]:
    """Return the promises of the last dispatch that no worker was offered, and hold them. One query."""
    untouched = select(OutboxMessage).where(
        OutboxMessage.done_at.is_(None),
        OutboxMessage.parked_at.is_(None),
        OutboxMessage.due_at == ticket.recall_until,
        OutboxMessage.offers == 0,
        OutboxMessage.attempts == 0,
    )
    return [
        message
        for message in work.session.scalars(untouched.with_for_update())
        if (message.payload.get("ticket"), message.payload.get("action")) == (ticket.id, Action.DISPATCH)
    ]


def drop(work: Work, ticket: Ticket) -> None:
    """The ticket leaves its department before the dispatch stands: nobody is told of it any more."""
    if ledger.is_recallable(work, ticket):
        for message in messages(work, ticket):
            work.session.delete(message)
