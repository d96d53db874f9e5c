from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.db import Base


class Judgement(Base):
    """What one version of the model made of a ticket as it was registered, before any dispatch.

    `digest`: the same for texts that are the same to the letter. `categories`: the likeliest first, each with
    its probability. `lead_code`: whose the catalogue says the likeliest is. `in_force`: it was the model in
    force that said so, not one that looked on. `eligible`: only the probability could keep it from the auto
    lane. `automatic`: it went.
    """

    __tablename__ = "judgements"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    digest: Mapped[str]
    categories: Mapped[list[tuple[str, float]]] = mapped_column(JSON)
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    confidence: Mapped[float]
    lead_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    in_force: Mapped[bool] = mapped_column(default=False)
    eligible: Mapped[bool]
    automatic: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "model", "category_code", "at"), Index(None, "in_force", "at"))
