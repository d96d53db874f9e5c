"""What each ticket adds to the figures of a period: every figure is made of facts, and lists its tickets."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from hotline.models.application import ApplicationKind
from hotline.models.deadline import DeadlineOutcome
from hotline.models.follow_up import Solved
from hotline.tickets.custody.account import Account
from hotline.tickets.custody.clocks import Split
from hotline.tickets.custody.results import Result
from hotline.tickets.custody.stretches import NOBODY, Party, Side, hours_of, of_department
from hotline.tickets.holders import Holder
from hotline.work import Work
from sla.calendar import working_time_between
from sla.policy import Stage


class Figure(StrEnum):
    """What a number counts.

    Breach: a clock that ran out, by who answers for it; inherited: of these, where little was left when it
    came; elsewhere: by whose clock it is, where somebody else answers. First, final: the results of the first
    and of the last round.
    """

    HELD = "held"
    BREACH = "breach"
    INHERITED = "inherited"
    ELSEWHERE = "elsewhere"
    WAITED = "waited"
    WAITING = "waiting"
    FIRST_MET = "first_met"
    FIRST_LATE = "first_late"
    FINAL_MET = "final_met"
    FINAL_LATE = "final_late"
    SOLVED_AT_ONCE = "solved_at_once"
    NOT_AT_ONCE = "not_at_once"


class Fact(NamedTuple):
    """One row that is counted. `natural` and `working`: how long, or by how much it was late.

    `department`: whom it concerns, for a wait the one that asked. `kind`: of a wait; `stage`: of a breach.
    """

    figure: Figure
    party: Party
    department: str | None
    natural: timedelta
    working: timedelta
    kind: ApplicationKind | None = None
    stage: Stage | None = None


def facts(work: Work, account: Account) -> Iterator[Fact]:
    """Yield what one ticket adds. Rounds that are left out of the scorecard add time and waits alone."""
    for share in account.shares:
        yield Fact(Figure.HELD, share.party, share.party.holder.department, share.natural, share.working)
    for wait in account.waits:
        desk = Party(Side.APPROVAL, Holder(desk=wait.desk))
        figure, end = (Figure.WAITED, wait.end) if wait.end else (Figure.WAITING, work.now)
        ran = working_time_between(hours_of(work, desk), wait.begin, end)
        yield Fact(figure, desk, wait.department, end - wait.begin, ran, wait.kind)
    for split in account.clocks:
        if split.is_late and split.round not in account.excluded:
            yield from _breach(work, split)
    yield from _results(work, account)


def _breach(work: Work, split: Split) -> Iterator[Fact]:
    owner, due = split.answerable, split.due_at
    if due is None:
        return
    party, end = row_of(owner), split.settled_at or work.now
    over = end - due, working_time_between(hours_of(work, party), due, end), None, split.stage
    yield Fact(Figure.BREACH, party, owner.department, *over)
    if owner.department and split.left_to(owner) < work.city.scorecard.inherited_below:
        yield Fact(Figure.INHERITED, party, owner.department, *over)
    if split.department and split.department != owner.department:
        yield Fact(Figure.ELSEWHERE, of_department(split.department), split.department, *over)


def row_of(holder: Holder) -> Party:
    """Return under whom a breach stands: a desk answers for its decisions with the rest of its work."""
    if holder.desk:
        return Party(Side.DESK, holder)
    return of_department(holder.department) if holder.department else NOBODY


def _results(work: Work, account: Account) -> Iterator[Fact]:
    counted = {one.round: one for one in account.results if one.round not in account.excluded}
    if first := counted.get(1):
        yield from _result(work, account, first, Figure.FIRST_MET, Figure.FIRST_LATE)
    final = counted.get(account.round)
    if final and account.ended_at:
        yield from _result(work, account, final, Figure.FINAL_MET, Figure.FINAL_LATE)
    if first and (account.round > 1 or 1 in account.solved):
        at_once = account.round == 1 and account.solved[1] is Solved.YES
        yield _taking(work, account, first, Figure.SOLVED_AT_ONCE if at_once else Figure.NOT_AT_ONCE)


def _result(work: Work, account: Account, result: Result, met: Figure, late: Figure) -> Iterator[Fact]:
    if result.outcome:
        yield _taking(work, account, result, met if result.outcome is DeadlineOutcome.MET else late)


def _taking(work: Work, account: Account, result: Result, figure: Figure) -> Fact:
    """From registration to the result; working time by the hours of the department that handed it in."""
    party = of_department(result.department)
    ran = working_time_between(hours_of(work, party), account.logged_at, result.resolved_at)
    return Fact(figure, party, result.department, result.resolved_at - account.logged_at, ran)
