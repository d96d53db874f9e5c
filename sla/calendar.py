"""The office hours of one city: which days work, when, and how much working time lies between two moments."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.errors import BrokenCalendar, CalendarExhausted, blaming
from sla.spans import FOREVER, Span, in_utc, moment_after, total
from sla.tables import refuse_unknown_keys, rows_of

ONE_DAY = timedelta(days=1)
LOOK_AHEAD_DAYS = 400
HOUR_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class WorkCalendar:
    """Office hours of one city.

    `shifts` open and close on the same day, in order and apart. `holidays` are days off; `makeup_days` are
    weekend days worked in exchange (调休上班) and win over both weekend and holiday. Official notices
    cover the days from `official_from` (None: as far back as anyone asks) to `official_until` (None: no day
    at all). Raises ValueError for impossible shifts.
    """

    zone: ZoneInfo
    shifts: tuple[tuple[time, time], ...]
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    official_until: date | None = None
    official_from: date | None = None
    _spans_by_day: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.shifts:
            raise ValueError("a working day needs at least one shift")
        for opens, closes in self.shifts:
            if opens >= closes:
                raise ValueError(f"the shift {opens:%H:%M}-{closes:%H:%M} ends before it begins")
        for (_, closes), (opens, _) in pairwise(self.shifts):
            if opens < closes:
                raise ValueError(
                    f"the shift at {opens:%H:%M} begins before the one until {closes:%H:%M} ends"
                )

    def is_workday(self, day: date) -> bool:
        if day in self.makeup_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def is_provisional(self, day: date) -> bool:
        """Whether `day` is known by weekday and statutory rule only, because no notice covers it."""
        if self.official_until is None or day > self.official_until:
            return True
        return self.official_from is not None and day < self.official_from

    def day_of(self, moment: datetime) -> date:
        """Return the local date of `moment`."""
        return in_utc(moment).astimezone(self.zone).date()

    def workdays_from(self, first: date, last: date | None = None) -> Iterator[date]:
        """Yield the workdays from `first` to `last`, both included; without `last`, without end.

        Raises CalendarExhausted, instead of searching for ever, when 400 days in a row are off.
        """
        day, days_off = first, 0
        while last is None or day <= last:
            if self.is_workday(day):
                days_off = 0
                yield day
            else:
                days_off += 1
            if last is None and days_off > LOOK_AHEAD_DAYS:
                raise CalendarExhausted(first)
            day += ONE_DAY

    def spans_from(self, start: datetime, until: datetime | None = None) -> Iterator[Span]:
        """Yield the working spans (begin, end) between `start` and `until`, in order and in UTC.

        Without `until` they have no end; raises CalendarExhausted as `workdays_from` does.
        """
        start = in_utc(start)
        limit = FOREVER if until is None else in_utc(until)
        last = None if until is None else self.day_of(until)
        for day in self.workdays_from(self.day_of(start), last):
            for opens, closes in self._spans_of(day):
                begin, end = max(opens, start), min(closes, limit)
                if begin < end:
                    yield begin, end

    def close_of(self, workday: date) -> datetime:
        """Return the end of the last shift of `workday`."""
        return self._spans_of(workday)[-1][1]

    def _spans_of(self, workday: date) -> tuple[Span, ...]:
        # Building aware datetimes costs more than the rest of a walk, and the same days come again and again.
        spans = self._spans_by_day.get(workday)
        if spans is None:
            spans = tuple(
                (self._at(workday, opens), self._at(workday, closes)) for opens, closes in self.shifts
            )
            self._spans_by_day[workday] = spans
        return spans

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


def add_working_time(calendar: WorkCalendar, start: datetime, amount: timedelta) -> datetime:
    """Return the moment, in UTC, `amount` of working time after `start`; `start` itself for no time at all.

    Raises ValueError for a negative amount, CalendarExhausted when no working day lies ahead.
    """
    if amount < timedelta():
        raise ValueError(f"negative working time: {amount}")
    if not amount:
        return in_utc(start)
    moment = moment_after(calendar.spans_from(start), amount)
    if moment is None:
        raise AssertionError("unreachable: spans_from never ends")
    return moment


def working_time_between(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Return the working time from `start` to `end`; zero when `end` comes first."""
    return total(calendar.spans_from(start, end))


def close_of_nth_workday(calendar: WorkCalendar, start: datetime, n: int) -> datetime:
    """Return the close of business, in UTC, of the `n`th workday after the day of `start`.

    The starting day is not counted. Raises ValueError when `n` is less than 1, CalendarExhausted when too few
    working days lie ahead.
    """
    if n < 1:
        raise ValueError(f"there is no {n}th workday")
    tomorrow = calendar.day_of(start) + ONE_DAY
    return calendar.close_of(next(islice(calendar.workdays_from(tomorrow), n - 1, None)))


@dataclass(frozen=True)
class OfficialDay:
    """What is known of one day: whether it is worked, and whether an official notice says so."""

    day: date
    works: bool
    official: bool


def parse(table: Mapping[str, object], official_days: Iterable[OfficialDay]) -> WorkCalendar:
    """Build the calendar of a city from its calendar.toml and the days known for the whole country.

    `official_days` holds every day that a notice covers, ordinary ones included: official knowledge reaches
    from the first to the last of them. The exceptions [[closed]] and [[open]] of the city win over them.
    Raises BrokenCalendar.
    """
    days = tuple(official_days)
    works = {known.day: known.works for known in days}
    official = [known.day for known in days if known.official]
    with blaming(BrokenCalendar):
        refuse_unknown_keys(table, ("zone", "shifts", "closed", "open"))
        closed, opened = (_exceptions(table.get(name, []), name) for name in ("closed", "open"))
        if both := closed & opened:
            raise ValueError(f"{min(both)} is both closed and open")
        works.update(dict.fromkeys(closed, False) | dict.fromkeys(opened, True))
        return WorkCalendar(
            zone=_zone(table.get("zone")),
            shifts=_shifts(table.get("shifts")),
            holidays=frozenset(day for day, worked in works.items() if not worked),
            makeup_days=frozenset(day for day, worked in works.items() if worked and day.weekday() >= 5),
            official_until=max(official, default=None),
            official_from=min(official, default=None),
        )


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"zone must be a time zone such as Asia/Shanghai, not {value!r}") from problem


def _shifts(value: object) -> tuple[tuple[time, time], ...]:
    if not isinstance(value, list) or not all(isinstance(shift, list) and len(shift) == 2 for shift in value):
        raise ValueError('shifts must be pairs of hours such as ["09:00", "12:00"]')
    return tuple((_hour(opens), _hour(closes)) for opens, closes in value)


def _hour(value: object) -> time:
    written = HOUR_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise ValueError(f"{value!r} is not an hour such as 09:00")
    return time(int(written[1]), int(written[2]))


def _exceptions(value: object, name: str) -> frozenset[date]:
    """Return the days of [[closed]] or [[open]]; the reason is for the reader of the file."""
    days: set[date] = set()
    for row in rows_of(value, name):
        refuse_unknown_keys(row, ("day", "reason"))
        day = row.get("day")
        if not isinstance(day, date) or isinstance(day, datetime):
            raise ValueError(f"a [[{name}]] day is a date such as 2026-07-01, not {day!r}")
        days.add(day)
    return frozenset(days)
