"""The deadline passport: the arithmetic of one deadline, every minute of it, as it is shown to people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from sla.allowance import Allowance, Unit
from sla.calendar import ONE_DAY, WorkCalendar, working_time_between
from sla.clock import Clock, Pause
from sla.spans import FOREVER, Span


class Reason(StrEnum):
    """Why an interval counts or does not.

    The kinds of day are those of the calendar. GIVEN_BACK is counted: what pauses took of a starting day that
    is not (STARTING_DAY: its working time). PAUSED is time that would have counted; BREAK lies between two
    shifts, AFTER_HOURS before the first and after the last.
    """

    WORKDAY = "workday"
    MAKEUP = "makeup"
    OPENED = "opened"
    NATURAL = "natural"
    GIVEN_BACK = "given_back"
    STARTING_DAY = "starting_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    BREAK = "break"
    AFTER_HOURS = "after_hours"
    PAUSED = "paused"


COUNTED = frozenset({Reason.WORKDAY, Reason.MAKEUP, Reason.OPENED, Reason.NATURAL, Reason.GIVEN_BACK})


@dataclass(frozen=True)
class Row:
    """An interval within one local date. Moments are in UTC.

    `pause`: which pause of the clock, by its place, that began first; None where it is not paused. `name`:
    how people call the day (春节), empty for an ordinary one. `provisional`: no official notice covers the
    day that this clock counts on.
    """

    day: date
    begin: datetime
    end: datetime
    reason: Reason
    pause: int | None = None
    name: str = ""
    provisional: bool = False

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    @property
    def counted(self) -> timedelta:
        return self.length if self.reason in COUNTED else timedelta()


@dataclass(frozen=True)
class Passport:
    """Rows from the start to the deadline without a gap, or to the open pause that holds it.

    `due` is None while held. What they count adds up to `granted`: the allowance itself for m, h, d and wh;
    for workdays the length of each of them, and what was given back for the starting day; less while held.
    """

    clock: Clock
    allowance: Allowance
    due: datetime | None
    granted: timedelta
    rows: tuple[Row, ...]

    @property
    def counted(self) -> timedelta:
        return sum((row.counted for row in self.rows), timedelta())

    @property
    def provisional(self) -> bool:
        return any(row.provisional for row in self.rows)


class State(StrEnum):
    """What a day did for a clock; where several fit, the first: due, start, off, paused, counted."""

    COUNTED = "counted"
    START = "start"
    OFF = "off"
    PAUSED = "paused"
    DUE = "due"


@dataclass(frozen=True)
class Day:
    """One local date of a passport, put together from its rows.

    `begin` and `end` are the first and the last moment that ran; where none did, the whole of the day that
    lies between start and deadline. `counted` ran on that day, `paused` would have; `nth` is the number of
    the workday in an allowance of workdays, None on other days and for other units.
    """

    day: date
    begin: datetime
    end: datetime
    state: State
    counted: timedelta
    paused: timedelta
    nth: int | None
    provisional: bool
    rows: tuple[Row, ...]


def passport(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> Passport:
    """Explain the deadline of `clock`. Raises CalendarExhausted as `Clock.due_at` does."""
    due = clock.due_at(calendar, allowance)
    # The pause that holds the clock may have begun before it.
    end = due or max(clock.started_at, clock.stops()[-1][0])
    rows = list(_joined(_rows(calendar, clock, allowance, end)))
    granted = clock.granted(calendar, allowance)
    if allowance.unit is Unit.WORKDAYS:
        first = calendar.day_of(clock.started_at)
        lost = sum((row.length for row in rows if row.day == first and row.pause is not None), timedelta())
        tonight = _midnight(calendar, first + ONE_DAY)
        granted += lost - working_time_between(calendar, clock.started_at, tonight)
        rows = _with_given_back(rows, lost) if due else rows
    return Passport(clock, allowance, due, granted, tuple(rows))


def days(calendar: WorkCalendar, shown: Passport) -> tuple[Day, ...]:
    """Return a day for every date from the start to the deadline, or to the open pause that holds it."""
    start, allowance = shown.clock.started_at, shown.allowance
    end = shown.due or max(start, shown.clock.stops()[-1][0])
    first, last = calendar.day_of(start), calendar.day_of(end)
    rows = {day: tuple(of_day) for day, of_day in groupby(shown.rows, key=lambda row: row.day)}
    found: list[Day] = []
    nth = 0
    for date_ in (first + n * ONE_DAY for n in range((last - first).days + 1)):
        whole = (max(start, _midnight(calendar, date_)), min(end, _midnight(calendar, date_ + ONE_DAY)))
        day = _day(date_, rows.get(date_, ()), whole)
        on_first = allowance.unit is Unit.WORKDAYS_INCLUSIVE and bool(day.counted or day.paused)
        is_nth = (date_ > first or on_first) and nth < _workdays(allowance) and calendar.is_workday(date_)
        nth += is_nth
        found.append(
            replace(
                day,
                state=_state(day, first, last, held=shown.due is None),
                nth=nth if is_nth else None,
                provisional=allowance.is_working and calendar.is_provisional(date_),
            )
        )
    return tuple(found)


def _day(date_: date, rows: tuple[Row, ...], whole: Span) -> Day:
    ran = [row for row in rows if row.counted or row.reason is Reason.STARTING_DAY]
    return Day(
        day=date_,
        begin=ran[0].begin if ran else whole[0],
        end=ran[-1].end if ran else whole[1],
        state=State.COUNTED,
        counted=sum((row.counted for row in rows), timedelta()),
        paused=sum((row.length for row in rows if row.reason is Reason.PAUSED), timedelta()),
        nth=None,
        provisional=False,
        rows=rows,
    )


def _state(day: Day, first: date, last: date, *, held: bool) -> State:
    if day.day == last:
        return State.PAUSED if held else State.DUE
    if day.day == first:
        return State.START
    if not day.counted and not day.paused:
        return State.OFF
    return State.COUNTED if day.counted else State.PAUSED


def _rows(calendar: WorkCalendar, clock: Clock, allowance: Allowance, end: datetime) -> Iterator[Row]:
    """Yield the rows, not yet joined; what is given back counts as any other time."""
    first, last = calendar.day_of(clock.started_at), calendar.day_of(end)
    works = allowance.is_working
    for day in (first + n * ONE_DAY for n in range((last - first).days + 1)):
        uncounted = allowance.unit is Unit.WORKDAYS and day == first
        name = calendar.name_of(day) if works else ""
        for begins, ends, reason in _stretches(calendar, day) if works else _all_day(calendar, day):
            begin, finish = max(begins, clock.started_at), min(ends, end)
            if begin >= finish:
                continue
            plain = Row(day, begin, finish, reason, None, name, works and calendar.is_provisional(day))
            for row in _cut(plain, clock.pauses) if reason in COUNTED else (plain,):
                starts = uncounted and row.reason in COUNTED
                yield replace(row, reason=Reason.STARTING_DAY) if starts else row


def _stretches(calendar: WorkCalendar, day: date) -> Iterator[tuple[datetime, datetime, Reason]]:
    """Yield the whole of a day as an office has it, midnight to midnight."""
    at, midnight = _midnight(calendar, day), _midnight(calendar, day + ONE_DAY)
    kind, idle = Reason(calendar.kind_of(day)), Reason.AFTER_HOURS
    for opens, closes in calendar.spans_from(at, midnight):
        yield at, opens, idle
        yield opens, closes, kind
        at, idle = closes, Reason.BREAK
    yield at, midnight, Reason.AFTER_HOURS if idle is Reason.BREAK else kind


def _all_day(calendar: WorkCalendar, day: date) -> Iterator[tuple[datetime, datetime, Reason]]:
    yield _midnight(calendar, day), _midnight(calendar, day + ONE_DAY), Reason.NATURAL


def _cut(row: Row, pauses: Sequence[Pause]) -> Iterator[Row]:
    """Yield the parts of a row that would count: what runs, and what each pause takes."""
    held = [(nth, one.begin, one.end or FOREVER) for nth, one in enumerate(pauses)]
    held = [one for one in held if one[1] < row.end and one[2] > row.begin]
    edges = {row.begin, row.end, *(edge for _, *both in held for edge in both)}
    for begin, end in pairwise(sorted(edge for edge in edges if row.begin <= edge <= row.end)):
        over = [(since, nth) for nth, since, until in held if since <= begin and until >= end]
        pause = min(over)[1] if over else None
        reason = row.reason if pause is None else Reason.PAUSED
        yield replace(row, begin=begin, end=end, reason=reason, pause=pause)


def _joined(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of one day and one reason that touch as one."""
    last: Row | None = None
    for row in rows:
        if last and replace(last, begin=row.begin, end=row.end) == row:
            last = replace(last, end=row.end)
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def _with_given_back(rows: Sequence[Row], lost: timedelta) -> list[Row]:
    """Return the rows with the last `lost` of what counts as what was given back."""
    found: list[Row] = []
    for row in reversed(rows):
        back = min(row.counted, lost)
        lost -= back
        if back:
            found.append(replace(row, begin=row.end - back, reason=Reason.GIVEN_BACK))
        if back < row.length:
            found.append(replace(row, end=row.end - back))
    return found[::-1]


def _workdays(allowance: Allowance) -> int:
    return allowance.amount if allowance.in_workdays else 0


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time.min, calendar.zone).astimezone(UTC)
