from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.models.ticket import Ticket


class Via(StrEnum):
    """How an answer came: on a call, by the link that was sent, or where the caller tracks his ticket."""

    PHONE = "phone"
    LINK = "link"
    TRACK = "track"


class Contacted(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Solved(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class FollowUp(Base):
    """One attempt to ask the caller (回访). `reached` says only whether the call got through.

    `satisfied`: 5 非常满意 … 1 非常不满意. `department_code` is who had handled it, kept here so
    that the answer counts for that department whatever happens to the ticket later.
    """

    __tablename__ = "follow_ups"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    request_key: Mapped[str] = mapped_column(unique=True)
    round: Mapped[int]
    attempt: Mapped[int]
    via: Mapped[Via] = mapped_column(closed_set(Via))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    reached: Mapped[bool]
    contacted: Mapped[Contacted | None] = mapped_column(closed_set(Contacted))
    solved: Mapped[Solved | None] = mapped_column(closed_set(Solved))
    satisfied: Mapped[int | None]
    reason: Mapped[str | None]
    comment: Mapped[str]

    ticket: Mapped[Ticket] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("ticket_id", "round", "attempt"),
        Index(None, "at"),
        Index(None, "department_code", "at"),
    )
