"""The calendar (日历) by command: shown, proposed from a file, applied by a second person."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from classifier.errors import BrokenTable
from hotline import faults, labels, runtime
from hotline.cities import calendar_files
from hotline.cities.calendar_files import Handed
from hotline.commands import lines
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.errors import BrokenCity, InvalidInput, NotFound
from hotline.jobs import calendars as following
from hotline.models.user import User
from hotline.settings import Settings
from hotline.tickets.calendars import applying, proposing, versions
from hotline.tickets.calendars.effect import Effect, Line, effect_of
from hotline.tickets.calendars.versions import Overview
from hotline.web.access import actor_of
from hotline.work import SYSTEM, Actor, Work
from sla import DayKind, WorkCalendar

ACTIONS = "import | show | list | apply | drop"
# One that a reader looks for: an ordinary day needs no line.
_SPECIAL = (DayKind.HOLIDAY, DayKind.MAKEUP, DayKind.CLOSED, DayKind.OPENED)


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar=ACTIONS, dest="action")

    def add(name: str, description: str) -> ArgumentParser:
        added: ArgumentParser = actions.add_parser(
            name, prog=f"{parser.prog} {name}", description=description
        )
        added.add_argument("--json", action="store_true", help="以 JSON 输出")
        return added

    importing = add("import", "预览一份放假安排或作息会动哪些工单，并提出，等另一人应用")
    importing.add_argument(
        "file", type=Path, metavar="文件", help="一年的放假 JSON，day,works,name 三列的 csv，或 calendar.toml"
    )
    importing.add_argument("--source", default="", metavar="文号", help="出自哪份通知")
    importing.add_argument("--because", default="", metavar="理由", help="为什么改，会留在记录里")
    importing.add_argument("--by", metavar="工号", help="谁提出的；默认记为系统")
    importing.add_argument("--list", action="store_true", help="列出会变的前一百个时限")
    showing = add("show", "列出一年的放假、调休和本地例外")
    showing.add_argument("year", type=int, nargs="?", metavar="年", help="默认今年")
    add("list", "列出日历的各版和待应用的")
    for name, description in (("apply", "应用一份提出的日历，重算在办工单的时限"), ("drop", "放弃一份")):
        deciding = add(name, description)
        deciding.add_argument("proposal", type=int, metavar="号", help="calendar list 里的编号")
        deciding.add_argument("--by", required=True, metavar="工号", help="督办员或管理员的工号")
        if name == "apply":
            deciding.add_argument("--no-wait", action="store_true", help="不等重算，由后台任务办")


def _calendar(options: Namespace, settings: Settings) -> int:
    start_with_city(settings)
    actions: Mapping[str, Callable[[Namespace], None]] = {
        "import": _import,
        "show": _show,
        "list": _list,
        "apply": _apply,
        "drop": _drop,
    }
    actions[options.action](options)
    return 0


def _import(options: Namespace) -> None:
    handed = _handed(options.file, options.source)
    actor = _actor(options.by) if options.by else SYSTEM
    try:
        with runtime.view(SYSTEM) as work:
            change = proposing.of_file(work, handed)
            effect = effect_of(work, proposing.city_under(work, change), change.touch)
            listed = [_line(work, one) for one in effect.lines] if options.list else []
        with runtime.work(actor) as work:
            proposal = proposing.propose(work, change, effect, because=options.because).id
    except InvalidInput as refused:
        raise Refused(" ".join(labels.problem(code) for code in refused.fields.values())) from None
    if options.json:
        found = {"proposal": proposal, "days": len(change.days), "hours": change.hours is not None}
        lines.put({**found, **effect.counts, **({"clocks": listed} if options.list else {})})
        return
    print(f"拟改 {len(change.days)} 天" if change.days else "拟改作息或本地例外")
    print(_counted(effect))
    print("\n".join(f"  {' '.join(one.values())}" for one in listed), end="\n" if listed else "")
    print(
        f"已提出为第 {proposal} 号，还没有生效。"
        f"请另一位督办员或管理员应用：calendar apply {proposal} --by 工号"
    )


def _counted(effect: Effect) -> str:
    return (
        f"未结工单 {effect.open} 张：时限会变的 {effect.moved} 张，"
        f"变后即超时的 {effect.overdue} 张，不再超时的 {effect.relieved} 张"
    )


def _line(work: Work, one: Line) -> dict[str, str]:
    zone = work.city.zone
    department = one.clock.department_code
    return {
        "ticket": one.ticket.number,
        "department": work.city.departments[department].short if department else "热线",
        "stage": labels.STAGES[one.clock.stage],
        "before": one.before.astimezone(zone).isoformat() if one.before else "",
        "after": one.after.astimezone(zone).isoformat() if one.after else "",
    }


def _show(options: Namespace) -> None:
    with runtime.view(SYSTEM) as work:
        calendars = work.city.calendars
        year = options.year or calendars.city.day_of(work.now).year
        if not calendar_files.FIRST_YEAR <= year <= calendar_files.LAST_YEAR:
            raise Refused(f"年份须在 {calendar_files.FIRST_YEAR} 到 {calendar_files.LAST_YEAR} 之间")
        shown = [{"office": "", **one} for one in _days(calendars.city, year)]
        usual = list(_days(calendars.city, year))
        for code, office in calendars.offices.items():
            shown += [{"office": code, **one} for one in _days(office, year) if one not in usual]
        until, version = calendars.city.official_until, work.city.calendar_version
    if options.json:
        official = until.isoformat() if until else None
        print(json.dumps({"version": version, "official_until": official, "days": shown}, ensure_ascii=False))
        return
    print(f"{year} 年（日历第 {version} 版，官方安排到 {until or '——'}）")
    for day in shown:
        provisional = "（暂定）" if day["provisional"] else ""
        print(f"  {day['day']} {day['words']} {day['name']}{provisional}  {day['office']}".rstrip())


def _days(calendar: WorkCalendar, year: int) -> Iterator[dict[str, object]]:
    day = date(year, 1, 1)
    while day.year == year:
        kind = calendar.kind_of(day)
        if kind in _SPECIAL:
            yield {
                "day": day.isoformat(),
                "kind": kind.value,
                "words": labels.DAY_KINDS[kind],
                "name": calendar.name_of(day),
                "provisional": calendar.is_provisional(day),
            }
        day += timedelta(days=1)


def _list(options: Namespace) -> None:
    with runtime.view(SYSTEM) as work:
        found = [_version(one) for one in (*versions.history(work), *versions.proposed(work))]
    found.sort(key=lambda one: str(one["proposed_at"]))
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        number = f"第 {one['version']} 版" if one["version"] else "——"
        what = one["source"] or one["file"] or one["because"] or "城市档案"
        people = f"{one['proposed_by'] or '系统'} 提出，{one['decided_by'] or '——'} 定"
        print(f"{one['id']}\t{number}\t{labels.CALENDAR_STANDINGS[str(one['standing'])]}\t{what}\t{people}")


def _version(one: Overview) -> dict[str, object]:
    version = one.version
    return {
        "id": version.id,
        "version": version.number,
        "standing": version.standing.value,
        "source": version.source,
        "file": version.file,
        "because": version.because,
        "days": one.days,
        "hours": version.changes_hours,
        "proposed_by": one.proposed_by,
        "proposed_at": version.proposed_at.isoformat(),
        "decided_by": one.decided_by,
        "decided_at": version.decided_at.isoformat() if version.decided_at else None,
        "moved": version.moved,
    }


def _apply(options: Namespace) -> None:
    with _deciding(options) as work:
        applied = applying.apply(work, options.proposal)
        number, version_id = applied.number, applied.id
    looked, moved = (0, 0) if options.no_wait else _follow(version_id)
    if options.json:
        lines.put({"version": number, "looked_at": looked, "moved": moved, "waited": not options.no_wait})
        return
    print(f"日历第 {number} 版已生效")
    done = f"看过在办工单 {looked} 张，时限变了 {moved} 张，每张都记入了流转记录"
    print("后台任务正在重算在办工单的时限" if options.no_wait else done)


def _follow(version_id: int) -> tuple[int, int]:
    """Have every ticket follow, as the background would; whoever is first reckons a ticket."""
    looked = moved = 0
    while True:
        more, changed = following.follow_slice(version_id, limit=200)
        if not more:
            return looked, moved
        looked, moved = looked + more, moved + changed
        if sys.stderr.isatty():
            print(f"\r  {looked} 张", end="", file=sys.stderr, flush=True)


def _drop(options: Namespace) -> None:
    with _deciding(options) as work:
        dropped = applying.drop(work, options.proposal).id
    if options.json:
        lines.put({"dropped": dropped})
    else:
        print(f"第 {dropped} 号已放弃，日历没有变")


@contextmanager
def _deciding(options: Namespace) -> Iterator[Work]:
    """Open the work of whoever decides on a proposal. What cannot be becomes Refused, in words."""
    try:
        with runtime.work(_actor(options.by)) as work:
            yield work
    except NotFound:
        raise Refused(f"没有第 {options.proposal} 号提案，用 calendar list 看全部") from None
    except InvalidInput as refused:
        raise Refused(" ".join(labels.problem(code) for code in refused.fields.values())) from None


def _actor(login: str) -> Actor:
    """Return the person with this login. Raises Refused."""
    with runtime.view(SYSTEM) as work:
        user = work.session.scalar(select(User).where(User.login == login, User.active.is_(True)))
        actor = actor_of(user) if user else None
    if actor is None:
        raise Refused(f"没有工号 {login}，或已停用。用 user list 看全部人员")
    if actor.roles.isdisjoint(applying.APPLIERS):
        raise Refused(f"{login} 不是督办员，也不是管理员，不能改日历")
    return actor


def _handed(path: Path, source: str) -> Handed:
    try:
        return calendar_files.read(path, path.name, source=source)
    except BrokenTable as broken:
        fault = broken.fault.name
        said = faults.of_file(fault, path, called=path.name, row=broken.row, detail=broken.detail)
        raise Refused(said) from None
    except BrokenCity as broken:
        raise Refused(faults.of_city(broken)) from None


COMMANDS = {"calendar": Command(_calendar, _configure)}
