from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, closed_set, primary_key


class Standing(StrEnum):
    """Where a version of the catalogue stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    DROPPED = "dropped"


class CatalogueVersion(Base):
    """One version of the dispatch catalogue (派单目录): its entries and its examples, as csv.

    `number` counts the published ones. `digest` names what it says, whatever the order; `rules` is what
    routing calls its entries, as dispatches and returns cite them, empty until published. `because`: what it
    was made for. At most one is in force and at most one a draft.
    """

    __tablename__ = "catalogue_versions"

    id: Mapped[primary_key]
    number: Mapped[int | None] = mapped_column(unique=True)
    standing: Mapped[Standing] = mapped_column(closed_set(Standing))
    digest: Mapped[str]
    rules: Mapped[str] = mapped_column(default="")
    entries: Mapped[str] = mapped_column(Text)
    examples: Mapped[str] = mapped_column(Text)
    because: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        *(
            Index(
                f"ux_catalogue_versions_{only}",
                "standing",
                unique=True,
                sqlite_where=text(f"standing = '{only}'"),
                postgresql_where=text(f"standing = '{only}'"),
            )
            for only in (Standing.DRAFT, Standing.IN_FORCE)
        ),
        Index(None, "digest"),
        Index(None, "rules"),
    )


class CatalogueChange(Base):
    """Who changed which line of a version, from what to what, and why (修订记录). Never rewritten.

    `table`: catalogue.csv or contracts.csv. `before` None: it is new; `after` None: it was taken out.
    `ticket_id`: the ruling that it came from.
    """

    __tablename__ = "catalogue_changes"

    id: Mapped[primary_key]
    version_id: Mapped[int] = mapped_column(ForeignKey("catalogue_versions.id"))
    table: Mapped[str]
    before: Mapped[Json | None]
    after: Mapped[Json | None]
    because: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (Index(None, "version_id"),)
