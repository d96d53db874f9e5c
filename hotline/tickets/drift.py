"""How far what comes in has moved from what the model in force was taught by, and the tickets that show it.

Of the tickets that the model in force judged, those count whose category people have decided, on both sides:
a model's reference are decided tickets too, and what an agent answers at once would else look like a change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from classifier.drift import Aspect, Compared, Tally, compare
from hotline.lifecycle import Role
from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson
from hotline.models.mark import Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.version import Standing
from hotline.tickets import versions
from hotline.tickets.promises import TELL_DESK
from hotline.tickets.tabs import end_of_day
from hotline.work import Work

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = 8
# What the delivered model did at first stands for the tickets of this city that it was never taught by.
FIRST = 4 * WEEK
SHOWN = 30
# Of a notice: no action on a ticket tells of it.
TOPIC = "drift"


@dataclass(frozen=True)
class Reference:
    """What the model in force is held against, by category ("": it named none).

    `until`: the end of the first weeks of the delivered model; None for one that was taught here, whose
    reference are the tickets kept back from its training.
    """

    tallies: Mapping[str, Tally]
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One category: its reference, the last seven days, the seven before; `before_share` None without any."""

    category: str
    then: Tally
    now: Tally
    before_share: float | None
    compared: Mapping[Aspect, Compared]

    @property
    def chance(self) -> float:
        return min(one.chance for one in self.compared.values())

    @property
    def moved(self) -> list[Compared]:
        return [one for one in self.compared.values() if one.moved and is_alarming(one)]


@dataclass(frozen=True)
class Weekly:
    """The last seven whole days beside the reference. `lines`: what moved first, then the least likely.

    `cases`: of these seven days. There are no lines while the week begins within the reference.
    """

    begin: datetime
    end: datetime
    reference: Reference
    cases: int
    lines: list[Line]

    @property
    def is_early(self) -> bool:
        return self.reference.until is not None and self.reference.until > self.begin

    @property
    def moved(self) -> list[Compared]:
        """The least likely first."""
        found = [one for line in self.lines for one in line.moved]
        return sorted(found, key=lambda one: (one.chance, one.category))


@dataclass(frozen=True)
class Week:
    """One category in the seven days from `begin`, among `cases` tickets."""

    begin: datetime
    tally: Tally
    cases: int

    @property
    def share(self) -> float | None:
        return self.tally.cases / self.cases if self.cases else None


@dataclass(frozen=True)
class Shown:
    ticket: Ticket
    judgement: Judgement
    lesson: Lesson


def is_alarming(one: Compared) -> bool:
    """A share alarms either way, the others only for the worse.

    People overrule a model less once they see what it says: in force it does better than in its trial.
    """
    if one.aspect is Aspect.SHARE:
        return True
    return one.now < one.then if one.aspect is Aspect.CONFIDENCE else one.now > one.then


def moved(work: Work) -> list[Compared]:
    """What moved in the last seven days, beyond chance and by enough to matter. Five queries at most."""
    found = weekly(work)
    return found.moved if found else []


def weekly(work: Work) -> Weekly | None:
    """The last seven whole days of the model in force; None where there is nothing to hold them against."""
    known = reference(work)
    if known is None:
        return None
    begin, end = _last_week(work)
    found = Weekly(begin, end, known, 0, [])
    if found.is_early:
        return found
    now, before = _tallies(work, begin, end), _tallies(work, begin - WEEK, begin)
    return Weekly(begin, end, known, _cases(now), _lines(known.tallies, now, before))


def _last_week(work: Work) -> tuple[datetime, datetime]:
    end = end_of_day(work) - DAY
    return end - WEEK, end


def _lines(then: Mapping[str, Tally], now: Mapping[str, Tally], before: Mapping[str, Tally]) -> list[Line]:
    compared: dict[str, dict[Aspect, Compared]] = {}
    for one in compare(then, now):
        compared.setdefault(one.category, {})[one.aspect] = one
    all_before = _cases(before)
    lines = [
        Line(
            category=category,
            then=then.get(category, Tally()),
            now=now.get(category, Tally()),
            before_share=before.get(category, Tally()).cases / all_before if all_before else None,
            compared=found,
        )
        for category, found in compared.items()
        if category
    ]
    return sorted(lines, key=lambda line: (not line.moved, line.chance, line.category))


def _cases(tallies: Mapping[str, Tally]) -> int:
    return sum(one.cases for one in tallies.values())


def reference(work: Work) -> Reference | None:
    """What the model in force is held against; None without a model, or before it judged anything decided.

    Two queries, of four weeks for the delivered model.
    """
    if work.city.classifier is None:
        return None
    present = versions.standing(work, Standing.IN_FORCE)
    if present is not None and present.version == work.city.classifier.version:
        tallies = {category: Tally(*row) for category, row in present.reference.items()}
        return Reference(tallies) if tallies else None
    begin = work.session.scalar(select(func.min(Judgement.at)).where(_in_force(work)))
    if begin is None:
        return None
    return Reference(_tallies(work, begin, begin + FIRST), begin + FIRST)


def _tallies(work: Work, begin: datetime, end: datetime) -> dict[str, Tally]:
    """By category, what the model in force judged then and people have decided. One query."""
    overruled = Lesson.category_code.is_distinct_from(Judgement.category_code)
    counted = (
        select(
            Judgement.category_code,
            func.count(),
            func.sum(Judgement.confidence),
            func.count(case((overruled, 1))),
            func.sum(Judgement.confidence * Judgement.confidence),
        )
        .join(Lesson, and_(Lesson.ticket_id == Judgement.ticket_id, Lesson.stands))
        .where(_in_force(work), Judgement.at >= begin, Judgement.at < end)
        .group_by(Judgement.category_code)
    )
    rows = work.session.execute(counted)
    return {code or "": Tally(cases, sure, wrong, squares) for code, cases, sure, wrong, squares in rows}


def _in_force(work: Work) -> ColumnElement[bool]:
    """Judged by the model that is in force now, while it was: another's would be another measure."""
    model = work.city.classifier
    return and_(Judgement.in_force, Judgement.model == (model.version if model else ""))


def weeks(work: Work, category: str) -> list[Week]:
    """The last weeks of one category, the newest first. One query a week, on an index."""
    newest, _ = _last_week(work)
    found = []
    for number in range(WEEKS):
        begin = newest - number * WEEK
        tallies = _tallies(work, begin, begin + WEEK)
        found.append(Week(begin, tallies.get(category, Tally()), _cases(tallies)))
    return found


def showing(work: Work, category: str, aspect: Aspect, *, most: int = SHOWN) -> list[Shown]:
    """The tickets of the last seven days that show how a figure moved: of overruling those overruled, of
    confidence the least sure; otherwise the newest. One query.
    """
    begin, end = _last_week(work)
    shown = (
        select(Ticket, Judgement, Lesson)
        .join(Judgement, Judgement.ticket_id == Ticket.id)
        .join(Lesson, and_(Lesson.ticket_id == Ticket.id, Lesson.stands))
        .where(_in_force(work), Judgement.at >= begin, Judgement.at < end)
        .where(Judgement.category_code == category)
    )
    if aspect is Aspect.OVERRIDE:
        shown = shown.where(Lesson.category_code != Judgement.category_code)
    if aspect is Aspect.CONFIDENCE:
        shown = shown.order_by(Judgement.confidence)
    rows = work.session.execute(shown.order_by(Judgement.at.desc(), Ticket.id.desc()).limit(most))
    return [Shown(ticket, judgement, lesson) for ticket, judgement, lesson in rows]


def raise_alerts(work: Work) -> int:
    """Tell the supervisors what moved, each figure of a category at most once in seven days.

    Returns how many were told of. The administrator sees no tickets and has no inbox: the models' page tells
    him.
    """
    found = weekly(work)
    if found is None:
        return 0
    raised = 0
    for one in found.moved:
        ticket_id = _evidence(work, one)
        if ticket_id is not None and _is_new(work, one, found):
            work.session.add(_message(one, ticket_id, found.reference))
            raised += 1
    return raised


def _evidence(work: Work, one: Compared) -> int | None:
    """The ticket that a notice is about: of a category that fell silent the last one, None without any."""
    if shown := showing(work, one.category, one.aspect, most=1):
        return shown[0].ticket.id
    model = work.city.classifier
    last = (
        select(Judgement.ticket_id)
        .where(Judgement.model == (model.version if model else ""), Judgement.category_code == one.category)
        .order_by(Judgement.at.desc(), Judgement.ticket_id.desc())
        .limit(1)
    )
    return work.session.scalar(last)


def _is_new(work: Work, one: Compared, found: Weekly) -> bool:
    """Whether no alert told of these days already; remembers that one does now."""
    name = f"{TOPIC}/{one.category}/{one.aspect}"
    mark = work.session.get(Mark, name)
    if mark is not None and datetime.fromisoformat(mark.value) > found.begin:
        return False
    work.session.merge(Mark(name=name, value=found.end.isoformat()))
    return True


def _message(one: Compared, ticket_id: int, reference: Reference) -> OutboxMessage:
    return OutboxMessage(
        kind=TELL_DESK,
        payload={
            "ticket": ticket_id,
            "action": TOPIC,
            "role": Role.SUPERVISOR,
            "category": one.category,
            "aspect": one.aspect,
            "was": round(one.then, 4),
            "now": round(one.now, 4),
            "taught": reference.until is None,
        },
    )
