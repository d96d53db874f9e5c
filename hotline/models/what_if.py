from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, primary_key


class WhatIf(Base):
    """One trial of other rules on past tickets (试算), from being asked for to its end.

    Of the tickets registered from `first` to `last`, those that are over, or with `whole` the open ones too.
    `targets`, `hours`: the text of what was tried, empty for what is in force. `done` of `of` tickets says
    how far it is. `refusal`: the code of why there is no `answer`; neither while it has not ended.
    """

    __tablename__ = "what_ifs"

    id: Mapped[primary_key]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    first: Mapped[date]
    last: Mapped[date]
    whole: Mapped[bool]
    targets: Mapped[str]
    hours: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    answer: Mapped[Json | None]
    refusal: Mapped[str | None]

    __table_args__ = (Index(None, "asked_at"),)
