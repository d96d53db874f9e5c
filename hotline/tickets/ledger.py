"""The only writer of status and history."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from hotline.db import Json, new_session
from hotline.errors import ChangedByAnother, NotAllowed
from hotline.lifecycle import MOVES, Action, Role, Status, acting_role, first_status, next_status
from hotline.models.deadline import iso
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines
from hotline.tickets.promises import promises
from hotline.tickets.terms import terms
from hotline.work import Work

_EXPECTED = "expected versions"
# What may settle a clock without moving the ticket.
_SETTLES = frozenset(
    {
        *(Action.CONTACT, Action.NAME_PROVISIONAL, Action.HAND_DOWN, Action.GIVE_BACK, Action.REPORT_UP),
        *(Action.ASSIST, Action.DECLINE_PART, Action.RELEASE, Action.ARRIVE, Action.RECKON),
        *(Action.REPLY_ORDER, Action.CANCEL_ORDER, Action.ESCALATE),
    }
)
# After these a further rung of the ladder may have to fire at once.
_PRESSES = frozenset({Action.URGE, Action.SUPERVISE, Action.ATTEMPT})
_DEPARTMENT = frozenset({Role.HANDLER, Role.LEADER})
# What is set when a ticket is registered, and changes by an amendment or not at all; `call_id` by a split.
_REGISTERED = (
    *("number", "kind", "urgency", "channel", "category_code", "category_source", "area_code", "address"),
    *("words", "risks", "caller_id", "anonymous", "confidential", "enterprise", "call_id"),
)


def expect_version(work: Work, ticket: Ticket, version: int) -> None:
    """Let the first `record` of this ticket fail with ChangedByAnother unless it still has `version`."""
    work.session.info.setdefault(_EXPECTED, {})[ticket.id] = version


def record(
    work: Work, ticket: Ticket, action: Action, *, toward: Status | None = None, **details: Any
) -> TicketEvent:
    """Make `action` happen to `ticket`: the move, the timeline entry, the promised work.

    Nothing else in the code may set `ticket.status` or add a TicketEvent. Refuses what `require`
    refuses. `details` must be plain JSON and name callers by id only. The first entry keeps what was
    registered; what may settle clocks keeps when they were due, what may start some keeps on what terms,
    so that no later calendar or profile can be held against them.
    """
    role = acting_role(action, work.actor.roles)
    came_from = ticket.status if inspect(ticket).persistent else None
    status = require(work, ticket, action, toward=toward) if came_from else first_status(action)
    if came_from is None:
        _give_id(work, ticket, status)
        details["registered"] = {name: getattr(ticket, name) for name in _REGISTERED}
    if clocks := _clocks(work, ticket, action, status):
        details["clocks"] = clocks
    ticket.status = status
    ticket.events += 1
    ticket.changed_at = work.now
    event = TicketEvent(
        ticket_id=ticket.id,
        seq=ticket.events,
        at=work.now,
        action=action,
        role=role,
        actor_id=work.actor.user_id,
        actor_name=work.actor.name,
        department_code=work.actor.department_code,
        from_status=came_from,
        to_status=ticket.status,
        round=ticket.round,
        details=details,
        previous_hash=ticket.last_hash,
    )
    event.hash = ticket.last_hash = hash_of(event)
    _save(work, ticket)
    work.session.add(event)
    if not work.silent:
        work.session.add_all(promises(ticket, action, details))
    if action in _PRESSES:
        deadlines.look_again(work, ticket)
    return event


def require(work: Work, ticket: Ticket, action: Action, *, toward: Status | None = None) -> Status:
    """Return the status after `action`, changing nothing.

    Checked in this order, so that a refusal tells nothing: the role (NotAllowed), the version a form
    was drawn with (ChangedByAnother), the status (IllegalTransition); at last whether a dispatch may still
    be taken back, while its departments do nothing yet and learn of no caller (NotAllowed).
    """
    acting_role(action, work.actor.roles)
    _require_version(work, ticket)
    status = _status_after(work, ticket, action, toward)
    require_stands(work, ticket, action)
    return status


def require_stands(work: Work, ticket: Ticket, action: Action) -> None:
    """Refuse a department whose dispatch may still be taken back (NotAllowed)."""
    if acting_role(action, work.actor.roles) in _DEPARTMENT and is_recallable(work, ticket):
        raise NotAllowed(action, "may_be_recalled")


def is_recallable(work: Work, ticket: Ticket) -> bool:
    """Tell whether the dispatch of `ticket` is so fresh that it may be taken back."""
    until = ticket.recall_until
    return ticket.status is Status.DISPATCHED and until is not None and work.now < until


def _require_version(work: Work, ticket: Ticket) -> None:
    expected = work.session.info.get(_EXPECTED, {}).pop(ticket.id, None)
    if expected is not None and expected != ticket.version:
        raise ChangedByAnother(ticket.number)


def _clocks(work: Work, ticket: Ticket, action: Action, status: Status) -> Json:
    """Return when each clock that the action may settle is due, and on what terms it may start others."""
    kept: Json = {}
    if (status != ticket.status or action in _SETTLES) and (running := deadlines.running(work, ticket)):
        kept["due"] = {clock.key: iso(clock.due_at) for clock in running}
        kept["calendars"] = {clock.key: clock.calendar_version for clock in running}
    if started := terms(work, ticket, action, status):
        kept["terms"] = started
    return kept


def _give_id(work: Work, ticket: Ticket, status: Status) -> None:
    """Write a new ticket's row, so that its first event can name it."""
    ticket.status = status
    ticket.events, ticket.last_hash, ticket.changed_at = 0, "", work.now
    work.session.add(ticket)
    work.session.flush()


def _save(work: Work, ticket: Ticket) -> None:
    """Write the row before its entry: of two who save at once, the version column tells the second."""
    number = ticket.number  # unreadable once the flush has failed
    try:
        work.session.flush()
    except StaleDataError:
        raise ChangedByAnother(number) from None


def _status_after(work: Work, ticket: Ticket, action: Action, toward: Status | None) -> Status:
    came_from = previous_status(work.session, ticket) if MOVES[action].goes_back else None
    return next_status(ticket.status, action, came_from=came_from, toward=toward)


def previous_status(session: Session, ticket: Ticket) -> Status | None:
    """Return the status that `ticket` left for its present one. One query."""
    arrival = (
        select(TicketEvent.from_status)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.to_status == ticket.status,
            TicketEvent.from_status != ticket.status,
        )
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    )
    return session.scalar(arrival)


def hash_of(event: TicketEvent) -> str:
    """Return the SHA-256 over everything the event says and the hash of the one before it."""
    content: Json = {
        "ticket": event.ticket_id,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": event.action,
        "role": event.role,
        "actor": [event.actor_id, event.actor_name, event.department_code],
        "from": event.from_status,
        "to": event.to_status,
        "round": event.round,
        "details": event.details,
        "previous": event.previous_hash,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@sqlalchemy_event.listens_for(new_session, "before_flush")
def _append_only(session: Session, _context: object, _instances: Iterable[object] | None) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, TicketEvent) and (row in session.deleted or session.is_modified(row)):
            raise RuntimeError(f"the ledger is append-only: event {row.id}")
