"""A moment that a caller named, as a clerk writes it down: 11月20日（周五）20:00前后."""

from datetime import date, datetime, timedelta

from classifier import Moment
from hotline.labels import WEEKDAYS

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def written(moment: Moment, said_at: datetime) -> str:
    """Return the moment as exactly as it was said; both in the zone of the city."""
    start, end = moment.start, moment.end
    if end == said_at and end - start > _HOUR:
        return f"{_day(start.date(), said_at)}以来"
    if start.time() == end.time() == start.min.time():
        return _days(start.date(), end.date() - _DAY, said_at)
    if end - start <= _HOUR:
        return f"{_day(start.date(), said_at)}{start:%H:%M}{'' if end - start == _MINUTE else '前后'}"
    return _hours(start, end, said_at)


def _hours(start: datetime, end: datetime, said_at: datetime) -> str:
    first = f"{_day(start.date(), said_at)}{start:%H:%M}"
    if end.time() == end.min.time():
        last = "24:00" if end.date() - start.date() == _DAY else f"{_day(end.date() - _DAY, said_at)}24:00"
    elif end.date() == start.date():
        last = f"{end:%H:%M}"
    else:
        last = f"{_day(end.date(), said_at)}{end:%H:%M}"
    return f"{first}至{last}"


def _days(first: date, last: date, said_at: datetime) -> str:
    """A day, a month, a year, or from one day to another."""
    if first == last:
        return _day(first, said_at)
    is_to_the_end = (last + _DAY).day == 1
    if (first.month, first.day) == (1, 1) and is_to_the_end and last == date(first.year, 12, 31):
        return f"{first.year}年"
    if first.day == 1 and is_to_the_end and (first.year, first.month) == (last.year, last.month):
        return f"{_year(first, said_at)}{first.month}月"
    return f"{_day(first, said_at)}至{_day(last, said_at)}"


def _day(day: date, said_at: datetime) -> str:
    return f"{_year(day, said_at)}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _year(day: date, said_at: datetime) -> str:
    return "" if day.year == said_at.year else f"{day.year}年"
