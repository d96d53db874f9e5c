"""What rang, whom it told, and how far the telling got."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, Json, closed_set, primary_key
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from sla.rungs import By


class Severity(StrEnum):
    """Before the deadline, at it, or on a rung after it."""

    NEAR = "near"
    OVERDUE = "overdue"
    GRAVE = "grave"


class Delivery(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    # Given up after so many tries.
    FAILED = "failed"
    # Nobody there has what this channel needs.
    UNADDRESSED = "unaddressed"


class Alert(Base):
    """A rung that fired for a clock: once, whatever dies meanwhile. A clock is of one round.

    `rung`: its name in alerts.toml, or yellow, red.
    """

    __tablename__ = "alerts"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    rung: Mapped[str]
    severity: Mapped[Severity] = mapped_column(closed_set(Severity))
    fired_at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship(lazy="raise")
    deadline: Mapped[Deadline] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("deadline_id", "rung"),
        Index(None, "ticket_id"),
        Index(None, "severity", "fired_at"),
    )


class Digest(Base):
    """What waits for one person at the start of one shift, in numbers; its page shows the clocks of now."""

    __tablename__ = "digests"

    id: Mapped[primary_key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    shift_at: Mapped[datetime]
    counts: Mapped[Json]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "shift_at"),)


class AlertDelivery(Base):
    """One alert or one digest on its way to one addressee by one channel.

    A department's people (with `role` those of them who hold it), without department a desk of the hotline,
    without either the city's own address of the channel; or the one person of a digest.
    """

    __tablename__ = "alert_deliveries"

    id: Mapped[primary_key]
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"))
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    role: Mapped[str | None]
    channel: Mapped[By] = mapped_column(closed_set(By))
    state: Mapped[Delivery] = mapped_column(closed_set(Delivery), default=Delivery.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "alert_id"),
        Index(None, "digest_id"),
        CheckConstraint("(alert_id IS NULL) <> (digest_id IS NULL)", name="of_one"),
    )

    @property
    def key(self) -> str:
        """Under which a gateway drops what comes again."""
        return f"alert-{self.id}"
