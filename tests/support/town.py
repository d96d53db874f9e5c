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
def started(folder: Path, city: City) -> Iterator[Settings]:
    """Start on a new SQLite file in `folder`, with the profile's tables and the people of the builders."""
    shutil.copy(_template(city), folder / "hotline.db")
    settings = Settings(instance=folder, secret_key="s" * 32, vault_key="00" * 32)
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
        engine = db.open_engine(f"sqlite:///{file}")
        migrating.upgrade(engine)
        with Session(engine) as session, session.begin():
            fill_profile_tables(session, city)
            enrol(session)
        engine.dispose()
        _templates[city.code] = file
    return _templates[city.code]
