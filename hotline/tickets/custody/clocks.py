"""What the allowance of each clock was spent on, and who answers where it ran out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import deadlines
from hotline.tickets.custody.stretches import Party, Side, Stretch
from hotline.tickets.deadlines import HELP_STAGES
from hotline.tickets.holders import Holder
from hotline.tickets.proof.story import Story, Timed
from hotline.tickets.timeline import Spell
from hotline.work import Work
from sla.allowance import Allowance
from sla.clock import Clock
from sla.policy import Stage

_UNJUDGED = (DeadlineOutcome.CANCELLED, DeadlineOutcome.MERGED)
# What one department owes for itself, whoever has the ticket; a reply to an order also once it is closed.
_ITS_OWN = (*HELP_STAGES, Stage.SUPERVISION)
_OWNERS = (Side.DEPARTMENT, Side.DESK, Side.APPROVAL)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one party used of a clock, in the clock's kind of time.

    `within` the allowance, `beyond` it; `left`: the share of the allowance that was left, 0 to 1, when the
    ticket first came to it under this clock.
    """

    party: Party
    within: timedelta
    beyond: timedelta
    left: float


@dataclass(frozen=True, slots=True)
class Split:
    """One clock by who used it. `within` of all adds up to `granted` once the clock has run out.

    Not where it ran out after the ticket had ended, as that of an order may (督办单).
    `allowance` is what the policy gave, extension included; `granted` what that came to in running time.
    `department`: whose clock it is, the one that owes the result. `at_due`: who had the ticket when it ran
    out or, where nobody could act then, last before; None while it has not.
    """

    stage: Stage
    round: int
    turn: int
    department: str | None
    due_at: datetime | None
    settled_at: datetime | None
    is_late: bool
    allowance: Allowance
    granted: timedelta
    spent: tuple[Spent, ...]
    at_due: Party | None

    @property
    def answerable(self) -> Holder:
        return answerable(self)

    def left_to(self, holder: Holder) -> float:
        """Return the share of the allowance that was left when it first came to `holder`."""
        return next((one.left for one in self.spent if one.party.holder == holder), 1.0)


def answerable(split: Split) -> Holder:
    """Return to whom a breach belongs (超时归属), the one rule for pages, reports and files.

    1. Whoever kept the clock running for more than half of the allowance. The desks of the hotline count as
       one, a decision that a department waited for as the time of the desk that owed it; among them it is
       the desk that kept it longest.
    2. Where nobody did: who had the ticket when it ran out. Not the one that touched it last.
    3. Where it then waited for the caller or an outside event, and the clock ran on: who had it before.

    What one department owes for itself (opinion, arrival, reply to an order) is its own alone.
    """
    if split.stage in _ITS_OWN:
        return Holder(department=split.department)
    kept = _kept(split)
    desks = {holder: ran for holder, ran in kept.items() if holder.desk}
    if 2 * sum(desks.values(), timedelta()) > split.granted:
        return max(desks, key=lambda holder: desks[holder])
    for holder, ran in kept.items():
        if 2 * ran > split.granted:
            return holder
    return split.at_due.holder if split.at_due else Holder(department=split.department)


def _kept(split: Split) -> dict[Holder, timedelta]:
    kept: dict[Holder, timedelta] = {}
    for one in split.spent:
        if one.party.side in _OWNERS:
            kept[one.party.holder] = kept.get(one.party.holder, timedelta()) + one.within
    return kept


def splits(
    work: Work, story: Story, found: Sequence[Stretch], past: list[Spell], *, late_only: bool = False
) -> Iterator[Split]:
    """Yield every clock that was or will be judged, in the order in which they started. No query.

    A settled clock was due when the ledger says, whatever the calendar of today makes of it.
    """
    for timed in story.clocks:
        if timed.outcome in _UNJUDGED or (late_only and timed.outcome is DeadlineOutcome.MET):
            continue
        clock = Clock(timed.started_at, deadlines.pauses_for(work, timed.stage, past))
        allowance = deadlines.total_allowance(timed)
        calendar = work.city.calendars.of(timed.department_code)
        due = timed.due_at if timed.settled_at else clock.due_at(calendar, allowance)
        is_late = _is_late(timed, due, work.now)
        if is_late or not late_only:
            yield _split(work, timed, clock, allowance, due, found, is_late=is_late)


def _is_late(timed: Timed, due: datetime | None, now: datetime) -> bool:
    if timed.outcome:
        return timed.outcome is DeadlineOutcome.LATE
    return due is not None and due < now


def _split(
    work: Work,
    timed: Timed,
    clock: Clock,
    allowance: Allowance,
    due: datetime | None,
    found: Sequence[Stretch],
    *,
    is_late: bool,
) -> Split:
    calendar = work.city.calendars.of(timed.department_code)
    granted = clock.granted(calendar, allowance)
    end = timed.settled_at or work.now
    turning = min(due, end) if due else end
    used: dict[Party, Spent] = {}
    ran = timedelta()
    for one in found:
        begin, until = max(one.begin, clock.started_at), min(one.end or work.now, end)
        if begin >= until:
            continue
        within = clock.ran_between(calendar, allowance, begin, min(until, turning))
        beyond = clock.ran_between(calendar, allowance, max(begin, turning), until)
        left = max(1 - ran / granted, 0.0) if granted else 0.0
        before = used.get(one.party, Spent(one.party, timedelta(), timedelta(), left))
        used[one.party] = Spent(one.party, before.within + within, before.beyond + beyond, before.left)
        ran += within
    return Split(
        stage=timed.stage,
        round=timed.round,
        turn=timed.turn,
        department=timed.department_code,
        due_at=due,
        settled_at=timed.settled_at,
        is_late=is_late,
        allowance=allowance,
        granted=granted,
        spent=tuple(used.values()),
        at_due=_last_to_act(found, due) if is_late and due else None,
    )


def _last_to_act(found: Sequence[Stretch], moment: datetime) -> Party | None:
    """Return who could act last up to a moment: of two that meet there, the one before."""
    able = [one.party for one in found if one.begin < moment and one.party.side in _OWNERS]
    return able[-1] if able else None
