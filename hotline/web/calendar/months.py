"""A year as twelve small months, and what is special in it, in words."""

import calendar as weeks
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hotline import labels
from hotline.web import filters
from hotline.work import Work
from sla import DayKind, WorkCalendar

MONDAY_FIRST = weeks.Calendar(weeks.MONDAY)
# What stands in the corner of a day: told apart without colour.
MARKS: Mapping[DayKind, str] = {
    DayKind.HOLIDAY: "休",
    DayKind.MAKEUP: "班",
    DayKind.CLOSED: "停",
    DayKind.OPENED: "开",
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Cell:
    """One day of a month. `said`: what it is, in words; empty for an ordinary one."""

    day: date
    kind: DayKind
    mark: str
    said: str
    provisional: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    """`rows`: its weeks from Monday on, None for days of other months. `special`: its holidays in words."""

    number: int
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def special(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row if cell and cell.mark]


def months_of(calendar: WorkCalendar, year: int, today: date) -> list[Month]:
    return [
        Month(
            number,
            tuple(
                tuple(_cell(calendar, day, today) if day.month == number else None for day in week)
                for week in MONDAY_FIRST.monthdatescalendar(year, number)
            ),
        )
        for number in range(1, 13)
    ]


def _cell(calendar: WorkCalendar, day: date, today: date) -> Cell:
    kind, name = calendar.kind_of(day), calendar.name_of(day)
    provisional = calendar.is_provisional(day)
    words = labels.DAY_KINDS[kind] if kind in MARKS else ""
    said = "，".join(filter(None, (words, name if name != words else "", "暂定" if provisional else "")))
    return Cell(day, kind, MARKS.get(kind, ""), said, provisional, day == today)


def local_rules(work: Work) -> Iterator[tuple[str, str, str, str]]:
    """Yield what calendar.toml adds to the usual shifts: when, what, for whom, why."""
    table = tomllib.loads(work.city.hours)
    for name, what in (("hours", "作息"), ("closed", "停办"), ("open", "上班")):
        for row in table.get(name, []):
            when = _when(row)
            shifts = "、".join(f"{opens}–{closes}" for opens, closes in row.get("shifts", []))
            codes = row.get("departments", [])
            whom = "、".join(filters.department(code, work) for code in _listed(codes)) or "全市"
            yield when, " ".join(filter(None, (what, shifts))), whom, str(row.get("reason", ""))


def _when(row: Mapping[str, object]) -> str:
    since, until = row.get("day") or row.get("from"), row.get("until")
    days = f"{since or '一直'} 至 {until or '另行通知'}" if "day" not in row else f"{since}"
    named = [_WEEKDAYS.index(one) for one in _listed(row.get("weekdays", []))]
    return days + (f"，周{'、'.join(labels.WEEKDAYS[number] for number in named)}" if named else "")


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(one) for one in value] if isinstance(value, list) else []
