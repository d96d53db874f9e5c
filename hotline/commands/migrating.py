"""Alembic, configured in code: `migrations/` on the database of the settings."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from hotline import db
from hotline.commands.refusals import Refused
from hotline.settings import ROOT

FOLDER = ROOT / "migrations"

# The commands say in their own words what happens to the tables.
logging.getLogger("alembic").setLevel(logging.WARNING)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction."""
    with _migrating(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision` ("base": none at all). Loses what the later ones held."""
    with _migrating(engine) as config:
        command.downgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Tell whether the database has every migration of this version of the code."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


def require_current(engine: Engine) -> None:
    """Raises Refused when the tables are not those of this version."""
    if not is_current(engine):
        raise Refused("数据库的表不是本版的。请先运行 ./run hotline migrate")


def has_tables(engine: Engine) -> bool:
    """Tell whether any migration was ever run there."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def head() -> str | None:
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def write_next(name: str, scratch: Path) -> Path:
    """Write the next numbered migration: from what the migrations make to what the models say.

    `scratch` is a folder for the throw-away SQLite database that the comparison runs on.
    """
    number = f"{len(list(scripts().walk_revisions())) + 1:04}"
    engine = db.open_engine(f"sqlite:///{scratch / 'migrated.db'}")
    try:
        upgrade(engine)
        with _migrating(engine) as config:
            # The first one only makes new tables; later ones must rebuild what SQLite cannot alter.
            config.attributes["rebuild"] = number != "0001"
            command.revision(config, message=name, rev_id=number, autogenerate=True)
    finally:
        engine.dispose()
    written = next(FOLDER.glob(f"versions/{number}_*.py"))
    lines = written.read_text().splitlines(keepends=True)
    written.write_text("".join(line for line in lines if not line.startswith("    # ###")))
    return written


def rewrite_last(scratch: Path) -> Path:
    """Write the last migration anew under its name: for one that no database outside has run yet."""
    last = next(scripts().walk_revisions())
    file = Path(last.path)
    earlier = file.read_text()
    file.unlink()
    try:
        return write_next(file.stem.removeprefix(f"{last.revision}_"), scratch)
    except BaseException:
        file.write_text(earlier)
        raise


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    config = _config()
    with _lone_connection(engine) as connection:
        config.attributes["connection"] = connection
        with connection.begin():
            yield config


@contextmanager
def _lone_connection(engine: Engine) -> Iterator[Connection]:
    """Open a connection that is closed, not kept, afterwards: on SQLite it has foreign keys off.

    A migration rebuilds tables there by copying; with foreign keys on, dropping the old copy would
    empty the tables that point at it. Inside a transaction the switch does nothing.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.detach()
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        yield connection
