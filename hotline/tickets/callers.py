"""Callers: found by number, shown masked, opened only for a stated purpose."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import ENDED, Action
from hotline.models.assignment import Assignment, Part
from hotline.models.caller import Caller
from hotline.models.ticket import Ticket
from hotline.tickets.ledger import record
from hotline.work import Work

NAME, PHONE = "callers.name", "callers.phone"
_PHONE = re.compile(r"\+?[0-9]{5,20}")


@dataclass(frozen=True)
class Identity:
    """What a caller gave of himself; either may be None."""

    name: str | None
    phone: str | None


def phone_digits(text: str) -> str | None:
    """Return the number without its spaces and dashes, None for an empty text. Raises InvalidInput.

    Full-width digits become plain ones, so that one number has one caller.
    """
    digits = re.sub(r"[\s\-—()]", "", unicodedata.normalize("NFKC", text))
    if not digits:
        return None
    if not _PHONE.fullmatch(digits):
        raise InvalidInput({"phone": "phone"})
    return digits


def find_by_phone(work: Work, phone: str) -> Caller | None:
    """Return the caller of this number, or None. One query on the blind index."""
    digits = phone_digits(phone)
    if digits is None:
        return None
    return work.session.scalar(select(Caller).where(Caller.phone_index == work.vault.index(PHONE, digits)))


def remember(work: Work, identity: Identity, *, enterprise: bool = False) -> Caller:
    """Return the caller of this number, made when new; one without a number is always new."""
    phone = phone_digits(identity.phone or "")
    caller = find_by_phone(work, phone) if phone else None
    if caller is None:
        caller = Caller(created_at=work.now, enterprise=enterprise)
        if phone:
            caller.phone_sealed = work.vault.seal(PHONE, phone)
            caller.phone_index = work.vault.index(PHONE, phone)
            caller.phone_masked = mask_phone(phone)
        work.session.add(caller)
    name = (identity.name or "").strip()
    if name:
        caller.name_sealed = work.vault.seal(NAME, name)
        caller.name_masked = mask_name(name)
    caller.enterprise = caller.enterprise or enterprise
    return caller


def mask_phone(phone: str) -> str:
    """Keep the first three and the last four digits, of a short number the last two."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else f"{'*' * (len(phone) - 2)}{phone[-2:]}"


def mask_name(name: str) -> str:
    """Keep the surname."""
    return name[0] + "*" * min(len(name) - 1, 3) if len(name) > 1 else "*"


def identity_of(work: Work, caller: Caller) -> Identity:
    """Open the seals. Only for delivering a message, for taking it out of a text, or through `reveal`."""
    return Identity(
        work.vault.open(NAME, caller.name_sealed) if caller.name_sealed else None,
        work.vault.open(PHONE, caller.phone_sealed) if caller.phone_sealed else None,
    )


def may_know(work: Work, ticket: Ticket) -> bool:
    """Tell whether the actor may learn who called: a department never, of a confidential ticket (保密)."""
    return not (ticket.confidential and work.actor.department_code)


def may_be_called(ticket: Ticket) -> bool:
    """Tell whether the department can call the caller: it knows of none who is anonymous or confidential."""
    return not (ticket.anonymous or ticket.confidential)


def require_may_reveal(work: Work, ticket: Ticket) -> None:
    """Refuse a department that may not know the caller, or whose part in the ticket is over (NotAllowed)."""
    if not may_know(work, ticket):
        raise NotAllowed(Action.REVEAL, "confidential")
    if work.actor.department_code and not _has_part(work, ticket):
        raise NotAllowed(Action.REVEAL, "part_over")


def _has_part(work: Work, ticket: Ticket) -> bool:
    """Tell whether the actor's department leads, assists in or provisionally handles this open ticket."""
    mine = work.actor.department_code
    held = select(Assignment.id).where(
        Assignment.ticket_id == ticket.id,
        Assignment.department_code == mine,
        Assignment.part != Part.CONVENED,  # heard about whose it is, not about who called
        Assignment.ended_at.is_(None),
    )
    in_hand = ticket.lead_code == mine or work.session.scalar(held.limit(1)) is not None
    return in_hand and ticket.status not in ENDED


def reveal(work: Work, ticket: Ticket, purpose: str) -> Identity:
    """Show who called, for a stated purpose, on the record (查看身份).

    Raises NotAllowed to a department that handles a confidential ticket, or no longer handles this one.
    """
    require_may_reveal(work, ticket)
    if not purpose.strip():
        raise InvalidInput({"purpose": "missing"})
    record(work, ticket, Action.REVEAL, purpose=purpose.strip(), caller=ticket.caller_id)
    return identity_of(work, work.session.get_one(Caller, ticket.caller_id))
