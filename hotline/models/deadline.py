from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.models.ticket import Ticket
from sla.policy import Stage


def iso(moment: datetime | None) -> str | None:
    """Write a moment as the ledger does: the same one has one writing."""
    return moment.astimezone(UTC).isoformat() if moment else None


class DeadlineOutcome(StrEnum):
    MET = "met"
    LATE = "late"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Deadline(Base):
    """One running clock of one ticket: a stage, in one round of handling.

    `turn` is the nth clock of this stage in this round; `allowance` and `extension` are as written
    in the profile ("5wd"). `due_at` is None while paused. `rule` is the title of the rule that gave the
    allowance, of the policy of that version: neither changes with the profile. `calendar_version` is the
    number of the calendar by which it was last reckoned.
    """

    __tablename__ = "deadlines"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    stage: Mapped[Stage] = mapped_column(closed_set(Stage))
    round: Mapped[int]
    turn: Mapped[int]
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    started_at: Mapped[datetime]
    allowance: Mapped[str]
    rule: Mapped[str]
    policy: Mapped[str]
    calendar_version: Mapped[int] = mapped_column(default=0)
    extension: Mapped[str | None]
    due_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    alert_at: Mapped[datetime | None]
    alert_level: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[DeadlineOutcome | None] = mapped_column(closed_set(DeadlineOutcome))

    ticket: Mapped[Ticket] = relationship(lazy="raise")

    @property
    def key(self) -> str:
        """Which clock of its ticket it is, as "resolve/1/1": stage, round, turn."""
        return f"{self.stage}/{self.round}/{self.turn}"

    __table_args__ = (
        UniqueConstraint("ticket_id", "stage", "round", "turn"),
        Index(
            "ix_deadlines_alert_at",
            "alert_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        # What rang and still runs: the digests, the rail of the board.
        Index(
            "ix_deadlines_rang",
            "due_at",
            sqlite_where=text("settled_at IS NULL AND alert_level > 0"),
            postgresql_where=text("settled_at IS NULL AND alert_level > 0"),
        ),
        # With all that an on-time rate asks for, so that it reads no rows.
        Index(None, "stage", "settled_at", "outcome", "department_code"),
        Index(None, "department_code", "stage", "settled_at"),
        # What ran out, and when: the lines of the board.
        Index(None, "outcome", "due_at"),
    )
