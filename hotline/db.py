"""Rows, moments and transactions, alike on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from hotline.errors import BrokenSettings

Json = dict[str, Any]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in time. Refuses naive datetimes; always reads back as aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite hands back naive UTC, PostgreSQL the zone of the session.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def closed_set(enum: type[StrEnum], name: str = "") -> Enum:
    """Store the values of `enum` as text under a CHECK, called `name` where a table has two of one enum."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=name or enum.__name__.lower(),
    )


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, Json: JSON}  # noqa: RUF012 - SQLAlchemy's own name


# SQLite counts rowids only for INTEGER; PostgreSQL gets room for a century of events.
primary_key = Annotated[
    int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
]

new_session = sessionmaker(expire_on_commit=False)


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine for `url`. Opens no connection yet. Raises BrokenSettings for what is no such address.

    A failed statement is logged without its values: they could name a caller.
    """
    if _backend_of(url) == "sqlite":
        engine = create_engine(url, pool_size=pool_size, hide_parameters=True, connect_args={"timeout": 10})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
    )


def _backend_of(url: str) -> str:
    with suppress(ArgumentError, ImportError, ValueError):
        address = make_url(url)
        address.get_dialect().import_dbapi()
        if address.get_backend_name() in {"sqlite", "postgresql"}:
            return address.get_backend_name()
    # Not repeated: it may hold a password.
    raise BrokenSettings({"HOTLINE_DATABASE_URL": "database_url"})


def connect(engine: Engine) -> None:
    """Bind this process's sessions to `engine`."""
    new_session.configure(bind=engine)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        # A government record survives a power cut: FULL, though NORMAL would be faster.
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A reader that turns writer half-way would fail with "database is locked": writers say so at once.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction() -> Iterator[Session]:
    """Commits when the block ends, rolls back when it raises."""
    with new_session.begin() as session:
        yield session


# On PostgreSQL each statement would else see what was committed meanwhile: a ticket without its last entry.
_READ_ONLY: dict[str, dict[str, Any]] = {
    "sqlite": {"read_only": True},
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


@contextmanager
def snapshot() -> Iterator[Session]:
    """A session that only reads, all of one moment: no writer waits for it, and nothing is ever committed.

    Bound to a connection already in a transaction, it reads inside that one.
    """
    with new_session() as session:
        bound = session.get_bind()
        if isinstance(bound, Engine):
            session.connection(execution_options=_READ_ONLY[bound.dialect.name])
        with session.no_autoflush:
            yield session
        session.rollback()


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT: both databases do, SQLAlchemy has one for each."""
    return (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(table)
