"""The stops of a matter on its way, as its caller reads them: passed, here, still to come.

Only public events, and of those only what names no person: departments act here, not people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hotline import labels
from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import followup
from hotline.web import filters
from hotline.web.trail import LedgerEntry
from hotline.work import Work


@dataclass(frozen=True)
class Step:
    """One stop on the way. `state`: done, here or next."""

    name: str
    note: str
    state: str


def who(work: Work, ticket: Ticket) -> str:
    return filters.department(ticket.lead_code, work) if ticket.lead_code else "承办单位"


def moment(work: Work, at: datetime) -> str:
    return labels.citizen_moment(at, work.now, work.city.zone)


def day(work: Work, which: date) -> str:
    return labels.citizen_day(which, work.city.calendar.day_of(work.now))


def past(work: Work, events: Iterable[LedgerEntry]) -> list[Step]:
    steps: list[Step] = []
    before: LedgerEntry | None = None
    for event in events:
        if event.action is Action.ACCEPT and before and before.action in _SENT:
            accepted = f"{steps[-1].note}，对方 {_later(work, before.at, event.at)} 接单"
            steps[-1] = Step(steps[-1].name, accepted, "done")
        else:
            steps.append(Step(_name(work, event), _note(work, event), "done"))
        before = event
    return steps


# What an acceptance answers: shown on the same stop.
_SENT = frozenset({Action.DISPATCH, Action.SEND_BACK, Action.REOPEN})


def _later(work: Work, first: datetime, then: datetime) -> str:
    """Return the moment `then`, without its day when it is that of `first`."""
    zone = work.city.zone
    same_day = first.astimezone(zone).date() == then.astimezone(zone).date()
    return f"{then.astimezone(zone):%H:%M}" if same_day else moment(work, then)


def _name(work: Work, event: LedgerEntry) -> str:
    if event.action is Action.CONTACT and not event.details.get("reached"):
        return "承办单位打给您，没有接通"
    if event.action is Action.URGE and event.role is not Role.CITIZEN:
        return "热线催办了一次"
    if event.action is Action.TRANSFER:
        return f"转到{_target(work, event.details.get('target'))}"
    if event.action is Action.DISPATCH:
        return f"转给{filters.department(event.details.get('department'), work)}"
    return _NAMES.get(event.action, labels.ACTIONS[event.action])


_NAMES: Mapping[Action, str] = {
    Action.LOG: "收到您的诉求",
    Action.ANSWER: "当场答复您",
    Action.ACCEPT: "承办单位接单",
    Action.CONTACT: "承办单位与您通话",
    Action.GRANT_EXTENSION: "办理时间延长",
    Action.GRANT_SUSPENSION: "暂停办理",
    Action.RESUME: "恢复办理",
    Action.DEFER: "列入跟踪清单",
    Action.WRITE_OFF: "恢复办理",
    Action.RESOLVE: "承办单位报来结果",
    Action.ACCEPT_RESULT: "结果核对通过",
    Action.SEND_BACK: "退回承办单位重新办理",
    Action.CLOSE: "办结",
    Action.REOPEN: "重新办理",
    Action.WITHDRAW: "您撤回了这件诉求",
    Action.URGE: "您催了一次",
    Action.MERGE: "与同样的诉求合并办理",
    Action.UNMERGE: "恢复单独办理",
    Action.SPLIT: "您说的另一件事单独立了一张工单",
}


def _target(work: Work, code: str | None) -> str:
    known = work.city.transfers.get(code or "")
    return known.name if known else "其他渠道"


def _note(work: Work, event: LedgerEntry) -> str:
    add = _ADDED.get(event.action)
    more = add(work, event) if add else ""
    return f"{moment(work, event.at)}{more}"


def _new_promise(work: Work, event: LedgerEntry) -> str:
    due = event.details.get("due_at")
    return f"，改为最晚 {moment(work, datetime.fromisoformat(due))} 前给您结果" if due else ""


def _pause(work: Work, event: LedgerEntry) -> str:
    until = event.details.get("until") or event.details.get("review_on")
    return f"，{day(work, date.fromisoformat(until))}起继续" if until else ""


_ADDED: Mapping[Action, Callable[[Work, LedgerEntry], str]] = {
    Action.GRANT_EXTENSION: _new_promise,
    Action.GRANT_SUSPENSION: _pause,
    Action.DEFER: _pause,
}


# What is still to come


def coming(work: Work, ticket: Ticket, promise: Deadline | None, *, rated: bool) -> Sequence[Step]:
    """Return where the matter is and what follows. `rated`: the caller has answered for this round."""
    here = "看您的意见" if rated else _HERE.get(ticket.status)
    if here is None:
        return ()
    steps = [Step(here, _holder(work, ticket), "here")]
    if ticket.status not in {Status.RESOLVED, Status.AWAITING_FOLLOW_UP}:
        due = promise.due_at if promise else None
        provisional = "（暂定）" if promise and promise.provisional else ""
        note = f"{moment(work, due)} 前{provisional}" if due and due > work.now else ""
        steps.append(Step("给您结果", note, "next"))
    if ticket.status is not Status.AWAITING_FOLLOW_UP and _will_be_asked(work, ticket):
        steps.append(Step("我们打电话核实", "解决没有、满不满意，由您说了算", "next"))
    return steps


_HERE: Mapping[Status, str] = {
    Status.LOGGED: "安排办理单位",
    Status.DISPATCHED: "等待接单",
    Status.ACCEPTED: "正在办理",
    Status.RETURN_REQUESTED: "核定办理单位",
    Status.DISPUTED: "核定办理单位",
    Status.SUSPENDED: "等恢复办理",
    Status.DEFERRED: "跟踪办理",
    Status.RESOLVED: "核对结果",
    Status.AWAITING_FOLLOW_UP: "请您评价",
}
_HELD_BY_DEPARTMENT = frozenset({Status.DISPATCHED, Status.ACCEPTED, Status.SUSPENDED, Status.DEFERRED})


def _holder(work: Work, ticket: Ticket) -> str:
    return f"由{who(work, ticket)}负责" if ticket.status in _HELD_BY_DEPARTMENT else ""


def _will_be_asked(work: Work, ticket: Ticket) -> bool:
    """Only where it is certain: not of a kind that is sampled, nor without a number to call."""
    return followup.can_be_asked(work, ticket) and (
        ticket.round > 1 or work.city.follow_up.sampling[ticket.kind] >= 1
    )
