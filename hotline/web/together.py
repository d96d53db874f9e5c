"""One matter in several hands, for its page: who has it now and how long each had it, who helps, who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hotline import labels
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.ticket import Ticket
from hotline.tickets import holders, joint, whistling
from hotline.tickets.custody.stretches import Share, of_department
from hotline.tickets.holders import Holder
from hotline.tickets.joint import Opinion
from hotline.tickets.whistling import Called
from hotline.work import Work


@dataclass(frozen=True)
class Link:
    """One department of the chain (区 → 街道 → 社区). `within`: whom inside it, in words."""

    department: str
    within: str | None
    standing: str
    had: timedelta
    is_here: bool


@dataclass(frozen=True)
class Together:
    chain: tuple[Link, ...]
    opinions: tuple[Opinion, ...]
    called: tuple[Called, ...]

    def __bool__(self) -> bool:
        return bool(len(self.chain) > 1 or self.opinions or self.called)


def together(work: Work, ticket: Ticket, parts: Sequence[Assignment], shares: Sequence[Share]) -> Together:
    """Return what the page shows of `parts`, all that departments ever had in the ticket. A few queries."""
    return Together(
        chain=tuple(_chain(work, ticket, parts, shares)),
        opinions=tuple(joint.opinions(work, ticket)),
        called=tuple(whistling.called_to(work, ticket)),
    )


def _chain(work: Work, ticket: Ticket, parts: Sequence[Assignment], shares: Sequence[Share]) -> list[Link]:
    """Return the lead of this dispatch and whom it went down to, each once, the latest part counting."""
    now_at = (ticket.round, ticket.hop)
    latest: dict[str, Assignment] = {}
    for one in parts:
        is_here = (one.round, one.hop) == now_at and one.ending is not Ending.UNSENT
        if is_here and one.part in (Part.LEAD, Part.HANDED):
            latest[one.department_code] = one
    if len(latest) < 2:
        return []
    had = {one.party: one.natural for one in shares}
    here = holders.holder_of(work, ticket)
    return [
        Link(
            code,
            one.handed_to,
            _standing(one, is_here=here == Holder(department=code)),
            had.get(of_department(code), timedelta()),
            here == Holder(department=code),
        )
        for code, one in latest.items()
    ]


def _standing(part: Assignment, *, is_here: bool) -> str:
    if is_here:
        return "现在在手上"
    if part.ending:
        return labels.ENDINGS[part.ending]
    return labels.PARTS[part.part]
