from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, primary_key


class Caller(Base):
    """A citizen or an enterprise (诉求人). What identifies is sealed; `phone_index` finds an equal number."""

    __tablename__ = "callers"

    id: Mapped[primary_key]
    name_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[str | None] = mapped_column(unique=True)
    # What may be shown without opening the seal: "王**", "138****5678".
    name_masked: Mapped[str | None]
    phone_masked: Mapped[str | None]
    enterprise: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "created_at"),)
