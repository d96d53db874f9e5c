"""Prove that row and ledger agree: replay every ticket through the lifecycle, its hashes and its clocks."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import func, select

from hotline.errors import IllegalTransition
from hotline.lifecycle import MOVES, Status, first_status, next_status
from hotline.models.event import LedgerAnchor, TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import clock_proof
from hotline.tickets.ledger import hash_of
from hotline.work import Work

_BATCH = 500


@dataclass(frozen=True)
class Fault:
    """What does not agree. `seq` is the first event at fault, None when it is not one event's.

    `event` is the id of its row; where none is at fault or the row is gone, of the one behind the gap or the
    last of the ticket, None when it has none at all.

    `kind`: missing · slipped_in · changed · illegal · status · count · last_hash · clock · anchor.
    """

    number: str
    kind: str
    seq: int | None = None
    detail: str = ""
    event: int | None = None


def size(work: Work, *, only: str | None = None) -> tuple[int, int]:
    """Return how many tickets there are, and how many events in the ledger. Two queries."""
    of_one = [Ticket.number == only] if only else []
    tickets = work.session.scalar(select(func.count()).select_from(Ticket).where(*of_one))
    counted = select(func.count()).select_from(TicketEvent)
    counted = counted.join(Ticket, Ticket.id == TicketEvent.ticket_id).where(*of_one) if only else counted
    return tickets or 0, work.session.scalar(counted) or 0


def verify(
    work: Work, *, only: str | None = None, progress: Callable[[int], None] = lambda tickets: None
) -> Iterator[Fault]:
    """Yield every fault of every ticket (of the one numbered `only`), then of the anchors.

    Reads the whole ledger once, in batches of tickets; memory stays flat. `progress` is told after each batch
    how many tickets are done.
    """
    last_id = done = 0
    while True:
        batch = select(Ticket).where(Ticket.id > last_id).order_by(Ticket.id).limit(_BATCH)
        tickets = list(work.session.scalars(batch.where(Ticket.number == only) if only else batch))
        if not tickets:
            break
        ledgers = _ledgers(work, tickets)
        for ticket in tickets:
            events = ledgers.get(ticket.id, [])
            yield from (_placed(fault, events) for fault in _faults_of(work, ticket, events))
        last_id, done = tickets[-1].id, done + len(tickets)
        progress(done)
        work.session.expunge_all()
    if only is None:
        yield from _anchor_faults(work)


def _ledgers(work: Work, tickets: Sequence[Ticket]) -> dict[int, list[TicketEvent]]:
    rows = work.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id.between(tickets[0].id, tickets[-1].id))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq, TicketEvent.id)
    )
    return {ticket_id: list(events) for ticket_id, events in groupby(rows, lambda event: event.ticket_id)}


def _placed(fault: Fault, events: Sequence[TicketEvent]) -> Fault:
    if fault.event is not None or not events:
        return fault
    return replace(fault, event=events[min(fault.seq or len(events), len(events)) - 1].id)


def _faults_of(work: Work, ticket: Ticket, events: Sequence[TicketEvent]) -> Iterator[Fault]:
    broken = _first_broken(ticket, events)
    if broken:
        yield broken
        return
    if ticket.last_hash != (events[-1].hash if events else ""):
        yield Fault(ticket.number, "last_hash", len(events))
    status = _replay(ticket.number, events)
    if isinstance(status, Fault):
        yield status
    elif status != ticket.status:
        yield Fault(ticket.number, "status", detail=f"row {ticket.status}, ledger {status}")
    for contradiction in clock_proof.contradictions(work, ticket, events):
        yield Fault(ticket.number, "clock", detail=contradiction)


def _first_broken(ticket: Ticket, events: Sequence[TicketEvent]) -> Fault | None:
    """Return the first event that was removed, slipped in or changed, as the hashes and the row tell."""
    detail = f"{ticket.events} recorded, {len(events)} found"
    sound = [""]
    for place, event in enumerate(events, start=1):
        if event.seq > place:
            return Fault(ticket.number, "missing", place, detail)
        if event.seq < place or place > ticket.events:
            return Fault(ticket.number, "slipped_in", event.seq, detail, event.id)
        if event.previous_hash != sound[-1]:
            kind, seq = _unbound(ticket, events, place, sound)
            return Fault(ticket.number, kind, seq, detail)
        if event.hash != hash_of(event):
            return Fault(ticket.number, "changed", event.seq)
        sound.append(event.hash)
    if len(events) < max(ticket.events, 1):  # a ticket without any entry is no ticket
        return Fault(ticket.number, "missing", len(events) + 1, detail)
    return None


def _unbound(
    ticket: Ticket, events: Sequence[TicketEvent], place: int, sound: Sequence[str]
) -> tuple[str, int]:
    """Say why the event at `place` is not bound to the last of the `sound` hashes, and which is at fault."""
    event = events[place - 1]
    if event.previous_hash in sound:  # bound to an earlier one: what stands between was slipped in
        return "slipped_in", sound.index(event.previous_hash) + 1
    if any(later.previous_hash == sound[-1] for later in events[place:]):
        return "slipped_in", place
    if event.hash == hash_of(event) and place > 1:  # whole in itself: the one before it was rewritten
        return "changed", place - 1
    return ("missing" if len(events) < ticket.events else "changed"), place


def _replay(number: str, events: Sequence[TicketEvent]) -> Status | Fault | None:
    status: Status | None = None
    left_for: dict[Status, Status | None] = {}
    for event in events:
        try:
            came_from = left_for.get(status) if status and MOVES[event.action].goes_back else None
            after = (
                first_status(event.action)
                if status is None
                else next_status(status, event.action, came_from=came_from, toward=event.to_status)
            )
        except IllegalTransition as error:
            return Fault(number, "illegal", event.seq, str(error))
        moved = (event.from_status, event.to_status) == (status, after)
        if not moved or event.role not in MOVES[event.action].roles:
            detail = f"{event.from_status} → {event.to_status} as {event.role}"
            return Fault(number, "illegal", event.seq, detail)
        if after != status:
            left_for[after] = status
        status = after
    return status


def anchor(work: Work, day: date) -> LedgerAnchor:
    """Write the hash over what happened to any ticket on the local `day`; twice gives one row."""
    standing = work.session.get(LedgerAnchor, day)
    if standing:
        return standing
    count, digest = _digest(work, day)
    row = LedgerAnchor(day=day, events=count, hash=digest, anchored_at=work.now)
    work.session.add(row)
    return row


def anchor_until(work: Work, day: date) -> None:
    """Anchor the local `day`, and before it every day that was left out since the last anchor."""
    last = work.session.scalar(select(func.max(LedgerAnchor.day)).where(LedgerAnchor.day < day))
    missed = (day - last).days - 1 if last else 0
    for days_before in range(missed, -1, -1):
        anchor(work, day - timedelta(days=days_before))


def digest(work: Work) -> str:
    """Return a hash over the ledgers of all tickets: equal histories on equal databases have the same."""
    whole = hashlib.sha256()
    for number, last_hash in work.session.execute(
        select(Ticket.number, Ticket.last_hash).order_by(Ticket.number).execution_options(yield_per=_BATCH)
    ):
        whole.update(f"{number}:{last_hash}\n".encode())
    return whole.hexdigest()


def anchors(work: Work) -> list[LedgerAnchor]:
    return list(work.session.scalars(select(LedgerAnchor).order_by(LedgerAnchor.day)))


def _anchor_faults(work: Work) -> Iterator[Fault]:
    for row in anchors(work):
        count, digest = _digest(work, row.day, of_first=row.events)
        if (count, digest) != (row.events, row.hash):
            yield Fault(row.day.isoformat(), "anchor", detail=f"{row.events} events anchored, {count} found")


def _digest(work: Work, day: date, *, of_first: int | None = None) -> tuple[int, str]:
    """Return how many events bear that day, and the hash over theirs; `of_first`: of so many, as written.

    An archive that is imported later is entered at its own, earlier time: behind what was anchored then.
    """
    begin = datetime.combine(day, time.min, work.city.calendar.zone)
    rows = work.session.execute(
        select(TicketEvent.ticket_id, TicketEvent.seq, TicketEvent.hash)
        .where(TicketEvent.at >= begin, TicketEvent.at < begin + timedelta(days=1))
        .order_by(TicketEvent.id)
        .limit(of_first)
    ).all()
    digest = hashlib.sha256()
    for ticket_id, _, digest_of_event in sorted(rows):
        digest.update(f"{ticket_id}:{digest_of_event}\n".encode())
    return len(rows), digest.hexdigest()
