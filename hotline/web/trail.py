"""Say what a ledger entry says: one renderer for every action (流转记录)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from hotline import labels
from hotline.lifecycle import Action, Role
from hotline.tickets.timeline import BY_SYSTEM, PUBLIC
from hotline.web import filters
from hotline.web.shell import ICONS
from hotline.work import Work

DONE = frozenset(
    {
        *(Action.ACCEPT, Action.CONTACT, Action.RESOLVE, Action.ACCEPT_RESULT, Action.CLOSE),
        *(Action.REPLY_ORDER, Action.ACCEPT_REPLY),
    }
)
HELD = frozenset({Action.GRANT_SUSPENSION, Action.RESUME, Action.DEFER, Action.WRITE_OFF})
NEAR = frozenset(
    {
        *(Action.SUPERVISE, Action.WARN, Action.BREACH, Action.SEND_BACK, Action.URGE),
        *(Action.REFUSE_REPLY, Action.ESCALATE),
    }
)

# Details that are people's own words, and what stands before them.
SAID: Mapping[str, str] = {
    "text": "",
    "note": "",
    "facts": "调查与办理：",
    "answer": "答复诉求人：",
    "opinion": "",
    "without": "不等意见的理由：",
    "comment": "诉求人说：",
    "addition": "补充：",
    "purpose": "用途：",
    "basis": "依据：",
    "evidence": "佐证：",
}


class LedgerEntry(Protocol):
    """What is read of an event: the pages read history, only the ledger knows its table."""

    @property
    def at(self) -> datetime: ...
    @property
    def action(self) -> Action: ...
    @property
    def role(self) -> Role: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def department_code(self) -> str | None: ...
    @property
    def details(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Entry:
    """One line of the trail. `said`: words in a box. `audience`: 公开, 内部 or 系统. `tone`: a css class."""

    at: datetime
    verb: str
    facts: tuple[str, ...]
    actor: str
    said: tuple[str, ...]
    audience: str
    tone: str
    icon: str


def entries(events: Iterable[LedgerEntry], work: Work) -> list[Entry]:
    """Return the lines of a trail, newest first."""
    return [_entry(event, work) for event in reversed(list(events))]


def _entry(event: LedgerEntry, work: Work) -> Entry:
    return Entry(
        at=event.at,
        verb=_verb(event),
        facts=tuple(_facts(event, work)),
        actor=_actor(event, work),
        said=tuple(
            before + str(event.details[name]).strip()
            for name, before in SAID.items()
            if isinstance(event.details.get(name), str) and event.details[name].strip()
        ),
        audience=_audience(event.action),
        tone=_tone(event.action),
        icon=ICONS.get(event.action, "dots"),
    )


def _verb(event: LedgerEntry) -> str:
    if event.action is Action.CONTACT and not event.details.get("reached"):
        return "联系未接通"
    if event.action is Action.DISPATCH and event.details.get("auto"):
        return "自动派单"
    return labels.ACTIONS[event.action]


def _actor(event: LedgerEntry, work: Work) -> str:
    if event.action in BY_SYSTEM or event.role is Role.SYSTEM:
        return ""
    if event.department_code:
        return f"{filters.department(event.department_code, work)} {event.actor_name}"
    if event.role is Role.CITIZEN:
        return labels.ROLES["citizen"]
    return f"{labels.ROLES[event.role]} {event.actor_name}"


def _audience(action: Action) -> str:
    if action in BY_SYSTEM:
        return "系统"
    return "公开" if action in PUBLIC else "内部"


def _tone(action: Action) -> str:
    for tone, actions in (("done", DONE), ("held", HELD), ("near", NEAR)):
        if action in actions:
            return tone
    return ""


def _facts(event: LedgerEntry, work: Work) -> Iterable[str]:
    """Yield the coded details in words, in the order in which they are read."""
    if event.action is Action.ATTEMPT and not event.details.get("reached"):
        yield "未接通"
    for name, write in WRITERS.items():
        value = event.details.get(name)
        if value and (words := write(value, work)):
            yield words
    reason = event.details.get("reason")
    if reason:
        yield _reason(event.action, reason, work)


def _transfer(code: str, work: Work) -> str:
    return work.city.transfers[code].name if code in work.city.transfers else code


def _suggested(value: object, work: Work) -> str:
    """A return names the department that should have it; the register's own ranking is not for the trail."""
    return f"建议由{filters.department(value, work)}办理" if isinstance(value, str) else ""


def _reason(action: Action, code: str, work: Work) -> str:
    city = work.city
    if action in {Action.REQUEST_RETURN, Action.DRAFT_RETURN} and code in city.returns.reasons:
        return city.returns.reasons[code].name
    if action in {Action.SUPERVISE, Action.ESCALATE}:
        return city.orders.reasons.get(code, code)
    if action is Action.REQUEST_SUSPENSION:
        return city.suspension.reasons.get(code, code)
    if action in {Action.ATTEMPT, Action.SEND_BACK, Action.CLOSE} and code in city.follow_up.reasons:
        return city.follow_up.reasons[code].name
    return f"理由：{code}"


def _into(value: str | list[str]) -> str:
    """Where a merged ticket went, or what was split off."""
    return f"并入 {value}" if isinstance(value, str) else f"另立 {'、'.join(value)}"


def _day(written: str, work: Work) -> str:
    return filters.local_day(date.fromisoformat(written), work)


def _moment(written: str, work: Work) -> str:
    return filters.local_time(datetime.fromisoformat(written), work)


CHANGES: Mapping[str, tuple[str, Callable[[Any, Work], str]]] = {
    "kind": ("类型", lambda value, _: labels.KINDS.get(value, value)),
    "urgency": ("紧急程度", lambda value, _: labels.URGENCIES.get(value, value)),
    "category_code": ("事项", filters.category),
    "area_code": ("属地", filters.area),
    "address": ("地点", lambda value, _: value or "空"),
}


def _changed(changes: Mapping[str, tuple[Any, Any]], work: Work) -> str:
    """Return `类型由“求助”改为“投诉”；紧急程度由“一般”改为“紧急”`."""
    return "；".join(
        f"{CHANGES[name][0]}由“{CHANGES[name][1](old, work)}”改为“{CHANGES[name][1](new, work)}”"
        for name, (old, new) in changes.items()
        if name in CHANGES
    )


def _moved(clocks: Mapping[str, tuple[str | None, str | None]], work: Work) -> str:
    """Return `办结时限由今天 12:42改为11-26(周四) 12:00`, the clocks one after the other."""
    return "；".join(
        f"{labels.STAGES[key.partition('/')[0]]}时限由{_due(before, work)}改为{_due(after, work)}"
        for key, (before, after) in clocks.items()
    )


def _replaced(allowances: Mapping[str, tuple[str, str | None]]) -> str:
    """Return `办结时限由 7 个工作日改为 5 个工作日`, the clocks one after the other."""
    return "；".join(
        f"{labels.STAGES[key.partition('/')[0]]}时限由 {labels.allowance(before)}"
        + (f"改为 {labels.allowance(after)}" if after else "改为不计时")
        for key, (before, after) in allowances.items()
    )


def _due(written: str | None, work: Work) -> str:
    return _moment(written, work) if written else "暂停"


WRITERS: Mapping[str, Callable[[Any, Work], str]] = {
    "stage": lambda value, _: f"{labels.STAGES[value]}时限",
    "channel": lambda value, _: f"来自{labels.CHANNELS[value]}",
    "target": lambda value, work: f"转{_transfer(value, work)}",
    "mode": lambda value, _: labels.TRANSFER_MODES.get(value, value),
    "department": lambda value, work: f"至 {filters.department(value, work)}",
    "recalled_from": lambda value, work: f"原派 {filters.department(value, work)}",
    "desk": lambda value, _: f"至 {labels.ROLES[value]}",
    "called": lambda value, work: "叫 " + "、".join(filters.department(code, work) for code in value),
    "place": lambda value, _: f"到 {value}",
    "within": lambda value, _: f"{labels.allowance(value)}内到场",
    "who": lambda value, _: f"来人 {value}",
    "arrived_at": lambda value, work: f"{_moment(value, work)} 到场",
    "cited": lambda value, work: "采纳意见 " + "、".join(filters.department(code, work) for code in value),
    "missing": lambda value, work: "未等意见 " + "、".join(filters.department(code, work) for code in value),
    "suggested": lambda value, work: _suggested(value, work),
    "drafted_by": lambda value, _: f"{value} 拟稿",
    "cause": lambda value, _: labels.DISPUTE_CAUSES.get(value, value),
    "unit": lambda value, work: f"{filters.department(value, work)}的意见",
    "units": lambda value, work: "会商单位 " + "、".join(filters.department(code, work) for code in value),
    "meets_at": lambda value, work: f"{_moment(value, work)} 会商",
    "assisting": lambda value, work: "协办 " + "、".join(filters.department(code, work) for code in value),
    "to": lambda value, _: f"至 {value}",
    "into": lambda value, _: _into(value),
    "split_from": lambda value, _: f"由 {value} 拆出",
    "nth": lambda value, _: f"督办单 {value}",
    "level": lambda value, work: f"第 {value} 级（{work.city.orders.rung(value).name}）",
    "leader": lambda value, _: f"由{value}回复",
    "reply_within": lambda value, _: f"{labels.allowance(value)}内回复",
    "fault": lambda value, _: labels.FAULTS.get(value, value),
    "outcome": lambda value, _: labels.OUTCOMES.get(value, value),
    "amount": lambda value, _: labels.allowance(value),
    "until": lambda value, work: f"到 {_day(value, work)}",
    "review_on": lambda value, work: f"复核日 {_day(value, work)}",
    "due_at": lambda value, work: f"到期 {_moment(value, work)}",
    "solved": lambda value, _: labels.SOLVED.get(value, value),
    "satisfied": lambda value, _: labels.SATISFIED.get(str(value), str(value)),
    "closing": lambda value, _: labels.CLOSINGS.get(value, value),
    "signed_by": lambda value, _: f"签发 {value}",
    "changed": lambda value, work: _changed(value, work),
    "moved": lambda value, work: _moved(value, work),
    "allowances": lambda value, _: _replaced(value),
    "calendar": lambda value, _: f"按日历第 {value} 版",
}
