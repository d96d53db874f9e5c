"""One unit of work: an open transaction, who acts, the moment, the city's rules.

The shell makes it, a use case spends it and never commits.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.cities.city import City
from hotline.crypto import Vault
from hotline.lifecycle import Role


@dataclass(frozen=True)
class Actor:
    """Who acts. `user_id` is None for the system and the citizen; `department_code` for the hotline's own."""

    name: str
    roles: frozenset[Role]
    user_id: int | None = None
    department_code: str | None = None


SYSTEM = Actor("system", frozenset({Role.SYSTEM}))
CITIZEN = Actor("citizen", frozenset({Role.CITIZEN}))


@dataclass(frozen=True)
class Work:
    """`silent`: what is done is entered without telling anyone, as an archive is."""

    session: Session
    actor: Actor
    now: datetime
    city: City
    vault: Vault
    silent: bool = False

    def by(self, actor: Actor) -> "Work":
        """Return the same unit of work, acted in by another: what the system does as a consequence."""
        return replace(self, actor=actor)
