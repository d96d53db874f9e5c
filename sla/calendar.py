"""The working time of one office: which days it works, when, and how much of it lies between two moments."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from sla.errors import CalendarExhausted
from sla.hours import Hours, Shifts, require_possible
from sla.spans import FOREVER, Span, in_utc
from sla.years import WorkYear

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is worked or not. CLOSED and OPENED are exceptions of the place itself."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    OPENED = "opened"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"


@dataclass(frozen=True)
class WorkCalendar:
    """The office hours of one office.

    `shifts` are the usual ones, of Monday to Friday; of `hours` the last that fits a day wins. `holidays` are
    days off; `makeup_days` are weekend days worked in exchange (调休上班) and win over both weekend and
    holiday; `closed` and `opened`, exceptions of the place, win over all of them, and `opened` may have
    shifts of its own. `names` are for people. Official notices cover the days from `official_from` (None: as
    far back as anyone asks) to `official_until` (None: no day at all). Raises ValueError for impossible
    shifts.
    """

    zone: ZoneInfo
    shifts: Shifts
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    official_until: date | None = None
    official_from: date | None = None
    hours: tuple[Hours, ...] = ()
    closed: frozenset[date] = frozenset()
    opened: Mapping[date, Shifts] = field(default_factory=dict, hash=False)
    names: Mapping[date, str] = field(default_factory=dict, hash=False)
    _years: dict[int, WorkYear] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.shifts:
            raise ValueError("a working day needs at least one shift")
        require_possible(self.shifts)

    def is_workday(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def kind_of(self, day: date) -> DayKind:
        """Return what a day is; a weekday that this office never works is a WEEKEND day to it."""
        if day in self.closed:
            return DayKind.CLOSED
        if day in self.opened:
            return DayKind.OPENED
        if day in self.makeup_days:
            return DayKind.MAKEUP
        if day in self.holidays:
            return DayKind.HOLIDAY
        return DayKind.WORKDAY if self._usually(day) else DayKind.WEEKEND

    def name_of(self, day: date) -> str:
        """Return how people call the day, 春节 or 台风停工; empty for an ordinary one."""
        return self.names.get(day, "")

    def shifts_on(self, day: date) -> Shifts:
        """Return when the office is open on `day`; nothing on a day off."""
        if day in self.closed:
            return ()
        if day in self.opened:
            return self.opened[day] or self._when_worked(day)
        if day in self.makeup_days:
            return self._when_worked(day)
        return () if day in self.holidays else self._usually(day)

    def _usually(self, day: date) -> Shifts:
        """Return the shifts of `day` by its weekday and the hours that hold then."""
        is_weekend = day.weekday() >= SATURDAY
        for hours in reversed(self.hours):
            if hours.hold_on(day):
                if hours.weekdays is not None and day.weekday() in hours.weekdays:
                    return hours.shifts
                if hours.weekdays is None and not is_weekend:
                    return hours.shifts
        return () if is_weekend else self.shifts

    def _when_worked(self, day: date) -> Shifts:
        """Return the shifts of a day worked by exception: at worst those of the Monday of its week."""
        return self._usually(day) or self._usually(day - day.weekday() * ONE_DAY) or self.shifts

    def is_provisional(self, day: date) -> bool:
        """Whether `day` is known by weekday and statutory rule only, because no notice covers it."""
        if self.official_until is None or day > self.official_until:
            return True
        return self.official_from is not None and day < self.official_from

    def day_of(self, moment: datetime) -> date:
        """Return the local date of `moment`."""
        return in_utc(moment).astimezone(self.zone).date()

    def year(self, number: int) -> WorkYear:
        """Return the working time of one year, laid out once."""
        year = self._years.get(number)
        if year is None:
            begins, ends = (self._at(date(one, 1, 1), time.min) for one in (number, number + 1))
            year = self._years[number] = WorkYear.of(number, begins, ends, self._workdays_of(number))
        return year

    def year_of(self, moment: datetime) -> WorkYear:
        """Return the local year of a moment in UTC; most often it is that of UTC too, which costs least."""
        year = self._years.get(moment.year) or self.year(moment.year)
        if year.begins <= moment < year.ends:
            return year
        return self.year(year.number + (1 if moment >= year.ends else -1))

    def years_from(self, first: int, *, asked: date) -> Iterator[WorkYear]:
        """Yield this year and those after it, without end.

        Raises CalendarExhausted, instead of searching for ever, when two whole years in a row have no
        working time; `asked` is the day that it names.
        """
        yield self.year(first)
        empty = 0
        for number in count(first + 1):
            year = self.year(number)
            empty = 0 if year.workdays else empty + 1
            if empty > 1:
                raise CalendarExhausted(asked)
            yield year

    def workdays_from(self, first: date, last: date | None = None) -> Iterator[date]:
        """Yield the workdays from `first` to `last`, both included; without `last`, without end.

        Raises CalendarExhausted as `years_from` does, where there is no `last`.
        """
        if last is not None:
            days = (first + n * ONE_DAY for n in range((last - first).days + 1))
            yield from (day for day in days if self.is_workday(day))
            return
        for year in self.years_from(first.year, asked=first):
            yield from (day for day in year.workdays if day >= first)

    def spans_from(self, start: datetime, until: datetime | None = None) -> Iterator[Span]:
        """Yield the working spans (begin, end) between `start` and `until`, in order and in UTC.

        Without `until` they have no end; raises CalendarExhausted as `workdays_from` does.
        """
        start = in_utc(start)
        limit = FOREVER if until is None else in_utc(until)
        first = self.day_of(start)
        for year in self._years_until(first, until):
            for opens, closes in year.spans_after(start):
                if limit <= max(opens, start):
                    return
                yield max(opens, start), min(closes, limit)

    def _years_until(self, first: date, until: datetime | None) -> Iterator[WorkYear]:
        if until is None:
            return self.years_from(first.year, asked=first)
        return (self.year(number) for number in range(first.year, self.day_of(until).year + 1))

    def close_of(self, workday: date) -> datetime:
        """Return the end of the last shift of `workday`."""
        return self._spans_of(workday)[-1][1]

    def _workdays_of(self, year: int) -> Iterator[tuple[date, tuple[Span, ...]]]:
        day = date(year, 1, 1)
        while day.year == year:
            if spans := self._spans_of(day):
                yield day, spans
            day += ONE_DAY

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        return tuple((self._at(day, opens), self._at(day, closes)) for opens, closes in self.shifts_on(day))

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


def add_working_time(calendar: WorkCalendar, start: datetime, amount: timedelta) -> datetime:
    """Return the moment, in UTC, `amount` of working time after `start`; `start` itself for no time at all.

    Raises ValueError for a negative amount, CalendarExhausted when no working day lies ahead. Costs a
    bisection a year, whatever the length.
    """
    if amount < timedelta():
        raise ValueError(f"negative working time: {amount}")
    start = in_utc(start)
    if not amount:
        return start
    year = calendar.year_of(start)
    left = year.until(start) + amount
    if left <= year.total:
        return year.moment_after(left)
    for next_year in calendar.years_from(year.number, asked=calendar.day_of(start)):
        if left <= next_year.total:
            return next_year.moment_after(left)
        left -= next_year.total
    raise AssertionError("unreachable: years_from never ends")


def working_time_between(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Return the working time from `start` to `end`; zero when `end` comes first. A bisection a year."""
    start, end = in_utc(start), in_utc(end)
    if end <= start:
        return timedelta()
    first, last = calendar.year_of(start), calendar.year_of(end)
    measured = last.until(end) - first.until(start)
    if first is last:
        return measured
    years = range(first.number, last.number)
    return measured + sum((calendar.year(number).total for number in years), timedelta())


def close_of_nth_workday(
    calendar: WorkCalendar, start: datetime, n: int, *, from_starting_day: bool = False
) -> datetime:
    """Return the close of business, in UTC, of the `n`th workday after the day of `start`.

    The starting day is not counted; `from_starting_day` it is the first, if any of its working time is left.
    Raises ValueError when `n` is less than 1, CalendarExhausted when too few working days lie ahead.
    """
    if n < 1:
        raise ValueError(f"there is no {n}th workday")
    start = in_utc(start)
    day = calendar.day_of(start)
    for year in calendar.years_from(day.year, asked=day):
        passed = bisect_right(year.closes_of_days, start) if from_starting_day else year.days_until(day)
        place = passed + n - 1
        if place < len(year.workdays):
            return year.closes_of_days[place]
        n -= len(year.workdays) - passed
    raise AssertionError("unreachable: years_from never ends")
