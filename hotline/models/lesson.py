from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, closed_set, primary_key


class Misled(StrEnum):
    """Which evidence spoke for what a person then decided against."""

    WORDS = "words"
    PLACE = "place"
    CATALOGUE = "catalogue"
    STORY = "story"


class Lesson(Base):
    """The category and department that a dispatch gave a ticket: a label to learn from and to be judged by.

    Made by whoever dispatched; after the auto lane by the department that accepted it (`by_id` of its user).
    `lead_code` None: a return was granted, and it is not whose it was. `stands`: nothing later overruled it.
    """

    __tablename__ = "lessons"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    hop: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    lead_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    misled: Mapped[Misled | None] = mapped_column(closed_set(Misled))
    stands: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (Index(None, "ticket_id", "stands"),)
