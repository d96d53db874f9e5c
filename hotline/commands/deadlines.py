"""Reckon a deadline: when it falls, and the arithmetic day by day."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from hotline import runtime
from hotline.commands import lines
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.commands.sheets import Row
from hotline.settings import Settings
from hotline.work import SYSTEM
from sla import Allowance, CalendarExhausted, Clock, Pause, State, Unit, WorkCalendar, passport
from sla.allowance import parse as parse_allowance

# Time zones of the far past are odd, and no clock of a hotline runs beyond.
FIRST_YEAR, LAST_YEAR = 1900, 2199
A_MINUTE = timedelta(minutes=1)


def reckon(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> lines.Answer:
    """Return the deadline and its rows. While a pause without end holds it, `due_at` is None."""
    try:
        shown = passport.passport(calendar, clock, allowance)
    except CalendarExhausted:
        raise Refused("日历里往后没有工作日，算不出时限。请检查 calendar.toml") from None
    days = passport.days(calendar, shown)
    return {
        "due_at": shown.due and _iso(shown.due, calendar),
        "provisional": any(day.provisional for day in days),
        "rows": list(_rows(calendar, days, allowance)),
    }


def _rows(
    calendar: WorkCalendar, days: Sequence[passport.Day], allowance: Allowance
) -> Iterator[lines.Answer]:
    run = timedelta()
    for place, day in enumerate(days):
        before = run // A_MINUTE
        run += day.counted
        yield {
            "date": day.day.isoformat(),
            "from": _iso(day.begin, calendar),
            "to": _iso(day.end, calendar),
            # Differences of the running total: whole minutes that add up whatever the seconds are.
            "counted_minutes": run // A_MINUTE - before,
            "reason": "，".join(_reasons(calendar, day, allowance, first=place == 0)),
        }


def _reasons(
    calendar: WorkCalendar, day: passport.Day, allowance: Allowance, *, first: bool
) -> Iterator[str]:
    if first:
        yield "起算"
    if not allowance.is_working:
        yield "自然时间"
    elif first and allowance.unit is Unit.WORKDAYS:
        yield "当天不计"
    elif calendar.is_workday(day.day):
        yield "调休上班" if day.day in calendar.makeup_days else "工作日"
    else:
        yield "周末，不计" if day.day.weekday() >= 5 else "节假日，不计"
    if day.paused:
        yield f"暂停 {day.paused // A_MINUTE} 分钟"
    elif day.state is State.PAUSED:
        yield "暂停"
    if day.state is State.DUE:
        yield "到期"
    if day.provisional:
        yield "暂定：没有这一天的放假通知"


def _iso(moment: datetime, calendar: WorkCalendar) -> str:
    return moment.astimezone(calendar.zone).isoformat()


def read_moment(text: str) -> datetime:
    """Raises Refused for what is no moment, has no zone, or lies out of reach."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"时刻 {text!r} 写法不对，请写成 2026-11-25T09:00+08:00 的样子") from None
    if moment.tzinfo is None:
        raise Refused(f"时刻 {text!r} 没有时区，请写成 2026-11-25T09:00+08:00 的样子")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused(f"时刻 {text!r} 太远，年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return moment


def read_pause(text: str) -> Pause:
    """Read `begin/end`, or `begin/` for a pause that goes on. Raises Refused."""
    begin, slash, end = text.partition("/")
    if not slash:
        raise Refused(
            f"暂停 {text!r} 写法不对，请写成 起/止，如 2026-11-25T09:00+08:00/2026-11-26T12:00+08:00"
        )
    try:
        return Pause(read_moment(begin), read_moment(end) if end.strip() else None)
    except ValueError:
        raise Refused(f"暂停 {text!r} 的结束早于开始，请核对") from None


def read_allowance(text: str) -> Allowance:
    try:
        return parse_allowance(text.strip())
    except ValueError:
        raise Refused(f"时限 {text!r} 写法不对，请写成 30m、24h、7d、4wh 或 5wd 的样子") from None


def _configure(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--at", metavar="时刻", help="从何时起算，须带时区，如 2026-11-25T09:00+08:00")
    what.add_argument(
        "--batch",
        type=Path,
        metavar="文件",
        help="csv 或 xlsx：at、allowance 列，可有 pauses（用分号隔开）、id 列",
    )
    parser.add_argument(
        "--allowance",
        metavar="时限",
        help="m 分钟、h 小时、d 天按自然时间；wh 工作小时、wd 工作日，如 4wh、5wd",
    )
    parser.add_argument(
        "--pause",
        action="append",
        default=[],
        metavar="起/止",
        help="一段暂停，可写多次；没有结束就写“起/”，这时时限未定，due_at 为 null",
    )


def _deadline(options: Namespace, settings: Settings) -> int:
    if options.batch:
        return _batch(options, settings)
    if options.allowance is None:
        raise Refused("缺少参数：--allowance")
    clock = Clock(read_moment(options.at), tuple(read_pause(one) for one in options.pause))
    allowance = read_allowance(options.allowance)
    lines.put(reckon(_calendar(settings), clock, allowance))
    return 0


def _batch(options: Namespace, settings: Settings) -> int:
    if options.allowance or options.pause:
        raise Refused("用 --batch 时，时限和暂停写在文件的 allowance、pauses 列里")
    sheet = lines.open_batch(options.batch, needed=("at", "allowance"))
    calendar = _calendar(settings)

    def answer(row: Row) -> lines.Answer:
        pauses = tuple(read_pause(one) for one in row.get("pauses", "").split(";") if one.strip())
        clock = Clock(read_moment(row.get("at", "")), pauses)
        return reckon(calendar, clock, read_allowance(row.get("allowance", "")))

    return lines.put_each(sheet, answer, echoed=("id",))


def _calendar(settings: Settings) -> WorkCalendar:
    start_with_city(settings)
    with runtime.view(SYSTEM) as work:
        return work.city.calendar


COMMANDS = {"deadline": Command(_deadline, _configure)}
