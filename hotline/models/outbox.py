from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline import clock
from hotline.db import Base, Json, primary_key


class OutboxMessage(Base):
    """Promised work, written in the transaction of what promised it. `due_at` is wall time.

    `offers` counts how often the relay offered it, `attempts` how often a worker started it.
    """

    __tablename__ = "outbox_messages"

    id: Mapped[primary_key]
    kind: Mapped[str]
    payload: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    offers: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    parked_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]

    __table_args__ = (
        Index(
            "ix_outbox_messages_due_at",
            "due_at",
            sqlite_where=text("done_at IS NULL AND parked_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND parked_at IS NULL"),
        ),
    )
