"""How much goes without a person and how much of that goes right, by category, week and promise."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from classifier.selective import Gate, Promise, gate_for, lower_bound
from hotline.models.judgement import Judgement
from hotline.models.lane import Lane, LaneTurn
from hotline.models.lesson import Lesson
from hotline.models.ticket import Ticket
from hotline.tickets import lanes
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

WEEKS = 8
WEEK = timedelta(days=7)
SHOWN = 30


# How sure, whether eligible, whether it was right (None: not decided yet).
Judged = tuple[float, bool, bool | None]


@dataclass(frozen=True)
class Count:
    """Of `judged` tickets `automatic` went by themselves; of those `decided` were confirmed or overruled."""

    judged: int = 0
    automatic: int = 0
    decided: int = 0
    right: int = 0

    def plus(self, other: "Count") -> "Count":
        return Count(
            self.judged + other.judged,
            self.automatic + other.automatic,
            self.decided + other.decided,
            self.right + other.right,
        )

    @property
    def coverage(self) -> float | None:
        return self.automatic / self.judged if self.judged else None

    @property
    def precision(self) -> float | None:
        return self.right / self.decided if self.decided else None


@dataclass(frozen=True)
class Week:
    begin: datetime
    count: Count


@dataclass(frozen=True)
class Line:
    """One category: its lane as it stands, and what the same evidence would open under the promise asked for.

    `judged`: how many of the newest tickets that the model took for it were looked at, `eligible` how many of
    them might go by themselves at all, `passing` how many would pass that gate. `missing`: how many more
    faultless decisions would open it, None with faults.
    """

    category: str
    lane: Lane | None
    gate: Gate | None
    judged: int
    eligible: int
    passing: int
    decided: int
    right: int
    missing: int | None
    recent: Count

    @property
    def is_open(self) -> bool:
        return self.lane is not None and lanes.is_open(self.lane)

    @property
    def is_held(self) -> bool:
        return self.lane is not None and self.lane.held_at is not None

    def bound(self, confidence: float) -> float | None:
        """What the gate's record proves, None without a gate."""
        return lower_bound(self.gate.right, self.gate.cases, confidence) if self.gate else None


def lines(work: Work, promise: Promise) -> list[Line]:
    """Every category the model has suggested, the busiest first. Three queries, 500 rows for each at most."""
    model = work.city.classifier
    if model is None:
        return []
    judged = _judged(work, model.version)
    standing = {lane.category_code: lane for lane in work.session.scalars(select(Lane))}
    recent = _by_category(work, work.now - 4 * WEEK)
    found = [
        _line(code, judged[code], standing.get(code), promise, recent.get(code, Count())) for code in judged
    ]
    return sorted(found, key=lambda line: (-line.recent.judged, -line.judged, line.category))


def _line(code: str, rows: Sequence[Judged], lane: Lane | None, promise: Promise, recent: Count) -> Line:
    evidence = [(sure, bool(right)) for sure, eligible, right in rows if eligible and right is not None]
    gate = gate_for(promise, evidence)
    right = sum(good for _, good in evidence)
    return Line(
        category=code,
        lane=lane,
        gate=gate,
        judged=len(rows),
        eligible=sum(eligible for _, eligible, _ in rows),
        passing=sum(eligible and sure >= gate.threshold for sure, eligible, _ in rows) if gate else 0,
        decided=len(evidence),
        right=right,
        missing=None if gate or right < len(evidence) else fewest(promise) - len(evidence),
        recent=recent,
    )


def fewest(promise: Promise) -> int:
    """How many decisions without a fault prove a promise."""
    cases = 1
    while lower_bound(cases, cases, promise.confidence) < promise.precision:
        cases += 1
    return cases


def _judged(work: Work, version: str) -> dict[str, list[Judged]]:
    """The newest judgements of each category."""
    rank = (
        func.row_number()
        .over(
            partition_by=Judgement.category_code, order_by=(Judgement.at.desc(), Judgement.ticket_id.desc())
        )
        .label("rank")
    )
    since = work.now - work.city.auto_dispatch.recent
    ranked = (
        select(
            Judgement.category_code,
            Judgement.confidence,
            Judgement.eligible,
            case((Lesson.id.is_not(None), lanes.agrees())).label("right"),
            rank,
        )
        .outerjoin(Lesson, and_(Lesson.ticket_id == Judgement.ticket_id, Lesson.stands))
        .where(Judgement.model == version, Judgement.at >= since, Judgement.category_code.is_not(None))
        .subquery()
    )
    columns = (ranked.c.category_code, ranked.c.confidence, ranked.c.eligible, ranked.c.right)
    found: dict[str, list[Judged]] = defaultdict(list)
    for code, *judged in work.session.execute(select(*columns).where(ranked.c.rank <= lanes.MOST)):
        found[code].append((judged[0], judged[1], judged[2]))
    return dict(found)


def _counts() -> list[ColumnElement[int]]:
    """In the order of the fields of `Count`."""
    went = Judgement.automatic
    counted = (went, and_(went, Lesson.id.is_not(None)), and_(went, lanes.agrees()))
    return [func.count(), *(func.count(case((one, 1))) for one in counted)]


def _by_category(work: Work, since: datetime) -> dict[str, Count]:
    counted = (
        select(Judgement.category_code, *_counts())
        .outerjoin(Lesson, and_(Lesson.ticket_id == Judgement.ticket_id, Lesson.stands))
        .where(Judgement.in_force, Judgement.at >= since)
        .group_by(Judgement.category_code)
    )
    return {code: Count(*counts) for code, *counts in work.session.execute(counted) if code}


def weeks(work: Work, category: str | None = None) -> list[Week]:
    """The last weeks, the present one last, of one category or of all. One query a week, on an index."""
    end = end_of_day(work)
    begins = [end - WEEK * number for number in range(WEEKS, 0, -1)]
    return [Week(begin, _between(work, begin, category)) for begin in begins]


def _between(work: Work, begin: datetime, category: str | None) -> Count:
    counted = (
        select(*_counts())
        .select_from(Judgement)
        .outerjoin(Lesson, and_(Lesson.ticket_id == Judgement.ticket_id, Lesson.stands))
        .where(Judgement.in_force, Judgement.at >= begin, Judgement.at < begin + WEEK)
    )
    if category is not None:
        counted = counted.where(Judgement.category_code == category)
    return Count(*map(int, work.session.execute(counted).one()))


@dataclass(frozen=True)
class Overruled:
    """A ticket that people sent elsewhere than the model and the catalogue had said."""

    ticket: Ticket
    judgement: Judgement
    lesson: Lesson


def overruled(work: Work, category: str) -> list[Overruled]:
    """The newest tickets that were taken for `category` and were another matter or another's. One query."""
    model = work.city.classifier
    rows = work.session.execute(
        select(Ticket, Judgement, Lesson)
        .join(Judgement, Judgement.ticket_id == Ticket.id)
        .join(Lesson, Lesson.ticket_id == Ticket.id)
        .where(
            lanes.is_evidence(work, model.version if model else ""),
            Judgement.category_code == category,
            ~lanes.agrees(),
        )
        .order_by(Judgement.at.desc(), Ticket.id.desc())
        .limit(SHOWN)
    )
    return [Overruled(ticket, judgement, lesson) for ticket, judgement, lesson in rows]


def turns(work: Work, category: str | None = None) -> list[LaneTurn]:
    """The last openings and closings, newest first. One query."""
    found = select(LaneTurn).order_by(LaneTurn.at.desc(), LaneTurn.id.desc()).limit(SHOWN)
    if category is not None:
        found = found.where(LaneTurn.category_code == category)
    return list(work.session.scalars(found))


def total(counts: Iterable[Count]) -> Count:
    whole = Count()
    for count in counts:
        whole = whole.plus(count)
    return whole
