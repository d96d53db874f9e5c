"""Open units of work in this process: one city, one database, set once by `start`.

The one global of the application, because RQ hands a job nothing but its arguments. Only the shell
(pages, programs, jobs, commands) reads it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

import classifier
from hotline import clock, db
from hotline.cities import reading
from hotline.cities.city import City
from hotline.crypto import Vault
from hotline.logs import log
from hotline.models.calendar import CalendarDay
from hotline.models.mark import VAULT, Mark
from hotline.settings import Settings
from hotline.work import Actor, Work
from sla.calendar import OfficialDay

CALENDAR_MARK = "calendar"


@dataclass
class _Running:
    settings: Settings
    engine: Engine
    city: City
    vault: Vault
    calendar_mark: str | None = None


_running: _Running | None = None
_changing = threading.Lock()


def start(settings: Settings, *, with_model: bool = True) -> None:
    """Connect the database, load the city and its model. A lost model only logs.

    Raises BrokenCity, or BrokenSettings for another key than the database was sealed with.
    """
    global _running
    engine, vault = db.open_engine(settings.database), Vault(settings.vault_key)
    city = reading.load(settings.city_folder)
    _require_own_key(engine, vault)
    if with_model:
        city = replace(city, classifier=_model_of(settings), alarm=_alarm_of(settings))
    db.connect(engine)
    _running = _Running(settings, engine, city, vault)


def stop() -> None:
    """Close the connections of this process, before it forks or ends."""
    global _running
    if _running:
        _running.engine.dispose()
    _running = None


def _require_own_key(engine: Engine, vault: Vault) -> None:
    """Raises BrokenSettings; a database without tables or without a city has no key yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(Mark.__tablename__):
            return
        mark = connection.scalar(select(Mark.value).where(Mark.name == VAULT))
    # The process may fork next: its children must not share this connection.
    engine.dispose()
    if mark is not None:
        vault.require_own(mark)


def _model_of(settings: Settings) -> "classifier.Model | None":
    if not (settings.model_folder / "card.json").exists():
        log.warning("no_model", folder=str(settings.model_folder))
        return None
    try:
        return classifier.load(settings.model_folder)
    except classifier.ModelRefused as refusal:
        log.error("model_refused", reason=str(refusal))
        return None


def _alarm_of(settings: Settings) -> "classifier.Alarm | None":
    try:
        return classifier.load_alarm(settings.model_folder)
    except classifier.ModelRefused as refusal:
        log.warning("no_alarm", reason=str(refusal))
        return None


def current() -> _Running:
    if _running is None:
        raise RuntimeError("runtime.start(settings) comes first")
    return _running


@contextmanager
def work(actor: Actor, *, now: datetime | None = None) -> Iterator[Work]:
    """Open one unit of work for `actor` in this process's city: one transaction, now or at a given moment."""
    with db.transaction() as session:
        yield _work(session, actor, now)


@contextmanager
def view(actor: Actor, *, now: datetime | None = None) -> Iterator[Work]:
    """Open a unit of work that only reads: it never waits for the writer and commits nothing."""
    with db.snapshot() as session:
        yield _work(session, actor, now)


def _work(session: Session, actor: Actor, now: datetime | None) -> Work:
    running = current()
    return Work(session, actor, now or clock.now(), _city(session), running.vault)


def _city(session: Session) -> City:
    """Return the city with the calendar as it stands in the table; read again when an import marked it."""
    running = current()
    mark = session.scalar(select(Mark.value).where(Mark.name == CALENDAR_MARK)) or "none"
    if running.calendar_mark != mark:
        with _changing:
            days = [
                OfficialDay(row.day, row.works, row.official)
                for row in session.scalars(select(CalendarDay).order_by(CalendarDay.day))
            ]
            running.city = replace(running.city, calendar=running.city.calendar_with(days))
            running.calendar_mark = mark
    return running.city
