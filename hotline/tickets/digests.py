"""What waits for a person at the start of a shift: the clocks that rang, sorted by what matters.

Counted once for each person and shift; the list itself is always of now.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select

from hotline.db import insert_into
from hotline.errors import NotFound
from hotline.lifecycle import Role
from hotline.models.alert import AlertDelivery, Digest
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline
from hotline.models.mark import Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import deadlines, promises
from hotline.tickets.addressees import DESK_OF
from hotline.work import Work
from sla.alerts import Level
from sla.policy import Stage
from sla.rungs import By
from sla.shifts import Shift, shift_at

SHOWN = 50
_A_DAY = timedelta(days=1)
DIGESTS_MARK = "digests_of"
# Who is given one: whoever has clocks of his own, and the supervisors, whose all of them are.
READERS = frozenset({Role.HANDLER, Role.LEADER, *DESK_OF.values()})


@dataclass(frozen=True)
class Scope:
    """Whose clocks are meant: a department's, or those of desks; of a supervisor all.

    `natural`: only those that run through nights and holidays.
    """

    department: str | None
    roles: frozenset[Role]
    natural: bool = False


@dataclass(frozen=True)
class Line:
    """One ticket with the clock that is shown of it, and the others of it that rang."""

    ticket: Ticket
    deadline: Deadline
    others: tuple[Deadline, ...] = ()

    @property
    def clocks(self) -> tuple[Deadline, ...]:
        return self.deadline, *self.others


def waiting(work: Work, scope: Scope, *, most: int = SHOWN) -> list[Line]:
    """Return the tickets with clocks of `scope` that rang and still run, supervised ones first.

    Then what is overdue longest, then what falls due next. `most` counts clocks. Two queries on a partial
    index.
    """
    clocks: dict[int, list[Deadline]] = {}
    tickets: dict[int, Ticket] = {}
    left = most
    for supervised in (True, False):
        is_wanted = Ticket.supervised > 0 if supervised else Ticket.supervised == 0
        found = _rang(scope).add_columns(Ticket).where(is_wanted).order_by(Deadline.due_at, Deadline.id)
        for deadline, ticket in work.session.execute(found.limit(left)):
            tickets[ticket.id] = ticket
            clocks.setdefault(ticket.id, []).append(deadline)
            left -= 1
    return [_line(tickets[ticket_id], rang) for ticket_id, rang in clocks.items()]


def _line(ticket: Ticket, rang: list[Deadline]) -> Line:
    """Show of several clocks the one that ends the matter, else the first to fall due."""
    shown = next((one for one in rang if one.stage is Stage.RESOLVE), rang[0])
    return Line(ticket, shown, tuple(one for one in rang if one is not shown))


def counts(work: Work, scope: Scope) -> dict[str, int]:
    """Return how many clocks are overdue and near, and how many tickets supervised. One query."""
    rang = _rang(scope).with_only_columns(
        func.count().filter(Deadline.alert_level == Level.RED),
        func.count().filter(Deadline.alert_level == Level.YELLOW),
        func.count(Ticket.id.distinct()).filter(Ticket.supervised > 0),
    )
    overdue, near, supervised = work.session.execute(rang).one()
    return {"overdue": overdue, "near": near, "supervised": supervised}


def _rang(scope: Scope) -> Select[Deadline]:
    found = (
        select(Deadline)
        .join(Ticket, Ticket.id == Deadline.ticket_id)
        # Written out: SQLite takes a partial index only for what it can see.
        .where(Deadline.settled_at.is_(None), Deadline.alert_level > literal_column("0"))
        .where(Deadline.due_at.is_not(None), _belongs(scope))
    )
    return found.where(Deadline.allowance.not_like("%w%")) if scope.natural else found


def _belongs(scope: Scope) -> ColumnElement[bool]:
    if scope.department:
        below = select(Assignment.ticket_id).where(
            Assignment.department_code == scope.department,
            Assignment.part == Part.HANDED,
            Assignment.ended_at.is_(None),
        )
        inherited = and_(
            Deadline.department_code.is_not(None),
            Deadline.stage.not_in(deadlines.HELP_STAGES),
            Deadline.ticket_id.in_(below),
        )
        return or_(Deadline.department_code == scope.department, inherited)
    if Role.SUPERVISOR in scope.roles:
        return Ticket.id.is_not(None)
    stages = [stage for stage, role in DESK_OF.items() if role in scope.roles]
    return and_(Deadline.department_code.is_(None), Deadline.stage.in_(stages))


def scope_of(work: Work) -> Scope:
    return Scope(work.actor.department_code, work.actor.roles)


@dataclass(frozen=True)
class Round:
    """Whom to ask in the shifts that run at one moment; `shifts` names them."""

    shifts: str
    people: list[int]


def next_round(work: Work) -> Round | None:
    """Return whose shift runs and who has no digest of it yet; None when all were asked. One query then."""
    shifts = _shifts(work)
    mark = work.session.get(Mark, DIGESTS_MARK)
    if not work.city.ladder.digest or (mark and mark.value == shifts):
        return None
    had = select(Digest.user_id, Digest.shift_at).where(Digest.shift_at >= work.now - _A_DAY)
    have = {(user_id, shift_at_) for user_id, shift_at_ in work.session.execute(had)}
    people = work.session.scalars(select(User).where(User.active).order_by(User.id))
    missing = [
        user.id
        for user in people
        if not READERS.isdisjoint(user.roles)
        and (shift := _shift_of(work, user.department_code))
        and (user.id, shift.begin) not in have
    ]
    return Round(shifts, missing)


def close_round(work: Work, round_: Round) -> None:
    """Remember that everybody was asked."""
    work.session.merge(Mark(name=DIGESTS_MARK, value=round_.shifts))


def give(work: Work, user_id: int) -> bool:
    """Count what waits for a person in his shift and promise to tell him, once; False when nothing does.

    Two who count at the same time write one row.
    """
    user = work.session.get_one(User, user_id)
    shift = _shift_of(work, user.department_code)
    if shift is None:
        return False
    roles = frozenset(Role(role) for role in user.roles)
    counted = counts(work, Scope(user.department_code, roles, natural=shift.day_off))
    if not (counted["overdue"] or counted["near"]):
        return False
    written = insert_into(work.session, Digest).values(
        user_id=user_id, shift_at=shift.begin, counts=counted, created_at=work.now
    )
    digest_id = work.session.scalar(written.on_conflict_do_nothing().returning(Digest.id))
    if digest_id is None:
        return False
    for channel in work.city.ladder.digest:
        if channel is not By.INBOX:
            delivery = AlertDelivery(digest_id=digest_id, channel=channel)
            work.session.add(delivery)
            work.session.flush()
            payload = {"delivery": delivery.id}
            work.session.add(OutboxMessage(kind=promises.ALERT_OUTSIDE, payload=payload))
    return True


def latest(work: Work) -> Digest | None:
    """Return the actor's digest of the shift that runs, None where nothing waited. One query."""
    shift = _shift_of(work, work.actor.department_code)
    if shift is None or work.actor.user_id is None:
        return None
    mine = select(Digest).where(Digest.user_id == work.actor.user_id, Digest.shift_at == shift.begin)
    return work.session.scalar(mine)


def read(work: Work, digest_id: int) -> None:
    """Mark the actor's own digest as read. Raises NotFound."""
    digest = work.session.get(Digest, digest_id)
    if digest is None or digest.user_id != work.actor.user_id:
        raise NotFound("digest", digest_id)
    digest.read_at = digest.read_at or work.now


def _shift_of(work: Work, office: str | None) -> Shift | None:
    return shift_at(work.city.calendars.of(office), work.now)


def _shifts(work: Work) -> str:
    """Name the shifts that run now, in the city and in the offices with hours of their own."""
    offices: Collection[str | None] = [None, *sorted(work.city.calendars.offices)]
    shifts = {shift.begin.isoformat() for office in offices if (shift := _shift_of(work, office))}
    return " ".join(sorted(shifts))
