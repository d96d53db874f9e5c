from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base


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
