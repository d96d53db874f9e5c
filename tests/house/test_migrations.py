"""The migrations make the tables that the models describe, and can be undone."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from hotline import db, models
from hotline.commands import migrating
from tests.support.postgres import Postgres

VERSIONS = migrating.FOLDER / "versions"
assert models.ticket


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """Return what makes an empty database of this kind."""
    made: list[Engine] = []

    def make(name: str) -> Engine:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / name}.db"
        else:
            server: Postgres = request.getfixturevalue("postgres")
            server.drop(name)
            url = server.create(name)
        made.append(db.open_engine(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def test_there_is_one_head_and_the_files_are_numbered_without_a_gap() -> None:
    revisions = [script.revision for script in migrating.scripts().walk_revisions()][::-1]

    assert migrating.scripts().get_heads() == [revisions[-1]]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert all(
        re.fullmatch(rf"{revision}_[a-z0-9_]+\.py", file.name)
        for revision, file in zip(revisions, sorted(VERSIONS.glob("*.py")), strict=True)
    )


def test_the_migrated_schema_is_the_one_of_the_models(empty: Callable[[str], Engine]) -> None:
    migrated, modelled = empty("migrated"), empty("modelled")

    migrating.upgrade(migrated)
    db.Base.metadata.create_all(modelled)

    assert _schema(migrated) == _schema(modelled)


def test_every_migration_can_be_undone_and_done_again(empty: Callable[[str], Engine]) -> None:
    engine = empty("undone")

    migrating.upgrade(engine)
    once = _schema(engine)
    migrating.downgrade(engine, "base")
    nothing = _schema(engine)
    migrating.upgrade(engine)

    assert nothing == {}
    assert _schema(engine) == once


def test_a_migration_that_fails_leaves_the_tables_as_they_were(empty: Callable[[str], Engine]) -> None:
    engine = empty("failed")
    with engine.begin() as connection:
        # A table of the last step stands in the way.
        connection.exec_driver_sql("CREATE TABLE deadlines (id INTEGER)")
    before = _schema(engine)

    with pytest.raises(Exception, match="deadlines"):
        migrating.upgrade(engine)

    assert _schema(engine) == before


def _schema(engine: Engine) -> dict[str, Any]:
    """Return all that the database says of each table but Alembic's own, in a form that compares."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
            # As text: a WHERE is read back as a new object each time.
            "indexes": sorted(
                str({**index, "dialect_options": _as_text(index.get("dialect_options", {}))})
                for index in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _as_text(options: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}
