"""By when may a caller be told to expect something, before any department has the ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines
from hotline.work import Work
from sla.allowance import Allowance
from sla.clock import Clock
from sla.policy import Case, Stage


@dataclass(frozen=True)
class Forecast:
    """The latest moments that can be promised; None where the city sets no clock (表扬).

    `provisional`: the result rests on days that no official notice covers (暂定).
    """

    contact: datetime | None
    resolve: datetime | None
    provisional: bool = False


def forecast(work: Work, case: Case) -> Forecast:
    """Reckon for a ticket registered now, as if the dispatch desk took all of its time."""
    dispatched = _due(work, work.now, work.city.policy.allowance(Stage.DISPATCH, case)) or work.now
    resolve = work.city.policy.allowance(Stage.RESOLVE, case)
    return Forecast(
        _due(work, dispatched, work.city.policy.allowance(Stage.CONTACT, case)),
        _due(work, dispatched, resolve),
        resolve is not None and Clock(dispatched).is_provisional(work.city.calendar, resolve),
    )


def promised(work: Work, ticket: Ticket, running: Iterable[Deadline]) -> Forecast:
    """Return what the running clocks of `ticket` say; before dispatch, what can be foreseen."""
    clocks = {one.stage: one for one in running}
    if ticket.lead_code is None:
        return forecast(work, deadlines.case_of(ticket))
    contact, resolve = clocks.get(Stage.CONTACT), clocks.get(Stage.RESOLVE)
    return Forecast(
        contact.due_at if contact else None,
        resolve.due_at if resolve else None,
        resolve is not None and resolve.provisional,
    )


def _due(work: Work, start: datetime, allowance: Allowance | None) -> datetime | None:
    return Clock(start).due_at(work.city.calendar, allowance) if allowance else None
