"""The alert ladder: yellow some time before the deadline, red at it, and the rungs that a city adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from sla.allowance import Allowance
from sla.calendar import WorkCalendar
from sla.clock import Clock
from sla.policy import Stage
from sla.rungs import By, Measure, Rung, Tell, Telling


class Level(IntEnum):
    """How loud a clock has become. RED is the breach itself; rungs beyond it are no levels."""

    NONE = 0
    YELLOW = 1
    RED = 2


USUALLY_TOLD: Mapping[Level, Telling] = {
    Level.YELLOW: Telling((Tell.HANDLER,)),
    Level.RED: Telling((Tell.HANDLER, Tell.SUPERVISOR)),
}


@dataclass(frozen=True)
class Ladder:
    """When a clock turns yellow: when `left` of its stage is left, else when `left_share` of it is.

    The share serves stages without a `left`, and clocks that are shorter than it or count another kind of
    time. `told`: whom yellow and red of a stage tell, where not as usual. `digest`: how the digest of a
    shift goes out; none goes where it is empty.
    """

    left_share: float
    left: Mapping[Stage, Allowance] = field(default_factory=dict)
    told: Mapping[tuple[Level, Stage], Telling] = field(default_factory=dict)
    rungs: tuple[Rung, ...] = ()
    digest: tuple[By, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.left_share < 1:
            raise ValueError(f"left_share must lie between 0 and 1, not be {self.left_share}")

    def telling(self, level: Level, stage: Stage, allowance: Allowance) -> Telling:
        """Return whom yellow or red tell of a clock; a [[yellow]] speaks for clocks of its kind of time."""
        left = self.left.get(stage)
        foreign = level is Level.YELLOW and left is not None and left.is_working != allowance.is_working
        usual = USUALLY_TOLD[level]
        return usual if foreign else self.told.get((level, stage), usual)


def alert_times(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, ladder: Ladder, stage: Stage
) -> tuple[tuple[Level, datetime], ...]:
    """Return when the clock turns yellow and red, in that order; empty while a pause holds the deadline."""
    due = clock.due_at(calendar, allowance)
    warn_after = _time_until_yellow(calendar, clock, allowance, ladder, stage)
    yellow = clock.moment_when(calendar, allowance, warn_after)
    if due is None or yellow is None:
        return ()
    return (Level.YELLOW, yellow), (Level.RED, due)


def next_alert(
    calendar: WorkCalendar,
    clock: Clock,
    allowance: Allowance,
    ladder: Ladder,
    stage: Stage,
    level_reached: Level,
) -> tuple[Level, datetime] | None:
    """Return the next level above `level_reached` and its moment, which may have passed.

    None after red, and while a pause holds the deadline.
    """
    times = alert_times(calendar, clock, allowance, ladder, stage)
    return next((alert for alert in times if alert[0] > level_reached), None)


def rung_times(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, ladder: Ladder, stage: Stage
) -> tuple[tuple[datetime, Rung], ...]:
    """Return the rungs of the clock with their moments, the earliest first.

    Left out: rungs of other stages, those that do not fit the clock, and those whose moment a pause holds.
    """
    mine = [rung for rung in ladder.rungs if stage in rung.stages]
    if not mine:
        return ()
    due = clock.due_at(calendar, allowance)
    times = [(_moment_of(calendar, clock, allowance, rung, due), rung) for rung in mine]
    return tuple(sorted(((at, rung) for at, rung in times if at), key=lambda one: one[0]))


def _moment_of(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, rung: Rung, due: datetime | None
) -> datetime | None:
    if rung.length is None:
        return clock.started_at
    if rung.measure is Measure.RAN:
        return clock.due_at(calendar, rung.length)
    if rung.measure is Measure.LEFT:
        ran = _time_until(calendar, clock, allowance, rung.length)
        return None if ran is None or due is None else clock.moment_when(calendar, allowance, ran)
    return None if due is None else Clock(due, clock.pauses).due_at(calendar, rung.length)


def _time_until_yellow(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, ladder: Ladder, stage: Stage
) -> timedelta:
    """Return how much of the clock's running time passes before yellow; always less than all of it."""
    left = ladder.left.get(stage)
    until = None if left is None else _time_until(calendar, clock, allowance, left)
    return clock.granted(calendar, allowance) * (1 - ladder.left_share) if until is None else until


def _time_until(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, left: Allowance
) -> timedelta | None:
    """Return how much runs before `left` is left; None for a clock that is shorter or of another kind."""
    if left.is_working != allowance.is_working:
        return None
    if left.duration is not None:
        granted = clock.granted(calendar, allowance)
        return granted - left.duration if left.duration < granted else None
    if left.in_workdays and allowance.in_workdays and left.amount < allowance.amount:
        return clock.granted(calendar, Allowance(allowance.amount - left.amount, allowance.unit))
    return None
