"""What the follow-up desk knows before and while it calls: how often was tried, what an answer leads to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select

from hotline.lifecycle import Action, Role
from hotline.models.follow_up import FollowUp, Via
from hotline.models.ticket import Ticket
from hotline.tickets import callers, deadlines
from hotline.tickets.callers import Identity
from hotline.tickets.followup import CLOSE, SEND_BACK, Answers, is_good
from hotline.tickets.guards import require_uninvolved
from hotline.tickets.tabs import end_of_day
from hotline.work import Work
from sla.allowance import Allowance
from sla.policy import Stage

# What a department sent back to has to do again, in this order.
_REDONE = (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE)


@dataclass(frozen=True)
class Shift:
    """What one person did at the desk since midnight."""

    calls: int
    reached: int


def dial(work: Work, ticket: Ticket, *, purpose: str) -> Identity:
    """Open the caller's number for a call, on the record. Only to someone who may follow the ticket up."""
    require_uninvolved(work, ticket, Action.ATTEMPT)
    return callers.reveal(work, ticket, purpose)


def attempts_on(work: Work, tickets: Sequence[Ticket]) -> Mapping[int, list[FollowUp]]:
    """Return this round's attempts on each ticket, oldest first, by ticket id. One query."""
    rounds = {ticket.id: ticket.round for ticket in tickets}
    found: dict[int, list[FollowUp]] = defaultdict(list)
    for one in work.session.scalars(
        select(FollowUp).where(FollowUp.ticket_id.in_(rounds)).order_by(FollowUp.id)
    ):
        if one.round == rounds[one.ticket_id]:
            found[one.ticket_id].append(one)
    return found


def shift_of(work: Work) -> Shift:
    """Return the actor's own calls since midnight. One query."""
    counted = select(func.count(), func.count().filter(FollowUp.reached)).where(
        FollowUp.by_id == work.actor.user_id,
        FollowUp.via == Via.PHONE,
        FollowUp.at >= end_of_day(work) - timedelta(days=1),
    )
    calls, reached = work.session.execute(counted).one()
    return Shift(calls, reached)


def may_go_back(work: Work, ticket: Ticket) -> bool:
    """Tell whether the actor may start another round: the desk while rounds last, the supervisor always."""
    return ticket.round < work.city.follow_up.max_rounds or Role.SUPERVISOR in work.actor.roles


def usual_step(work: Work, ticket: Ticket, answers: Answers) -> str | None:
    """Return what follows from these answers by the rules, unless a person judges otherwise.

    None: nothing to judge, or no round is left and the supervisor decides.
    """
    reason = work.city.follow_up.reasons.get(answers.reason or "")
    if is_good(work, answers) or reason is None:
        return None
    if not reason.department_fault:
        return CLOSE
    return SEND_BACK if may_go_back(work, ticket) else None


def next_round(work: Work, ticket: Ticket) -> list[tuple[Stage, Allowance]]:
    """Return the clocks that a department gets when `ticket` goes back to it."""
    case = replace(deadlines.case_of(ticket), round=ticket.round + 1)
    clocks = [(stage, work.city.policy.allowance(stage, case)) for stage in _REDONE]
    return [(stage, allowance) for stage, allowance in clocks if allowance is not None]
