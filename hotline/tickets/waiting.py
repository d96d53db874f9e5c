"""The queue of the dispatch desk: the most urgent first, of equally urgent ones the least time left.

The clock of the desk counts office hours from registration, so that of two alike the one that has waited
longer comes first. A place in the queue is urgency, moment and id: pages stay where they are while others
come and go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_

from hotline.lifecycle import Action, Status
from hotline.models.claim import Claim
from hotline.models.ticket import Ticket, Urgency
from hotline.tickets import paging, timeline
from hotline.tickets.paging import PAGE
from hotline.tickets.tabs import end_of_day
from hotline.tickets.worklists import Page, shown_in_order
from hotline.work import Work

MOST_URGENT_FIRST = (Urgency.CRITICAL, Urgency.URGENT, Urgency.NORMAL)


@dataclass(frozen=True)
class Place:
    """Where a ticket stands. `due_at` None, for one without a clock, comes after all others as urgent."""

    urgency: Urgency
    due_at: datetime | None
    ticket_id: int

    @classmethod
    def of(cls, ticket: Ticket) -> "Place":
        return cls(ticket.urgency, ticket.next_due_at, ticket.id)

    @classmethod
    def read(cls, key: str | None) -> "Place | None":
        """Return the place behind a key; a broken one counts as none."""
        urgency, _, rest = (key or "").partition("|")
        place = paging.read_key(rest)
        return cls(Urgency(urgency), *place) if place and urgency in tuple(Urgency) else None

    @property
    def key(self) -> str:
        return f"{self.urgency}|{paging.key_of(self.due_at, self.ticket_id)}"


def page(work: Work, *, after: str | None = None, size: int = PAGE) -> Page:
    """Return one page of the queue. Up to seven queries, each from an index; one when the page is full."""
    found = list(_places(work, Place.read(after), limit=size + 1))
    tickets = shown_in_order(work, [one.ticket_id for one in found[:size]])
    return Page(tickets, found[size - 1].key if len(found) > size else None)


def next_number(work: Work, done: Place) -> str | None:
    """Return the ticket to open after the one at `done`: what is more urgent first, else the next in order.

    Never one that another has open; None when nothing is left.
    """
    head = _first_free(work, None)
    if head is None or MOST_URGENT_FIRST.index(head.urgency) < MOST_URGENT_FIRST.index(done.urgency):
        chosen = head
    else:
        chosen = _first_free(work, done) or head
    return work.session.scalar(select(Ticket.number).where(Ticket.id == chosen.ticket_id)) if chosen else None


def _first_free(work: Work, after: Place | None) -> Place | None:
    return next(_places(work, after, limit=1, free=True), None)


def _places(work: Work, after: Place | None, *, limit: int, free: bool = False) -> Iterator[Place]:
    """Yield places in order. Each urgency is a range of an index, what has a clock before what has none."""
    begin = MOST_URGENT_FIRST.index(after.urgency) if after else 0
    for urgency in MOST_URGENT_FIRST[begin:]:
        same = after if after and after.urgency is urgency else None
        for timed in (True, False):
            if limit <= 0 or (timed and same and same.due_at is None):
                continue
            waiting = select(Ticket.next_due_at, Ticket.id).where(
                Ticket.status == Status.LOGGED,
                Ticket.urgency == urgency,
                Ticket.next_due_at.is_not(None) if timed else Ticket.next_due_at.is_(None),
            )
            if same and timed:
                waiting = waiting.where(tuple_(Ticket.next_due_at, Ticket.id) > (same.due_at, same.ticket_id))
            elif same and same.due_at is None:
                waiting = waiting.where(Ticket.id > same.ticket_id)
            if free:
                waiting = waiting.where(Ticket.id.not_in(_claimed(work)))
            rows = work.session.execute(waiting.order_by(Ticket.next_due_at, Ticket.id).limit(limit)).all()
            limit -= len(rows)
            yield from (Place(urgency, due_at, ticket_id) for due_at, ticket_id in rows)


def _claimed(work: Work) -> list[int]:
    held = select(Claim.ticket_id).where(Claim.user_id != work.actor.user_id, Claim.until > work.now)
    return list(work.session.scalars(held))


@dataclass(frozen=True)
class Counters:
    """What the desk keeps an eye on. `sent` and `recalled`: by the actor himself, since midnight."""

    waiting: int
    urgent: int
    overdue: int
    disputes: int
    sent: int
    recalled: int


def counters(work: Work) -> Counters:
    """Three queries."""
    on_desk = (
        select(
            func.count(),
            func.count().filter(Ticket.urgency != Urgency.NORMAL),
            func.count().filter(Ticket.next_due_at < work.now),
        )
        .select_from(Ticket)
        .where(Ticket.status == Status.LOGGED)
    )
    waiting, urgent, overdue = work.session.execute(on_desk).one()
    disputed = select(func.count()).select_from(Ticket).where(Ticket.status == Status.DISPUTED)
    midnight = end_of_day(work) - timedelta(days=1)
    mine = timeline.counted(work, (Action.DISPATCH, Action.RECALL), since=midnight)
    return Counters(
        waiting,
        urgent,
        overdue,
        disputes=work.session.scalar(disputed) or 0,
        sent=mine[Action.DISPATCH] - mine[Action.RECALL],
        recalled=mine[Action.RECALL],
    )


def moved_since(work: Work, moment: datetime) -> int:
    """Return how many waiting tickets came or changed after `moment`. One query."""
    moved = select(func.count()).select_from(Ticket)
    return work.session.scalar(moved.where(Ticket.status == Status.LOGGED, Ticket.changed_at > moment)) or 0


def stamp(work: Work) -> str:
    """Return a mark that changes with who has what open."""
    held = select(Claim.ticket_id, Claim.user_id).where(Claim.until > work.now).order_by(Claim.ticket_id)
    return "-".join(f"{ticket}.{user}" for ticket, user in work.session.execute(held))
