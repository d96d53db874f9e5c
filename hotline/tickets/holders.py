"""In whose hands an open ticket is (在谁手上): a desk's or a department's."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.lifecycle import Role, Status
from hotline.models.ticket import Ticket
from hotline.tickets.hands import holding_department
from hotline.work import Work

# Where only a desk of the hotline can make the next move.
_DESKS: Mapping[Status, Role] = {
    Status.LOGGED: Role.DISPATCHER,
    Status.RETURN_REQUESTED: Role.DISPATCHER,
    Status.RESOLVED: Role.REVIEWER,
    Status.AWAITING_FOLLOW_UP: Role.FOLLOW_UP,
}


@dataclass(frozen=True)
class Holder:
    """A desk, by the role of its people, or the code of a department; neither where nobody has it."""

    desk: Role | None = None
    department: str | None = None


def holder_of(work: Work, ticket: Ticket) -> Holder:
    """Return who has to make the next move. Two queries where a department has it."""
    if desk := _DESKS.get(ticket.status):
        return Holder(desk=desk)
    department = holding_department(work, ticket)
    if department is None and ticket.status is Status.DISPUTED:
        return Holder(desk=Role.SUPERVISOR)
    return Holder(department=department)
