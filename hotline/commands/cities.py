"""Load a city's profile into the tables that tickets point at."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select

from hotline import runtime
from hotline.commands import marks
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.models.department import Area, Category, Department
from hotline.models.mark import VAULT, Mark
from hotline.settings import Settings
from hotline.tickets.calendars import applying as calendars
from hotline.tickets.catalogues import versions as catalogues
from hotline.tickets.catalogues.versions import Delivery
from hotline.work import SYSTEM, Work

Coded = TypeVar("Coded", Department, Area, Category)


@dataclass(frozen=True)
class Loaded:
    departments: int
    areas: int
    categories: int
    calendar: calendars.Delivery
    catalogue: Delivery


def load_city(work: Work) -> Loaded:
    """Write departments, areas and categories of `work.city`; what left the profile stays, inactive.

    Calendar and catalogue are entered once; from then on a change of theirs is proposed, applied by people.
    Raises Refused when the database holds another city, BrokenCity when the catalogue in force fits no more.
    """
    _require_same_city(work)
    _keep_mark_of_key(work)
    departments = [
        Department(code=one.code, name=one.name, short=one.short, kind=one.kind, active=True)
        for one in work.city.departments
    ]
    areas = [
        Area(code=one.code, name=one.name, level=one.level, parent_code=one.parent, active=True)
        for one in sorted(work.city.gazetteer.areas, key=lambda area: area.level.depth)
    ]
    categories = [
        Category(code=one.code, name=one.name, parent_code=one.parent, active=True)
        for one in sorted(work.city.taxonomy, key=lambda category: category.parent is not None)
    ]
    _upsert(work, Department, departments)
    _upsert(work, Area, areas)
    _upsert(work, Category, categories)
    calendar = calendars.deliver(work)
    return Loaded(len(departments), len(areas), len(categories), calendar, catalogues.deliver(work))


def _require_same_city(work: Work) -> None:
    mark = work.session.get(Mark, marks.CITY)
    if mark is None:
        work.session.add(Mark(name=marks.CITY, value=work.city.code))
    elif mark.value != work.city.code:
        raise Refused(
            f"这个数据库装的是区划代码为 {mark.value} 的城市。一个数据库只装一个城市，请换一个数据库"
        )


def _keep_mark_of_key(work: Work) -> None:
    """Have every later start compare its key with this one."""
    if work.session.get(Mark, VAULT) is None:
        work.session.add(Mark(name=VAULT, value=work.vault.mark()))


def _upsert(work: Work, table: type[Coded], rows: Iterable[Coded]) -> None:
    codes = set()
    for row in rows:
        codes.add(row.code)
        # One by one: a row may point at one just before it.
        work.session.merge(row)
        work.session.flush()
    for gone in work.session.scalars(select(table).where(table.code.not_in(codes))):
        gone.active = False


_CALENDAR = {
    calendars.Delivery.ENTERED: "，日历已装入为第 1 版",
    calendars.Delivery.KNOWN: "，日历没有变化",
    calendars.Delivery.PROPOSED: "。档案里的 calendar.toml 有改动，已提出，请在“日历”页看过预览后应用",
}
_CATALOGUE = {
    Delivery.PUBLISHED: "，派单目录已发布为第 1 版",
    Delivery.KNOWN: "，派单目录没有变化",
    Delivery.DRAFTED: "。档案里的派单目录有改动，已存为草稿，请在“派单目录”页看过差异后发布",
    Delivery.WAITS: "。档案里的派单目录有改动，但已有一份草稿，请先发布或放弃它，再装入一次",
}


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "city", nargs="?", metavar="城市", help="hotline/cities 下的名字或文件夹路径；默认取设置"
    )


def _load(options: Namespace, settings: Settings) -> int:
    start(replace(settings, city=options.city) if options.city else settings)
    with runtime.work(SYSTEM) as work:
        loaded = load_city(work)
        name = work.city.name
    print(
        f"已装入{name}：承办单位 {loaded.departments} 个，区划 {loaded.areas} 个，分类 {loaded.categories} 个"
        + _CALENDAR[loaded.calendar]
        + _CATALOGUE[loaded.catalogue]
    )
    return 0


COMMANDS = {"load-city": Command(_load, _configure)}
