from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.models.department import Department
from hotline.models.ticket import Ticket


class Part(StrEnum):
    LEAD = "lead"
    ASSISTING = "assisting"
    # A provisional department of a dispute (先行办理).
    PROVISIONAL = "provisional"
    # To be heard in a dispute (会商单位).
    CONVENED = "convened"


class Assignment(Base):
    """One department's part in one dispatch of a ticket. `ended_at` None: it holds it still."""

    __tablename__ = "assignments"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    department_code: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    part: Mapped[Part] = mapped_column(closed_set(Part))
    round: Mapped[int]
    hop: Mapped[int]
    assigned_at: Mapped[datetime]
    # Who dispatched it so; None for the auto lane.
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    # Assisting and convened departments: when their opinion came (协办意见、会商意见).
    answered_at: Mapped[datetime | None]
    # Whom inside the department it was handed down to, in words (下派).
    handed_to: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")

    __table_args__ = (Index(None, "ticket_id", "round"), Index(None, "department_code", "ended_at"))
