"""Waiting tickets that go the same way, as ten calls about one power cut do: to be dispatched together."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from hotline.lifecycle import Status
from hotline.models.ticket import Ticket
from hotline.tickets import triage
from hotline.tickets.paging import PAGE
from hotline.tickets.worklists import shown_in_order
from hotline.work import Work


@dataclass(frozen=True)
class Way:
    """Whose the catalogue says a ticket is, and by which of its lines."""

    lead: str | None
    assisting: tuple[str, ...]
    line: int | None


@dataclass(frozen=True)
class Alike:
    """A waiting ticket of the same category. `differs`: in what it is not quite the same, the gravest first.

    Codes: "lead", "assisting", "entry" (another way), "returned", "risk", "urgency".
    """

    ticket: Ticket
    way: Way | None
    differs: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return not self.differs


def way_of(work: Work, ticket: Ticket) -> Way | None:
    """None while it has no category. No query."""
    decision = triage.decide_for(work, ticket)
    if decision is None:
        return None
    return Way(decision.lead, decision.assisting, decision.entry.line if decision.entry else None)


def waiting_alike(work: Work, ticket: Ticket, *, size: int = PAGE) -> list[Alike]:
    """Return what else waits in this category, the equal ones first, oldest first. Two queries.

    At most `size`, the oldest: when they have gone, the next come into sight.
    """
    way = way_of(work, ticket)
    if ticket.status is not Status.LOGGED or way is None:
        return []
    same = select(Ticket.id).where(
        Ticket.category_code == ticket.category_code,
        Ticket.status == Status.LOGGED,
        Ticket.id != ticket.id,
    )
    ids = list(work.session.scalars(same.order_by(Ticket.id).limit(size)))
    ways = [(one, way_of(work, one)) for one in shown_in_order(work, ids)]
    found = [Alike(one, its, tuple(_differences(ticket, way, one, its))) for one, its in ways]
    return sorted(found, key=lambda one: not one.is_equal)


def _differences(ticket: Ticket, way: Way, other: Ticket, its: Way | None) -> Iterator[str]:
    if its is None or its.lead != way.lead:
        yield "lead"
    elif set(its.assisting) != set(way.assisting):
        yield "assisting"
    elif its.line != way.line:
        yield "entry"
    if other.hop:
        yield "returned"
    if other.risks:
        yield "risk"
    if other.urgency != ticket.urgency:
        yield "urgency"
