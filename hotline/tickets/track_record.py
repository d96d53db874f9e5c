"""What came of earlier dispatches and returns: the figures beside a decision, never made up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.scorecard import Rate
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

WINDOW = timedelta(days=90)
# Below this an interval says no more than that nobody knows.
LEAST = 10
_DECIDED = (ApplicationState.GRANTED, ApplicationState.REFUSED)
_GRANTED = func.count().filter(Application.state == ApplicationState.GRANTED)


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


@dataclass(frozen=True)
class Returned:
    """What a department asked to give back of a category, decided in the window, and what was granted."""

    department: str
    decided: int
    granted: int


def returns_by_department(work: Work, department: str) -> Returns:
    """One query."""
    return _returns(work, Application.department_code == department)


def returns_by_category(work: Work, category: str | None) -> Returns:
    """One query; nothing for a ticket without a category."""
    return _returns(work, Ticket.category_code == category) if category else Returns(0, 0)


@dataclass(frozen=True)
class Odds:
    """How returns for one reason ended: of department and category, of the category, of the department."""

    own: Rate
    category: Rate
    department: Rate

    @property
    def best(self) -> tuple[str, Rate] | None:
        """The nearest of the three that rests on enough decisions to say something, None when none does."""
        for name, rate in (("own", self.own), ("category", self.category), ("department", self.department)):
            if rate.denominator >= LEAST:
                return name, rate
        return None


def odds(work: Work, department: str, category: str | None) -> dict[str, Odds]:
    """Return how returns like those that could be asked for now ended, by reason. One query."""
    own, of_category = Application.department_code == department, Ticket.category_code == category
    granted = Application.state == ApplicationState.GRANTED
    counts = [
        count
        for which in (and_(own, of_category), of_category, own)
        for count in (func.count().filter(and_(which, granted)), func.count().filter(which))
    ]
    rows = work.session.execute(
        select(Application.reason, *counts)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(
            Application.kind == ApplicationKind.RETURN,
            Application.state.in_(_DECIDED),
            Application.decided_at >= work.now - WINDOW,
            or_(own, of_category),
        )
        .group_by(Application.reason)
    )
    return {row[0]: Odds(Rate(*row[1:3]), Rate(*row[3:5]), Rate(*row[5:7])) for row in rows}


def returned_of(work: Work, category: str) -> list[Returned]:
    """Return who gave tickets of `category` back, the most often granted first. One query."""
    by_department = (
        _decided(work, Ticket.category_code == category)
        .add_columns(Application.department_code)
        .group_by(Application.department_code)
        .order_by(_GRANTED.desc(), func.count().desc(), Application.department_code)
    )
    return [
        Returned(department, decided, granted)
        for decided, granted, department in work.session.execute(by_department)
    ]


def _returns(work: Work, which: ColumnElement[bool]) -> Returns:
    return Returns(*work.session.execute(_decided(work, which)).one())


def _decided(work: Work, which: ColumnElement[bool]) -> Select[int, int]:
    """Count the returns that were decided in the window, and the granted ones of them."""
    return (
        select(func.count(), _GRANTED)
        .select_from(Application)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(
            Application.kind == ApplicationKind.RETURN,
            Application.state.in_(_DECIDED),
            Application.asked_at >= work.now - WINDOW,
            which,
        )
    )


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
