"""What rulings have written into the catalogue."""

from sqlalchemy import select

from hotline.models.catalogue import CatalogueChange
from hotline.models.ticket import Ticket
from hotline.work import Work


def taught_by(work: Work, ticket: Ticket) -> list[CatalogueChange]:
    """What the ruling on `ticket` changed in the catalogue, oldest first."""
    made = select(CatalogueChange).where(CatalogueChange.ticket_id == ticket.id)
    return list(work.session.scalars(made.order_by(CatalogueChange.id)))
