from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base, Json, closed_set, primary_key


class ProposalState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    DROPPED = "dropped"


class CatalogueProposal(Base):
    """A line that someone wants in the dispatch catalogue, and the example that it must then route right.

    `line` has the columns of catalogue.csv, `example` those of contracts.csv.
    """

    __tablename__ = "catalogue_proposals"

    id: Mapped[primary_key]
    line: Mapped[Json]
    example: Mapped[Json | None]
    because: Mapped[str]
    # The ticket whose ruling it comes from.
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    state: Mapped[ProposalState] = mapped_column(closed_set(ProposalState))

    __table_args__ = (Index(None, "state", "made_at"), Index(None, "ticket_id"))
