import hashlib
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, closed_set, primary_key
from hotline.lifecycle import Status
from hotline.models.caller import Caller
from hotline.models.department import Area, Category, Department


class Kind(StrEnum):
    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class Channel(StrEnum):
    PHONE = "phone"
    WECHAT = "wechat"
    WEB = "web"
    APP = "app"
    SMS = "sms"
    EMAIL = "email"
    SOCIAL = "social"
    HALL = "hall"
    MAYOR_MAILBOX = "mayor_mailbox"
    NATIONAL_PLATFORM = "national_platform"
    OTHER = "other"


class Closing(StrEnum):
    """Why a closed ticket is closed."""

    FOLLOWED_UP = "followed_up"
    ANSWERED = "answered"
    UNREACHED = "unreached"
    AFTER_LIMIT = "after_limit"
    NOT_SAMPLED = "not_sampled"


class CategorySource(StrEnum):
    PERSON = "person"
    MODEL = "model"
    KEYWORDS = "keywords"


class Ticket(Base):
    """One matter of one caller (工单): the truth about now. How it came about is in the ledger.

    `tickets.ledger.record` alone sets `status`, `changed_at`, `events` and `last_hash`; `tickets.deadlines`
    sets `next_due_at` and `next_stage`.
    """

    __tablename__ = "tickets"

    id: Mapped[primary_key]
    number: Mapped[str] = mapped_column(unique=True)
    request_key: Mapped[str] = mapped_column(unique=True)
    retrieval_hash: Mapped[str]
    version: Mapped[int] = mapped_column()

    status: Mapped[Status] = mapped_column(closed_set(Status))
    kind: Mapped[Kind] = mapped_column(closed_set(Kind))
    urgency: Mapped[Urgency] = mapped_column(closed_set(Urgency))
    channel: Mapped[Channel] = mapped_column(closed_set(Channel))
    title: Mapped[str]
    content: Mapped[str]
    # Where the words end that are still its own; None until other matters were split off.
    own_until: Mapped[int | None]
    wish: Mapped[str]
    occurred: Mapped[str]
    subject: Mapped[str]
    address: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    category_source: Mapped[CategorySource] = mapped_column(closed_set(CategorySource))
    risks: Mapped[list[str]] = mapped_column(JSON)

    caller_id: Mapped[int] = mapped_column(ForeignKey("callers.id"))
    anonymous: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    enterprise: Mapped[bool] = mapped_column(default=False)
    call_id: Mapped[str | None]
    logged_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    lead_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    round: Mapped[int] = mapped_column(default=1)
    hop: Mapped[int] = mapped_column(default=0)
    # Until then whoever dispatched it may take it back, and the department cannot act.
    recall_until: Mapped[datetime | None]
    # Set by a ruling: this dispatch may not be returned again.
    designated: Mapped[bool] = mapped_column(default=False)
    supervised: Mapped[int] = mapped_column(default=0)
    urged: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    # The public answer of the last result (答复口径), shown to the caller.
    answer: Mapped[str | None]
    resume_on: Mapped[date | None]
    closing: Mapped[Closing | None] = mapped_column(closed_set(Closing))
    closed_at: Mapped[datetime | None]

    next_due_at: Mapped[datetime | None]
    next_stage: Mapped[str | None]
    events: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(default="")

    @property
    def own(self) -> str:
        """What of the content is still this ticket's matter; the rest is another ticket's (拆单)."""
        return self.content[: self.own_until]

    @property
    def words(self) -> str:
        """A hash over what the caller said: nobody may rewrite it."""
        said = (self.title, self.content, self.wish, self.occurred, self.subject)
        return hashlib.sha256("\0".join(said).encode()).hexdigest()

    caller: Mapped[Caller] = relationship(lazy="raise")
    lead: Mapped[Department | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
    category: Mapped[Category | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name
    __table_args__ = (
        Index(None, "status", "next_due_at"),
        # The queue of the dispatch desk, a range for each urgency.
        Index(None, "status", "urgency", "next_due_at"),
        Index(None, "lead_code", "status", "next_due_at"),
        Index(None, "lead_code", "changed_at"),
        Index(None, "changed_at"),
        Index(
            "ix_tickets_supervised",
            "lead_code",
            "supervised",
            sqlite_where=text("supervised > 0"),
            postgresql_where=text("supervised > 0"),
        ),
        Index(None, "caller_id"),
        Index(None, "category_code", "area_code"),
        # The newest settled ones of a category are looked at beside each dispatch.
        Index(None, "category_code", "closed_at"),
        Index(None, "logged_at"),
        Index(None, "closed_at"),
        Index(
            "ix_tickets_resume_on",
            "resume_on",
            sqlite_where=text("resume_on IS NOT NULL"),
            postgresql_where=text("resume_on IS NOT NULL"),
        ),
        # Few are left out of the scorecard: rates ask for these, not for the rest.
        Index(None, "parent_id"),
        Index(None, "call_id"),
    )


class DailySerial(Base):
    """The last serial given out on a local day; the source of ticket numbers."""

    __tablename__ = "daily_serials"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
