"""How each clock of a ticket came out, under one set of rules and under another, side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.models.deadline import DeadlineOutcome
from hotline.tickets.whatif.supposed import SupposedStory
from sla.policy import Stage

_JUDGED = frozenset({DeadlineOutcome.MET, DeadlineOutcome.LATE})


class Settled(Protocol):
    """A clock: a row of `deadlines`, or one of a story."""

    @property
    def stage(self) -> Stage: ...
    @property
    def round(self) -> int: ...
    @property
    def department_code(self) -> str | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def outcome(self) -> DeadlineOutcome | None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock as its row keeps it."""

    stage: Stage
    round: int
    department_code: str | None
    due_at: datetime | None
    settled_at: datetime | None
    outcome: DeadlineOutcome | None


@dataclass(frozen=True)
class Judged:
    """A clock that was met or late. `due_at` is None where it was met while it stood still.

    `settled_at` is None for one that still runs and is late already.
    """

    stage: Stage
    round: int
    department: str | None
    due_at: datetime | None
    settled_at: datetime | None
    late: bool


# What makes two clocks the same one under two sets of rules: whose it is, and what settled it.
Key = tuple[Stage, int, str | None, datetime | None, int]


@dataclass(frozen=True)
class Pair:
    """One clock under both; None where those rules have no such clock, or nobody could judge it."""

    stage: Stage
    round: int
    department: str | None
    settled_at: datetime | None
    before: Judged | None
    after: Judged | None

    @property
    def turns_late(self) -> bool:
        return _is_late(self.after) and not _is_late(self.before)

    @property
    def turns_met(self) -> bool:
        """Whether nobody is late any more: it is met, or there is no such clock."""
        return _is_late(self.before) and not _is_late(self.after)


def judged(story: SupposedStory, now: datetime) -> dict[Key, Judged]:
    """Return the clocks that were met or late, those that run and are late by `now` among them."""
    overdue = []
    for clock in story.running():
        due = story.due_of(clock)
        if due is not None and due < now:
            overdue.append(Judged(clock.stage, clock.round, clock.department_code, due, None, late=True))
    return _keyed((*settled(story.clocks), *overdue))


def settled(clocks: Iterable[Settled]) -> Iterator[Judged]:
    """Yield how those of `clocks` came out that were met or late."""
    for one in clocks:
        if one.outcome in _JUDGED:
            late = one.outcome is DeadlineOutcome.LATE
            yield Judged(one.stage, one.round, one.department_code, one.due_at, one.settled_at, late)


def _keyed(clocks: Iterable[Judged]) -> dict[Key, Judged]:
    found: dict[Key, Judged] = {}
    for one in clocks:
        nth = 1
        while (key := (one.stage, one.round, one.department, one.settled_at, nth)) in found:
            nth += 1
        found[key] = one
    return found


def pairs(before: Mapping[Key, Judged], after: Mapping[Key, Judged]) -> Iterator[Pair]:
    for key in dict.fromkeys((*before, *after)):
        stage, round_, department, settled_at, _ = key
        yield Pair(stage, round_, department, settled_at, before.get(key), after.get(key))


def agree(before: Mapping[Key, Judged], kept: Iterable[Settled]) -> bool:
    """Tell whether the rows of a ticket say what the rules of today make of it."""
    told = {key: one.late for key, one in before.items() if one.settled_at}
    return told == {key: one.late for key, one in _keyed(settled(kept)).items()}


def _is_late(one: Judged | None) -> bool:
    return one is not None and one.late
