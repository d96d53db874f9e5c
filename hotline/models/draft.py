from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, primary_key


class Draft(Base):
    """What an agent has typed of one call and not yet registered. Sealed whole: it names the caller."""

    __tablename__ = "drafts"

    id: Mapped[primary_key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    request_key: Mapped[str]
    fields_sealed: Mapped[bytes]
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "request_key"),)
