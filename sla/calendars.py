"""The calendars of one city, read from its calendar.toml: its own, and those of offices with other hours."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.calendar import SATURDAY, WorkCalendar
from sla.errors import BrokenCalendar, blaming
from sla.hours import WEEKDAYS, Hours, Shifts, require_possible
from sla.tables import refuse_unknown_keys, rows_of, words

HOUR_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
# Nobody closes for longer; a year mistyped would cost a day each.
LONGEST_EXCEPTION = timedelta(days=366)


@dataclass(frozen=True)
class OfficialDay:
    """What is known of one day: whether it is worked, whether an official notice says so, its name if any."""

    day: date
    works: bool
    official: bool
    name: str = ""


@dataclass(frozen=True)
class Calendars:
    """`city` holds everywhere but in `offices`, by code of department, which have hours of their own."""

    city: WorkCalendar
    offices: Mapping[str, WorkCalendar] = field(default_factory=dict, hash=False)

    def of(self, office: str | None) -> WorkCalendar:
        """Return the calendar of a department; the city's for None and for whoever has no other hours."""
        return self.offices.get(office, self.city) if office else self.city


@dataclass(frozen=True)
class _Exceptions:
    """What [[closed]] or [[open]] says of some days, in these offices or, where empty, everywhere."""

    days: tuple[date, ...]
    reason: str
    offices: tuple[str, ...]
    shifts: Shifts = ()


@dataclass(frozen=True)
class _Local:
    """What a city says beside its usual shifts, in the order of the file."""

    hours: tuple[tuple[Hours, tuple[str, ...]], ...]
    closed: tuple[_Exceptions, ...]
    opened: tuple[_Exceptions, ...]

    @property
    def offices(self) -> set[str]:
        named = [offices for _, offices in self.hours]
        named += [one.offices for one in (*self.closed, *self.opened)]
        return {code for codes in named for code in codes}


def parse(table: Mapping[str, object], official_days: Iterable[OfficialDay]) -> Calendars:
    """Build the calendars of a city from its calendar.toml and the days known for the whole country.

    `official_days` holds every day that a notice covers, ordinary ones included: official knowledge reaches
    from the first to the last of them. The exceptions [[closed]] and [[open]] win over them, those of an
    office over those of the city. Raises BrokenCalendar.
    """
    with blaming(BrokenCalendar):
        refuse_unknown_keys(table, ("zone", "shifts", "hours", "closed", "open"))
        country = _country(_zone(table.get("zone")), _shifts(table.get("shifts")), tuple(official_days))
        local = _Local(
            tuple(_hours(row) for row in rows_of(table.get("hours", []), "hours")),
            tuple(_exceptions(row, "closed") for row in rows_of(table.get("closed", []), "closed")),
            tuple(_exceptions(row, "open") for row in rows_of(table.get("open", []), "open")),
        )
        city = _office(country, local, "")
        return Calendars(city, {code: _office(country, local, code) for code in sorted(local.offices)})


def _country(zone: ZoneInfo, shifts: Shifts, days: Collection[OfficialDay]) -> WorkCalendar:
    """Return the calendar of an office that makes no exception."""
    official = [known.day for known in days if known.official]
    # An ordinary weekend is no holiday: an office may be open on Saturdays, and closed on this one.
    off = (known for known in days if not known.works and (known.day.weekday() < SATURDAY or known.name))
    return WorkCalendar(
        zone=zone,
        shifts=shifts,
        holidays=frozenset(known.day for known in off),
        makeup_days=frozenset(known.day for known in days if known.works and known.day.weekday() >= SATURDAY),
        official_until=max(official, default=None),
        official_from=min(official, default=None),
        names={known.day: known.name for known in days if known.name},
    )


def _office(country: WorkCalendar, local: _Local, office: str) -> WorkCalendar:
    """Return the calendar of one office, empty for the city's own: everywhere first, then what names it."""
    closed: set[date] = set()
    opened: dict[date, Shifts] = {}
    names = dict(country.names)
    for everywhere in (True, False):
        shut = [one for one in local.closed if _concerns(one.offices, office, everywhere=everywhere)]
        worked = [one for one in local.opened if _concerns(one.offices, office, everywhere=everywhere)]
        _refuse_both(shut, worked)
        for one in shut:
            closed |= set(one.days)
            opened = {day: shifts for day, shifts in opened.items() if day not in one.days}
        for one in worked:
            closed -= set(one.days)
            opened |= dict.fromkeys(one.days, one.shifts)
        names |= {day: one.reason for one in (*shut, *worked) for day in one.days if one.reason}
    own = tuple(hours for hours, offices in local.hours if not offices or office in offices)
    return replace(country, hours=own, closed=frozenset(closed), opened=opened, names=names)


def _concerns(offices: tuple[str, ...], office: str, *, everywhere: bool) -> bool:
    return not offices if everywhere else office in offices


def _refuse_both(shut: Iterable[_Exceptions], worked: Iterable[_Exceptions]) -> None:
    closed = {day for one in shut for day in one.days}
    if both := closed & {day for one in worked for day in one.days}:
        raise ValueError(f"{min(both)} is both closed and open")


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"zone must be a time zone such as Asia/Shanghai, not {value!r}") from problem


def _shifts(value: object) -> Shifts:
    if not isinstance(value, list) or not all(isinstance(shift, list) and len(shift) == 2 for shift in value):
        raise ValueError('shifts must be pairs of hours such as ["09:00", "12:00"]')
    shifts = tuple((_hour(opens), _hour(closes)) for opens, closes in value)
    require_possible(shifts)
    return shifts


def _hour(value: object) -> time:
    written = HOUR_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise ValueError(f"{value!r} is not an hour such as 09:00")
    return time(int(written[1]), int(written[2]))


def _hours(row: Mapping[str, object]) -> tuple[Hours, tuple[str, ...]]:
    refuse_unknown_keys(row, ("from", "until", "weekdays", "shifts", "departments", "reason"))
    weekdays = words(row["weekdays"], "weekdays", WEEKDAYS) if "weekdays" in row else None
    hours = Hours(
        _shifts(row.get("shifts")),
        _day(row, "from") if "from" in row else None,
        _day(row, "until") if "until" in row else None,
        None if weekdays is None else frozenset(WEEKDAYS.index(name) for name in weekdays),
        _reason(row),
    )
    return hours, _offices(row)


def _exceptions(row: Mapping[str, object], name: str) -> _Exceptions:
    known = ("day", "from", "until", "departments", "reason")
    refuse_unknown_keys(row, (*known, "shifts") if name == "open" else known)
    if ("day" in row) == ("from" in row or "until" in row):
        raise ValueError(f"a [[{name}]] names either a day, or from and until")
    first, last = (_day(row, "day"),) * 2 if "day" in row else (_day(row, "from"), _day(row, "until"))
    if not (first <= last and last - first <= LONGEST_EXCEPTION):
        raise ValueError(f"{name} from {first} until {last} must be in order, and a year at most")
    days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    shifts = _shifts(row["shifts"]) if "shifts" in row else ()
    return _Exceptions(days, _reason(row), _offices(row), shifts)


def _day(row: Mapping[str, object], key: str) -> date:
    day = row.get(key)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"{key} is a date such as 2026-07-01, not {day!r}")
    return day


def _reason(row: Mapping[str, object]) -> str:
    reason = row.get("reason", "")
    if not isinstance(reason, str):
        raise ValueError("reason must be text")
    return reason


def _offices(row: Mapping[str, object]) -> tuple[str, ...]:
    return words(row["departments"], "departments") if "departments" in row else ()
