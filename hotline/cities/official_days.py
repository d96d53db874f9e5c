"""The days of the country's calendar, as the libraries know them when a database is first filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import holidays

FIRST_YEAR = 2020
# How far beyond the last official year, or this one, days are entered by statutory rule.
YEARS_AHEAD = 2
MAKEUP = "调休上班"


@dataclass(frozen=True)
class NamedDay:
    """`official` false: by weekday and statutory rule, no notice of the State Council covers it yet."""

    day: date
    works: bool
    name: str
    source: str
    official: bool


def last_official_year() -> int:
    last: date = max(chinese_calendar.constants.holidays)
    return last.year


def official_days(this_year: int) -> Iterator[NamedDay]:
    """Yield every day from FIRST_YEAR to YEARS_AHEAD of the last official year, or of this one, in order."""
    last = max(last_official_year(), this_year) + YEARS_AHEAD
    names = holidays.country_holidays("CN", years=range(FIRST_YEAR, last + 1), language="zh_CN")
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= last:
        name = names.get(day, "")
        yield _known(day, name) if day.year <= last_official_year() else _by_rule(day, name)
        day += timedelta(days=1)


def _known(day: date, name: str) -> NamedDay:
    is_off, festival = chinese_calendar.get_holiday_detail(day)
    if not is_off and day.weekday() >= 5:
        name = MAKEUP
    elif is_off and festival:
        # A day off in lieu has the name of the festival that it belongs to.
        name = chinese_calendar.Holiday(festival).chinese
    return NamedDay(day, not is_off, name, "chinesecalendar", official=True)


def _by_rule(day: date, name: str) -> NamedDay:
    return NamedDay(day, day.weekday() < 5 and not name, name, "holidays", official=False)
