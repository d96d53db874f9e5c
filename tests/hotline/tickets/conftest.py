"""Tickets that are made once for a whole file. Such a file uses no `session` or `work` of its own:
SQLite has one writer."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from hotline import db
from hotline.cities.city import City
from hotline.work import Work
from tests.builders import AGENT
from tests.conftest import NOW, VAULT


@pytest.fixture(scope="module")
def standing(engine: Engine, city: City) -> Iterator[Work]:
    """A unit of work at NOW whose commits are undone after the file."""
    with engine.connect() as connection:
        outer = connection.begin()
        db.new_session.configure(bind=connection, join_transaction_mode="create_savepoint")
        with db.new_session() as session:
            yield Work(session, AGENT, NOW, city, VAULT)
        outer.rollback()
