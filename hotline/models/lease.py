from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base


class Lease(Base):
    """Who may do a thing that only one process does at a time, and until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
    beat_at: Mapped[datetime]
