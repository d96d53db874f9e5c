"""Ticket numbers and retrieval codes.

The number is the local date and a daily serial of six digits; it says nothing of department or
category, for those change. The code proves to the public page that one is the caller.
"""

import hmac
import secrets
import unicodedata

from sqlalchemy import select

from hotline.db import insert_into
from hotline.models.ticket import DailySerial, Ticket
from hotline.work import Work

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
_PLACE = "tickets.retrieval"
_NOBODYS = "0" * 64


def next_number(work: Work) -> str:
    """Take the next number of the local day, after the city's prefix.

    Holds that day's counter until the transaction ends: who registers at the same moment waits here.
    """
    day = work.now.astimezone(work.city.calendar.zone).date()
    taken = (
        insert_into(work.session, DailySerial)
        .values(day=day, last=1)
        .on_conflict_do_update(index_elements=["day"], set_={"last": DailySerial.last + 1})
        .returning(DailySerial.last)
    )
    return f"{work.city.hotline.number_prefix}{day:%Y%m%d}{work.session.scalar(taken):06d}"


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def as_printed(typed: str) -> str:
    """Return a number or a code as it is printed: people type it full-width, in groups, in small letters."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "").upper()


def hash_code(work: Work, number: str, code: str) -> str:
    """Return what is stored of a retrieval code: keyed, so that the table alone cannot be searched."""
    return work.vault.index(_PLACE, f"{number}:{as_printed(code)}")


def is_open_to(work: Work, number: str, code: str) -> bool:
    """Tell whether `code` is that of ticket `number`. An unknown number costs the same as a wrong code."""
    kept = work.session.scalar(select(Ticket.retrieval_hash).where(Ticket.number == number))
    return hmac.compare_digest(kept or _NOBODYS, hash_code(work, number, code))
