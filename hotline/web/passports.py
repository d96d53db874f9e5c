"""The deadline passport in words: a row per date, the arithmetic that makes the deadline (期限护照)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hotline import labels
from hotline.errors import NotFound
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.calendars import versions as calendars
from hotline.tickets.timeline import Spell
from hotline.web.filters import local_time, workday_of
from hotline.work import Work
from sla import Day, Reason, Row, State, WorkCalendar, passport
from sla import Passport as Arithmetic
from sla.allowance import Allowance, Unit
from sla.calendar import SATURDAY
from sla.clock import Clock, Pause

# css classes of design.css: skipped days grey, paused violet, today blue.
TONES = {State.OFF: "off", State.PAUSED: "hold", State.START: "off"}
# What needs no word: the hours of the office explain it.
_ORDINARY = frozenset({Reason.BREAK, Reason.AFTER_HOURS})
# What is said with its hours.
_EXPLAINED = frozenset({Reason.PAUSED, Reason.STARTING_DAY, Reason.GIVEN_BACK})
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    """A date. `spans`: what counts of it; `counted`: how much; `apart`: what does not, and why."""

    day: str
    counts: str
    sum: str
    tone: str
    spans: str
    counted: str
    total: str
    apart: str


@dataclass(frozen=True)
class Passport:
    """`title`: what is explained. `total` and `rule` are its footer, `facts` what else was in force.

    `lines` join days off in a row, `dates` have one each.
    """

    deadline: Deadline
    title: str
    lines: tuple[Line, ...]
    dates: tuple[Line, ...]
    total: str
    rule: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explained:
    """A clock with its arithmetic; `stops` says what each pause of the arithmetic was."""

    deadline: Deadline
    arithmetic: Arithmetic
    stops: Sequence[Spell]
    hours: WorkCalendar

    @property
    def allowance(self) -> Allowance:
        return self.arithmetic.allowance

    def days(self) -> tuple[Day, ...]:
        return passport.days(self.hours, self.arithmetic)

    def stop_of(self, row: Row) -> str:
        """Return what a paused row was, as `挂起`; empty for any other."""
        return "" if row.pause is None else labels.STATUSES[self.stops[row.pause].status]


def passports(work: Work, ticket: Ticket, shown: Sequence[Deadline]) -> dict[int, Passport]:
    """Return the passport of each of these clocks, by id. One query for all."""
    past = timeline.spells(work, ticket)
    return {one.id: _passport(work, explained(work, one, past)) for one in shown}


def explained(work: Work, deadline: Deadline, past: Sequence[Spell]) -> Explained:
    """Return the arithmetic as it stood when the clock was stopped: what came later never held it."""
    stops = deadlines.stops_of(work, deadline.stage, _until(deadline.settled_at, past))
    clock = Clock(deadline.started_at, tuple(Pause(one.begin, one.end) for one in stops))
    hours, allowance = _hours_of(work, deadline), deadlines.total_allowance(deadline)
    return Explained(deadline, passport.passport(hours, clock, allowance), stops, hours)


def _until(end: datetime | None, past: Sequence[Spell]) -> list[Spell]:
    """Return the spells until a clock was stopped; one that stopped with it was never over for it."""
    if end is None:
        return list(past)
    return [
        replace(spell, end=None) if spell.end is not None and spell.end >= end else spell
        for spell in past
        if spell.begin < end
    ]


def _hours_of(work: Work, deadline: Deadline) -> WorkCalendar:
    """Return the calendar that set the deadline: of a settled clock, the version that was in force then."""
    if deadline.settled_at is None or not deadline.calendar_version:
        return deadlines.calendar_of(work, deadline)
    try:
        return calendars.calendars_at(work, deadline.calendar_version).of(deadline.department_code)
    except NotFound:  # a version that was never in force: the proof of the ledger names it
        return deadlines.calendar_of(work, deadline)


def _passport(work: Work, shown: Explained) -> Passport:
    due, is_over = shown.deadline.due_at, shown.deadline.settled_at is not None
    held = "停表时正在暂停，没有到期时间" if is_over else "现在不计时，恢复后重新算出"
    today = work.city.calendar.day_of(work.now)
    return Passport(
        shown.deadline,
        f"为什么是 {local_time(due, work)}" if due else held,
        tuple(_without_repeats(list(_lines(work, shown, lambda day: labels.day(day, today))))),
        tuple(_lines(work, shown, labels.written_day)),
        _total(work, shown),
        _rule(work, shown),
        tuple(_facts(work, shown)),
    )


def _lines(work: Work, shown: Explained, written: Callable[[date], str]) -> Iterator[Line]:
    today = work.city.calendar.day_of(work.now)
    run = timedelta()
    nth = 0
    for day in shown.days():
        before = run // _A_MINUTE
        run += day.counted
        nth = day.nth or nth
        done = run // _A_MINUTE
        brief = labels.duration(run, _day_length(work, shown))
        yield Line(
            day=written(day.day),
            counts=_words(work, shown, day) + ("（暂定）" if day.provisional else ""),
            sum=str(nth) if shown.allowance.in_workdays else brief,
            tone="now" if day.day == today else TONES.get(day.state, ""),
            spans="、".join(_span(work, row) for row in day.rows if row.counted),
            counted=exact(done - before) if day.counted else "不计",
            total=exact(done),
            apart="；".join(_apart(work, shown, day)),
        )


def exact(minutes: int) -> str:
    """Return `7小时`, `1小时5分`, `0分`: never days, whose length differs."""
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{rest}分" if rest or not hours else "")


def _without_repeats(lines: Sequence[Line]) -> list[Line]:
    """Join days in a row that count nothing for the same reason: `11-21(周六) 至 11-22(周日)`."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and line.tone == last.tone == "off" and line.counts == last.counts:
            first = last.day.split(" 至 ")[0]
            joined[-1] = Line(**{**vars(line), "day": f"{first} 至 {line.day}"})
        else:
            joined.append(line)
    return joined


def _words(work: Work, shown: Explained, day: Day) -> str:
    zone, due = work.city.zone, shown.arithmetic.due
    stops = "、".join(dict.fromkeys(name for row in day.rows if (name := shown.stop_of(row))))
    if day.state is State.START:
        start = f"{shown.deadline.started_at.astimezone(zone):%H:%M} 起算"
        words = f"{start}，当天不计" if shown.allowance.unit is Unit.WORKDAYS else start
    elif day.state is State.DUE and due:
        words = f"{due.astimezone(zone):%H:%M} 到期"
    elif day.state is State.PAUSED:
        return f"暂停：{stops}" if stops else "暂停"
    elif day.state is State.OFF:
        return f"{_day_off(day)}，不计"
    else:
        words = next(_kind(row) for row in day.rows if row.counted)
    paused = f"，其中{stops} {exact(day.paused // _A_MINUTE)}不计" if day.paused else ""
    return words + paused


def _day_off(day: Day) -> str:
    """Return `周末`, `春节` or `停办（台风）`."""
    [row, *_] = [one for one in day.rows if one.reason not in _ORDINARY]
    if row.reason is Reason.HOLIDAY and row.name:
        return row.name
    return _kind(row) + (f"（{row.name}）" if row.reason is Reason.CLOSED and row.name else "")


def _kind(row: Row) -> str:
    if row.reason is Reason.WEEKEND and row.day.weekday() < SATURDAY:
        return "不办公"  # a weekday that this office never works
    return "全天计" if row.reason is Reason.NATURAL else labels.PASSPORT_REASONS[row.reason]


def _apart(work: Work, shown: Explained, day: Day) -> Iterator[str]:
    """Yield what a day has that does not count, the ordinary hours after work left out."""
    if day.state is State.OFF:
        yield _day_off(day)
        return
    spans: dict[str, list[str]] = {}
    for row in day.rows:
        if row.reason in _EXPLAINED:
            words = shown.stop_of(row) or _kind(row)
            spans.setdefault(words, []).append(_span(work, row))
    yield from (f"{'、'.join(parts)} {words}" for words, parts in spans.items())
    yield from dict.fromkeys(_kind(row) for row in day.rows if row.reason in (Reason.MAKEUP, Reason.OPENED))
    if day.provisional:
        yield "暂定"


def _span(work: Work, row: Row) -> str:
    begin, end = (moment.astimezone(work.city.zone) for moment in (row.begin, row.end))
    return f"{begin:%H:%M}–{'24:00' if end.date() > row.day else f'{end:%H:%M}'}"


def _day_length(work: Work, shown: Explained) -> timedelta:
    return workday_of(shown.hours) if shown.allowance.is_working else timedelta(days=1)


def _total(work: Work, shown: Explained) -> str:
    ran, written = shown.arithmetic, labels.allowance(str(shown.allowance))
    extended = "（含延期）" if shown.deadline.extension else ""
    sum_ = exact(ran.counted // _A_MINUTE)
    if ran.due is None:
        return f"已计 {sum_}，规定的是 {written}{extended}"
    back = sum((row.length for row in ran.rows if row.reason is Reason.GIVEN_BACK), timedelta())
    more = f"，另补还起算当天暂停的 {exact(back // _A_MINUTE)}" if back else ""
    return f"{sum_}，与规定的 {written}{extended}相等{more}"


def _rule(work: Work, shown: Explained) -> str:
    deadline, ran = shown.deadline, shown.arithmetic
    limit = f"{labels.STAGES[deadline.stage]}时限 {labels.allowance(deadline.allowance)}"
    words = [f"依据{labels.rule(deadline.rule)}：{limit}"]
    if deadline.extension:
        words.append(f"已同意延长 {labels.allowance(deadline.extension)}")
    if any(row.reason is Reason.PAUSED for row in ran.rows):
        words.append("暂停期间不计")
    if ran.provisional:
        words.append("涉及的日期尚无放假通知，按周末推定")
    if deadline.settled_at and ran.due != deadline.due_at:
        words.append("停表后暂停的规则改过，上面按现在的规则重列，当时的到期时间不变")
    hours = workday_of(shown.hours) // timedelta(hours=1)
    return "；".join(words) + f"。倒计时里 1天 = {hours} 工作小时。"


def _facts(work: Work, shown: Explained) -> Iterator[tuple[str, str]]:
    """Yield what else a reader on paper wants to know, in the order in which it is asked."""
    one = shown.deadline
    yield "起算", _moment(work, one.started_at)
    if one.due_at:
        yield "到期", _moment(work, one.due_at) + ("（暂定）" if shown.arithmetic.provisional else "")
    if one.settled_at and one.outcome:
        yield "停表", f"{_moment(work, one.settled_at)}，{labels.DEADLINE_OUTCOMES[one.outcome]}"
    yield (
        "时限",
        labels.allowance(one.allowance)
        + (f"，延长 {labels.allowance(one.extension)}" if one.extension else ""),
    )
    yield "规则", f"{labels.rule(one.rule)}（版本 {one.policy}）"
    if one.calendar_version:
        yield "日历", f"第 {one.calendar_version} 版"
    # One that was over before it began is another round's.
    for spell in [stop for stop in shown.stops if stop.end is None or stop.end > one.started_at]:
        until = _moment(work, spell.end) if spell.end else "现在"
        yield labels.STATUSES[spell.status], f"{_moment(work, spell.begin)} 至 {until}"


def _moment(work: Work, at: datetime) -> str:
    return f"{at.astimezone(work.city.zone):%Y-%m-%d %H:%M}"
