"""Say to the caller, in plain words, how far his matter is: what, by whom, by when."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from hotline.lifecycle import Status
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, rating, timeline
from hotline.web import parcel, promised
from hotline.work import Work
from sla.policy import Stage

STATES: Mapping[Status, str] = {
    Status.LOGGED: "已收到",
    Status.DISPATCHED: "等待接单",
    Status.ACCEPTED: "办理中",
    Status.RETURN_REQUESTED: "核定单位",
    Status.DISPUTED: "核定单位",
    Status.SUSPENDED: "暂停办理",
    Status.DEFERRED: "长期跟踪",
    Status.RESOLVED: "核对结果",
    Status.AWAITING_FOLLOW_UP: "等您评价",
    Status.CLOSED: "已办结",
    Status.TRANSFERRED: "已转出",
    Status.MERGED: "已合并",
    Status.WITHDRAWN: "已撤回",
}
HEADLINES: Mapping[Status, str] = {
    Status.LOGGED: "正在安排由哪个单位办理",
    Status.DISPATCHED: "已转{who}，等对方接单",
    Status.ACCEPTED: "{who}正在办理",
    Status.RETURN_REQUESTED: "正在核定由哪个单位办理",
    Status.DISPUTED: "正在核定由哪个单位办理",
    Status.SUSPENDED: "{who}暂停办理",
    Status.DEFERRED: "这件事需要较长时间，已列入跟踪清单",
    Status.RESOLVED: "{who}已报来结果，我们正在核对",
    Status.AWAITING_FOLLOW_UP: "已有办理结果，想听您说办得怎么样",
    Status.CLOSED: "这件事已办结",
    Status.TRANSFERRED: "这件事已转到其他渠道",
    Status.MERGED: "已与同样的诉求合并办理",
    Status.WITHDRAWN: "您已撤回这件诉求",
}
# How far the ticket is into which this one was merged; in all other statuses it is being handled.
JOINED: Mapping[Status, str] = {Status.CLOSED: "已办结", Status.TRANSFERRED: "已转到其他渠道"}
# While a department, or nobody yet, works on it the promised result is what counts.
IN_WORK = frozenset(
    {Status.LOGGED, Status.DISPATCHED, Status.ACCEPTED, Status.RETURN_REQUESTED, Status.DISPUTED}
)
ANSWERED = frozenset({Status.AWAITING_FOLLOW_UP, Status.CLOSED})
# Once the caller has answered that it is not well done, it is no longer his turn.
RATED_STATE, RATED_HEADLINE = "已收到评价", "我们正在看您的意见"


def answer_of(work: Work, ticket: Ticket) -> str | None:
    """Return what the caller may read of the result: of a merged ticket, that of the one it went into."""
    handled = ticket
    if ticket.parent_id is not None:
        handled = work.session.get_one(Ticket, ticket.parent_id)
    return handled.answer if handled.status in ANSWERED else None


@dataclass(frozen=True)
class Progress:
    """`by` is the sentence of when; `promised` is the date, `why` explains it: None, empty without one."""

    state: str
    headline: str
    by: str | None
    late: bool
    promised: str | None
    why: tuple[str, ...]
    steps: tuple[parcel.Step, ...]


def progress_of(work: Work, ticket: Ticket) -> Progress:
    running = {one.stage: one for one in reversed(deadlines.running(work, ticket))}
    promise = running.get(Stage.RESOLVE) if ticket.status in IN_WORK else None
    late = promise is not None and promise.due_at is not None and promise.due_at <= work.now
    past = parcel.past(work, timeline.public_events(work, ticket))
    rated = rating.is_rated(work, ticket)
    state = RATED_STATE if rated else STATES[ticket.status]
    return Progress(
        state=state + (f" · 第 {ticket.round} 次办理" if ticket.round > 1 else ""),
        headline=RATED_HEADLINE if rated else _headline(work, ticket),
        by=_by(work, ticket, running, rated=rated),
        late=late,
        promised=parcel.moment(work, promise.due_at) if promise and promise.due_at else None,
        why=_why(work, ticket, promise) if promise and promise.due_at else (),
        steps=(*past, *parcel.coming(work, ticket, promise, rated=rated)),
    )


def _why(work: Work, ticket: Ticket, promise: Deadline) -> tuple[str, ...]:
    return promised.why(work, promise, timeline.spells(work, ticket))


def _headline(work: Work, ticket: Ticket) -> str:
    words = HEADLINES[ticket.status].format(who=parcel.who(work, ticket))
    if ticket.parent_id is None:
        return words
    return f"{words}，{JOINED.get(work.session.get_one(Ticket, ticket.parent_id).status, '正在办理')}"


def _by(work: Work, ticket: Ticket, running: Mapping[Stage, Deadline], *, rated: bool) -> str | None:
    """Return when something is to be expected, from the clock that counts in this status."""
    if ticket.status in {Status.SUSPENDED, Status.DEFERRED}:
        return f"{parcel.day(work, ticket.resume_on)}起继续办理" if ticket.resume_on else None
    for stage, words in _JUDGEMENT if rated else _EXPECTED.get(ticket.status, ()):
        clock = running.get(stage)
        if clock and clock.due_at:
            on_time, late = words
            when = parcel.moment(work, clock.due_at) + ("（暂定）" if clock.provisional else "")
            return (late if clock.due_at <= work.now else on_time).format(when)
    return None


_RESULT = (
    Stage.RESOLVE,
    (Markup("最晚 <b>{}</b> 前给您结果"), Markup("原定 <b>{}</b> 前给您结果，已经晚了")),
)
_JUDGEMENT = (
    (
        Stage.FOLLOW_UP,
        (Markup("最晚 <b>{}</b> 前定下要不要重办"), Markup("原定 <b>{}</b> 前定下要不要重办，已经晚了")),
    ),
)
_EXPECTED: Mapping[Status, tuple[tuple[Stage, tuple[Markup, Markup]], ...]] = {
    Status.LOGGED: (
        _RESULT,
        (
            Stage.DISPATCH,
            (Markup("最晚 <b>{}</b> 前转给承办单位"), Markup("原定 <b>{}</b> 前转给承办单位，已经晚了")),
        ),
    ),
    Status.DISPATCHED: (_RESULT,),
    Status.ACCEPTED: (_RESULT,),
    Status.RETURN_REQUESTED: (_RESULT,),
    Status.DISPUTED: (_RESULT,),
    Status.RESOLVED: (
        (Stage.REVIEW, (Markup("最晚 <b>{}</b> 前核对完"), Markup("原定 <b>{}</b> 前核对完，已经晚了"))),
    ),
    Status.AWAITING_FOLLOW_UP: (
        (
            Stage.FOLLOW_UP,
            (Markup("<b>{}</b> 前我们会打电话给您"), Markup("我们还没有联系上您，您可以先在下面评价")),
        ),
    ),
}
