"""The deadline passport in words: a row per date, the arithmetic that makes the deadline (期限护照)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline import labels
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.web.filters import local_time, workday_of
from hotline.work import Work
from sla.allowance import Allowance, Unit
from sla.clock import Clock
from sla.passport import Row, State, rows

# css classes of design.css: skipped days grey, paused violet, today blue.
TONES = {State.OFF: "off", State.PAUSED: "hold", State.START: "off"}


@dataclass(frozen=True)
class Line:
    day: str
    counts: str
    sum: str
    tone: str


@dataclass(frozen=True)
class Passport:
    """`title`: what is explained. `total` and `rule` are its footer."""

    deadline: Deadline
    title: str
    lines: tuple[Line, ...]
    total: str
    rule: str


def passports(work: Work, ticket: Ticket, shown: Sequence[Deadline]) -> dict[int, Passport]:
    """Return the passport of each of these clocks, by id. One query for all."""
    past = timeline.spells(work, ticket)
    return {one.id: _passport(work, one, _clock(work, one, past)) for one in shown}


def _clock(work: Work, deadline: Deadline, past: Sequence[timeline.Spell]) -> Clock:
    """Return the stopwatch as it stood when it was stopped: what came later never held it."""
    end = deadline.settled_at
    spells = [spell for spell in past if end is None or spell.begin < end]
    return Clock(deadline.started_at, deadlines.pauses_for(work, deadline.stage, spells))


def _passport(work: Work, deadline: Deadline, clock: Clock) -> Passport:
    allowance = deadlines.total_allowance(deadline)
    reckoned = rows(deadlines.calendar_of(work, deadline), clock, allowance)
    due = deadline.due_at
    lines = _lines(work, reckoned, allowance, clock, due)
    return Passport(
        deadline,
        f"为什么是 {local_time(due, work)}" if due else "现在不计时，恢复后重新算出",
        lines,
        f"规定的 {labels.allowance(str(allowance))}" + ("，含延期" if deadline.extension else ""),
        _rule(work, deadline, reckoned),
    )


def _lines(
    work: Work, reckoned: Sequence[Row], allowance: Allowance, clock: Clock, due: datetime | None
) -> tuple[Line, ...]:
    today = work.city.calendar.day_of(work.now)
    lines: list[Line] = []
    run = timedelta()
    nth = 0
    for row in reckoned:
        run += row.counted
        nth = row.nth or nth
        in_days = allowance.in_workdays
        total = str(nth) if in_days else labels.duration(run, _day_length(work, allowance))
        lines.append(
            Line(
                labels.day(row.day, today),
                _words(work, row, allowance, clock, due) + ("（暂定）" if row.provisional else ""),
                total,
                "now" if row.day == today else TONES.get(row.state, ""),
            )
        )
    return tuple(_without_repeats(lines))


def _without_repeats(lines: Sequence[Line]) -> list[Line]:
    """Join days in a row that count nothing for the same reason: `11-21(周六) 至 11-22(周日)`."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and line.tone == last.tone == "off" and line.counts == last.counts:
            first = last.day.split(" 至 ")[0]
            joined[-1] = Line(f"{first} 至 {line.day}", line.counts, line.sum, line.tone)
        else:
            joined.append(line)
    return joined


def _words(work: Work, row: Row, allowance: Allowance, clock: Clock, due: datetime | None) -> str:
    zone = work.city.calendar.zone
    if row.state is State.DUE and due:
        return f"{due.astimezone(zone):%H:%M} 到期"
    if row.state is State.START:
        start = f"{clock.started_at.astimezone(zone):%H:%M} 起算"
        return f"{start}，当天不计" if allowance.unit is Unit.WORKDAYS else start
    if row.state is State.PAUSED:
        return "暂停"
    if row.state is State.OFF:
        return f"{_day_off(row.day)}，不计"
    return "工作日" if allowance.is_working else "全天计"


def _day_off(day: date) -> str:
    return "周末" if day.weekday() >= 5 else "节假日"


def _day_length(work: Work, allowance: Allowance) -> timedelta:
    return workday_of(work.city.calendar) if allowance.is_working else timedelta(days=1)


def _rule(work: Work, deadline: Deadline, reckoned: Sequence[Row]) -> str:
    words = [f"{labels.STAGES[deadline.stage]}时限 {labels.allowance(deadline.allowance)}"]
    if deadline.extension:
        words.append(f"已同意延长 {labels.allowance(deadline.extension)}")
    if any(row.paused for row in reckoned):
        words.append("暂停期间不计")
    if any(row.provisional for row in reckoned):
        words.append("涉及的日期尚无放假通知，按周末推定")
    hours = workday_of(work.city.calendar) // timedelta(hours=1)
    return "；".join(words) + f"。倒计时里 1天 = {hours} 工作小时。"
