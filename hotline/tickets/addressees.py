"""Whom a rung tells: from the words of alerts.toml to departments, roles and desks of one clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hotline.lifecycle import Role, Status
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import deadlines
from hotline.work import Work
from sla.policy import Stage
from sla.rungs import By, Tell

# Whose time runs at the hotline's own desks.
DESK_OF = {
    Stage.DISPATCH: Role.DISPATCHER,
    Stage.REVIEW: Role.REVIEWER,
    Stage.FOLLOW_UP: Role.FOLLOW_UP,
    Stage.SUPERVISION: Role.SUPERVISOR,
}
# These go to one address of the city, whoever is meant.
OF_THE_CITY = frozenset({By.WEBHOOK, By.WECOM})


@dataclass(frozen=True)
class Addressee:
    """A department's people, or those of them in `role`; a desk; without both the city's own address."""

    department: str | None = None
    role: Role | None = None


CITY = Addressee()


def addressees(
    work: Work, deadline: Deadline, tell: tuple[Tell, ...], *, below: str | None
) -> list[Addressee]:
    """Return whom these words mean for a clock, each once. `below`: who handles it for its department."""
    named = (one for word in tell for one in _named(work, deadline, word, below))
    return list(dict.fromkeys(named))


def _named(work: Work, deadline: Deadline, word: Tell, below: str | None) -> Iterator[Addressee]:
    code = deadline.department_code
    if word is Tell.SUPERVISOR:
        yield Addressee(role=Role.SUPERVISOR)
    elif word is Tell.DESK:
        if code is None and deadline.stage in DESK_OF:
            yield Addressee(role=DESK_OF[deadline.stage])
    elif code is None:
        return
    elif word is Tell.LEADER:
        yield Addressee(code, Role.LEADER)
    elif word is Tell.LEVEL_ABOVE:
        parent = work.city.departments[code].parent if code in work.city.departments else None
        if parent:
            yield Addressee(parent)
    else:
        yield Addressee(code)
        if below and deadline.stage not in deadlines.HELP_STAGES:
            yield Addressee(below)


def below_of(work: Work, tickets: Sequence[Ticket]) -> dict[int, str]:
    """Return who handles each ticket for a department above (下派，时限不变), by ticket id. One query.

    While departments dispute whose it is, nobody below the provisional one has it.
    """
    undisputed = [ticket.id for ticket in tickets if ticket.status is not Status.DISPUTED]
    handed = select(Assignment.ticket_id, Assignment.department_code).where(
        Assignment.ticket_id.in_(undisputed), Assignment.part == Part.HANDED, Assignment.ended_at.is_(None)
    )
    return {
        row.ticket_id: row.department_code for row in work.session.execute(handed.order_by(Assignment.id))
    }


def people_of(work: Work, addressee: Addressee) -> list[User]:
    """Return who is meant and may sign in; all of a department where nobody holds the role. One query."""
    department, role = addressee.department, addressee.role
    belongs = User.department_code == department if department else User.department_code.is_(None)
    there = list(work.session.scalars(select(User).where(belongs, User.active).order_by(User.id)))
    holding = [user for user in there if role is None or role.value in user.roles]
    return holding or (there if department else [])


def has(work: Work, department: str, role: Role) -> bool:
    """Tell whether somebody of a department holds a role and may sign in. One query."""
    return any(role.value in user.roles for user in people_of(work, Addressee(department, role)))
