"""Figures for the supervisor: what is where, what is late, and the three rates with their fractions.

Every figure can be listed: it names the `Filter` of its tickets, so that page and list cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from hotline.lifecycle import Status
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.department import Department
from hotline.models.follow_up import Contacted, FollowUp, Solved
from hotline.models.ticket import Ticket
from hotline.tickets.tabs import HELD_BY_DEPARTMENT, tabs
from hotline.work import Work
from sla.policy import Stage

# The normal deviate of a 95 % interval.
_DEVIATE = 1.96
# Where a ticket waits for the hotline itself, not for a department.
DESK_STATUSES = (Status.LOGGED, Status.RESOLVED, Status.AWAITING_FOLLOW_UP)


@dataclass(frozen=True)
class Rate:
    """A share with what it is made of. `value` is None while there is nothing to divide by."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson 95 % interval, 0 to 1; all of it while there is nothing to divide by."""
        n = self.denominator
        if not n:
            return 0.0, 1.0
        part, square = self.numerator / n, _DEVIATE**2
        middle = part + square / (2 * n)
        reach = _DEVIATE * sqrt(part * (1 - part) / n + square / (4 * n * n))
        return max((middle - reach) / (1 + square / n), 0.0), min((middle + reach) / (1 + square / n), 1.0)

    def plus(self, other: "Rate") -> "Rate":
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)


NOTHING = Rate(0, 0)


class Measure(StrEnum):
    """What is measured as a share, each of whose tickets can be listed (see `evidence`)."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"
    ON_TIME = "on_time"
    FIRST_DISPATCH = "first_dispatch"


@dataclass(frozen=True)
class Rates:
    """The three rates (三率) of the latest answered follow-up of each ticket in its round.

    Response: contacted yes of yes and no. Resolution: solved yes of all answers. Satisfaction:
    satisfied from the city's level on, of all answers. Unreached, excluded and unsure count nowhere.
    """

    response: Rate
    resolution: Rate
    satisfaction: Rate

    def plus(self, other: "Rates") -> "Rates":
        return Rates(
            self.response.plus(other.response),
            self.resolution.plus(other.resolution),
            self.satisfaction.plus(other.satisfaction),
        )


NO_ANSWERS = Rates(NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True)
class Cell:
    """How many tickets stand in one place, how many of them overdue, how many due within a day."""

    number: int = 0
    overdue: int = 0
    soon: int = 0

    def plus(self, other: "Cell") -> "Cell":
        return Cell(self.number + other.number, self.overdue + other.overdue, self.soon + other.soon)


@dataclass(frozen=True)
class DepartmentRow:
    """One department's load, by status and in all, and its promptness."""

    code: str
    name: str
    kind: str
    cells: Mapping[Status, Cell]
    load: Cell
    on_time: Rate
    rates: Rates


@dataclass(frozen=True)
class Scorecard:
    """The departments, the greatest risk first, and what all of them come to."""

    departments: tuple[DepartmentRow, ...]
    rates: Rates
    on_time: Rate


@dataclass(frozen=True)
class DayCount:
    day: date
    logged: int
    closed: int
    overdue: int


def by_status(work: Work) -> dict[Status, int]:
    """Return how many tickets are in each status, zero included. One query on an index."""
    counted = select(Ticket.status, func.count()).group_by(Ticket.status)
    found = dict(work.session.execute(counted).all())
    return {status: found.get(status, 0) for status in Status}


def since_day(work: Work, days: int) -> datetime:
    """Return the midnight with which the last `days` local days begin, today included."""
    return _bounds(work, days)[0]


def on_time(
    work: Work, since: datetime, *, stage: Stage = Stage.RESOLVE, department: str | None = None
) -> Rate:
    """Return the share of clocks of `stage` settled since `since` that were met. One query."""
    met, all_ = work.session.execute(
        select(func.count().filter(MET), func.count()).where(*settled(since, stage, department))
    ).one()
    return Rate(met, all_)


MET = Deadline.outcome == DeadlineOutcome.MET


def settled(
    since: datetime, stage: Stage = Stage.RESOLVE, department: str | None = None
) -> list[ColumnElement[bool]]:
    """Which clocks an on-time rate is made of."""
    asked = [
        Deadline.stage == stage,
        Deadline.settled_at >= since,
        Deadline.outcome.in_((DeadlineOutcome.MET, DeadlineOutcome.LATE)),
    ]
    return [*asked, Deadline.department_code == department] if department else asked


def first_dispatch_accuracy(work: Work, since: datetime) -> Rate:
    """Return the share of tickets logged since then that the first department kept (首派准确率)."""
    kept, all_ = work.session.execute(
        select(func.count().filter(KEPT), func.count()).where(*dispatched(since))
    ).one()
    return Rate(kept, all_)


# The first department kept it: no return took the ticket away from it.
KEPT = and_(Ticket.hop == 1, Ticket.lead_code.is_not(None))


def dispatched(since: datetime) -> list[ColumnElement[bool]]:
    """Which tickets the accuracy of first dispatches is made of."""
    return [Ticket.logged_at >= since, Ticket.hop >= 1]


def rates(work: Work, since: datetime, *, department: str | None = None) -> Rates:
    """Return the three rates of answers given since `since`. One query."""
    row = work.session.execute(select(*_rate_columns(work)).where(*answers(since, department))).one()
    return _rates_of(row)


def rates_by_department(work: Work, since: datetime) -> dict[str | None, Rates]:
    """Return the three rates of each department with an answer since `since`. One query.

    Under None: answers about tickets that no department had. All together are the whole city's.
    """
    code = _ungrouped(FollowUp.department_code)
    rows = work.session.execute(select(code, *_rate_columns(work)).where(*answers(since)).group_by(code))
    return {row[0]: _rates_of(row[1:]) for row in rows}


def _ungrouped(code: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Keep SQLite from walking the whole index that begins with `code` instead of the range of dates."""
    return code.concat("")


def answers(
    since: datetime, department: str | None = None, *, excluded: bool = False
) -> list[ColumnElement[bool]]:
    """Which follow-ups the three rates are made of: the last answered one of each round of a ticket.

    Those of excluded rounds are left out; `excluded`: only those.
    """
    later = aliased(FollowUp)
    newer = (
        select(later.id)
        .where(
            later.ticket_id == FollowUp.ticket_id,
            later.round == FollowUp.round,
            later.reached,
            later.id > FollowUp.id,
        )
        .exists()
    )
    out = (
        select(Application.id)
        .where(
            Application.ticket_id == FollowUp.ticket_id,
            Application.round == FollowUp.round,
            Application.kind == ApplicationKind.EXCLUSION,
            Application.state == ApplicationState.GRANTED,
        )
        .exists()
    )
    asked: list[ColumnElement[bool]] = [
        FollowUp.at >= since,
        FollowUp.reached.is_(True),
        ~newer,
        out if excluded else ~out,
    ]
    return [*asked, FollowUp.department_code == department] if department else asked


def answered(work: Work) -> Mapping[Measure, tuple[ColumnElement[bool], ColumnElement[bool]]]:
    """For each of the three rates: which answers count at all, and which count for it."""
    level = work.city.scorecard.satisfied_from
    return {
        Measure.RESPONSE: (
            FollowUp.contacted.in_((Contacted.YES, Contacted.NO)),
            FollowUp.contacted == Contacted.YES,
        ),
        Measure.RESOLUTION: (FollowUp.solved.is_not(None), FollowUp.solved == Solved.YES),
        Measure.SATISFACTION: (FollowUp.satisfied.is_not(None), FollowUp.satisfied >= level),
    }


def _rate_columns(work: Work) -> list[ColumnElement[int]]:
    return [
        func.count().filter(condition)
        for counts, for_it in answered(work).values()
        for condition in (for_it, counts)
    ]


def _rates_of(row: Sequence[int]) -> Rates:
    return Rates(Rate(row[0], row[1]), Rate(row[2], row[3]), Rate(row[4], row[5]))


def left_out(work: Work, since: datetime) -> int:
    """Return how many answers do not count because their round is excluded (剔除). One query."""
    return work.session.scalar(select(func.count(FollowUp.id)).where(*answers(since, excluded=True))) or 0


def rank_ranges(rates: Mapping[str, Rate]) -> dict[str, tuple[int, int]]:
    """Return the best and the worst place that each interval allows: overlapping ones share theirs."""
    spans = {code: rate.interval for code, rate in rates.items()}
    return {
        code: (
            1 + sum(other_low > high for other_low, _ in spans.values()),
            len(spans) - sum(other_high < low for _, other_high in spans.values()),
        )
        for code, (low, high) in spans.items()
    }


def read(work: Work, since: datetime) -> Scorecard:
    """Return the whole city and every department with tickets in hand or answers. Four queries."""
    loads = heat(work)
    prompt = on_time_by_department(work, since)
    answered_ = rates_by_department(work, since)
    known = select(Department.code, Department.short, Department.kind)
    departments = {code: (short, kind) for code, short, kind in work.session.execute(known)}
    rows = [
        DepartmentRow(
            code,
            *departments[code],
            cells=loads.get(code, {}),
            load=sum_of(loads.get(code, {}).values()),
            on_time=prompt.get(code, NOTHING),
            rates=answered_.get(code, NO_ANSWERS),
        )
        for code in {*loads, *prompt, *answered_}
        if code
    ]
    rows.sort(key=lambda row: (-row.load.overdue, -row.load.soon, -row.load.number, row.code))
    return Scorecard(
        tuple(rows),
        reduce(Rates.plus, answered_.values(), NO_ANSWERS),
        reduce(Rate.plus, prompt.values(), NOTHING),
    )


def sum_of(cells: Iterable[Cell]) -> Cell:
    return reduce(Cell.plus, cells, Cell())


def on_time_by_department(work: Work, since: datetime) -> dict[str, Rate]:
    """Return each department's share of resolve clocks met since `since`. One query."""
    code = _ungrouped(Deadline.department_code)
    rows = work.session.execute(
        select(code, func.count().filter(MET), func.count())
        .where(*settled(since), Deadline.department_code.is_not(None))
        .group_by(code)
    )
    return {code: Rate(met, all_) for code, met, all_ in rows if code}


def heat(work: Work) -> dict[str, dict[Status, Cell]]:
    """Return per lead department and status what it has in hand. One query.

    Without what waits at the hotline's own desks (派单、审核、回访): that is nobody's delay but its own.
    """
    lists = tabs(work)
    rows = work.session.execute(
        select(
            Ticket.lead_code,
            Ticket.status,
            func.count(),
            func.count().filter(lists["overdue"]),
            func.count().filter(lists["soon"]),
        )
        .where(Ticket.status.in_(HELD_BY_DEPARTMENT), Ticket.lead_code.is_not(None))
        .group_by(Ticket.lead_code, Ticket.status)
    )
    table: dict[str, dict[Status, Cell]] = {}
    for code, status, number, overdue, soon in rows:
        if code:
            table.setdefault(code, {})[status] = Cell(number, overdue, soon)
    return table


def logged_between(work: Work, begin: datetime, end: datetime) -> int:
    """Return how many tickets were logged in this time. One query."""
    logged = select(func.count()).where(Ticket.logged_at >= begin, Ticket.logged_at < end)
    return work.session.scalar(logged) or 0


def desks(work: Work) -> dict[Status, Cell]:
    """Return what waits at the hotline's own desks: dispatch, review, follow-up. One query."""
    lists = tabs(work)
    rows = work.session.execute(
        select(
            Ticket.status,
            func.count(),
            func.count().filter(lists["overdue"]),
            func.count().filter(lists["soon"]),
        )
        .where(Ticket.status.in_(DESK_STATUSES))
        .group_by(Ticket.status)
    )
    found = {status: Cell(number, overdue, soon) for status, number, overdue, soon in rows}
    return {status: found.get(status, Cell()) for status in DESK_STATUSES}


def trend(work: Work, days: int = 14) -> list[DayCount]:
    """Return the last `days` local days, today last: logged, closed, clocks that ran out. Three queries."""
    bounds = _bounds(work, days)
    logged = _per_day(work, bounds, Ticket.logged_at)
    closed = _per_day(work, bounds, Ticket.closed_at)
    late = _per_day(work, bounds, Deadline.due_at, ran_out(work))
    zone = work.city.calendar.zone
    return [
        DayCount(begin.astimezone(zone).date(), logged[number], closed[number], late[number])
        for number, begin in enumerate(bounds[:-1])
    ]


def ran_out(work: Work) -> ColumnElement[bool]:
    """Which clocks ran out before what they waited for had happened."""
    return or_(
        Deadline.outcome == DeadlineOutcome.LATE,
        and_(Deadline.outcome.is_(None), Deadline.due_at < work.now),
    )


def late_by_department(work: Work, days: int = 14) -> dict[str, list[int]]:
    """Return for each department how many of its clocks ran out on each of the last days. One query."""
    bounds = _bounds(work, days)
    number = _number_of_day(Deadline.due_at, bounds)
    rows = work.session.execute(
        select(Deadline.department_code, number, func.count())
        .where(Deadline.due_at >= bounds[0], Deadline.due_at < bounds[-1], ran_out(work))
        .where(Deadline.department_code.is_not(None))
        .group_by(Deadline.department_code, number)
    )
    counted: dict[str, list[int]] = {}
    for code, day, late in rows:
        if code:
            counted.setdefault(code, [0] * days)[day] = late
    return counted


def satisfaction_per_day(work: Work, days: int = 14) -> list[Rate]:
    """Return the satisfaction rate of the answers of each of the last days. One query."""
    bounds = _bounds(work, days)
    counts, for_it = answered(work)[Measure.SATISFACTION]
    number = _number_of_day(FollowUp.at, bounds)
    rows = work.session.execute(
        select(number, func.count().filter(for_it), func.count().filter(counts))
        .where(*answers(bounds[0]))
        .group_by(number)
    )
    return _rate_per_day(rows, days)


def first_dispatches_per_day(work: Work, days: int = 14) -> list[Rate]:
    """Return the accuracy of first dispatches of the tickets logged on each of the last days. One query."""
    bounds = _bounds(work, days)
    number = _number_of_day(Ticket.logged_at, bounds)
    rows = work.session.execute(
        select(number, func.count().filter(KEPT), func.count()).where(*dispatched(bounds[0])).group_by(number)
    )
    return _rate_per_day(rows, days)


def _rate_per_day(rows: Iterable[Row[int, int, int]], days: int) -> list[Rate]:
    counted = {day: Rate(numerator, denominator) for day, numerator, denominator in rows}
    return [counted.get(day, NOTHING) for day in range(days)]


def _bounds(work: Work, days: int) -> list[datetime]:
    """Return the midnights around each of the last `days` local days: one more than days, tonight's last."""
    zone = work.city.calendar.zone
    today = work.now.astimezone(zone).date()
    return [
        datetime.combine(today + timedelta(days=1 - step), time.min, zone) for step in range(days, -1, -1)
    ]


def _number_of_day(moment: InstrumentedAttribute[Any], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """Number the local day of `moment`, 0 the first; by bounds, as databases differ about local days."""
    ends = bounds[1:-1]
    return case(*((moment < end, day) for day, end in enumerate(ends)), else_=len(ends))


def _per_day(
    work: Work,
    bounds: Sequence[datetime],
    moment: InstrumentedAttribute[Any],
    *also: ColumnElement[bool],
) -> list[int]:
    number = _number_of_day(moment, bounds)
    rows = work.session.execute(
        select(number, func.count()).where(moment >= bounds[0], moment < bounds[-1], *also).group_by(number)
    )
    counted: dict[int, int] = dict(rows.all())
    return [counted.get(day, 0) for day in range(len(bounds) - 1)]
