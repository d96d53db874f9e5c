"""Read a ticket's ledger: what is shown as its timeline, and the spells it spent in each status."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import Deadline
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.work import Work

# What the caller may see of it (公开); 内部 is everything else.
PUBLIC = frozenset(
    {
        Action.LOG,
        Action.ANSWER,
        Action.TRANSFER,
        Action.DISPATCH,
        Action.ACCEPT,
        Action.CONTACT,
        Action.GRANT_EXTENSION,
        Action.GRANT_SUSPENSION,
        Action.RESUME,
        Action.DEFER,
        Action.WRITE_OFF,
        Action.RESOLVE,
        Action.ACCEPT_RESULT,
        Action.SEND_BACK,
        Action.CLOSE,
        Action.REOPEN,
        Action.WITHDRAW,
        Action.URGE,
        Action.MERGE,
        Action.UNMERGE,
        Action.SPLIT,
    }
)
# What looks at a ticket, presses or asks, and does not handle it.
_BESIDE = frozenset(
    {
        Action.NOTE,
        Action.REVEAL,
        Action.URGE,
        Action.SUPERVISE,
        Action.ACCEPT_REPLY,
        Action.REFUSE_REPLY,
        Action.CANCEL_ORDER,
        Action.ESCALATE,
        Action.OPEN_DISPUTE,
        Action.NAME_PROVISIONAL,
        Action.CONVENE,
        Action.WRITE_MINUTES,
        Action.DESIGNATE,
        Action.DEFER,
        Action.WRITE_OFF,
        Action.ATTEMPT,
        Action.CLOSE,
        Action.SEND_BACK,
        Action.REOPEN,
    }
)
# How a department says why it is late.
_EXPLAINS = frozenset({Action.NOTE, Action.REPLY_ORDER})
BY_SYSTEM = frozenset({Action.WARN, Action.BREACH, Action.RECKON})


class Move(Protocol):
    """What is read of a ledger entry to know the status before and after it."""

    @property
    def from_status(self) -> Status | None: ...
    @property
    def to_status(self) -> Status: ...
    @property
    def at(self) -> datetime: ...


class Entry(Move, Protocol):
    """What is read of a ledger entry: only the ledger knows its table."""

    @property
    def action(self) -> Action: ...
    @property
    def round(self) -> int: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def department_code(self) -> str | None: ...
    @property
    def role(self) -> Role: ...
    @property
    def details(self) -> dict[str, Any]: ...


class Named(Entry, Protocol):
    """An entry with the name of who made it, for people to read."""

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Told:
    """An entry for who reads thousands: no row stands behind it."""

    action: Action
    at: datetime
    from_status: Status | None
    to_status: Status
    round: int
    actor_id: int | None
    department_code: str | None
    role: Role
    details: dict[str, Any]


@dataclass(frozen=True)
class _Move:
    from_status: Status | None
    to_status: Status
    at: datetime


@dataclass(frozen=True)
class Spell:
    """An unbroken time in one status. `end` is None while it lasts."""

    status: Status
    begin: datetime
    end: datetime | None


def events_of(work: Work, ticket: Ticket) -> list[TicketEvent]:
    """Return the whole ledger of `ticket`, oldest first. One query."""
    ledger = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.seq)
    return list(work.session.scalars(ledger))


def ledgers(work: Work, ticket_ids: Collection[int]) -> dict[int, list[Told]]:
    """Return the whole ledger of each of these tickets, oldest first, by ticket id. One query."""
    columns = (getattr(TicketEvent, field.name) for field in fields(Told))
    told = (
        select(TicketEvent.ticket_id, *columns)
        .where(TicketEvent.ticket_id.in_(ticket_ids))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
    )
    found: dict[int, list[Told]] = {}
    for ticket_id, *values in work.session.execute(told):
        found.setdefault(ticket_id, []).append(Told(*values))
    return found


def public_events(work: Work, ticket: Ticket) -> list[TicketEvent]:
    """Return what the caller may see, oldest first: not a dispatch that was taken back, nobody was told."""
    told: list[TicketEvent] = []
    for event in events_of(work, ticket):
        if event.action is Action.RECALL:
            told.remove(next(one for one in reversed(told) if one.action is Action.DISPATCH))
        elif event.action in PUBLIC:
            told.append(event)
    return told


def spells(work: Work, ticket: Ticket) -> list[Spell]:
    """Return the statuses that `ticket` went through, with when. One query."""
    return spells_of(events_of(work, ticket))


def spells_of_each(work: Work, ticket_ids: Sequence[int]) -> dict[int, list[Spell]]:
    """Return the statuses that each of these tickets went through, by id. One query."""
    moves = (
        select(TicketEvent.ticket_id, TicketEvent.from_status, TicketEvent.to_status, TicketEvent.at)
        .where(
            TicketEvent.ticket_id.in_(ticket_ids),
            or_(TicketEvent.from_status.is_(None), TicketEvent.from_status != TicketEvent.to_status),
        )
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
    )
    found: dict[int, list[_Move]] = {}
    for ticket_id, from_status, to_status, at in work.session.execute(moves):
        found.setdefault(ticket_id, []).append(_Move(from_status, to_status, at))
    return {ticket_id: spells_of(ledger) for ticket_id, ledger in found.items()}


def spells_of(ledger: Iterable[Move]) -> list[Spell]:
    """Return the statuses that one whole ledger goes through."""
    moves = [event for event in ledger if event.from_status != event.to_status]
    ends = [event.at for event in moves[1:]] + [None]
    return [Spell(move.to_status, move.at, end) for move, end in zip(moves, ends, strict=True)]


def took_part(work: Work, ticket: Ticket, user_id: int) -> bool:
    """Tell whether this person took or handled `ticket`: more than looked, pressed or asked. One query."""
    acts = (
        select(TicketEvent.id)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.actor_id == user_id,
            TicketEvent.action.not_in(_BESIDE),
        )
        .limit(1)
    )
    return work.session.scalar(acts) is not None


def acted_since(
    work: Work, ticket: Ticket, actions: Collection[Action], since: datetime
) -> list[TicketEvent]:
    """Return the ledger entries of some actions from a moment on, oldest first. One query."""
    entries = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.action.in_(actions), TicketEvent.at >= since
    )
    return list(work.session.scalars(entries.order_by(TicketEvent.seq)))


def acted(work: Work, ticket: Ticket, action: Action) -> list[TicketEvent]:
    """Return the ledger entries of one action, oldest first. One query."""
    entries = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == action)
        .order_by(TicketEvent.seq)
    )
    return list(work.session.scalars(entries))


def since_last(work: Work, ticket: Ticket, action: Action) -> list[TicketEvent]:
    """Return the last entry of `action` and all that came after it, oldest first. One query."""
    last = (
        select(func.max(TicketEvent.seq))
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == action)
        .scalar_subquery()
    )
    entries = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq >= last)
    return list(work.session.scalars(entries.order_by(TicketEvent.seq)))


def counted(work: Work, actions: Collection[Action], *, since: datetime) -> Mapping[Action, int]:
    """Return how often the actor did each of `actions`. One query."""
    done = (
        select(TicketEvent.action, func.count())
        .where(
            TicketEvent.action.in_(actions),
            TicketEvent.at >= since,
            TicketEvent.actor_id == work.actor.user_id,
        )
        .group_by(TicketEvent.action)
    )
    found = dict(work.session.execute(done).all())
    return {action: found.get(action, 0) for action in actions}


def dispatched_since(work: Work, moment: datetime) -> list[int]:
    """Return the ids of the tickets that the actor dispatched after `moment`, the last first. One query."""
    sent = (
        select(TicketEvent.ticket_id)
        .where(
            TicketEvent.action == Action.DISPATCH,
            TicketEvent.at > moment,
            TicketEvent.actor_id == work.actor.user_id,
        )
        .order_by(TicketEvent.id.desc())
    )
    return list(dict.fromkeys(work.session.scalars(sent)))


def dispatched_by_system(since: datetime) -> Select[int]:
    """Return the query for the ids of the tickets that went by the auto lane, to be asked within another."""
    return select(TicketEvent.ticket_id).where(
        TicketEvent.action == Action.DISPATCH, TicketEvent.role == Role.SYSTEM, TicketEvent.at >= since
    )


def counted_by_role(work: Work, action: Action, *, since: datetime) -> Mapping[Role, int]:
    """Return how often `action` was done under each role, in the order of the roles. One query."""
    done = (
        select(TicketEvent.role, func.count())
        .where(TicketEvent.action == action, TicketEvent.at >= since)
        .group_by(TicketEvent.role)
    )
    found = dict(work.session.execute(done).all())
    return {role: found[role] for role in Role if role in found}


def explained_since_due() -> ColumnElement[bool]:
    """Return the condition that a department has said something since its clock ran out.

    To be asked within a query for deadlines.
    """
    return exists().where(
        TicketEvent.ticket_id == Deadline.ticket_id,
        TicketEvent.action.in_(_EXPLAINS),
        TicketEvent.department_code.is_not(None),
        TicketEvent.at >= Deadline.due_at,
    )


def registrations(work: Work, tickets: Sequence[Ticket]) -> dict[int, TicketEvent]:
    """Return the entry that registered each of `tickets`, by ticket id. One query."""
    first = select(TicketEvent).where(
        TicketEvent.ticket_id.in_([ticket.id for ticket in tickets]), TicketEvent.seq == 1
    )
    return {entry.ticket_id: entry for entry in work.session.scalars(first)}


def last_moment(work: Work) -> datetime | None:
    """Return when anything last happened to any ticket, or None. One query on an index."""
    return work.session.scalar(select(func.max(TicketEvent.at)))


def places_amended(work: Work, ticket_ids: Collection[int]) -> set[int]:
    """Return which of these tickets had address or area put right after registration. One query."""
    amendments = select(TicketEvent.ticket_id, TicketEvent.details).where(
        TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.action == Action.AMEND
    )
    return {
        row.ticket_id
        for row in work.session.execute(amendments)
        if not {"address", "area_code"}.isdisjoint(row.details.get("changed", {}))
    }


def latest(work: Work) -> int:
    """Return the id of the newest entry of the whole ledger: it changes whenever anything happened."""
    return work.session.scalar(select(func.max(TicketEvent.id))) or 0


def recent(
    work: Work, actions: Collection[Action], since: datetime, *, limit: int
) -> list[tuple[TicketEvent, Ticket]]:
    """Return the newest entries of these actions, each with its ticket, newest first. One query."""
    rows = work.session.execute(
        select(TicketEvent, Ticket)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.action.in_(actions), TicketEvent.at >= since)
        .order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
        .limit(limit)
    )
    return [(event, ticket) for event, ticket in rows]
