"""Prove that rows and ledger agree: replay every ticket, and hold the rows against what was replayed."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import anchors
from hotline.tickets.proof import chain, clocks, comparison
from hotline.tickets.proof.faults import Fault, FaultKind
from hotline.tickets.proof.replay import replay
from hotline.tickets.proof.rows import AROUND, SENSELESS, Rows, of_tickets
from hotline.work import Work

_BATCH = 500


def size(work: Work, *, only: str | None = None) -> tuple[int, int]:
    """Return how many tickets there are, and how many events in the ledger. Two queries."""
    of_one = [Ticket.number == only] if only else []
    tickets = work.session.scalar(select(func.count()).select_from(Ticket).where(*of_one))
    counted = select(func.count()).select_from(TicketEvent)
    counted = counted.join(Ticket, Ticket.id == TicketEvent.ticket_id).where(*of_one) if only else counted
    return tickets or 0, work.session.scalar(counted) or 0


def digest(work: Work) -> str:
    """Return a hash over the ledgers of all tickets: equal histories on equal databases have the same."""
    whole = hashlib.sha256()
    for number, last_hash in work.session.execute(
        select(Ticket.number, Ticket.last_hash).order_by(Ticket.number).execution_options(yield_per=_BATCH)
    ):
        whole.update(f"{number}:{last_hash}\n".encode())
    return whole.hexdigest()


def verify(
    work: Work, *, only: str | None = None, progress: Callable[[int], None] = lambda tickets: None
) -> Iterator[Fault]:
    """Yield every fault of every ticket (of the one numbered `only`), then of what belongs to none.

    Reads everything once, in batches of tickets, a few queries each; memory stays flat. `progress` is told
    after each batch how many tickets are done. What cannot be read is a fault, and the rest is read on.
    """
    last_id = done = 0
    while True:
        batch = select(Ticket).where(Ticket.id > last_id).order_by(Ticket.id).limit(_BATCH)
        found = of_tickets(work.session, batch.where(Ticket.number == only) if only else batch)
        if not found:
            break
        for rows in found.values():
            yield from (_placed(fault, rows.events) for fault in _faults_of(work, rows))
        last_id, done = max(found), done + len(found)
        progress(done)
        work.session.expunge_all()
    if only is None:
        yield from _orphans(work)
        yield from anchors.faults(work)


def _placed(fault: Fault, events: Sequence[TicketEvent]) -> Fault:
    if fault.event is not None or not events:
        return fault
    return replace(fault, event=events[min(fault.seq or len(events), len(events)) - 1].id)


def _faults_of(work: Work, rows: Rows) -> list[Fault]:
    if rows.unreadable or rows.ticket is None:
        return [_unreadable(rows.number, table, key) for table, key in rows.unreadable]
    found: list[Fault] = []
    try:
        for fault in _contradictions(work, rows.ticket, rows):
            found.append(fault)
    except SENSELESS as error:  # a value that the product does not write; what was found before it stands
        found.append(Fault(rows.number, FaultKind.UNREADABLE, detail=f"{type(error).__name__}: {error}"))
    return found


def _unreadable(number: str, table: str, key: int) -> Fault:
    event = key if table == TicketEvent.__tablename__ else None
    return Fault(number, FaultKind.UNREADABLE, detail=f"{table} {key}", event=event)


def _contradictions(work: Work, ticket: Ticket, rows: Rows) -> Iterator[Fault]:
    """Prove the entries first: only what they say for certain can be held against the rows."""
    if broken := chain.first_broken(ticket, rows.events):
        yield broken
        return
    misplaced = list(chain.misplaced(ticket, rows.events))
    yield from misplaced
    if any(fault.kind is FaultKind.ILLEGAL for fault in misplaced):
        return
    story = replay(rows.events)
    for kind, text in comparison.contradictions(ticket, rows, story):
        yield Fault(ticket.number, kind, detail=text)
    for text in clocks.contradictions(work, ticket, rows, story):
        yield Fault(ticket.number, FaultKind.CLOCK, detail=text)


def _orphans(work: Work) -> Iterator[Fault]:
    """Yield what is kept of tickets without a row: it was removed, or never was. A query for each table."""
    for table, _ in AROUND.values():
        left = (
            select(table.ticket_id, func.min(table.id), func.count())
            .where(~select(Ticket.id).where(Ticket.id == table.ticket_id).exists())
            .group_by(table.ticket_id)
            .order_by(table.ticket_id)
        )
        for ticket_id, first, count in work.session.execute(left):
            event = first if table is TicketEvent else None
            detail = f"{count} of {table.__tablename__} from {first} on, of ticket id {ticket_id}"
            yield Fault("?", FaultKind.ORPHAN, detail=detail, event=event)
