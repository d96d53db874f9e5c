from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, primary_key


class Notice(Base):
    """A line in the inbox of a department, of those there who hold `role`, or of a desk.

    One outbox message makes one notice, ever.
    """

    __tablename__ = "notices"

    id: Mapped[primary_key]
    outbox_id: Mapped[int] = mapped_column(unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    role: Mapped[str | None]
    topic: Mapped[str]
    facts: Mapped[Json]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "department_code", "read_at"), Index(None, "role", "read_at"))
