"""What a caller said, fit to be kept or to leave the house: without numbers, plates and his own name."""

from collections.abc import Callable

import classifier
from hotline.models.caller import Caller
from hotline.models.ticket import Ticket
from hotline.tickets import callers, triage
from hotline.work import Work

_RUN = 10


def words_of(work: Work, ticket: Ticket) -> str:
    """Return title and content, masked. Names of others remain: a person reads it before it is kept."""
    return masking(work, ticket)(triage.text_of(ticket))


def address_of(work: Work, ticket: Ticket) -> str:
    return masking(work, ticket)(ticket.address)


def masking(work: Work, ticket: Ticket) -> Callable[[str], str]:
    """Return what masks each text of `ticket`, its caller's own name and number too. One query at most."""
    return masking_of(work, work.session.get_one(Caller, ticket.caller_id))


def masking_of(work: Work, caller: Caller) -> Callable[[str], str]:
    """Return what masks any text that `caller` may be named in; its length stays the same."""
    identity = callers.identity_of(work, caller)
    own = [one for one in (identity.name, identity.phone) if one]

    def masked(text: str) -> str:
        for one in own:
            text = text.replace(one, "*" * len(one))
        return classifier.mask(text)

    return masked


def repeats(ticket: Ticket, text: str) -> bool:
    """Tell whether `text` has a run of what the caller said, long enough that it is no chance."""
    said = _letters(f"{ticket.title}{ticket.content}")
    written = _letters(text)
    runs = (written[at : at + _RUN] for at in range(len(written) - _RUN + 1))
    return any(run in said for run in runs)


def _letters(text: str) -> str:
    return "".join(one for one in classifier.normalise(text) if one.isalnum())
