"""Open units of work in this process: one city, one database, set once by `start`.

The one global of the application, because RQ hands a job nothing but its arguments. Only the shell
(pages, programs, jobs, commands) reads it.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

import classifier
from hotline import clock, db
from hotline.cities import reading
from hotline.cities.catalogues import CatalogueText
from hotline.cities.city import City
from hotline.crypto import Vault
from hotline.errors import BrokenCity
from hotline.logs import log
from hotline.models.catalogue import CatalogueVersion
from hotline.models.mark import CALENDAR, CATALOGUE, MODEL, SHADOW, VAULT, Mark
from hotline.settings import Settings
from hotline.tickets.calendars import versions as calendars
from hotline.work import Actor, Work

VERSIONS = "versions"
# Seconds: what could not be loaded may be on its way, on a shared disk.
_RETRY = 60.0


@dataclass
class _Running:
    """`delivered`: the model that was taught without tickets, None also where it cannot be used.

    `asks_models`: whether this process judges texts. `marks`: those under which `city` was read; what they
    name and could not be loaded is tried again at `retry_at`, by the clock that only goes forward.
    """

    settings: Settings
    engine: Engine
    city: City
    vault: Vault
    delivered: classifier.Model | None
    asks_models: bool = False
    retry_at: float | None = None
    marks: dict[str, str] | None = None


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
    delivered = _model_in(settings.model_folder) if with_model else None
    if with_model:
        city = replace(city, classifier=delivered, alarm=_alarm_of(settings))
    db.connect(engine)
    _running = _Running(settings, engine, city, vault, delivered, asks_models=with_model)


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


def _model_in(folder: Path) -> classifier.Model | None:
    if not (folder / "card.json").exists():
        log.warning("no_model", folder=str(folder))
        return None
    try:
        return classifier.load(folder)
    except classifier.ModelRefused as refusal:
        log.error("model_refused", folder=folder.name, reason=str(refusal))
        return None


def _alarm_of(settings: Settings) -> classifier.Alarm | None:
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
    """Return the city with calendar, catalogue and models as the marks say; read again when they change."""
    running = current()
    named = select(Mark.name, Mark.value).where(Mark.name.in_((CALENDAR, CATALOGUE, MODEL, SHADOW)))
    marks = {row.name: row.value for row in session.execute(named)}
    must_retry = running.retry_at is not None and time.monotonic() >= running.retry_at
    if running.marks != marks or must_retry:
        with _changing:
            _follow(running, session, marks, again=must_retry)
    return running.city


def _follow(running: _Running, session: Session, marks: dict[str, str], *, again: bool) -> None:
    """Load what the marks name and was not loaded under the marks before, or all models `again`."""
    before = running.marks or {}
    if running.marks is None or marks.get(CALENDAR) != before.get(CALENDAR):
        running.city = calendars.city_under(session, running.city, marks.get(CALENDAR, ""))
    if marks.get(CATALOGUE, "") != before.get(CATALOGUE, ""):
        running.city = _under_catalogue(session, running.city, marks.get(CATALOGUE, ""))
    models = (marks.get(MODEL), marks.get(SHADOW))
    if running.asks_models and (again or models != (before.get(MODEL), before.get(SHADOW))):
        in_force, shadow = (_version(running, version) for version in models)
        # A version in force that cannot be loaded leaves its place to the delivered model; the page says so.
        running.city = replace(running.city, classifier=in_force or running.delivered, shadow=shadow)
        lost = (models[0] and in_force is None) or (models[1] and shadow is None)
        running.retry_at = time.monotonic() + _RETRY if lost else None
    running.marks = marks


def _under_catalogue(session: Session, city: City, version: str) -> City:
    """Return the city under the catalogue of that version; its profile's own without one, or when it is lost.

    A version that no longer fits the rest of the profile must not keep every page from opening.
    """
    found = session.get(CatalogueVersion, int(version)) if version else None
    text = CatalogueText(found.entries, found.examples) if found else city.profile_catalogue
    try:
        return city.with_catalogue(text)
    except BrokenCity as broken:
        log.error("catalogue_refused", version=version, reason=str(broken))
        return city.with_catalogue(city.profile_catalogue)


def _version(running: _Running, version: str | None) -> classifier.Model | None:
    return _model_in(version_folder(running.settings, version)) if version else None


def version_folder(settings: Settings, version: str) -> Path:
    """Return where a version of the model is kept that was taught by this city's decisions."""
    return settings.model_folder / VERSIONS / version
