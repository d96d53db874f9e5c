"""What a database says of itself."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hotline.crypto import Vault
from hotline.models.mark import VAULT, Mark
from hotline.settings import Settings

# Which city it holds, by division code.
CITY = "city"
# A demo: FILLING while it is being filled, FILLED afterwards.
DEMO = "demo"
FILLING, FILLED = "filling", "filled"
# From what `setup` prepared it, as a hash.
PREPARED = "prepared"


def read(engine: Engine, name: str) -> str | None:
    with Session(engine) as session:
        return session.scalar(select(Mark.value).where(Mark.name == name))


def require_key(engine: Engine, settings: Settings) -> None:
    """Raises BrokenSettings when the database was sealed with another key."""
    mark = read(engine, VAULT)
    if mark is not None:
        Vault(settings.vault_key).require_own(mark)


def write(engine: Engine, name: str, value: str) -> None:
    with Session(engine) as session, session.begin():
        session.merge(Mark(name=name, value=value))
