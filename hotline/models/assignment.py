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
    # Called to the spot by a subdistrict (吹哨报到).
    WHISTLED = "whistled"
    # Handles it for a department above, which stays answerable (下派).
    HANDED = "handed"


class Ending(StrEnum):
    """Why a part ended before the ticket left the department that leads. None: with it."""

    DECLINED = "declined"
    RELEASED = "released"
    GIVEN_BACK = "given_back"
    REPORTED = "reported"
    # The department above took it back (下派收回).
    RECALLED = "recalled"
    # The desk took the dispatch back before anybody was told: it never had a part (撤回派单).
    UNSENT = "unsent"


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
    # Who gave it this part; None for the auto lane.
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    # Assisting and convened departments: when their opinion came (协办意见、会商意见); one below: its result.
    answered_at: Mapped[datetime | None]
    # Whom inside the department it was handed down to, in words (下派).
    handed_to: Mapped[str | None]
    # Who called it in, whistled or handed down; None for what the dispatch desk or the arbiter gave.
    from_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    # When a whistled department came to the spot, by its own word, and when that was confirmed.
    arrived_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    # How often it said so and was not there.
    denied: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(closed_set(Ending))

    ticket: Mapped[Ticket] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise", foreign_keys=department_code)

    __table_args__ = (
        Index(None, "ticket_id", "round"),
        Index(None, "department_code", "ended_at"),
        # Whom a department waits for below itself.
        Index(None, "from_code", "ended_at"),
        # Who was called in since a day: the figures of joint handling.
        Index(None, "part", "assigned_at"),
    )
