"""What departments ask for and wait for, as the pages list it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hotline.models.application import Application, ApplicationKind
from hotline.models.ticket import Ticket
from hotline.tickets.applications import UNDECIDED
from hotline.tickets.paging import PAGE, beyond, key_of, read_key
from hotline.work import Work


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a decision, with its ticket."""

    application: Application
    ticket: Ticket


@dataclass(frozen=True)
class Page:
    """One page of what waits, oldest first; `after` is the key of the next, None at the end."""

    waiting: list[Waiting]
    after: str | None


def waiting_applications(
    work: Work, *kinds: ApplicationKind, after: str | None = None, size: int = PAGE
) -> Page:
    """Return one page of undecided applications. One query. A broken key counts as none."""
    undecided = (
        select(Application, Ticket)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(Application.state.in_(UNDECIDED), Application.kind.in_(kinds or tuple(ApplicationKind)))
        .options(joinedload(Application.department), joinedload(Ticket.lead), joinedload(Ticket.category))
        .order_by(Application.asked_at, Application.id)
        .limit(size + 1)
    )
    if key := read_key(after):
        undecided = undecided.where(beyond(Application.asked_at, Application.id, *key))
    found = [Waiting(application, ticket) for application, ticket in work.session.execute(undecided)]
    last = found[size - 1].application if len(found) > size else None
    return Page(found[:size], key_of(last.asked_at, last.id) if last else None)


def waiting_of(work: Work, ticket: Ticket, kind: ApplicationKind) -> Application | None:
    """Return what waits for a decision on this ticket, None when nothing does. One query."""
    asked = applications_of(work, ticket)
    return next((one for one in asked if one.kind is kind and one.state in UNDECIDED), None)


def applications_of(work: Work, ticket: Ticket) -> list[Application]:
    """Return everything a department asked for on this ticket, oldest first. One query."""
    asked = select(Application).where(Application.ticket_id == ticket.id).order_by(Application.id)
    return list(work.session.scalars(asked.options(joinedload(Application.department))))


def returns_of(work: Work, tickets: Sequence[Ticket]) -> dict[int, list[Application]]:
    """Return every return asked for on each of `tickets`, oldest first, by ticket id. One query."""
    asked = select(Application).where(
        Application.ticket_id.in_([ticket.id for ticket in tickets]),
        Application.kind == ApplicationKind.RETURN,
    )
    found: dict[int, list[Application]] = {}
    for one in work.session.scalars(asked.order_by(Application.id)):
        found.setdefault(one.ticket_id, []).append(one)
    return found


def undecided_of(work: Work, tickets: Sequence[Ticket]) -> dict[int, Application]:
    """Return the newest application that waits on each of `tickets`, by ticket id. One query."""
    waiting = select(Application).where(
        Application.ticket_id.in_([ticket.id for ticket in tickets]), Application.state.in_(UNDECIDED)
    )
    return {one.ticket_id: one for one in work.session.scalars(waiting.order_by(Application.id))}
