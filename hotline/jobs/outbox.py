"""Carry committed promises from the database to the workers. Redis may be lost; this table may not."""

import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, select

from hotline import clock, runtime
from hotline.jobs.gateways import sms_of
from hotline.jobs.letters import Letter
from hotline.jobs.queues import LONGEST_RUN, MOST_STARTS, Queue
from hotline.jobs.tasks import TASKS
from hotline.logs import log
from hotline.models.outbox import OutboxMessage
from hotline.work import SYSTEM, Work

LEASE = timedelta(seconds=60)
LONGEST_LEASE = timedelta(minutes=15)


class Transport(Protocol):
    def offer(self, message_id: int, queue: Queue) -> None:
        """Have `deliver(message_id)` called soon, in whatever process."""


def relay(transport: Transport, *, limit: int = 100) -> int:
    """Offer due messages to the workers. Returns how many were offered.

    Their leases are committed first, so that no transaction waits for Redis; what could then not be
    offered falls due again at once.
    """
    leased = _lease_due(limit)
    offered = 0
    try:
        for message_id, queue in leased:
            transport.offer(message_id, queue)
            offered += 1
    finally:
        if offered < len(leased):
            _give_back(message_id for message_id, _ in leased[offered:])
    return offered


def deliver(message_id: int, *, now: datetime | None = None) -> None:
    """Keep one promise. Safe to run twice: claimed and marked done in transactions of their own.

    `now`: the moment that the effects bear, on a simulated clock.
    """
    with runtime.work(SYSTEM) as work:
        kind = claim(work, message_id)
    if kind is None:
        return
    try:
        with runtime.view(SYSTEM, now=now) as work:
            letter = letter_of(work, message_id, kind)
        if letter:
            send(letter, message_id)
        act_alone(message_id, kind)
        with runtime.work(SYSTEM, now=now) as work:
            finish(work, message_id)
    except Exception as error:
        _note_failure(message_id, error)
        raise


def claim(work: Work, message_id: int) -> str | None:
    """Count a start and hold the message for its lease. Returns its kind; None when nothing is left to do."""
    message = work.session.scalar(_open_row(message_id).with_for_update(skip_locked=True))
    if message is None:
        return None
    if message.attempts >= MOST_STARTS:  # the last start was killed before it could say so
        _park(message)
        return None
    message.attempts += 1
    message.due_at = clock.now() + lease_after(message.attempts - 1, TASKS[message.kind].queue)
    return message.kind


def letter_of(work: Work, message_id: int, kind: str) -> Letter | None:
    """Do what a task does before it writes; return what must be sent outside, or None."""
    read = TASKS[kind].read
    return read(work, work.session.get_one(OutboxMessage, message_id)) if read else None


def send(letter: Letter, message_id: int) -> None:
    """Hand a letter to the gateway, under a key by which it drops repeats. No transaction may be open."""
    sms_of(runtime.current().settings).send(letter.to, letter.text, key=f"outbox-{message_id}")


def act_alone(message_id: int, kind: str) -> None:
    """Do what a task does in transactions of its own. None may be open."""
    alone = TASKS[kind].alone
    if alone is None:
        return
    with runtime.view(SYSTEM) as work:
        payload = work.session.get_one(OutboxMessage, message_id).payload
    alone(payload)


def finish(work: Work, message_id: int) -> None:
    """Do what a task does in the database and mark the message done, both or neither."""
    message = work.session.scalar(_open_row(message_id).with_for_update())
    if message is None:
        return
    task = TASKS[message.kind]
    if task.inside:
        task.inside(work, message)
    message.done_at = clock.now()
    message.done_by = f"{socket.gethostname()}:{os.getpid()}"
    message.error = None


def lease_after(times: int, queue: Queue) -> timedelta:
    """Return how long a message rests after it was offered or started `times` times before."""
    shortest = max(LEASE, LONGEST_RUN[queue] + LEASE / 2)
    return max(shortest, min(LEASE * (1 << min(times, 10)), LONGEST_LEASE))


def _lease_due(limit: int) -> list[tuple[int, Queue]]:
    with runtime.work(SYSTEM) as work:
        now = clock.now()
        due = (
            select(OutboxMessage)
            .where(
                OutboxMessage.done_at.is_(None),
                OutboxMessage.parked_at.is_(None),
                OutboxMessage.due_at <= now,
            )
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        leased = []
        for message in work.session.scalars(due):
            if message.kind not in TASKS:
                message.error = "unknown kind"
                _park(message)
                continue
            queue = TASKS[message.kind].queue
            message.due_at = now + lease_after(message.offers, queue)
            message.offers += 1
            leased.append((message.id, queue))
        return leased


def _give_back(message_ids: Iterable[int]) -> None:
    with runtime.work(SYSTEM) as work:
        now = clock.now()
        for message_id in message_ids:
            message = work.session.scalar(_open_row(message_id))
            if message:
                message.due_at = now
                message.offers -= 1


def _note_failure(message_id: int, error: Exception) -> None:
    """Keep the kind of error, not its text: that could name the caller."""
    log.error("promise_failed", outbox=message_id, error=type(error).__name__)
    with runtime.work(SYSTEM) as work:
        message = work.session.scalar(_open_row(message_id))
        if message:
            message.error = type(error).__name__
            if message.attempts >= MOST_STARTS:
                _park(message)


def _park(message: OutboxMessage) -> None:
    message.parked_at = clock.now()
    log.error("promise_parked", outbox=message.id, kind=message.kind, error=message.error)


def _open_row(message_id: int) -> Select[OutboxMessage]:
    return select(OutboxMessage).where(
        OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None), OutboxMessage.parked_at.is_(None)
    )
