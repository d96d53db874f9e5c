"""Count the clocks of many tickets under both rules: by stage, by department, and in all."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from hotline.tickets.scorecard import Rate
from hotline.tickets.whatif.outcomes import Judged, Pair
from sla.policy import Stage

# The clocks of the hotline's own desks; every department together.
HOTLINE, EVERYONE = "", "*"


@dataclass(frozen=True)
class Flip:
    """A clock that comes out otherwise. A due moment is None where there was none."""

    number: str
    stage: Stage
    round: int
    department: str | None
    before: datetime | None
    after: datetime | None
    settled_at: datetime | None
    late: bool


def flips(number: str, pair: Pair) -> Iterator[Flip]:
    """Yield how a clock of this ticket comes out, if it does so otherwise."""
    if pair.turns_late or pair.turns_met:
        yield Flip(
            number=number,
            stage=pair.stage,
            round=pair.round,
            department=pair.department,
            before=pair.before.due_at if pair.before else None,
            after=pair.after.due_at if pair.after else None,
            settled_at=pair.settled_at,
            late=pair.turns_late,
        )


@dataclass(frozen=True)
class Tally:
    """The clocks of one department, or of EVERYONE, at one stage, or at all (None).

    `slack`: how long before the deadline (negative: after it) the one in the middle was settled, in natural
    time; None where none was.
    """

    stage: Stage | None
    department: str
    before: Rate
    after: Rate
    to_late: int
    to_met: int
    slack_before: timedelta | None
    slack_after: timedelta | None

    @property
    def moves(self) -> bool:
        return bool(self.to_late or self.to_met) or self.before != self.after


@dataclass
class _Sum:
    late: list[int] = field(default_factory=lambda: [0, 0])
    judged: list[int] = field(default_factory=lambda: [0, 0])
    slack: "tuple[array[float], array[float]]" = field(default_factory=lambda: (array("d"), array("d")))
    to_late: int = 0
    to_met: int = 0

    def add(self, pair: Pair) -> None:
        for side, one in enumerate((pair.before, pair.after)):
            if one is not None:
                self.judged[side] += 1
                self.late[side] += one.late
                self.slack[side].extend(_slack(one))
        self.to_late += pair.turns_late
        self.to_met += pair.turns_met


def _slack(one: Judged) -> Iterator[float]:
    if one.due_at and one.settled_at:
        yield (one.due_at - one.settled_at).total_seconds()


class Tallies:
    """Adds up, pair by pair; holds a number for each clock."""

    def __init__(self) -> None:
        self._sums: dict[tuple[Stage | None, str], _Sum] = {}

    def add(self, pair: Pair) -> None:
        for stage in (pair.stage, None):
            for department in (pair.department or HOTLINE, EVERYONE):
                self._sums.setdefault((stage, department), _Sum()).add(pair)

    def all(self) -> list[Tally]:
        return [
            Tally(
                stage,
                department,
                Rate(one.late[0], one.judged[0]),
                Rate(one.late[1], one.judged[1]),
                one.to_late,
                one.to_met,
                _median(one.slack[0]),
                _median(one.slack[1]),
            )
            for (stage, department), one in self._sums.items()
        ]


def _median(seconds: "array[float]") -> timedelta | None:
    return timedelta(seconds=median(seconds)) if seconds else None
