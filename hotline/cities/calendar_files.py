"""A notice of days off as a file: the JSON of a year, a table of days, or a calendar.toml."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from classifier.tables import open_table
from hotline.cities.files import Profile
from hotline.cities.official_days import MAKEUP, NamedDay
from hotline.errors import BrokenCity

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2099
# Nobody hands in more; a file that is longer is another one.
MOST_BYTES = 2 * 1024 * 1024
MOST_DAYS = 5_000
COLUMNS = ("day", "works", "name")
LONGEST_NAME = 40
# A sheet writes midnight behind its days.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00)?)?")
_WORKS: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "true", "1", "是", "上班"), True),
    **dict.fromkeys(("no", "false", "0", "否", "休息", "放假"), False),
}


@dataclass(frozen=True)
class Handed:
    """What a file says: official days in order, or the text of calendar.toml; the other of the two is None.

    `source` is the notice that the days stand in.
    """

    called: str
    source: str
    days: tuple[NamedDay, ...] | None = None
    hours: str | None = None


def read(path: Path, called: str, *, source: str = "") -> Handed:
    """Read a file that was handed in under the name `called`.

    `source` names the notice (文号); a JSON of a year may bring its own. Raises BrokenCity with the line
    where there is one, and classifier.errors.BrokenTable where a table cannot be opened.
    """
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise BrokenCity(called, None, f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    if path.suffix.lower() == ".json":
        return _year(_text(path, called), called, source)
    if path.suffix.lower() == ".toml":
        return Handed(called, source, hours=_text(path, called))
    return Handed(called, source or called, days=tuple(_table(path, called, source or called)))


def _text(path: Path, called: str) -> str:
    try:
        return Profile.read(path.parent, (path.name,)).texts[path.name]
    except BrokenCity as broken:
        raise BrokenCity(called, broken.line, broken.message) from None


def _year(text: str, called: str, source: str) -> Handed:
    """Read one year: the days that its notice names, and every other one as its weekday has it."""
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenCity(called, error.lineno, f"is no JSON: {error.msg}") from None
    except (RecursionError, ValueError):  # nested without end, or a number of thousands of digits
        raise BrokenCity(called, None, "is no JSON of a year") from None
    if not isinstance(said, dict) or not isinstance(said.get("days"), list):
        raise BrokenCity(called, None, "is no JSON of a year")
    year, papers = said.get("year"), said.get("papers", [])
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise BrokenCity(called, None, f"year must be from {FIRST_YEAR} to {LAST_YEAR}")
    if not isinstance(papers, list) or not all(isinstance(one, str) and _is_plain(one) for one in papers):
        raise BrokenCity(called, None, "papers must be a list of texts")
    if not said["days"]:
        raise BrokenCity(called, None, f"the days off of {year} are not announced yet")
    notice = source or " ".join(papers)
    if not notice.strip():
        raise BrokenCity(called, None, f"no notice is named for the days of {year}")
    return Handed(called, notice, days=_whole_year(called, year, said["days"], notice))


def _whole_year(called: str, year: int, rows: list[object], notice: str) -> tuple[NamedDay, ...]:
    named: dict[date, NamedDay] = {}
    for place, row in enumerate(rows, start=1):
        one = _named(called, place, row, notice)
        if not date(year - 1, 12, 1) <= one.day <= date(year + 1, 1, 31):
            raise BrokenCity(called, None, f"days, place {place}: {one.day} is not of {year}")
        if one.day in named:
            raise BrokenCity(called, None, f"days, place {place}: {one.day} is there twice")
        named[one.day] = one
    day = date(year, 1, 1)
    while day.year == year:
        named.setdefault(day, NamedDay(day, day.weekday() < 5, "", notice, official=True))
        day += ONE_DAY
    return tuple(named[day] for day in sorted(named))


def _named(called: str, place: int, row: object, notice: str) -> NamedDay:
    if not isinstance(row, dict):
        raise BrokenCity(called, None, f"days, place {place}: is no table")
    name, written, off = row.get("name"), row.get("date"), row.get("isOffDay")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not _is_plain(name):
        raise BrokenCity(called, None, f"days, place {place}: name must be a short text")
    if not isinstance(off, bool):
        raise BrokenCity(called, None, f"days, place {place}: isOffDay must be true or false")
    day = _day(written)
    if day is None:
        raise BrokenCity(called, None, f"days, place {place}: {written!r} is not a date like 2026-01-31")
    return named_day(day, works=not off, name=name, source=notice)


def _table(path: Path, called: str, source: str) -> Iterator[NamedDay]:
    table = open_table(path)
    for column in COLUMNS:
        if column not in table.headers:
            raise BrokenCity(called, 1, f"column {column!r} is missing")
    seen: set[date] = set()
    for line, row in table.rows():
        one = _row(called, line, row, source)
        if one.day in seen:
            raise BrokenCity(called, line, f"day {one.day} is there twice")
        if len(seen) >= MOST_DAYS:
            raise BrokenCity(called, line, f"more than {MOST_DAYS} rows")
        seen.add(one.day)
        yield one
    if not seen:
        raise BrokenCity(called, None, "the file has no rows")


def _row(called: str, line: int, row: Mapping[str, str], source: str) -> NamedDay:
    # A row may break off early.
    written, answer, name = (row.get(column, "") for column in COLUMNS)
    day, works = _day(written), _WORKS.get(answer.strip().lower())
    if day is None:
        raise BrokenCity(called, line, f"day {written!r} is not a date like 2026-01-31")
    if works is None:
        raise BrokenCity(called, line, f"works {answer!r} is neither yes nor no")
    if not _is_plain(name):
        raise BrokenCity(called, line, "the name has signs that cannot be shown")
    if len(name) > LONGEST_NAME:
        raise BrokenCity(called, line, f"the name is longer than {LONGEST_NAME} characters")
    return named_day(day, works=works, name=name, source=source)


def named_day(day: date, *, works: bool, name: str, source: str) -> NamedDay:
    """Return an official day; one that is worked has a name only where it makes up for another."""
    makes_up = works and day.weekday() >= 5
    kept = MAKEUP if makes_up else "" if works else name.strip()
    return NamedDay(day, works, kept, source, official=True)


def _is_plain(text: str) -> bool:
    """Whether every sign of it can be shown and kept: no control characters, no half of a pair."""
    return all(unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)


def _day(written: object) -> date | None:
    found = _DAY.fullmatch(written.strip()) if isinstance(written, str) else None
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None
