from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base


class CityWord(Base):
    """A word that the segmenter must not cut: a place, an institution, a new topic of this city.

    The next model that is taught knows it. `added_by_id` None: the city's profile brought it.
    """

    __tablename__ = "city_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
