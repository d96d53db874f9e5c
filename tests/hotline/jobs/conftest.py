"""A database of its own for each test, as several processes would see it: jobs commit for themselves."""

import itertools
import shutil
from collections.abc import Callable, Iterator, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from hotline import db, runtime
from hotline.cities.city import City
from hotline.commands import migrating
from hotline.settings import Settings
from tests.builders import enrol, fill_profile_tables
from tests.conftest import NOW
from tests.support.postgres import Postgres
from tests.support.valkey import Valkey, running_valkey

_serials = itertools.count(1)


@pytest.fixture(scope="session")
def copies_on(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, city: City
) -> Callable[[str], Callable[[], str]]:
    """Return what prepares a database of a kind, once, and gives what copies it."""

    @cache
    def prepared(kind: str) -> Callable[[], str]:
        if kind == "sqlite":
            folder = tmp_path_factory.mktemp("jobs")
            template = folder / "template.db"
            _prepare(f"sqlite:///{template}", city)

            def copy_file() -> str:
                copied = shutil.copy(template, folder / f"{next(_serials)}.db")
                return f"sqlite:///{copied}"

            return copy_file
        server: Postgres = request.getfixturevalue("postgres")
        _prepare(server.create("jobs"), city)
        return lambda: server.create(f"jobs-{next(_serials)}", template="jobs")

    return prepared


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, copies_on: Callable[[str], Callable[[], str]]
) -> Callable[[], str]:
    """Return what makes a migrated database with the profile and one person of each role, quickly."""
    return copies_on(request.param)


def _prepare(url: str, city: City) -> None:
    engine = db.open_engine(url)
    migrating.upgrade(engine)
    with Session(engine) as session, session.begin():
        fill_profile_tables(session, city)
        enrol(session)
    engine.dispose()


@pytest.fixture
def settings(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Settings]:
    """The settings of a started process."""
    settings = Settings(
        instance=tmp_path, database_url=new_database(), secret_key="s" * 32, vault_key="00" * 32
    )
    runtime.start(settings, with_model=False)
    yield settings
    runtime.stop()


@pytest.fixture
def wall() -> Iterator[time_machine.Traveller]:
    """The wall clock, standing at NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, unprinted: drawing a traceback for a terminal takes seconds."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with running_valkey() as server:
        yield server
