"""A started process on a database of its own, as commands and simulations have it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy.orm import Session

from hotline import db, runtime
from hotline.cities.city import City
from hotline.commands import migrating
from hotline.settings import Settings
from tests.builders import enrol, fill_profile_tables


@contextmanager
def started(folder: Path, city: City, *, database_url: str = "") -> Iterator[Settings]:
    """Start with the profile's tables and the people of the builders, on an empty database or a new file."""
    settings = Settings(instance=folder, database_url=database_url, secret_key="s" * 32, vault_key="00" * 32)
    if database_url:
        _fill(database_url, city)
    else:
        shutil.copy(_template(city), folder / "hotline.db")
    runtime.start(settings, with_model=False)
    try:
        yield settings
    finally:
        runtime.stop()


_templates: dict[str, Path] = {}


def _template(city: City) -> Path:
    """Return a migrated and filled database to copy: making one takes a second."""
    if city.code not in _templates:
        file = Path(mkdtemp(prefix="hotline-town-")) / "template.db"
        _fill(f"sqlite:///{file}", city)
        _templates[city.code] = file
    return _templates[city.code]


def _fill(url: str, city: City) -> None:
    engine = db.open_engine(url)
    migrating.upgrade(engine)
    with Session(engine) as session, session.begin():
        fill_profile_tables(session, city)
        enrol(session)
    engine.dispose()
