from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base
from hotline.models.user import User


class Claim(Base):
    """Which dispatcher has a waiting ticket open, until when without a sign of life. Not on record."""

    __tablename__ = "claims"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    until: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
