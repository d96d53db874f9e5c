"""How moments, deadlines, numbers and codes look in a template.

Moments need to know now, and whose clock: templates hand in the `work` they are drawn with.
"""

from datetime import date, datetime, timedelta

from flask import Flask
from markupsafe import Markup

from hotline import labels
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.notice import Notice
from hotline.tickets import deadlines
from hotline.tickets.custody.stretches import Party, Side, hours_of
from hotline.tickets.holders import Holder
from hotline.web import names
from hotline.work import Work
from routing import Match
from sla.allowance import parse as parse_allowance
from sla.calendar import WorkCalendar, working_time_between

PROVISIONAL = "（暂定）"
VOCABULARIES = {
    "role": labels.ROLES,
    "status": labels.STATUSES,
    "shape": labels.STATE_SHAPES,
    "action": labels.ACTIONS,
    "stage": labels.STAGES,
    "kind": labels.KINDS,
    "urgency": labels.URGENCIES,
    "channel": labels.CHANNELS,
    "closing": labels.CLOSINGS,
    "source": labels.CATEGORY_SOURCES,
    "desk": labels.DESKS,
    "part": labels.PARTS,
    "ending": labels.ENDINGS,
    "opinion": labels.OPINIONS,
    "arrival": labels.ARRIVALS,
    "level": labels.LEVELS,
    "application": labels.APPLICATION_KINDS,
    "application_state": labels.APPLICATION_STATES,
    "outcome": labels.DEADLINE_OUTCOMES,
    "order_state": labels.ORDER_STATES,
    "order_shape": labels.ORDER_SHAPES,
    "result": labels.OUTCOMES,
    "fault": labels.FAULTS,
    "mode": labels.TRANSFER_MODES,
    "via": labels.VIAS,
    "contacted": labels.CONTACTED,
    "solved": labels.SOLVED,
    "satisfied": labels.SATISFIED,
    "risk": labels.RISKS,
    "misled": labels.MISLED,
    "lane_turn": labels.LANE_TURNS,
    "standing": labels.MODEL_STANDINGS,
    "catalogue_standing": labels.CATALOGUE_STANDINGS,
    "calendar_standing": labels.CALENDAR_STANDINGS,
    "day_kind": labels.DAY_KINDS,
    "cause": labels.TRAINING_CAUSES,
    "department_kind": labels.DEPARTMENT_KINDS,
    "topic": labels.TOPICS,
    "aspect": labels.DRIFT_ASPECTS,
}


def register(app: Flask) -> None:
    for filter_ in (
        label, problem, number, share, iso, local_time, full_time, due, local_day, allowance,
        alert_level, topic, digest_words, remaining, took, department, owner, holder, party, category, area,
        which_place, duration, office_time,
    ):  # fmt: skip
        app.add_template_filter(filter_)
    app.add_template_test(natural)


def label(value: object, vocabulary: str) -> str:
    """Return the Chinese of a code: `ticket.status | label("status")`. An empty one shows as a dash."""
    return VOCABULARIES[vocabulary].get(str(value), str(value)) if value not in (None, "") else "—"


def problem(code: str) -> str:
    return labels.problem(code)


def number(ticket_number: str) -> Markup:
    """Return the number with its date light and its serial heavy."""
    return Markup('<span class="no">{}<b>{}</b></span>').format(ticket_number[:8], ticket_number[8:])


def share(part: float) -> str:
    """Return a probability or a rate as whole percent: `88%`."""
    return f"{round(part * 100)}%"


def iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def local_time(at: datetime, work: Work) -> str:
    return labels.moment(at, work.now, work.city.calendar.zone)


def due(deadline: Deadline, work: Work) -> str:
    """Return when a clock falls due, and that this is provisional (暂定); it must not stand still."""
    if deadline.due_at is None:
        return ""
    return local_time(deadline.due_at, work) + (PROVISIONAL if deadline.provisional else "")


def full_time(at: datetime, work: Work) -> str:
    """Return `2026-11-25 17:30`: on paper there is no today."""
    return f"{at.astimezone(work.city.zone):%Y-%m-%d %H:%M}"


def local_day(at: date | datetime, work: Work) -> str:
    zone = work.city.calendar.zone
    day = at.astimezone(zone).date() if isinstance(at, datetime) else at
    return labels.day(day, work.now.astimezone(zone).date())


def department(code: str | None, work: Work) -> str:
    """Return the short name of a department, its code when the profile no longer has it."""
    if not code:
        return "—"
    return work.city.departments[code].short if code in work.city.departments else code


def holder(held: Holder, work: Work) -> str:
    """Return who has a ticket in hand: `审核员`, `市水务局`."""
    return labels.ROLES[held.desk] if held.desk else department(held.department, work)


def party(whose: Party, work: Work) -> str:
    """Return whose time it was: `市水务局`, `审核台`, `等派单台审退单`, `等诉求人`."""
    if whose.side is Side.DEPARTMENT:
        return department(whose.holder.department, work)
    if whose.side is Side.DESK and whose.holder.desk:
        return labels.DESKS[whose.holder.desk]
    if whose.side is Side.APPROVAL and whose.holder.desk:
        return labels.DECISIONS[whose.holder.desk]
    return labels.SIDES[whose.side]


def office_time(length: timedelta, whose: Party, work: Work) -> str:
    """Return working time by the office day of whose time it is: `2天3小时`; `无` where none passed."""
    return labels.duration(length, workday_of(hours_of(work, whose))) if length else "无"


def owner(code: str, work: Work) -> str:
    """Return the department, or the channel where the matter belongs to one."""
    channel = work.city.transfers.get(code)
    return f"转{channel.name}" if channel else department(code, work)


def category(code: str | None, work: Work) -> str:
    """Return a category with what is above it: `供热 / 不热、停热`."""
    if not code:
        return "未分类"
    return work.city.taxonomy.path(code) if code in work.city.taxonomy else code


def area(code: str | None, work: Work) -> str:
    """Return an area from the district down: `海澜区望潮街道`."""
    if not code:
        return "地点不明"
    return names.area_name(work.city, code) if code in work.city.gazetteer else code


def which_place(place: Match, work: Work) -> str:
    """Return what to ask where a text leaves several places open: `在云通路的路东还是路西？`"""
    return names.which_place(work.city, place)


def duration(length: timedelta) -> str:
    return labels.duration(length)


def allowance(written: str) -> str:
    return labels.allowance(written)


def alert_level(deadline: Deadline, work: Work) -> str:
    """Return overdue, near, ok, paused, met, late or none: the css class of its clock."""
    if deadline.settled_at is not None:
        return _verdict(deadline)
    if deadline.due_at is None:
        return "paused"
    if deadline.due_at <= work.now:
        return "overdue"
    # Pointed back to its start, a clock is only asked again: somebody pressed for it.
    turned = deadline.alert_at is not None and deadline.started_at < deadline.alert_at <= work.now
    return "near" if deadline.alert_level > 0 or turned else "ok"


def topic(notice: Notice) -> str:
    """Return what a notice is about: `派单`, `办结时限预警`, or a rung by its name in the profile."""
    if notice.topic == "rung":
        return str(notice.facts["rung"])
    stage = labels.STAGES.get(str(notice.facts.get("stage")))
    return f"{stage}时限{labels.TOPICS[notice.topic]}" if stage else labels.TOPICS[notice.topic]


def digest_words(counts: dict[str, int]) -> str:
    """Return `已超时 3 项、快到期 5 项，其中督办 1 件`; empty where nothing waits."""
    numbers = (("已超时", counts["overdue"]), ("快到期", counts["near"]))
    said = "、".join(f"{words} {number} 项" for words, number in numbers if number)
    return f"{said}，其中督办 {counts['supervised']} 件" if counts["supervised"] else said


def _verdict(deadline: Deadline) -> str:
    if deadline.outcome is DeadlineOutcome.MET:
        return "met"
    return "late" if deadline.outcome is DeadlineOutcome.LATE else "none"


def remaining(deadline: Deadline, work: Work) -> str:
    """Return `剩 1天5小时` or `已超时 1小时42分`, in the kind of time that this clock counts."""
    if deadline.due_at is None:
        return "已暂停"
    late = deadline.due_at <= work.now
    begin, end = (deadline.due_at, work.now) if late else (work.now, deadline.due_at)
    length = _length(deadline, work, begin, end)
    if not length:
        # Past its moment, but no office hour has gone by since.
        return "已超时" if late else "剩 不到1分钟"
    return f"{'已超时' if late else '剩'} {length}"


def took(deadline: Deadline, work: Work) -> str:
    """Return how long a settled clock ran, pauses included: `用时 25分钟`."""
    end = deadline.settled_at or work.now
    return f"用时 {_length(deadline, work, deadline.started_at, end) or '不到1分钟'}"


def natural(deadline: Deadline) -> bool:
    """Whether its clock runs through nights and holidays, so that a browser may count it on."""
    return not parse_allowance(deadline.allowance).is_working


def _length(deadline: Deadline, work: Work, begin: datetime, end: datetime) -> str:
    """Return how much of the clock's kind of time lies between; empty below a minute."""
    calendar = deadlines.calendar_of(work, deadline)
    working = not natural(deadline)
    length = working_time_between(calendar, begin, end) if working else end - begin
    if length < timedelta(minutes=1):
        return ""
    return labels.duration(length, workday_of(calendar) if working else timedelta(days=1))


def workday_of(calendar: WorkCalendar) -> timedelta:
    """Return how much working time one day has: what `1天` means in a countdown."""
    whole = timedelta()
    for opens, closes in calendar.shifts:
        whole += datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
    return whole
