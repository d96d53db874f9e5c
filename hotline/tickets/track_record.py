"""What came of earlier dispatches and returns: the figures beside a decision, never made up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

WINDOW = timedelta(days=90)
_DECIDED = (ApplicationState.GRANTED, ApplicationState.REFUSED)


@dataclass(frozen=True)
class Returns:
    """Of the returns that were decided in the window, how many were granted."""

    decided: int
    granted: int


@dataclass(frozen=True)
class Dispatches:
    """First dispatches of a category in the window, and how many of those tickets were asked back."""

    dispatched: int
    returned: int


def returns_by_department(work: Work, department: str) -> Returns:
    """One query."""
    return _returns(work, Application.department_code == department)


def returns_by_category(work: Work, category: str | None) -> Returns:
    """One query; nothing for a ticket without a category."""
    return _returns(work, Ticket.category_code == category) if category else Returns(0, 0)


def _returns(work: Work, which: ColumnElement[bool]) -> Returns:
    counted = (
        select(func.count(), func.count().filter(Application.state == ApplicationState.GRANTED))
        .select_from(Application)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(
            Application.kind == ApplicationKind.RETURN,
            Application.state.in_(_DECIDED),
            Application.asked_at >= work.now - WINDOW,
            which,
        )
    )
    return Returns(*work.session.execute(counted).one())


def dispatches_of(work: Work, category: str | None) -> Dispatches:
    """Return how often tickets of `category` were dispatched, and asked back. One query."""
    if category is None:
        return Dispatches(0, 0)
    counted = select(func.count(), func.count().filter(_asked_back(work.now - WINDOW))).where(
        Ticket.category_code == category,
        Ticket.hop > 0,  # not what was taken back
        Ticket.id.in_(
            select(Assignment.ticket_id).where(
                Assignment.part == Part.LEAD, Assignment.assigned_at >= work.now - WINDOW
            )
        ),
    )
    return Dispatches(*work.session.execute(counted).one())


def _asked_back(since: datetime) -> ColumnElement[bool]:
    return (
        select(Application.id)
        .where(
            Application.ticket_id == Ticket.id,
            Application.kind == ApplicationKind.RETURN,
            Application.asked_at >= since,
        )
        .exists()
    )


@dataclass(frozen=True)
class Automatic:
    """A ticket that the auto lane dispatched today. `returned`: its department asked to give it back."""

    ticket: Ticket
    returned: bool


def automatic_today(work: Work) -> list[Automatic]:
    """Return what went by the auto lane since midnight, newest first. One query."""
    midnight = end_of_day(work) - timedelta(days=1)
    rows = work.session.execute(
        select(Ticket, _asked_back(midnight))
        .where(Ticket.id.in_(timeline.dispatched_by_system(midnight)))
        .options(joinedload(Ticket.lead), joinedload(Ticket.category))
        .order_by(Ticket.logged_at.desc(), Ticket.id.desc())
    )
    return [Automatic(ticket, returned) for ticket, returned in rows]
