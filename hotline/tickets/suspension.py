"""Stop the clock for a granted reason: suspension (挂起) by a reviewer, deferral (挂账) by a supervisor."""

from datetime import date

from sqlalchemy import select

from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action, Status, acting_role
from hotline.models.application import Application, ApplicationKind
from hotline.models.ticket import Ticket
from hotline.tickets import applications, deadlines
from hotline.tickets.guards import require_other_side
from hotline.tickets.ledger import record
from hotline.work import Work


def request_suspension(
    work: Work, ticket: Ticket, *, reason: str, text: str, until: date | None
) -> Application:
    """Ask to wait for the caller or an outside event (申请挂起). The clock runs until it is granted."""
    application = applications.ask_suspension(work, ticket, reason=reason, text=text, until=until)
    record(
        work,
        ticket,
        Action.REQUEST_SUSPENSION,
        application=application.id,
        reason=reason,
        text=text.strip(),
        until=until.isoformat() if until else None,
    )
    return application


def decide_suspension(work: Work, ticket: Ticket, *, granted: bool, text: str) -> None:
    action = Action.GRANT_SUSPENSION if granted else Action.REFUSE_SUSPENSION
    require_other_side(work, ticket, action)
    if not granted and not text.strip():
        raise InvalidInput({"decision": "say_why"})
    application = applications.pending(work, ticket, ApplicationKind.SUSPENSION)
    until = application.until
    record(
        work,
        ticket,
        action,
        application=application.id,
        until=until.isoformat() if until else None,
        text=text.strip(),
    )
    applications.close(work, application, granted=granted, text=text)
    if granted:
        ticket.resume_on = until
    deadlines.reckon(work, ticket)


def resume(work: Work, ticket: Ticket, *, note: str = "") -> None:
    """The wait is over (解挂); the clocks go on with what they had left."""
    record(work, ticket, Action.RESUME, note=note.strip())
    ticket.resume_on = None
    deadlines.reckon(work, ticket)


def defer(work: Work, ticket: Ticket, *, review_on: date | None, text: str) -> None:
    """Keep a long-term problem on the books until a review date (挂账). Raises InvalidInput, LimitReached."""
    acting_role(Action.DEFER, work.actor.roles)
    today = work.now.astimezone(work.city.calendar.zone).date()
    longest = work.city.deferral.longest
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    if review_on is None or review_on <= today:
        raise InvalidInput({"review_on": "future_day"})
    if review_on > work.city.calendar.day_of(work.now + longest):
        raise LimitReached("review_on", "deferral_too_long", str(longest))
    record(work, ticket, Action.DEFER, review_on=review_on.isoformat(), text=text.strip())
    applications.lapse(work, ticket)
    ticket.resume_on = review_on
    deadlines.reckon(work, ticket)


def write_off(work: Work, ticket: Ticket, *, note: str = "") -> None:
    """Take a deferred ticket off the books (销账): the department goes on with it."""
    record(work, ticket, Action.WRITE_OFF, note=note.strip())
    ticket.resume_on = None
    deadlines.reckon(work, ticket)


def due_resumes(work: Work, *, limit: int = 100) -> list[int]:
    """Return the tickets whose day has come, as ids. One query on a partial index."""
    today = work.now.astimezone(work.city.calendar.zone).date()
    due = select(Ticket.id).where(Ticket.resume_on <= today).order_by(Ticket.resume_on).limit(limit)
    return list(work.session.scalars(due))


def resume_when_due(work: Work, ticket_id: int) -> bool:
    """Resume or write off one ticket whose day has come; tell whether it was so. Safe to repeat."""
    ticket = work.session.get(Ticket, ticket_id, with_for_update=True)
    today = work.now.astimezone(work.city.calendar.zone).date()
    if ticket is None or ticket.resume_on is None or ticket.resume_on > today:
        return False
    if ticket.status is Status.SUSPENDED:
        resume(work, ticket)
    elif ticket.status is Status.DEFERRED:
        write_off(work, ticket)
    else:
        ticket.resume_on = None
    return True
