"""Moments, closed sets and transactions, alike on SQLite and PostgreSQL."""

from contextlib import nullcontext
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from hotline import db
from hotline.lifecycle import Status
from hotline.models.lease import Lease
from hotline.models.ticket import Ticket
from tests.builders import a_logged_ticket

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def a_lease(until: datetime) -> Lease:
    return Lease(name="ticker", holder="here", until=until, beat_at=NOON)


def test_a_moment_reads_back_as_the_same_moment_in_utc(session):
    session.add(a_lease(NOON.astimezone(ZoneInfo("Asia/Shanghai"))))
    session.flush()
    session.expire_all()

    until = session.scalars(select(Lease.until)).one()

    assert until == NOON
    assert until.tzinfo is UTC


def test_a_moment_keeps_its_microseconds(session):
    moment = NOON.replace(microsecond=123456)
    session.add(a_lease(moment))
    session.flush()

    assert session.scalars(select(Lease.until)).one() == moment


def test_a_moment_without_a_zone_is_refused(session):
    session.add(a_lease(datetime(2026, 11, 24, 4, 0)))  # noqa: DTZ001 - that is the point

    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_moments_compare_by_time_whatever_their_zone(session):
    session.add(a_lease(NOON))
    session.flush()
    same = NOON.astimezone(ZoneInfo("America/New_York"))

    assert session.scalars(select(Lease).where(Lease.until <= same)).all()
    assert not session.scalars(select(Lease).where(Lease.until < same)).all()


def test_a_status_that_does_not_exist_is_refused_by_the_database_itself(work, session):
    ticket = a_logged_ticket(work)
    session.flush()

    with pytest.raises(IntegrityError, match="status"), session.begin_nested():
        session.execute(text("UPDATE tickets SET status = 'lost' WHERE id = :id"), {"id": ticket.id})


def test_a_status_is_stored_as_its_word(work, session):
    ticket = a_logged_ticket(work)
    session.flush()

    stored = session.scalar(text("SELECT status FROM tickets WHERE id = :id").bindparams(id=ticket.id))

    assert stored == Status.LOGGED.value


def test_a_reference_to_nothing_is_refused(work, session):
    ticket = a_logged_ticket(work)
    session.flush()

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(lead_code="D-NOWHERE"))


def test_a_transaction_that_raises_leaves_nothing(session):
    with pytest.raises(StatementError, match="naive"), db.transaction() as inner:
        _add_one_right_and_one_wrong(inner)

    assert session.scalars(select(Lease)).all() == []


def _add_one_right_and_one_wrong(session: Session) -> None:
    session.add(a_lease(NOON))
    session.flush()
    session.add(Lease(name="wrong", holder="here", until=datetime(2026, 11, 24), beat_at=NOON))  # noqa: DTZ001
    session.flush()


def test_a_transaction_that_ends_keeps_what_it_did(session):
    with db.transaction() as inner:
        inner.add(a_lease(NOON))

    assert session.scalars(select(Lease)).one().holder == "here"


def test_a_view_commits_nothing(session):
    with db.snapshot() as view:
        view.add(a_lease(NOON))

    assert session.scalars(select(Lease)).all() == []


def test_what_a_view_writes_is_refused_by_postgresql_and_undone_by_sqlite(engine):
    db.new_session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    refused = pytest.raises(DBAPIError, match="read-only")
    postgresql = engine.dialect.name == "postgresql"

    with db.snapshot() as view, refused if postgresql else nullcontext():
        view.execute(text("DELETE FROM users"))

    with db.snapshot() as view:
        assert view.scalar(text("SELECT count(*) FROM users")) > 0


def test_a_view_does_not_wait_for_a_writer(engine):
    db.new_session.configure(bind=engine, join_transaction_mode="conditional_savepoint")

    with db.transaction() as writer:
        writer.add(a_lease(NOON))
        writer.flush()
        with db.snapshot() as view:
            seen = view.scalars(select(Lease)).all()
        writer.rollback()

    assert seen == []


def test_a_view_shows_one_moment_whatever_is_committed_meanwhile(engine):
    db.new_session.configure(bind=engine, join_transaction_mode="conditional_savepoint")

    with db.snapshot() as reader:
        before = reader.scalar(select(func.count()).select_from(Lease))
        with Session(engine) as writer, writer.begin():
            writer.add(a_lease(NOON))
        after = reader.scalar(select(func.count()).select_from(Lease))

    with Session(engine) as writer, writer.begin():
        writer.execute(delete(Lease))
    assert (before, after) == (0, 0)


def test_constraints_have_the_same_names_everywhere(engine):
    names = {
        constraint.name for table in db.Base.metadata.tables.values() for constraint in table.constraints
    }

    assert all(name and len(str(name)) <= 63 for name in names)
