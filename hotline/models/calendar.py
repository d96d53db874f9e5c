from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, closed_set, primary_key


class CalendarStanding(StrEnum):
    """Where a version of the calendar stands. The last one applied is in force."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    DROPPED = "dropped"


class CalendarDay(Base):
    """One day, ordinary ones included: the last official one bounds what is known.

    `official` false: by statutory rule only, no State Council notice covers it yet (暂定).
    """

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    official: Mapped[bool]


class CalendarVersion(Base):
    """One change of the calendar, proposed by one person and applied by another.

    `number` counts those applied. `hours` is the whole calendar.toml as it is to be; `changes_hours` tells
    whether this version changes it. `base`: the number in force when it was proposed. `source` is the notice
    (文号), `file` what was handed in. `open` to `relieved` are what its preview counted. Of an applied
    version, `follows_to` is the last ticket that was reckoned anew, `followed_at` when all were.
    """

    __tablename__ = "calendar_versions"

    id: Mapped[primary_key]
    number: Mapped[int | None] = mapped_column(unique=True)
    standing: Mapped[CalendarStanding] = mapped_column(closed_set(CalendarStanding))
    base: Mapped[int]
    hours: Mapped[str] = mapped_column(Text)
    changes_hours: Mapped[bool]
    source: Mapped[str]
    file: Mapped[str]
    because: Mapped[str]
    open: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    overdue: Mapped[int] = mapped_column(default=0)
    relieved: Mapped[int] = mapped_column(default=0)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    follows_to: Mapped[int] = mapped_column(BigInteger, default=0)
    followed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "standing"),)


class CalendarChange(Base):
    """One day of a version: works, name, source, official `before` (None: not in the table) and `after`."""

    __tablename__ = "calendar_changes"

    version_id: Mapped[int] = mapped_column(ForeignKey("calendar_versions.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    before: Mapped[Json | None]
    after: Mapped[Json]
