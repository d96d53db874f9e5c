"""How long something may take, as people write it: "30m", "24h", "7d", "4wh", "5wd"."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

WRITTEN = re.compile(r"([1-9][0-9]{0,3})(m|h|d|wh|wd|wdi)")
LARGEST = 9999


class Unit(StrEnum):
    """m, h, d: clock minutes, hours and days of 24 h (自然时间). wh: working hours. wd, wdi: working days.

    wdi counts the starting day as the first (含当日), wd does not.
    """

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    WORKING_HOURS = "wh"
    WORKDAYS = "wd"
    WORKDAYS_INCLUSIVE = "wdi"


LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WORKING_HOURS: timedelta(hours=1),
}


@dataclass(frozen=True)
class Allowance:
    """A length of time in one unit. `str()` writes it as `parse` reads it."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= LARGEST:
            raise ValueError(f"an allowance is 1 to {LARGEST}, not {self.amount}")

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def is_working(self) -> bool:
        """Whether it runs in office hours only."""
        return self.unit is Unit.WORKING_HOURS or self.in_workdays

    @property
    def in_workdays(self) -> bool:
        """Whether it ends at the close of business of a day."""
        return self.unit in (Unit.WORKDAYS, Unit.WORKDAYS_INCLUSIVE)

    @property
    def duration(self) -> timedelta | None:
        """Its length, in working time for wh; None for workdays, whose length depends on where they start."""
        length = LENGTHS.get(self.unit)
        return None if length is None else length * self.amount

    def extended_by(self, extension: "Allowance") -> "Allowance":
        """Return both together (延期). Raises ValueError when the units differ."""
        if extension.unit is not self.unit:
            raise ValueError(f"{self} cannot be extended by {extension}: the units differ")
        return Allowance(self.amount + extension.amount, self.unit)


def parse(text: str) -> Allowance:
    """Read an allowance such as "30m", "24h", "7d", "4wh", "5wd" or "5wdi".

    m, h, d: clock minutes, hours and days of 24 h. wh: working hours. wd: working days, ending at the close
    of the nth workday after the starting day; wdi: of the nth from the starting day on. Raises ValueError for
    anything else, zero included.
    """
    written = WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not an allowance such as 30m, 24h, 7d, 4wh or 5wd")
    return Allowance(int(written[1]), Unit(written[2]))
