"""Whose time a ticket was, for its page and for paper: the bar, the table, late clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline import labels
from hotline.tickets.custody.account import Account
from hotline.tickets.custody.clocks import Split
from hotline.tickets.custody.results import Result
from hotline.tickets.custody.stretches import Party, Share, Side, Wait, hours_of
from hotline.tickets.holders import Holder
from hotline.web import filters
from hotline.work import Work
from sla.calendar import working_time_between

# Departments that have a tone of their own in the bar; further ones share the last.
TONES = 3
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """A stretch in the bar: where it begins and how wide it is, in percent; `tone` is its css class."""

    x: float
    width: float
    tone: str


@dataclass(frozen=True)
class Line:
    """One party in words, with its share of the whole, 0 to 1."""

    name: str
    tone: str
    natural: str
    working: str
    share: float


@dataclass(frozen=True)
class Waited:
    """What waited for a decision beside, in words. `end` None while it does."""

    what: str
    natural: str
    working: str
    begin: datetime
    end: datetime | None


@dataclass(frozen=True)
class Late:
    """A clock that ran out. `used`: each party with what it used of the allowance, and beyond it.

    `granted`: what working days came to, empty for other units.
    """

    stage: str
    round: int
    due_at: datetime
    allowance: str
    granted: str
    used: tuple[tuple[str, str, str], ...]
    whose: str
    answerable: str


@dataclass(frozen=True)
class Shown:
    """`results`: the first, and the final where that is another, each with what it is called."""

    bar: tuple[Segment, ...]
    lines: tuple[Line, ...]
    total: str
    waits: tuple[Waited, ...]
    late: tuple[Late, ...]
    results: tuple[tuple[str, Result, str], ...]

    @property
    def words(self) -> str:
        """The bar for those who do not see it."""
        return "；".join(f"{one.name} {one.natural}，占 {filters.share(one.share)}" for one in self.lines)


def shown(work: Work, told: Account) -> Shown:
    """Return what the page shows of an account. No query."""
    whole = (told.ended_at or work.now) - told.logged_at
    longest_first = sorted(told.shares, key=lambda one: one.natural, reverse=True)
    tones = tones_of(one.party for one in longest_first)
    return Shown(
        bar=tuple(_bar(work, told, whole, tones)),
        lines=tuple(_line(work, one, whole, tones[one.party]) for one in told.shares),
        total=labels.duration(whole),
        waits=tuple(_waited(work, one) for one in told.waits),
        late=tuple(_late(work, one, one.due_at) for one in told.clocks if one.is_late and one.due_at),
        results=tuple(_results(told)),
    )


def tones_of(parties: Iterable[Party]) -> dict[Party, str]:
    """Return the css class of each: departments in this order, the first the strongest; others by side."""
    tones: dict[Party, str] = {}
    departments = 0
    for party in parties:
        if party.side is Side.DEPARTMENT:
            departments += 1
            tones[party] = f"department-{min(departments, TONES)}"
        else:
            tones[party] = str(party.side)
    return tones


def _bar(work: Work, told: Account, whole: timedelta, tones: dict[Party, str]) -> list[Segment]:
    return [
        Segment(
            _percent(one.begin - told.logged_at, whole),
            _percent(one.length(work.now), whole),
            tones[one.party],
        )
        for one in told.stretches
    ]


def _percent(part: timedelta, whole: timedelta) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _line(work: Work, one: Share, whole: timedelta, tone: str) -> Line:
    return Line(
        filters.party(one.party, work),
        tone,
        labels.duration(one.natural),
        filters.office_time(one.working, one.party, work),
        one.natural / whole if whole else 0.0,
    )


def _waited(work: Work, one: Wait) -> Waited:
    desk = Party(Side.APPROVAL, Holder(desk=one.desk))
    end = one.end or work.now
    ran = working_time_between(hours_of(work, desk), one.begin, end)
    asked = f"{filters.department(one.department, work)}申请{labels.APPLICATION_KINDS[one.kind]}"
    what = f"{asked}，等{labels.DESKS[one.desk]}"
    return Waited(
        what, labels.duration(end - one.begin), filters.office_time(ran, desk, work), one.begin, one.end
    )


def _late(work: Work, one: Split, due_at: datetime) -> Late:
    day = filters.workday_of(work.city.calendars.of(one.department)) if one.allowance.is_working else _ONE_DAY

    def words(length: timedelta) -> str:
        return labels.duration(length, day) if length else "—"

    owner, has_owner = one.answerable, bool(one.department) and one.department != one.answerable.department
    return Late(
        stage=labels.STAGES[one.stage],
        round=one.round,
        due_at=due_at,
        allowance=labels.allowance(str(one.allowance)),
        granted=words(one.granted) if one.allowance.in_workdays else "",
        used=tuple(
            (filters.party(spent.party, work), words(spent.within), words(spent.beyond))
            for spent in one.spent
            if spent.within or spent.beyond
        ),
        whose=filters.department(one.department, work) if has_owner else "",
        answerable=labels.DESKS[owner.desk] if owner.desk else filters.department(owner.department, work),
    )


def _results(told: Account) -> Sequence[tuple[str, Result, str]]:
    """Name the first result and, in a later round, the last."""
    named = [("首次办结", one) for one in told.results if one.round == 1]
    named += [("最终办结", one) for one in told.results[-1:] if one.round > 1 and one.round == told.round]
    return [(name, one, labels.duration(one.resolved_at - told.logged_at)) for name, one in named]
