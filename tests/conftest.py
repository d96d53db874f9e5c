"""Real databases, one schema, and a session whose commits are undone after each test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hotline import db, models
from hotline.cities import reading
from hotline.cities.city import City
from hotline.crypto import Vault
from hotline.settings import ROOT
from hotline.work import Work
from tests.builders import AGENT, enrol, fill_profile_tables, official_days
from tests.support.postgres import Postgres, PostgresUnavailable, running_postgres

# A Tuesday in a week without holidays, in the morning: 10:00 in 滨海.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
VAULT = Vault("00" * 32)
assert models.ticket


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        with running_postgres() as server:
            yield server
    except PostgresUnavailable as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL is not tested here: {reason}")


@pytest.fixture(scope="session")
def city() -> City:
    profile = reading.load(ROOT / "hotline" / "cities" / "binhai")
    return replace(profile, calendars=profile.calendars_with(official_days()))


@pytest.fixture(scope="session")
def engine_on(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, city: City
) -> Iterator[Callable[[str], Engine]]:
    """Return what gives the filled database of a kind: made once, however often the kinds take turns."""
    with ExitStack() as opened:

        @cache
        def filled(kind: str) -> Engine:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'hotline.db'}"
            else:
                server: Postgres = request.getfixturevalue("postgres")
                url = server.create("tests")
            engine = db.open_engine(url)
            opened.callback(engine.dispose)
            db.Base.metadata.create_all(engine)
            with Session(engine) as session, session.begin():
                fill_profile_tables(session, city)
                enrol(session)
            return engine

        yield filled


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, engine_on: Callable[[str], Engine]) -> Engine:
    """A database with the profile's tables filled and one person of each role."""
    return engine_on(request.param)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits are undone after the test, whoever committed."""
    with engine.connect() as connection:
        outer = connection.begin()
        db.new_session.configure(bind=connection, join_transaction_mode="create_savepoint")
        with db.new_session() as session:
            yield session
        outer.rollback()


@pytest.fixture
def work(session: Session, city: City) -> Work:
    """A unit of work at NOW, in which an agent acts; `tests.builders.by` hands it to others."""
    return Work(session, AGENT, NOW, city, VAULT)
