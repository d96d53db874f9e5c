"""What an agent needs while a caller speaks: who calls, what came of it before, what was logged today."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from hotline.lifecycle import OPEN
from hotline.models.caller import Caller
from hotline.models.follow_up import FollowUp
from hotline.models.ticket import Ticket
from hotline.tickets import worklists
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class History:
    """A caller's past. `tickets` are the last few, open ones first; the counts cover one year."""

    caller: Caller
    tickets: list[Ticket]
    in_year: int
    still_open: int
    satisfied: int
    unsatisfied: int

    @property
    def last_address(self) -> str | None:
        newest = sorted(self.tickets, key=lambda ticket: ticket.logged_at, reverse=True)
        return next((ticket.address for ticket in newest if ticket.address), None)

    @property
    def confidential(self) -> bool:
        """Whether the caller asked for it the last time."""
        return bool(self.tickets) and max(self.tickets, key=lambda one: one.logged_at).confidential


def history_of(work: Work, caller: Caller) -> History:
    """Return what came of this caller's earlier calls. Three queries."""
    counted = select(func.count(), func.count().filter(Ticket.status.in_(OPEN))).where(
        Ticket.caller_id == caller.id, Ticket.logged_at >= work.now - A_YEAR
    )
    in_year, still_open = work.session.execute(counted).one()
    enough = work.city.scorecard.satisfied_from
    judged = (
        select(
            func.count().filter(FollowUp.satisfied >= enough),
            func.count().filter(FollowUp.satisfied < enough),
        )
        .join(Ticket, Ticket.id == FollowUp.ticket_id)
        .where(Ticket.caller_id == caller.id, FollowUp.at >= work.now - A_YEAR)
    )
    satisfied, unsatisfied = work.session.execute(judged).one()
    tickets = worklists.tickets_of_caller(work, caller.id)
    return History(caller, tickets, in_year, still_open, satisfied, unsatisfied)


def logged_today(work: Work) -> list[Ticket]:
    """Return what the actor registered since midnight, newest first. One query."""
    mine = (
        select(Ticket)
        .where(
            Ticket.logged_by_id == work.actor.user_id,
            Ticket.logged_at >= end_of_day(work) - timedelta(days=1),
        )
        .order_by(Ticket.logged_at.desc(), Ticket.id.desc())
    )
    return list(work.session.scalars(mine))
