"""The deadline passport: the arithmetic of one deadline, day by day, as it is shown to people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sla.allowance import Allowance, Unit
from sla.calendar import ONE_DAY, WorkCalendar
from sla.clock import Clock, spans_of
from sla.spans import total


class State(StrEnum):
    """What a day did for a clock; where several fit, the first: due, start, off, paused, counted."""

    COUNTED = "counted"
    START = "start"
    OFF = "off"
    PAUSED = "paused"
    DUE = "due"


@dataclass(frozen=True)
class Row:
    """One local date of a clock, in the kind of time that its allowance counts.

    `begin` and `end` are the first and the last moment that ran; where none did, the whole of the day that
    lies between start and deadline. `counted` ran on that day and `paused` would have; `nth` is the number of
    the workday in a wd allowance, None on other days and for other units.
    """

    day: date
    begin: datetime
    end: datetime
    state: State
    counted: timedelta
    paused: timedelta
    nth: int | None
    provisional: bool


def rows(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> tuple[Row, ...]:
    """Return a row for every date from the start to the deadline, or to the open pause that holds it.

    Up to a deadline the counted column adds up to `clock.granted(...)`, which is the allowance itself for all
    units but wd.
    """
    return tuple(_rows(calendar, clock, allowance))


def counted_in(rows: Iterable[Row]) -> timedelta:
    """Return the total of the counted column."""
    return sum((row.counted for row in rows), timedelta())


def _rows(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> Iterator[Row]:
    due = clock.due_at(calendar, allowance)
    # The pause that holds the clock may have begun before it.
    end = due or max(clock.started_at, clock.stops()[-1][0])
    first, last = calendar.day_of(clock.started_at), calendar.day_of(end)
    nth = 0
    for day in _days(first, last):
        begin = max(clock.started_at, _midnight(calendar, day))
        finish = min(end, _midnight(calendar, day + ONE_DAY))
        open_time = total(spans_of(calendar, allowance, begin, finish))
        ran = tuple(clock.spans_between(calendar, allowance, begin, finish))
        counted = total(ran)
        counts = day > first or (allowance.unit is Unit.WORKDAYS_INCLUSIVE and bool(open_time))
        is_nth = counts and nth < _workdays(allowance) and calendar.is_workday(day)
        nth += is_nth
        yield Row(
            day=day,
            begin=ran[0][0] if ran else begin,
            end=ran[-1][1] if ran else finish,
            state=_state(day, first, last, held=due is None, open_time=open_time, counted=counted),
            counted=counted,
            paused=open_time - counted,
            nth=nth if is_nth else None,
            provisional=allowance.is_working and calendar.is_provisional(day),
        )


def _state(
    day: date, first: date, last: date, *, held: bool, open_time: timedelta, counted: timedelta
) -> State:
    if day == last:
        return State.PAUSED if held else State.DUE
    if day == first:
        return State.START
    if not open_time:
        return State.OFF
    return State.COUNTED if counted else State.PAUSED


def _workdays(allowance: Allowance) -> int:
    return allowance.amount if allowance.in_workdays else 0


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time.min, calendar.zone).astimezone(UTC)
