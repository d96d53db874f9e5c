"""Which other tickets may be the same matter (重复件), and what speaks for it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from hotline.lifecycle import ENDED, OPEN, Status
from hotline.models.ticket import Ticket
from hotline.work import Work

REACH = timedelta(days=60)
SHOWN = 10
_GONE = (Status.MERGED, Status.WITHDRAWN, Status.TRANSFERRED)


class Sign(StrEnum):
    """What two tickets have in common."""

    CALLER = "caller"
    CATEGORY = "category"
    AREA = "area"


@dataclass(frozen=True)
class Likeness:
    ticket: Ticket
    signs: tuple[Sign, ...]

    @property
    def may_lead(self) -> bool:
        """Whether another ticket can be handled with this one: it is still in somebody's hands."""
        return self.ticket.status not in ENDED


def likely(work: Work, ticket: Ticket) -> list[Likeness]:
    """Return the same caller's open tickets, and those of the same category and area of the last 60 days.

    Most in common first, then newest. A caller without a number is nobody's equal. One query.
    """
    same_caller = and_(Ticket.caller_id == ticket.caller_id, Ticket.status.in_(OPEN))
    same_matter = and_(
        Ticket.category_code == ticket.category_code,
        Ticket.area_code == ticket.area_code,
        Ticket.logged_at >= ticket.logged_at - REACH,
        Ticket.status.not_in(_GONE),
    )
    found = (
        select(Ticket)
        .where(Ticket.id != ticket.id, or_(same_caller, same_matter))
        .options(joinedload(Ticket.lead), joinedload(Ticket.category), joinedload(Ticket.area))
        .order_by(Ticket.status.in_(tuple(ENDED)), Ticket.logged_at.desc())
        .limit(SHOWN)
    )
    alike = [Likeness(other, _signs(ticket, other)) for other in work.session.scalars(found)]
    return sorted(alike, key=lambda one: (not one.may_lead, -len(one.signs)))


def _signs(ticket: Ticket, other: Ticket) -> tuple[Sign, ...]:
    common = {
        Sign.CALLER: other.caller_id == ticket.caller_id,
        Sign.CATEGORY: ticket.category_code is not None and other.category_code == ticket.category_code,
        Sign.AREA: ticket.area_code is not None and other.area_code == ticket.area_code,
    }
    return tuple(sign for sign, holds in common.items() if holds)
