"""Keep promises in this process, without Redis: for simulations, tests, machines without a Valkey."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from hotline import clock, runtime
from hotline.jobs.outbox import claim, deliver, finish, letter_of, send
from hotline.jobs.queues import Queue
from hotline.jobs.tasks import TASKS
from hotline.logs import log
from hotline.models.outbox import OutboxMessage
from hotline.work import SYSTEM


class Inline:
    """A transport that delivers at once. What fails stays in the outbox, to be offered again."""

    def __init__(self, *, now: datetime | None = None) -> None:
        self._now = now

    def offer(self, message_id: int, queue: Queue) -> None:
        try:
            deliver(message_id, now=self._now)
        except Exception:  # one broken promise must not stop the others; the row says what broke
            log.exception("delivery_failed", outbox=message_id, queue=queue)


def keep_due(*, now: datetime | None = None, limit: int = 200) -> int:
    """Keep what is due, many to a transaction, or one by one when any of it fails. Returns how many were due.

    The same steps as `deliver` in the same order; `now` is the moment that the effects bear.
    """
    due = _due(limit)
    # What takes long comes last and by itself: letters must not wait for it, nor fail with it.
    quick = {message_id: kind for message_id, kind in due.items() if TASKS[kind].alone is None}
    try:
        _keep_together(quick, now)
    except Exception:  # which one it was shows when each is kept alone
        log.exception("batch_failed", messages=len(quick))
        _keep_each(quick, now)
    _keep_each({message_id: kind for message_id, kind in due.items() if message_id not in quick}, now)
    return len(due)


def _keep_each(due: Mapping[int, str], now: datetime | None) -> None:
    for message_id, kind in due.items():
        Inline(now=now).offer(message_id, TASKS[kind].queue)


def _keep_together(message_ids: Iterable[int], now: datetime | None) -> None:
    with runtime.work(SYSTEM) as work:
        claimed = {one: kind for one in message_ids if (kind := claim(work, one))}
    with runtime.view(SYSTEM, now=now) as work:
        letters = {one: letter_of(work, one, kind) for one, kind in claimed.items()}
    for message_id, letter in letters.items():
        if letter:
            send(letter, message_id)
    with runtime.work(SYSTEM, now=now) as work:
        for message_id in claimed:
            finish(work, message_id)


def _due(limit: int) -> dict[int, str]:
    with runtime.view(SYSTEM) as work:
        due = (
            select(OutboxMessage.id, OutboxMessage.kind)
            .where(
                OutboxMessage.done_at.is_(None),
                OutboxMessage.parked_at.is_(None),
                OutboxMessage.due_at <= clock.now(),
                OutboxMessage.kind.in_(TASKS),
            )
            .order_by(OutboxMessage.id)
            .limit(limit)
        )
        return {row.id: row.kind for row in work.session.execute(due)}
