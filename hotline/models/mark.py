from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base

# The mark by which the key that sealed this database is known again.
VAULT = "vault"
# Which version of the calendar is in force; empty or absent: the profile's hours on the days of the table.
CALENDAR = "calendar"
# Which versions of the model are in force and in their shadow time; empty: the delivered one, none.
MODEL, SHADOW = "model", "shadow"
# Which version of the catalogue is in force; empty or absent: the profile's own.
CATALOGUE = "catalogue"


class Mark(Base):
    """A fact about this database itself: which city it holds, whether it is a demo, under which key."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
