"""Notices of days off as they are handed in, made up: nobody has announced these."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from hotline.cities import calendar_files
from hotline.cities.calendar_files import Handed
from hotline.models.mark import CALENDAR, Mark
from hotline.tickets.calendars import versions
from hotline.work import Work

PAPER = "国办发明电〔2026〕7号"


def new_year_2027() -> str:
    """元旦 from 1 to 3 January, Saturday the 9th worked for it."""
    off = [date(2027, 1, 1) + timedelta(days=number) for number in range(3)]
    return a_notice(2027, {"元旦": off}, worked=[date(2027, 1, 9)])


def a_notice(
    year: int,
    off: dict[str, list[date]],
    *,
    worked: Iterable[date] = (),
    papers: tuple[str, ...] = (PAPER,),
) -> str:
    days = [
        {"name": name, "date": day.isoformat(), "isOffDay": True}
        for name, days in off.items()
        for day in days
    ]
    days += [{"name": next(iter(off)), "date": day.isoformat(), "isOffDay": False} for day in worked]
    return json.dumps({"year": year, "papers": list(papers), "days": days}, ensure_ascii=False)


def handed(folder: Path, text: str, called: str = "2027.json", *, source: str = "") -> Handed:
    """Read a text as the file that it would be."""
    path = folder / called
    path.write_text(text, encoding="utf-8")
    return calendar_files.read(path, called, source=source)


def as_in_force(work: Work) -> Work:
    """The same work in the next transaction: its city has the calendar that the mark names."""
    mark = work.session.scalar(select(Mark.value).where(Mark.name == CALENDAR)) or ""
    return replace(work, city=versions.city_under(work.session, work.city, mark))
