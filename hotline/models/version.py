from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, closed_set, primary_key


class Standing(StrEnum):
    """Where a version of the model stands."""

    SHADOW = "shadow"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    REFUSED = "refused"


class ModelVersion(Base):
    """A model that was taught by this city's decisions. The one it was delivered with has no row.

    `card`: what its folder says of it. `taught`: how many texts, from when to when. `trial`: how it and the
    model then in force did on the same tickets that neither had seen. `reference`: what the tickets that
    taught it were like, for drift to be seen against. `replaces`: what was in force before it, empty for the
    model it was delivered with.
    """

    __tablename__ = "model_versions"

    version: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[Standing] = mapped_column(closed_set(Standing))
    made_at: Mapped[datetime]
    card: Mapped[Json]
    taught: Mapped[Json]
    trial: Mapped[Json]
    reference: Mapped[Json]
    refusal: Mapped[str]
    shadow_until: Mapped[datetime]
    in_force_from: Mapped[datetime | None]
    promoted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replaces: Mapped[str | None]


class Cause(StrEnum):
    """Why a training was asked for."""

    PERSON = "person"
    WEEK = "week"
    DICTIONARY = "dictionary"


class Training(Base):
    """One training, from being asked for to its end. `done` of `of` says how far it is.

    `outcome`: the version that it made, or the code of why it made none; None while it has not ended.
    """

    __tablename__ = "trainings"

    id: Mapped[primary_key]
    cause: Mapped[Cause] = mapped_column(closed_set(Cause))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    version: Mapped[str | None]
    refusal: Mapped[str | None]

    __table_args__ = (Index(None, "asked_at"),)
