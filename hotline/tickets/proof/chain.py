"""Prove the entries of one ledger themselves: whole by their hashes, legal by the lifecycle."""

from collections.abc import Iterator, Sequence

from hotline.errors import IllegalTransition
from hotline.lifecycle import MOVES, Status, first_status, next_status
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets.ledger import hash_of
from hotline.tickets.proof.faults import Fault, FaultKind


def first_broken(ticket: Ticket, events: Sequence[TicketEvent]) -> Fault | None:
    """Return the first event that was removed, slipped in or changed, as the hashes and the row tell."""
    detail = f"{ticket.events} recorded, {len(events)} found"
    sound = [""]
    for place, event in enumerate(events, start=1):
        if event.seq > place:
            return Fault(ticket.number, FaultKind.MISSING, place, detail)
        if event.seq < place or place > ticket.events:
            return Fault(ticket.number, FaultKind.SLIPPED_IN, event.seq, detail, event.id)
        if event.previous_hash != sound[-1]:
            kind, seq = _unbound(ticket, events, place, sound)
            return Fault(ticket.number, kind, seq, detail)
        if event.hash != hash_of(event):
            return Fault(ticket.number, FaultKind.CHANGED, event.seq)
        sound.append(event.hash)
    if len(events) < max(ticket.events, 1):  # a ticket without any entry is no ticket
        return Fault(ticket.number, FaultKind.MISSING, len(events) + 1, detail)
    return None


def _unbound(
    ticket: Ticket, events: Sequence[TicketEvent], place: int, sound: Sequence[str]
) -> tuple[FaultKind, int]:
    """Say why the event at `place` is not bound to the last of the `sound` hashes, and which is at fault."""
    event = events[place - 1]
    if event.previous_hash in sound:  # bound to an earlier one: what stands between was slipped in
        return FaultKind.SLIPPED_IN, sound.index(event.previous_hash) + 1
    if any(later.previous_hash == sound[-1] for later in events[place:]):
        return FaultKind.SLIPPED_IN, place
    if event.hash == hash_of(event) and place > 1:  # whole in itself: the one before it was rewritten
        return FaultKind.CHANGED, place - 1
    return (FaultKind.MISSING if len(events) < ticket.events else FaultKind.CHANGED), place


def misplaced(ticket: Ticket, events: Sequence[TicketEvent]) -> Iterator[Fault]:
    """Yield what the row says otherwise than where its entries lead, and the first move that was illegal."""
    if ticket.last_hash != events[-1].hash:
        yield Fault(ticket.number, FaultKind.LAST_HASH, len(events))
    status = _status_after(ticket.number, events)
    if isinstance(status, Fault):
        yield status
    elif status != ticket.status:
        yield Fault(ticket.number, FaultKind.STATUS, detail=f"row {ticket.status}, ledger {status}")


def _status_after(number: str, events: Sequence[TicketEvent]) -> Status | Fault | None:
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
            return Fault(number, FaultKind.ILLEGAL, event.seq, str(error))
        moved = (event.from_status, event.to_status) == (status, after)
        if not moved or event.role not in MOVES[event.action].roles:
            detail = f"{event.from_status} → {event.to_status} as {event.role}"
            return Fault(number, FaultKind.ILLEGAL, event.seq, detail)
        if after != status:
            left_for[after] = status
        status = after
    return status
