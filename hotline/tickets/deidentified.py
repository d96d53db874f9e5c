"""What a caller said, fit to be kept as an example: without numbers, plates and his own name."""

import classifier
from hotline.models.caller import Caller
from hotline.models.ticket import Ticket
from hotline.tickets import callers
from hotline.work import Work


def words_of(work: Work, ticket: Ticket) -> str:
    """Return title and content, masked. Names of others remain: a person reads it before it is kept."""
    is_told_twice = ticket.content.startswith(ticket.title)
    said = ticket.content if is_told_twice else f"{ticket.title}\n{ticket.content}"
    text = classifier.mask(said)
    name = callers.identity_of(work, work.session.get_one(Caller, ticket.caller_id)).name
    return text.replace(name, "*" * len(name)) if name else text


def address_of(ticket: Ticket) -> str:
    return classifier.mask(ticket.address)
