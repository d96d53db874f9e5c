"""How departments work together: who came when it was called, whose opinion came in time (协同)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets.whistling import Arrival, arrival_of
from hotline.work import Work
from sla.policy import Stage


@dataclass(frozen=True)
class Tally:
    """One department's parts since a day. `not_at_all`: late and still not done, or never done at all.

    `wrong`: arrivals that were denied; of opinions, those where it said that it has no duty.
    """

    department: str
    asked: int
    in_time: int
    late: int
    not_at_all: int
    wrong: int

    @property
    def open(self) -> int:
        """Those that still have time, were called off or let go."""
        return self.asked - self.in_time - self.late - self.not_at_all


@dataclass(frozen=True)
class Call:
    """One department that was called to the spot for one ticket."""

    part: Assignment
    ticket: Ticket
    clock: Deadline | None
    arrival: Arrival


def arrivals(work: Work, since: datetime) -> list[Tally]:
    """Return by department how it came when a subdistrict whistled, most often absent first. One query."""
    denied = func.sum(Assignment.denied)
    return _tallies(work, since, Part.WHISTLED, Stage.ARRIVE, Assignment.arrived_at.is_not(None), denied)


def opinions(work: Work, since: datetime) -> list[Tally]:
    """Return by department how its opinions came, most often missing first. One query."""
    declined = _count(Assignment.ending == Ending.DECLINED)
    given = Assignment.answered_at.is_not(None)
    return _tallies(work, since, Part.ASSISTING, Stage.ASSIST, given, declined)


def _tallies(
    work: Work,
    since: datetime,
    part: Part,
    stage: Stage,
    done: ColumnElement[bool],
    wrong: ColumnElement[int],
) -> list[Tally]:
    late = Deadline.outcome == DeadlineOutcome.LATE
    overdue = and_(Deadline.settled_at.is_(None), Deadline.due_at <= work.now)
    rows = work.session.execute(
        _timed(select(Assignment.department_code), part, stage, since)
        .add_columns(
            func.count(),
            _count(and_(done, or_(Deadline.outcome.is_(None), ~late))),
            _count(and_(done, late)),
            _count(and_(~done, or_(late, overdue))),
            wrong,
        )
        .group_by(Assignment.department_code)
    )
    found = [Tally(code, *map(int, counts)) for code, *counts in rows]
    return sorted(found, key=lambda one: (-one.not_at_all, -one.late, -one.asked, one.department))


def _timed(query: Select[str], part: Part, stage: Stage, since: datetime) -> Select[str]:
    """Add the clock of each part, where it had one that was not called off."""
    judged = or_(
        Deadline.outcome.is_(None), Deadline.outcome.in_((DeadlineOutcome.MET, DeadlineOutcome.LATE))
    )
    its_clock = and_(Deadline.assignment_id == Assignment.id, Deadline.stage == stage, judged)
    return (
        query.select_from(Assignment)
        .outerjoin(Deadline, its_clock)
        .where(
            Assignment.part == part,
            Assignment.assigned_at >= since,
            Assignment.ending.is_distinct_from(Ending.UNSENT),
        )
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def recent_calls(work: Work, since: datetime, *, limit: int = 20) -> list[Call]:
    """Return who was called to the spot last, newest first. One query."""
    its_clock = and_(
        Deadline.assignment_id == Assignment.id,
        Deadline.stage == Stage.ARRIVE,
        or_(Deadline.outcome.is_(None), Deadline.outcome != DeadlineOutcome.MERGED),
    )
    rows = work.session.execute(
        select(Assignment, Ticket, Deadline)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .outerjoin(Deadline, its_clock)
        .where(Assignment.part == Part.WHISTLED, Assignment.assigned_at >= since)
        .order_by(Assignment.assigned_at.desc(), Assignment.id.desc())
        .limit(limit)
    )
    return [Call(part, ticket, clock, arrival_of(work, part, clock)) for part, ticket, clock in rows]
