"""In whose hands a ticket was, one after the other, from registration to its end; and what waited beside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.lifecycle import ENDED, Action, Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.assignment import Part
from hotline.tickets.holders import Holder
from hotline.tickets.proof.replay import stages
from hotline.tickets.proof.story import Asked, Story
from hotline.tickets.timeline import Entry
from hotline.work import Work
from sla.calendar import WorkCalendar, working_time_between


class Side(StrEnum):
    """What a stretch of time was to whoever had it.

    A department or a desk could act. Approval: a department could not go on before a desk had decided.
    Caller and outside: suspended or deferred. Nobody: it had ended, and was opened again.
    """

    DEPARTMENT = "department"
    DESK = "desk"
    APPROVAL = "approval"
    CALLER = "caller"
    OUTSIDE = "outside"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Party:
    """Whose time it was. The holder of an approval is the desk that decides; nobody is a holder without."""

    side: Side
    holder: Holder


CALLER, OUTSIDE, NOBODY = (Party(side, Holder()) for side in (Side.CALLER, Side.OUTSIDE, Side.NOBODY))
_DISPATCH, _REVIEW, _FOLLOW_UP, _RETURN, _RULING = (
    Party(side, Holder(desk=role))
    for side, role in (
        (Side.DESK, Role.DISPATCHER),
        (Side.DESK, Role.REVIEWER),
        (Side.DESK, Role.FOLLOW_UP),
        (Side.APPROVAL, Role.DISPATCHER),
        (Side.APPROVAL, Role.SUPERVISOR),
    )
)
_BY_STATUS: Mapping[Status, Party] = {
    Status.LOGGED: _DISPATCH,
    Status.RESOLVED: _REVIEW,
    Status.AWAITING_FOLLOW_UP: _FOLLOW_UP,
    Status.RETURN_REQUESTED: _RETURN,
    Status.DEFERRED: OUTSIDE,
    **dict.fromkeys(ENDED, NOBODY),
}
# Which desk decides what a department asks for. A draft is its own leader's: the department's own time.
DECIDES: Mapping[ApplicationKind, Role] = {
    ApplicationKind.RETURN: Role.DISPATCHER,
    ApplicationKind.EXTENSION: Role.REVIEWER,
    ApplicationKind.SUSPENSION: Role.REVIEWER,
    ApplicationKind.EXCLUSION: Role.REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """An unbroken time in the same hands. `end` None while it lasts."""

    party: Party
    begin: datetime
    end: datetime | None

    def length(self, now: datetime) -> timedelta:
        return (self.end or now) - self.begin


@dataclass(frozen=True, slots=True)
class Share:
    """What one party had of a ticket: natural time, and the office hours of that party within it."""

    party: Party
    natural: timedelta
    working: timedelta


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an application waited for a desk's decision; `end` None while it does.

    Only a return stops the department meanwhile; with the others it works on, and its own time runs.
    """

    kind: ApplicationKind
    desk: Role
    department: str | None
    begin: datetime
    end: datetime | None


def read(ledger: Sequence[Entry], *, of_caller: Collection[str]) -> tuple[list[Stretch], Story]:
    """Return the stretches that a whole ledger tells of, and the story itself. No query.

    They leave no gap from the registration on; the time after an end that lasts is in none of them.
    `of_caller`: the reasons for a suspension that are the caller's.
    """
    turns: list[tuple[datetime, Party]] = []
    for entry, story in stages(ledger):
        if entry.action is Action.RECALL:  # taken back before anybody was told: it never left the desk
            _turn(turns, turns[-1][0], _DISPATCH)
        _turn(turns, entry.at, _party(story, entry.to_status, of_caller))
    ends: list[datetime | None] = [at for at, _ in turns[1:]]
    if ledger[-1].to_status in ENDED:
        turns.pop()
    else:
        ends.append(None)
    return [Stretch(party, at, end) for (at, party), end in zip(turns, ends, strict=True)], story


def _turn(turns: list[tuple[datetime, Party]], at: datetime, party: Party) -> None:
    """From `at` on it is theirs; who had it for no time at all did not have it."""
    if turns and turns[-1][0] == at:
        turns.pop()
    if not turns or turns[-1][1] != party:
        turns.append((at, party))


def _party(story: Story, status: Status, of_caller: Collection[str]) -> Party:
    if party := _BY_STATUS.get(status):
        return party
    if status is Status.SUSPENDED:
        return CALLER if _reason_of_suspension(story) in of_caller else OUTSIDE
    if status is Status.DISPUTED:
        provisional = story.newest(Part.PROVISIONAL)
        return of_department(provisional.department_code) if provisional else _RULING
    below = story.newest(Part.HANDED)
    return of_department(below.department_code if below else story.row.lead_code)


def of_department(code: str | None) -> Party:
    return Party(Side.DEPARTMENT, Holder(department=code))


def _reason_of_suspension(story: Story) -> str:
    granted = [one for one in story.applications.values() if _is_granted(one, ApplicationKind.SUSPENSION)]
    return granted[-1].reason


def _is_granted(asked: Asked, kind: ApplicationKind) -> bool:
    return asked.kind is kind and asked.state is ApplicationState.GRANTED


def excluded_rounds(story: Story) -> frozenset[int]:
    """Return the rounds that two reviewers left out of the scorecard (剔除)."""
    asked = story.applications.values()
    return frozenset(one.round for one in asked if _is_granted(one, ApplicationKind.EXCLUSION))


def waits(story: Story) -> list[Wait]:
    """Return what waited for a desk, in the order in which it was asked; not what events overtook."""
    return [
        Wait(one.kind, DECIDES[one.kind], one.department_code, one.asked_at, one.decided_at)
        for one in story.applications.values()
        if one.kind in DECIDES and one.state is not ApplicationState.LAPSED
    ]


def shares(work: Work, found: Iterable[Stretch]) -> list[Share]:
    """Return what each party had in all, in the order in which they first had it."""
    had: dict[Party, tuple[timedelta, timedelta]] = {}
    for one in found:
        natural, working = had.get(one.party, (timedelta(), timedelta()))
        ran = working_time_between(hours_of(work, one.party), one.begin, one.end or work.now)
        had[one.party] = natural + one.length(work.now), working + ran
    return [Share(party, *lengths) for party, lengths in had.items()]


def hours_of(work: Work, party: Party) -> WorkCalendar:
    """Return the office hours of a department, the hotline's own for all others."""
    return work.city.calendars.of(party.holder.department)
