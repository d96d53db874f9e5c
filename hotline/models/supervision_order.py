from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.models.ticket import Ticket


class OrderState(StrEnum):
    ISSUED = "issued"
    # The department has replied; the supervisor has not judged the reply yet.
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    # The level above answers in its place, by an order of its own.
    ESCALATED = "escalated"
    # The caller took the ticket back, or it left the hotline: nobody waits for a reply.
    LAPSED = "lapsed"


class SupervisionOrder(Base):
    """What a supervisor demands of one department in writing (督办单), and what its leader replied.

    `number` is that of the ticket and which order of it this is, as "20261122000123-1". `within` is an
    allowance as written in the profile ("3wd"), `clock` the key of the running or the last of its clocks;
    both None where the city sets none. `refused`: how many replies were not accepted. `reply` and `verdict`
    are the latest; all of them are in the ledger.
    """

    __tablename__ = "supervision_orders"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    nth: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    level: Mapped[int]
    state: Mapped[OrderState] = mapped_column(closed_set(OrderState))
    round: Mapped[int]
    reason: Mapped[str]
    text: Mapped[str]
    department_code: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    # Who answers for it, by name or by office; the user where the name is one of the department's leaders.
    leader: Mapped[str] = mapped_column(default="")
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    within: Mapped[str | None]
    clock: Mapped[str | None]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    escalated_from_id: Mapped[int | None] = mapped_column(ForeignKey("supervision_orders.id"))

    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    refused: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    ticket: Mapped[Ticket] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("ticket_id", "nth"),
        # One ticket has one order that waits for something.
        Index(
            "ix_supervision_orders_live",
            "ticket_id",
            unique=True,
            sqlite_where=sql("state IN ('issued', 'answered')"),
            postgresql_where=sql("state IN ('issued', 'answered')"),
        ),
        Index(None, "state", "issued_at"),
        Index(None, "department_code", "state"),
        Index(None, "issued_at"),
    )
