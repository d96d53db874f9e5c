"""What an operator looks after: promises that wait or were given up, the ticker, the calendar, the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from hotline.models.lease import Lease
from hotline.models.outbox import OutboxMessage
from hotline.work import Work

# From so long before the official days end, pages warn: the next notice comes in November.
WARNED = timedelta(days=60)
# The ticker renews its sign every few seconds; a minute without one means that nobody ticks.
SILENT = timedelta(seconds=60)
SHOWN = 50


@dataclass(frozen=True)
class Outbox:
    """`oldest_due`: since when a promise is due, None when none is. `parked`: the first `SHOWN` of them."""

    waiting: int
    oldest_due: datetime | None
    parked: Sequence[OutboxMessage]
    parked_count: int


@dataclass(frozen=True)
class CalendarEnd:
    """Until when official notices say what is worked. `official_until` None: there is none at all."""

    official_until: date | None
    days_left: int
    warns: bool


def outbox(work: Work) -> Outbox:
    """Three queries."""
    open_ = OutboxMessage.done_at.is_(None)
    waiting = select(func.count(), func.min(OutboxMessage.due_at)).where(
        open_, OutboxMessage.parked_at.is_(None)
    )
    number, oldest = work.session.execute(waiting).one()
    parked = select(OutboxMessage).where(open_, OutboxMessage.parked_at.is_not(None))
    count = work.session.scalar(select(func.count()).select_from(parked.subquery())) or 0
    shown = work.session.scalars(parked.order_by(OutboxMessage.parked_at).limit(SHOWN)).all()
    return Outbox(number, oldest if oldest and oldest <= work.now else None, shown, count)


def unpark(work: Work, message_id: int) -> bool:
    """Let a parked message be tried again from the first start; tell whether it was parked."""
    message = work.session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.done_at or message.parked_at is None:
        return False
    message.parked_at = None
    message.attempts = message.offers = 0
    message.due_at = work.now
    return True


def unpark_all(work: Work) -> int:
    """Let every parked message be tried again. Returns how many there were."""
    parked = select(OutboxMessage.id).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.parked_at.is_not(None)
    )
    return sum(unpark(work, message_id) for message_id in work.session.scalars(parked).all())


def leases(work: Work) -> list[Lease]:
    return list(work.session.scalars(select(Lease).order_by(Lease.name)))


def is_silent(work: Work, lease: Lease) -> bool:
    return work.now - lease.beat_at > SILENT


def calendar_end(work: Work) -> CalendarEnd:
    """Return how long the calendar is official, and whether it is time to import the next year. No query."""
    calendar = work.city.calendar
    until = calendar.official_until
    left = (until - calendar.day_of(work.now)).days if until else 0
    return CalendarEnd(until, left, warns=until is None or left <= WARNED.days)
