"""Prove that row and ledger agree: replay every ticket through the lifecycle, its hashes and its clocks."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select

from hotline.errors import IllegalTransition
from hotline.lifecycle import MOVES, Status, first_status, next_status
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.event import LedgerAnchor, TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.ledger import hash_of
from hotline.work import Work
from sla.clock import Clock

_BATCH = 500


@dataclass(frozen=True)
class Fault:
    """What does not agree. `seq` is the first event at fault, None when it is not one event's.

    `kind`: missing · slipped_in · changed · illegal · status · count · last_hash · clock · anchor.
    """

    number: str
    kind: str
    seq: int | None = None
    detail: str = ""


def verify(work: Work, *, only: str | None = None) -> Iterator[Fault]:
    """Yield every fault of every ticket (of the one numbered `only`), then of the anchors.

    Reads the whole ledger once, in batches of tickets; memory stays flat.
    """
    last_id = 0
    while True:
        batch = select(Ticket).where(Ticket.id > last_id).order_by(Ticket.id).limit(_BATCH)
        tickets = list(work.session.scalars(batch.where(Ticket.number == only) if only else batch))
        if not tickets:
            break
        ledgers = _ledgers(work, tickets)
        for ticket in tickets:
            yield from _faults_of(work, ticket, ledgers.get(ticket.id, []))
        last_id = tickets[-1].id
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
    yield from _clock_faults(work, ticket)


def _first_broken(ticket: Ticket, events: Sequence[TicketEvent]) -> Fault | None:
    """Return the first event that was removed, slipped in or changed, as the hashes and the row tell."""
    detail = f"{ticket.events} recorded, {len(events)} found"
    sound = [""]
    for place, event in enumerate(events, start=1):
        if event.seq > place:
            return Fault(ticket.number, "missing", place, detail)
        if event.seq < place or place > ticket.events:
            return Fault(ticket.number, "slipped_in", event.seq, detail)
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


def _clock_faults(work: Work, ticket: Ticket) -> Iterator[Fault]:
    past = timeline.spells(work, ticket)
    clocks = deadlines.all_of(work, ticket)
    for row in clocks:
        if row.outcome in {DeadlineOutcome.CANCELLED, DeadlineOutcome.MERGED}:
            continue
        due_at = _due_by_ledger(work, row, past)
        late = due_at is not None and row.settled_at is not None and row.settled_at > due_at
        if due_at != row.due_at:
            yield Fault(ticket.number, "clock", detail=f"{row.stage}: row {row.due_at}, ledger {due_at}")
        elif row.settled_at and late != (row.outcome is DeadlineOutcome.LATE):
            yield Fault(ticket.number, "clock", detail=f"{row.stage}: {row.outcome}")
    next_due = min((row.due_at for row in clocks if row.due_at and not row.settled_at), default=None)
    if next_due != ticket.next_due_at:
        yield Fault(ticket.number, "clock", detail=f"next due: row {ticket.next_due_at}, clocks {next_due}")


def _due_by_ledger(work: Work, row: Deadline, past: list[timeline.Spell]) -> datetime | None:
    pauses = tuple(
        pause
        for pause in deadlines.pauses_for(work, row.stage, past)
        if row.settled_at is None or pause.begin < row.settled_at
    )
    return Clock(row.started_at, pauses).due_at(work.city.calendar, deadlines.total_allowance(row))


def anchor(work: Work, day: date) -> LedgerAnchor:
    """Write the hash over the last hashes of the tickets touched on the local `day`; twice gives one row."""
    standing = work.session.get(LedgerAnchor, day)
    if standing:
        return standing
    count, digest = _digest(work, day)
    row = LedgerAnchor(day=day, events=count, hash=digest, anchored_at=work.now)
    work.session.add(row)
    return row


def anchors(work: Work) -> list[LedgerAnchor]:
    return list(work.session.scalars(select(LedgerAnchor).order_by(LedgerAnchor.day)))


def _anchor_faults(work: Work) -> Iterator[Fault]:
    for row in anchors(work):
        count, digest = _digest(work, row.day)
        if (count, digest) != (row.events, row.hash):
            yield Fault(row.day.isoformat(), "anchor", detail=f"{row.events} events anchored, {count} found")


def _digest(work: Work, day: date) -> tuple[int, str]:
    begin = datetime.combine(day, time.min, work.city.calendar.zone)
    rows = work.session.execute(
        select(TicketEvent.ticket_id, TicketEvent.hash)
        .where(TicketEvent.at >= begin, TicketEvent.at < begin + timedelta(days=1))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
    ).all()
    digest = hashlib.sha256()
    for ticket_id, digest_of_event in rows:
        digest.update(f"{ticket_id}:{digest_of_event}\n".encode())
    return len(rows), digest.hexdigest()
