"""The alert ladder: yellow some time before the deadline, red at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from sla.allowance import Allowance
from sla.calendar import WorkCalendar
from sla.clock import Clock
from sla.errors import BrokenLadder, blaming
from sla.policy import Stage
from sla.tables import allowance, refuse_unknown_keys, rows_of, words


class Level(IntEnum):
    """How loud a clock has become. RED is the breach itself."""

    NONE = 0
    YELLOW = 1
    RED = 2


@dataclass(frozen=True)
class Ladder:
    """When a clock turns yellow: when `left` of its stage is left, else when `left_share` of it is.

    The share serves stages without a `left`, and clocks that are shorter than it or count another kind of
    time.
    """

    left_share: float
    left: Mapping[Stage, Allowance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.left_share < 1:
            raise ValueError(f"left_share must lie between 0 and 1, not be {self.left_share}")


def parse(table: Mapping[str, object], *, line_of: Callable[[int], int] | None = None) -> Ladder:
    """Build the ladder from alerts.toml.

    `line_of` tells at which line the nth [[yellow]], from 0, stands. Raises BrokenLadder.
    """
    with blaming(BrokenLadder):
        refuse_unknown_keys(table, ("left_share", "yellow"))
        share = table.get("left_share")
        if not isinstance(share, float):
            raise ValueError("left_share must be given, as a part of 1 such as 0.25")
        rows = rows_of(table.get("yellow", []), "yellow")
    left: dict[Stage, Allowance] = {}
    for rule, row in enumerate(rows):
        with blaming(BrokenLadder, rule, line_of):
            refuse_unknown_keys(row, ("stage", "left"))
            for stage in words(row.get("stage"), "stage", tuple(Stage)):
                if stage in left:
                    raise ValueError(f"{stage} has a [[yellow]] already")
                left[Stage(stage)] = allowance(row.get("left"), "left")
    with blaming(BrokenLadder):
        return Ladder(share, left)


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
    """Return the next rung above `level_reached` and its moment, which may have passed.

    None after red, and while a pause holds the deadline.
    """
    times = alert_times(calendar, clock, allowance, ladder, stage)
    return next((alert for alert in times if alert[0] > level_reached), None)


def _time_until_yellow(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance, ladder: Ladder, stage: Stage
) -> timedelta:
    """Return how much of the clock's running time passes before yellow; always less than all of it."""
    granted = clock.granted(calendar, allowance)
    left = ladder.left.get(stage)
    if left is not None and left.is_working == allowance.is_working:
        if left.duration is not None and left.duration < granted:
            return granted - left.duration
        if left.in_workdays and allowance.in_workdays and left.amount < allowance.amount:
            return clock.granted(calendar, Allowance(allowance.amount - left.amount, allowance.unit))
    return granted * (1 - ladder.left_share)
