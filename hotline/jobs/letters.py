"""Compose what goes to a caller: read only, so that no transaction is open when it is sent."""

from dataclasses import dataclass

from hotline import labels, runtime
from hotline.lifecycle import Action
from hotline.models.department import Department
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.notify import texts
from hotline.tickets import deadlines, followup, rating
from hotline.work import Work
from sla.policy import Stage

# The page of the citizen's desk that takes the token of `rating.link_token`.
LINK_PATH = "/rate/"


@dataclass(frozen=True)
class Letter:
    to: str
    text: str


def to_caller(work: Work, message: OutboxMessage) -> Letter | None:
    """Tell the caller what was done; None when no number is known."""
    ticket = work.session.get_one(Ticket, message.payload["ticket"])
    phone = followup.phone_of(work, ticket)
    if phone is None:
        return None
    return Letter(phone, texts.told(Action(message.payload["action"]), _facts(work, ticket)))


def with_link(work: Work, message: OutboxMessage) -> Letter | None:
    """Ask the caller to rate through a link, unless that is no longer wanted."""
    ticket = work.session.get_one(Ticket, message.payload["ticket"])
    phone = followup.phone_of(work, ticket)
    if phone is None or not rating.may_rate(work, ticket):
        return None
    link = f"{runtime.current().settings.site}{LINK_PATH}{rating.link_token(work, ticket)}"
    return Letter(phone, texts.asked_to_rate(_facts(work, ticket), link))


def _facts(work: Work, ticket: Ticket) -> texts.Facts:
    zone = work.city.calendar.zone
    clock = next((one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE), None)
    due = clock.due_at if clock else None
    today = work.now.astimezone(zone).date()
    return texts.Facts(
        hotline=work.city.hotline.short,
        telephone=work.city.hotline.telephone,
        number=ticket.number,
        department=_department_name(work, ticket),
        by=labels.citizen_moment(due, work.now, zone) if due else None,
        provisional=clock is not None and clock.provisional,
        until=labels.citizen_day(ticket.resume_on, today) if ticket.resume_on else None,
    )


def _department_name(work: Work, ticket: Ticket) -> str | None:
    if ticket.lead_code is None:
        return None
    return work.session.get_one(Department, ticket.lead_code).name
