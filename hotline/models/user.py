from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, primary_key


class User(Base):
    """Someone who signs in. Holds one or several roles; people of a department have its code."""

    __tablename__ = "users"

    id: Mapped[primary_key]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(JSON)
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    # Where a text message reaches this person; None for nobody's.
    phone_sealed: Mapped[bytes | None]
    active: Mapped[bool] = mapped_column(default=True)
    # Raised to end every session of this person at once.
    session_epoch: Mapped[int] = mapped_column(default=0)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
