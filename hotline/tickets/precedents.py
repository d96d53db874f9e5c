"""What became of matters like this one: settled tickets that read alike, and returns of the same category."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt

from sqlalchemy import func, select

import classifier
from hotline.lifecycle import Status
from hotline.models.caller import Caller
from hotline.models.follow_up import FollowUp, Solved
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import deidentified, triage
from hotline.tickets.track_record import Returned, returned_of
from hotline.work import Work

# So many of the newest settled tickets of the category are compared, each by its opening.
COMPARED, READ = 200, 400
SHOWN = 5
# Less than this in common is the language of complaints, not the matter.
ALIKE = 0.08


@dataclass(frozen=True)
class Precedent:
    """A settled ticket that reads like the matter; `title` without personal data. `likeness`: 1 is the same.

    `hops`: how often it was dispatched. `solved`: what the caller said last, None where nobody was reached.
    """

    number: str
    title: str
    department: str
    area: str | None
    closed_at: datetime
    took: timedelta
    closing: Closing | None
    hops: int
    likeness: float
    solved: Solved | None = None


@dataclass(frozen=True)
class Precedents:
    """`compared`: how many settled tickets were looked at; `alike` is the likest first."""

    compared: int
    alike: tuple[Precedent, ...]
    returned: tuple[Returned, ...]

    @property
    def settled_by(self) -> Counter[str]:
        """Who settled what reads alike, how often."""
        return Counter(one.department for one in self.alike)

    def returns_of(self, department: str | None) -> Returned | None:
        return next((one for one in self.returned if one.department == department), None)


def of_ticket(work: Work, ticket: Ticket) -> Precedents:
    """Return the precedents of a registered ticket. Four queries."""
    return precedents(work, ticket.category_code, triage.text_of(ticket), besides=ticket.id)


def precedents(work: Work, category: str | None, text: str, *, besides: int | None = None) -> Precedents:
    """Return what became of matters of `category` that read like `text`; nothing without a category.

    Four queries, the largest of COMPARED rows. Confidential tickets are left out (保密).
    """
    if category is None:
        return Precedents(0, (), ())
    settled = _settled(work, category, besides)
    likeness = _likeness(text, [one.text for one in settled])
    best = sorted(zip(likeness, settled, strict=True), key=lambda pair: -pair[0])[:SHOWN]
    alike = [(one, part) for part, one in best if part >= ALIKE]
    shown = [one.id for one, _ in alike]
    solved, callers = _solved(work, shown), _callers(work, shown)
    return Precedents(
        len(settled),
        tuple(
            one.as_precedent(
                part, deidentified.masking_of(work, callers[one.id])(one.title), solved.get(one.id)
            )
            for one, part in alike
        ),
        tuple(returned_of(work, category)),
    )


@dataclass(frozen=True)
class _Settled:
    id: int
    number: str
    title: str
    opening: str
    own_until: int | None
    department: str
    area: str | None
    logged_at: datetime
    closed_at: datetime
    closing: Closing | None
    hops: int

    @property
    def text(self) -> str:
        return triage.whole_text(self.title, self.opening, self.own_until)

    def as_precedent(self, likeness: float, title: str, solved: Solved | None) -> Precedent:
        return Precedent(
            number=self.number,
            title=title,
            department=self.department,
            area=self.area,
            closed_at=self.closed_at,
            took=self.closed_at - self.logged_at,
            closing=self.closing,
            hops=self.hops,
            likeness=likeness,
            solved=solved,
        )


def _settled(work: Work, category: str, besides: int | None) -> list[_Settled]:
    newest = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.title,
            func.substr(Ticket.content, 1, READ),
            Ticket.own_until,
            Ticket.lead_code,
            Ticket.area_code,
            Ticket.logged_at,
            Ticket.closed_at,
            Ticket.closing,
            Ticket.hop,
        )
        .where(
            Ticket.category_code == category,
            Ticket.status == Status.CLOSED,
            Ticket.lead_code.is_not(None),
            Ticket.closed_at.is_not(None),
            Ticket.confidential.is_(False),
            Ticket.id != (besides or 0),
        )
        .order_by(Ticket.closed_at.desc(), Ticket.id.desc())
        .limit(COMPARED)
    )
    return [_Settled(*row) for row in work.session.execute(newest)]


def _likeness(text: str, others: Sequence[str]) -> list[float]:
    """Return how alike each of `others` is to `text`: the pairs of characters in common, rare ones more."""
    own, theirs = _pairs(text), [_pairs(other) for other in others]
    common = Counter(pair for pairs in theirs for pair in pairs)
    total = len(theirs) + 1

    def weight(pairs: Iterable[str]) -> float:
        return sum(log(1 + total / (1 + common[pair])) for pair in pairs)

    length = weight(own)
    return [weight(own & pairs) / sqrt(length * weight(pairs)) if own and pairs else 0.0 for pairs in theirs]


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in classifier.normalise(text[:READ]) if sign.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _solved(work: Work, tickets: Sequence[int]) -> dict[int, Solved]:
    """Return what the callers said last. One query, none without tickets."""
    if not tickets:
        return {}
    said = (
        select(FollowUp.ticket_id, FollowUp.solved)
        .where(FollowUp.ticket_id.in_(tickets), FollowUp.solved.is_not(None))
        .order_by(FollowUp.at, FollowUp.id)
    )
    return {ticket: solved for ticket, solved in work.session.execute(said) if solved}


def _callers(work: Work, tickets: Sequence[int]) -> dict[int, Caller]:
    """Return who called, so that no title names him. One query, none without tickets."""
    if not tickets:
        return {}
    called = (
        select(Ticket.id, Caller).join(Caller, Caller.id == Ticket.caller_id).where(Ticket.id.in_(tickets))
    )
    return {row.id: row.Caller for row in work.session.execute(called)}
