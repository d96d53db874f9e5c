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
    """What the decisions of one category prove of one version of the model.

    `threshold`: the least probability that may go without a person, None where they prove no promise. Of the
    decisions `cases` were at least as sure (all of them without a threshold), and `right` of those right.
    """

    __tablename__ = "lanes"

    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"), primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    threshold: Mapped[float | None]
    cases: Mapped[int]
    right: Mapped[int]
    reckoned_at: Mapped[datetime]


class LaneHold(Base):
    """A category that a person keeps from going by itself, whatever the evidence."""

    __tablename__ = "lane_holds"

    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


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
    cases: Mapped[int]
    right: Mapped[int]

    __table_args__ = (Index(None, "at"), Index(None, "category_code", "at"))
