"""When people call and when they work."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sla import WorkCalendar, add_working_time

# How many of a day's hundred calls come in each hour: few at night, a peak mid-morning, a lower one at four.
_CALLS_BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 10, 8, 5, 5, 7, 8, 8, 6, 5, 4, 3, 2, 2, 1)
_DAY_OFF = 0.6
_AFTER_DAYS_OFF = 1.25


def volume(calendar: WorkCalendar, day: date) -> float:
    """Return how busy a day is; an ordinary workday is 1."""
    if not calendar.is_workday(day):
        return _DAY_OFF
    return _AFTER_DAYS_OFF if not calendar.is_workday(day - timedelta(days=1)) else 1.0


def moment_of_call(calendar: WorkCalendar, day: date, rng: Random) -> datetime:
    hour = rng.choices(range(24), _CALLS_BY_HOUR)[0]
    at = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, at, calendar.zone).astimezone(UTC)


def in_office(calendar: WorkCalendar, moment: datetime, rng: Random) -> datetime:
    """Return `moment` when it lies in office hours, else soon after the office opens next."""
    opens, closes = next(calendar.spans_from(moment))
    if opens <= moment:
        return moment
    return min(opens + timedelta(minutes=rng.uniform(2, 50)), closes)


def after_work(calendar: WorkCalendar, start: datetime, rng: Random, hours: tuple[float, float]) -> datetime:
    """Return a moment after so many working hours, drawn between the two."""
    return add_working_time(calendar, start, timedelta(hours=rng.uniform(*hours)))


def after(start: datetime, rng: Random, minutes: tuple[float, float]) -> datetime:
    """Return a moment after so many minutes by the clock, drawn between the two."""
    return start + timedelta(minutes=rng.uniform(*minutes))
