"""How much goes without a person and how much of that goes right, by category, week and promise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from classifier.selective import Promise, gate_for, lower_bound
from hotline.models.judgement import Judgement
from hotline.models.lane import Lane, LaneHold, LaneTurn
from hotline.models.lesson import Lesson
from hotline.models.ticket import Ticket
from hotline.tickets import lanes
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

WEEKS = 8
WEEK = timedelta(days=7)
RECENT = 4 * WEEK
SHOWN = 30


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
    """One category: how it stands, and what its evidence would open under the promise asked for.

    Of the decisions that are evidence `cases` were at least as sure as `threshold` (all of them where none is
    proved), and `right` of those right. `missing`: how many more without a fault would prove it, None where
    there are faults. In `recent` weeks `eligible` tickets might have gone by themselves at all, `passing`
    would have.
    """

    category: str
    is_proved: bool
    is_held: bool
    threshold: float | None
    cases: int
    right: int
    missing: int | None
    recent: Count
    eligible: int
    passing: int

    @property
    def is_open(self) -> bool:
        return self.is_proved and not self.is_held

    def bound(self, confidence: float) -> float:
        """What the record proves."""
        return lower_bound(self.right, self.cases, confidence)


def lines(work: Work, promise: Promise) -> list[Line]:
    """Every category the model in force has suggested, the busiest first.

    Six queries for the city's own promise, one more a category for another.
    """
    model = work.city.classifier
    if model is None:
        return []
    standing = {
        lane.category_code: lane
        for lane in work.session.scalars(select(Lane).where(Lane.model == model.version))
    }
    held = set(work.session.scalars(select(LaneHold.category_code)))
    recent = _recent(work, model.version)
    own = promise == work.city.auto_dispatch.promise
    weighed = {
        code: _as_it_stands(standing[code])
        if own and code in standing
        else _weigh(lanes.decisions(work, model.version, code), promise)
        for code in lanes.categories(work)
    }
    passing = _passing(
        work,
        model.version,
        {code: one.threshold for code, one in weighed.items() if one.threshold is not None},
    )
    enough = fewest(promise)
    found = [
        Line(
            category=code,
            is_proved=code in standing and standing[code].threshold is not None,
            is_held=code in held,
            threshold=one.threshold,
            cases=one.cases,
            right=one.right,
            missing=enough - one.cases if one.threshold is None and one.right == one.cases else None,
            recent=recent[code][0] if code in recent else Count(),
            eligible=recent[code][1] if code in recent else 0,
            passing=passing.get(code, 0),
        )
        for code, one in weighed.items()
    ]
    return sorted(found, key=lambda line: (-line.recent.judged, -line.cases, line.category))


@dataclass(frozen=True)
class _Weighed:
    threshold: float | None
    cases: int
    right: int


def _as_it_stands(lane: Lane) -> _Weighed:
    return _Weighed(lane.threshold, lane.cases, lane.right)


def _weigh(evidence: Sequence[tuple[float, bool]], promise: Promise) -> _Weighed:
    gate = gate_for(promise, evidence)
    if gate:
        return _Weighed(gate.threshold, gate.cases, gate.right)
    return _Weighed(None, len(evidence), lanes.right_of(evidence))


def fewest(promise: Promise) -> int:
    """How many decisions without a fault prove a promise."""
    cases = 1
    while lower_bound(cases, cases, promise.confidence) < promise.precision:
        cases += 1
    return cases


def _recent(work: Work, version: str) -> dict[str, tuple[Count, int]]:
    """By category what came in lately, and how much of it might have gone by itself."""
    counted = (
        select(Judgement.category_code, func.count(case((Judgement.eligible, 1))), *_counts())
        .outerjoin(Lesson, and_(Lesson.ticket_id == Judgement.ticket_id, Lesson.stands))
        .where(Judgement.in_force, Judgement.model == version, Judgement.at >= work.now - RECENT)
        .group_by(Judgement.category_code)
    )
    rows = work.session.execute(counted)
    return {code: (Count(*counts), eligible) for code, eligible, *counts in rows if code}


def _passing(work: Work, version: str, thresholds: Mapping[str, float]) -> dict[str, int]:
    """By category how much of that was as sure as its threshold asks."""
    if not thresholds:
        return {}
    sure = or_(
        *(
            and_(Judgement.category_code == code, Judgement.confidence >= least)
            for code, least in thresholds.items()
        )
    )
    counted = (
        select(Judgement.category_code, func.count())
        .where(
            Judgement.in_force,
            Judgement.model == version,
            Judgement.eligible,
            Judgement.at >= work.now - RECENT,
            sure,
        )
        .group_by(Judgement.category_code)
    )
    return {code: number for code, number in work.session.execute(counted) if code}


def _counts() -> list[ColumnElement[int]]:
    """In the order of the fields of `Count`."""
    went = Judgement.automatic
    counted = (went, and_(went, Lesson.id.is_not(None)), and_(went, lanes.agrees()))
    return [func.count(), *(func.count(case((one, 1))) for one in counted)]


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
