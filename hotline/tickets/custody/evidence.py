"""The tickets behind a figure of the report, the longest first."""

from dataclasses import dataclass

from hotline.models.application import ApplicationKind
from hotline.models.ticket import Ticket
from hotline.tickets import worklists
from hotline.tickets.custody.facts import Fact, Figure
from hotline.tickets.custody.report import Counted, Period, counted
from hotline.tickets.custody.stretches import Party
from hotline.tickets.paging import PAGE
from hotline.work import Work


@dataclass(frozen=True)
class Asked:
    """Which figure: of which party (None: all), for a wait of which kind."""

    figures: tuple[Figure, ...]
    party: Party | None = None
    kind: ApplicationKind | None = None


@dataclass(frozen=True)
class Found:
    """One page, numbered from 1, and how many facts there are in all."""

    pieces: tuple[tuple[Ticket, Fact], ...]
    number: int
    page: int

    @property
    def is_last(self) -> bool:
        return self.page * PAGE >= self.number


def tickets_of(work: Work, period: Period, asked: Asked, *, page: int = 1) -> Found:
    """Return one page of what a figure counts. Costs as much as the report, and one query more."""
    found = [one for one in counted(work, period) if _fits(one.fact, period, asked)]
    found.sort(key=_longest_first)
    shown = found[(page - 1) * PAGE : page * PAGE]
    tickets = worklists.shown_in_order(work, list(dict.fromkeys(one.ticket_id for one in shown)))
    by_id = {ticket.id: ticket for ticket in tickets}
    return Found(tuple((by_id[one.ticket_id], one.fact) for one in shown), len(found), page)


def _fits(fact: Fact, period: Period, asked: Asked) -> bool:
    return (
        fact.figure in asked.figures
        and asked.party in (None, fact.party)
        and asked.kind in (None, fact.kind)
        and period.department in (None, fact.department)
    )


def _longest_first(one: Counted) -> tuple[float, int]:
    return -one.fact.natural.total_seconds(), one.ticket_id
