"""Two questions of an operator's machine: is the process up, and can it do its work."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from hotline import clock, runtime
from hotline.models.lease import Lease
from hotline.models.outbox import OutboxMessage
from hotline.tickets import upkeep
from hotline.work import SYSTEM

# The ticker renews every 4 seconds; a minute without a sign means that nobody ticks.
SILENT_AFTER = timedelta(seconds=60)

pages = Blueprint("health", __name__)


@dataclass(frozen=True)
class Pulse:
    """What the database knows of the background: the ticker's last sign, what waits, what was given up.

    `calendar_days_left`: how long the official days reach, None without any.
    """

    ticker_seconds: float | None
    waiting: int
    parked: int
    calendar_days_left: int | None


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """Tell what works. 503 only without the database: without the rest, pages still serve people."""
    pulse = _pulse()
    problems = [
        *([] if pulse else ["database"]),
        *([] if _redis_answers() else ["redis"]),
        *([] if pulse and _beats(pulse) else ["ticker"]),
        *(["parked"] if pulse and pulse.parked else []),
    ]
    answer = jsonify(
        status="ok" if not problems else "degraded" if pulse else "down",
        problems=problems,
        ticker_seconds=pulse and pulse.ticker_seconds,
        waiting=pulse and pulse.waiting,
        parked=pulse and pulse.parked,
        calendar_days_left=pulse and pulse.calendar_days_left,
    )
    return answer, 200 if pulse else 503


def _pulse() -> Pulse | None:
    """Return None when the database does not answer."""
    try:
        with runtime.view(SYSTEM) as work:
            beat = work.session.scalar(select(func.max(Lease.beat_at)))
            unfinished = select(func.count()).where(OutboxMessage.done_at.is_(None))
            end = upkeep.calendar_end(work)
            return Pulse(
                ticker_seconds=round((clock.now() - beat).total_seconds(), 1) if beat else None,
                waiting=work.session.scalar(unfinished.where(OutboxMessage.parked_at.is_(None))) or 0,
                parked=work.session.scalar(unfinished.where(OutboxMessage.parked_at.is_not(None))) or 0,
                calendar_days_left=end.days_left if end.official_until else None,
            )
    except SQLAlchemyError:
        return None


def _redis_answers() -> bool:
    """Return True also where none is configured: there the ticker keeps the promises itself."""
    url = runtime.current().settings.redis_url
    if not url:
        return True
    try:
        with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def _beats(pulse: Pulse) -> bool:
    return pulse.ticker_seconds is not None and pulse.ticker_seconds < SILENT_AFTER.total_seconds()


# Open to everyone, as `web.access.open_to_all` marks it; programs do not import pages.
for _view in (alive, ready):
    _view.audience = None  # type: ignore[attr-defined]
