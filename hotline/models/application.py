from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.models.department import Department
from hotline.models.ticket import Ticket


class ApplicationKind(StrEnum):
    RETURN = "return"
    # What a handler asks of his leader: to sign the return. Granted, it is one.
    RETURN_DRAFT = "return_draft"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    EXCLUSION = "exclusion"


class ApplicationState(StrEnum):
    PENDING = "pending"
    # An exclusion that one reviewer granted waits for the second.
    SECONDED = "seconded"
    GRANTED = "granted"
    REFUSED = "refused"
    # Overtaken by what happened to the ticket meanwhile.
    LAPSED = "lapsed"


class Application(Base):
    """What one asks for and another decides: return and its draft, extension, suspension, exclusion."""

    __tablename__ = "applications"

    id: Mapped[primary_key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[ApplicationKind] = mapped_column(closed_set(ApplicationKind))
    state: Mapped[ApplicationState] = mapped_column(closed_set(ApplicationState))
    round: Mapped[int]
    department_code: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    reason: Mapped[str]
    basis: Mapped[str]
    text: Mapped[str]
    suggested_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    # Return: what was found (佐证); version and line of the catalogue where it is cited, as "3f…:12"; who had
    # dispatched what is given back, None for the auto lane.
    evidence: Mapped[str] = mapped_column(default="")
    entry: Mapped[str | None]
    dispatched_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # Extension: how much is asked for, as "5wd". Suspension: until which day.
    amount: Mapped[str | None]
    until: Mapped[date | None]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    seconded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str] = mapped_column(default="")

    ticket: Mapped[Ticket] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise", foreign_keys=[department_code])

    __table_args__ = (
        Index(None, "state", "kind", "asked_at"),
        Index(None, "ticket_id", "kind"),
        Index(None, "kind", "decided_at"),
    )
