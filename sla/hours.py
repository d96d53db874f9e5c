"""Office hours: the shifts of a worked day, and from when until when they are kept on which weekdays."""

from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

Shifts = tuple[tuple[time, time], ...]
# As written in a profile; Monday is 0, as `date.weekday` has it.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Hours:
    """Other shifts than the usual ones, from `since` until `until`, both included; None: without end.

    With `weekdays` they hold on these alone, and make them workdays, or days off where `shifts` is empty;
    without, on whatever day is worked. `reason` is for people. Raises ValueError for impossible shifts.
    """

    shifts: Shifts
    since: date | None = None
    until: date | None = None
    weekdays: frozenset[int] | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        require_possible(self.shifts)
        if not self.shifts and self.weekdays is None:
            raise ValueError("hours without shifts must name the weekdays that they close")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"hours until {self.until} end before they begin, on {self.since}")

    def hold_on(self, day: date) -> bool:
        """Whether `day` lies in their dates, whatever its weekday."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def require_possible(shifts: Shifts) -> None:
    """Raise ValueError unless the shifts open before they close, and follow one another."""
    for opens, closes in shifts:
        if opens >= closes:
            raise ValueError(f"the shift {opens:%H:%M}-{closes:%H:%M} ends before it begins")
    for (_, closes), (opens, _) in pairwise(shifts):
        if opens < closes:
            raise ValueError(f"the shift at {opens:%H:%M} begins before the one until {closes:%H:%M} ends")
