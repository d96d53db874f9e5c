from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, closed_set, primary_key
from hotline.lifecycle import Action, Role, Status


class TicketEvent(Base):
    """One entry of a ticket's ledger: append-only, each bound to the one before it by `hash`."""

    __tablename__ = "ticket_events"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[Action] = mapped_column(closed_set(Action))
    role: Mapped[Role] = mapped_column(closed_set(Role))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str]
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    from_status: Mapped[Status | None] = mapped_column(closed_set(Status, "from_status"))
    to_status: Mapped[Status] = mapped_column(closed_set(Status, "to_status"))
    round: Mapped[int]
    details: Mapped[Json]
    previous_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index(None, "at"),
        Index(None, "action", "at"),
    )


class LedgerAnchor(Base):
    """A hash over the last hashes of all tickets touched on one day, to be kept outside as well."""

    __tablename__ = "ledger_anchors"

    day: Mapped[date] = mapped_column(primary_key=True)
    events: Mapped[int]
    hash: Mapped[str]
    anchored_at: Mapped[datetime]
