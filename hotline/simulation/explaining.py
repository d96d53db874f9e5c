"""Account for every ticket: ended, or open with someone who holds it and something that moves it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from hotline import labels
from hotline.lifecycle import ENDED, Status
from hotline.models.application import Application, ApplicationKind
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.department import Department
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, scorecard, verification
from hotline.tickets.holders import holder_of
from hotline.tickets.proof.faults import Fault
from hotline.work import Work
from sla.policy import Stage

_BATCH = 500
_JUDGED = (DeadlineOutcome.MET, DeadlineOutcome.LATE)
_LISTED = 20


@dataclass(frozen=True)
class Waiting:
    """One open ticket: who holds it, and until when; `stuck`: nobody holds it, or nothing moves it."""

    number: str
    status: Status
    holder: str | None
    due_at: datetime | None
    stuck: bool


@dataclass
class Account:
    """Where every ticket of the database stands, how the clocks ran, and what the ledger says.

    `clocks`: by stage, how many were met and how many late. `ended`: by closing, or by status.
    """

    at: datetime
    by_status: Mapping[Status, int]
    clocks: Mapping[Stage, tuple[int, int]]
    asked: Mapping[ApplicationKind, int]
    sent_back: int
    rates: scorecard.Rates
    ended: Counter[str] = field(default_factory=Counter)
    waiting: list[Waiting] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def stuck(self) -> list[str]:
        return [one.number for one in self.waiting if one.stuck] + self.unexplained

    @property
    def is_whole(self) -> bool:
        return not self.stuck and not self.faults


def account(work: Work) -> Account:
    """Look at every ticket once, then prove the ledger. Memory grows only with what is open."""
    found = Account(
        at=work.now,
        by_status=scorecard.by_status(work),
        clocks=_clocks(work),
        asked=_asked(work),
        sent_back=work.session.scalar(select(func.sum(Ticket.round - 1))) or 0,
        rates=scorecard.rates(work, datetime.min.replace(tzinfo=UTC)),
    )
    for ticket in _every_ticket(work):
        if ticket.status not in ENDED:
            found.waiting.append(_waiting(work, ticket))
        elif ticket.status is Status.CLOSED and ticket.closing is None:
            found.unexplained.append(ticket.number)
        else:
            found.ended[ticket.closing or ticket.status] += 1
    found.faults = list(verification.verify(work))
    return found


def _every_ticket(work: Work) -> Iterator[Ticket]:
    last = 0
    while True:
        rows = select(Ticket).where(Ticket.id > last).order_by(Ticket.id).limit(_BATCH)
        batch = list(work.session.scalars(rows.options(joinedload(Ticket.lead))))
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        work.session.expunge_all()


def _waiting(work: Work, ticket: Ticket) -> Waiting:
    holder = _holder(work, ticket)
    stuck = holder is None or not _moves(work, ticket)
    return Waiting(ticket.number, ticket.status, holder, ticket.next_due_at, stuck)


def _holder(work: Work, ticket: Ticket) -> str | None:
    held = holder_of(work, ticket)
    if held.desk:
        return labels.ROLES[held.desk]
    return work.session.get_one(Department, held.department).short if held.department else None


def _moves(work: Work, ticket: Ticket) -> bool:
    """Tell whether a clock or a day presses for it, or the city's rules give it none (表扬)."""
    if ticket.next_due_at is not None or ticket.resume_on is not None:
        return True
    return work.city.policy.allowance(Stage.RESOLVE, deadlines.case_of(ticket)) is None


def _clocks(work: Work) -> dict[Stage, tuple[int, int]]:
    counted = (
        select(
            Deadline.stage,
            func.count().filter(Deadline.outcome == DeadlineOutcome.MET),
            func.count().filter(Deadline.outcome == DeadlineOutcome.LATE),
        )
        .where(Deadline.outcome.in_(_JUDGED))
        .group_by(Deadline.stage)
    )
    found = {stage: (met, late) for stage, met, late in work.session.execute(counted)}
    return {stage: found[stage] for stage in Stage if stage in found}


def _asked(work: Work) -> dict[ApplicationKind, int]:
    counted = select(Application.kind, func.count()).group_by(Application.kind)
    found = dict.fromkeys(ApplicationKind, 0)
    for kind, number in work.session.execute(counted):
        found[kind] = number
    return found


def report(found: Account) -> Iterator[str]:
    """Yield the lines of the account, in the order in which a supervisor reads it."""
    yield f"共 {sum(found.by_status.values())} 张工单"
    yield from (f"  {labels.STATUSES[one]}：{number}" for one, number in found.by_status.items() if number)
    yield "已结束的："
    yield from (f"  {_ending(one)}：{number}" for one, number in found.ended.most_common())
    yield "各环节按期 / 超时："
    yield from (f"  {labels.STAGES[one]}：{met} / {late}" for one, (met, late) in found.clocks.items())
    asked = "，".join(f"{labels.APPLICATION_KINDS[one]} {number}" for one, number in found.asked.items())
    yield f"申请：{asked}；退回重办 {found.sent_back}"
    for name, rate in (
        ("响应率", found.rates.response),
        ("解决率", found.rates.resolution),
        ("满意率", found.rates.satisfaction),
    ):
        value = "—" if rate.value is None else f"{rate.value:.1%}"
        yield f"{name}：{value}（{rate.numerator}/{rate.denominator}）"
    yield from _open_lines(found)
    yield from _verdict(found)


def _ending(code: str) -> str:
    return labels.CLOSINGS.get(code) or labels.STATUSES.get(code, code)


def _open_lines(found: Account) -> Iterator[str]:
    held = Counter((one.status, one.holder or "无人") for one in found.waiting)
    late = sum(1 for one in found.waiting if one.due_at and one.due_at < found.at)
    yield f"未结的 {len(found.waiting)} 张（其中已超时 {late} 张），在谁手上："
    shown = held.most_common(_LISTED)
    yield from (f"  {labels.STATUSES[status]} · {holder}：{number}" for (status, holder), number in shown)
    if len(held) > len(shown):
        rest = sum(held.values()) - sum(number for _, number in shown)
        yield f"  其余单位共：{rest}"


def _verdict(found: Account) -> Iterator[str]:
    yield from (f"工单 {number} 无人经手或没有时限推动" for number in found.stuck)
    yield from (
        f"ticket {one.number} event {one.seq or '-'}: {one.kind} {one.detail}".rstrip()
        for one in found.faults
    )
    total = sum(found.by_status.values())
    if found.is_whole:
        yield f"{total} 张工单都有交代，台账核对无误"
    else:
        yield f"{len(found.stuck)} 张工单没有交代，台账有 {len(found.faults)} 处不符"


def figures(found: Account) -> dict[str, object]:
    """Return the account as one JSON object."""
    rates = {name: asdict(getattr(found.rates, name)) for name in ("response", "resolution", "satisfaction")}
    return {
        "tickets": sum(found.by_status.values()),
        "by_status": dict(found.by_status),
        "ended": dict(found.ended),
        "clocks": {stage: {"met": met, "late": late} for stage, (met, late) in found.clocks.items()},
        "applications": dict(found.asked),
        "sent_back": found.sent_back,
        "rates": rates,
        "open": len(found.waiting),
        "stuck": found.stuck,
        "faults": [asdict(fault) for fault in found.faults],
    }
