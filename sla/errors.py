"""What can go wrong in the arithmetic of deadlines, and in the files that feed it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date


class CalendarExhausted(Exception):
    """No working day lies within reach after `after`: the calendar is closed, or its data are wrong."""

    def __init__(self, after: date) -> None:
        super().__init__(f"no working day within reach after {after.isoformat()}")
        self.after = after


class BrokenProfile(Exception):
    """A file of the city profile is wrong.

    `rule` is the place of the faulty entry in its list, from 0, and `line` its line in the file; None where
    that is not known.
    """

    def __init__(self, message: str, rule: int | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.rule, self.line = message, rule, line


class BrokenCalendar(BrokenProfile):
    """calendar.toml is wrong."""


class BrokenPolicy(BrokenProfile):
    """targets.toml is wrong."""


class BrokenLadder(BrokenProfile):
    """alerts.toml is wrong."""


@contextmanager
def blaming(
    broken: type[BrokenProfile], rule: int | None = None, line_of: Callable[[int], int] | None = None
) -> Iterator[None]:
    """Turn a ValueError of the block into `broken`, with the rule that was being read and its line."""
    try:
        yield
    except ValueError as problem:
        line = None if rule is None or line_of is None else line_of(rule)
        raise broken(str(problem), rule, line) from problem
