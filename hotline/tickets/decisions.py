"""What a decision on an application would come to, reckoned before it is made."""

from dataclasses import dataclass
from datetime import date, datetime, time

from hotline.models.application import Application
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import deadlines
from hotline.tickets.previews import resolve_clock
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.clock import Clock, Pause


@dataclass(frozen=True)
class Outlook:
    """The resolve clock as it stands, and what it would be if granted; `due_at` None while it is held."""

    deadline: Deadline
    allowance: Allowance
    due_at: datetime | None
    provisional: bool


def if_extended(work: Work, ticket: Ticket, amount: str) -> Outlook | None:
    """Return the clock with `amount` more, None when none runs or the units differ."""
    deadline = resolve_clock(work, ticket)
    if deadline is None:
        return None
    clock, allowance = deadlines.clock_of(work, ticket, deadline)
    more = parse_allowance(amount)
    if more.unit is not allowance.unit:
        return None
    longer = allowance.extended_by(more)
    calendar = deadlines.calendar_of(work, deadline)
    return Outlook(deadline, longer, clock.due_at(calendar, longer), clock.is_provisional(calendar, longer))


def if_suspended(work: Work, ticket: Ticket, until: date) -> Outlook | None:
    """Return the clock as if it stood still from now until the morning of `until`, None when none runs."""
    deadline = resolve_clock(work, ticket)
    if deadline is None:
        return None
    clock, allowance = deadlines.clock_of(work, ticket, deadline)
    calendar = deadlines.calendar_of(work, deadline)
    if work.city.policy.rules.suspension_pauses:
        resumed = datetime.combine(until, time.min, calendar.zone)
        clock = Clock(clock.started_at, (*clock.pauses, Pause(work.now, resumed)))
    provisional = clock.is_provisional(calendar, allowance)
    return Outlook(deadline, allowance, clock.due_at(calendar, allowance), provisional)


def seconder_of(work: Work, application: Application) -> str | None:
    """Return who granted an exclusion first, or None."""
    if application.seconded_by_id is None:
        return None
    return work.session.get_one(User, application.seconded_by_id).name
