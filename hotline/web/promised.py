"""Why a caller is promised just this moment, in three or four plain lines (为什么是 12 月 4 日 18:00)."""

from collections.abc import Iterator, Sequence
from datetime import date

from hotline import labels
from hotline.models.deadline import Deadline
from hotline.tickets.timeline import Spell
from hotline.web import parcel
from hotline.web.passports import Explained, explained
from hotline.work import Work
from sla import Day, Reason, State, Unit
from sla.calendar import SATURDAY


def why(work: Work, promise: Deadline, past: Sequence[Spell]) -> tuple[str, ...]:
    """Return the lines, the start first. `past`: the spells of its ticket. No query."""
    shown = explained(work, promise, past)
    days = shown.days()
    return (_start(work, shown), *_days_off(work, days), *_made_up(work, days), *_changes(work, shown))


def _start(work: Work, shown: Explained) -> str:
    began = parcel.moment(work, shown.deadline.started_at)
    words = f"从 {began} 起算，共 {labels.allowance(str(shown.allowance))}"
    return words + ("，当天不算。" if shown.allowance.unit is Unit.WORKDAYS else "。")


def _days_off(work: Work, days: Sequence[Day]) -> Iterator[str]:
    """Say which days are not counted, days in a row for the same reason together."""
    groups: list[tuple[str, date, date]] = []
    for day in days:
        if day.state is not State.OFF:
            continue
        name = _called(day)
        if groups and groups[-1][0] == name and (day.day - groups[-1][2]).days == 1:
            groups[-1] = (name, groups[-1][1], day.day)
        else:
            groups.append((name, day.day, day.day))
    if groups:
        yield "这些天不算：" + "、".join(_days(*group) for group in groups) + "。"


def _called(day: Day) -> str:
    row = next(one for one in day.rows)
    if row.reason is Reason.WEEKEND and day.day.weekday() >= SATURDAY:
        return "周末"
    return row.name or ("节假日" if row.reason is Reason.HOLIDAY else "不办公")


def _days(name: str, first: date, last: date) -> str:
    words = f"{first.month} 月 {first.day} 日"
    if last != first:
        same_month = last.month == first.month
        words += f"至 {last.day} 日" if same_month else f"至 {last.month} 月 {last.day} 日"
    return f"{words}（{name}）"


def _made_up(work: Work, days: Sequence[Day]) -> Iterator[str]:
    worked = [day.day for day in days if any(row.reason is Reason.MAKEUP for row in day.rows)]
    if worked:
        yield "、".join(parcel.day(work, day) for day in worked) + "虽是周末，但调休上班，算工作日。"


def _changes(work: Work, shown: Explained) -> Iterator[str]:
    if any(row.reason is Reason.PAUSED for row in shown.arithmetic.rows):
        yield "中间有一段时间暂停办理，暂停的时间不算，已顺延。"
    if shown.deadline.extension:
        yield f"办理单位申请延长，经同意增加 {labels.allowance(shown.deadline.extension)}。"
    if shown.arithmetic.provisional:
        yield "其中有的日子还没有公布放假安排，公布后这个时间可能调整。"
