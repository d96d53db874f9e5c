"""The loop that most products reckon deadlines with: one day after the other, shift by shift.

As help desks write it (a list of holidays, a while over days, the working hours of each), put right where
theirs go wrong: several shifts, make-up days, pauses given back.
"""

from datetime import UTC, date, datetime, time, timedelta

from sla import Allowance, Clock, WorkCalendar

ONE_DAY = timedelta(days=1)


def due_at(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> datetime:
    """Return the deadline of a clock whose pauses have all ended and do not overlap."""
    if not allowance.is_working:
        assert allowance.duration is not None
        return _natural(clock, allowance.duration)
    start = clock.started_at.astimezone(calendar.zone)
    left = allowance.duration
    if left is None:
        close = _close_of_nth(calendar, start, allowance.amount)
        left = _measure(calendar, start, close)
    return _add(calendar, clock, start, left)


def _natural(clock: Clock, left: timedelta) -> datetime:
    due = clock.started_at + left
    for pause in sorted(clock.pauses, key=lambda one: one.begin):
        assert pause.end is not None
        if pause.end > clock.started_at and pause.begin < due:
            due += pause.end - max(pause.begin, clock.started_at)
    return due


def _works(calendar: WorkCalendar, day: date) -> bool:
    if day in calendar.makeup_days:
        return True
    return day.weekday() < 5 and day not in calendar.holidays


def _close_of_nth(calendar: WorkCalendar, start: datetime, n: int) -> datetime:
    day, counted = start.date(), 0
    while counted < n:
        day += ONE_DAY
        counted += _works(calendar, day)
    return datetime.combine(day, calendar.shifts[-1][1], calendar.zone)


def _measure(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    measured, day = timedelta(), start.date()
    while day <= end.date():
        if _works(calendar, day):
            for opens, closes in calendar.shifts:
                begin = max(_at(calendar, day, opens), start)
                measured += max(min(_at(calendar, day, closes), end) - begin, timedelta())
        day += ONE_DAY
    return measured


def _add(calendar: WorkCalendar, clock: Clock, start: datetime, left: timedelta) -> datetime:
    pauses = sorted(clock.pauses, key=lambda one: one.begin)
    day = start.date()
    while True:
        if _works(calendar, day):
            for opens, closes in calendar.shifts:
                at, end = max(_at(calendar, day, opens), start), _at(calendar, day, closes)
                for pause in pauses:
                    assert pause.end is not None
                    if at < end and pause.begin < end and pause.end > at:
                        if at + left <= pause.begin:
                            return (at + left).astimezone(UTC)
                        left -= max(pause.begin - at, timedelta())
                        at = pause.end.astimezone(calendar.zone)
                if at < end and left <= end - at:
                    return (at + left).astimezone(UTC)
                left -= max(end - at, timedelta())
        day += ONE_DAY


def _at(calendar: WorkCalendar, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, calendar.zone)
