"""What a request would come to, reckoned before it is sent."""

from dataclasses import dataclass
from datetime import datetime

from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines
from hotline.work import Work
from sla.allowance import Allowance
from sla.policy import Stage

# More lengths than a list can show are offered in equal steps.
OFFERED = 31


@dataclass(frozen=True)
class Extension:
    """One length that may be asked for, and the deadline that it would give; None while the clock is held."""

    amount: Allowance
    due_at: datetime | None
    provisional: bool


def resolve_clock(work: Work, ticket: Ticket) -> Deadline | None:
    """Return the running resolve clock. One query."""
    return next((one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE), None)


def extensions(work: Work, ticket: Ticket) -> list[Extension]:
    """Return every length within the city's cap, the shortest first; none where none may be asked for."""
    deadline = resolve_clock(work, ticket)
    cap = work.city.policy.extension(deadlines.case_of(ticket))
    if deadline is None or cap is None:
        return []
    clock, allowance = deadlines.clock_of(work, ticket, deadline)
    if cap.unit is not allowance.unit:
        return []
    step = -(-cap.amount // OFFERED)
    offered = [Allowance(amount, cap.unit) for amount in range(cap.amount, 0, -step)]
    calendar, longer = deadlines.calendar_of(work, deadline), allowance.extended_by
    return [
        Extension(
            amount, clock.due_at(calendar, longer(amount)), clock.is_provisional(calendar, longer(amount))
        )
        for amount in reversed(offered)
    ]
