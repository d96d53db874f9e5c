from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, closed_set, primary_key


class Turn(StrEnum):
    """Why the auto lane of a category opened or closed."""

    PROVED = "proved"
    BROKEN = "broken"
    HELD = "held"
    RELEASED = "released"


class Lane(Base):
    """Whether tickets of one category may be dispatched without a person, and on what evidence.

    `threshold`: the least probability that passes, None where the evidence proves no promise. `decided`: how
    many decisions are evidence; of them `cases` were at least as sure, `right` of those right. `held_at`:
    since when a person keeps it closed, whatever the evidence.
    """

    __tablename__ = "lanes"

    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"), primary_key=True)
    model: Mapped[str]
    threshold: Mapped[float | None]
    decided: Mapped[int]
    cases: Mapped[int]
    right: Mapped[int]
    reckoned_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class LaneTurn(Base):
    """One opening or closing of a lane. `by_id` None: it followed from the evidence."""

    __tablename__ = "lane_turns"

    id: Mapped[primary_key]
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    at: Mapped[datetime]
    turn: Mapped[Turn] = mapped_column(closed_set(Turn))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    model: Mapped[str]
    decided: Mapped[int]
    cases: Mapped[int]
    right: Mapped[int]

    __table_args__ = (Index(None, "at"), Index(None, "category_code", "at"))
