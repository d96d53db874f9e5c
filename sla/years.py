"""One year of working time, laid out so that any moment of it is found by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sla.spans import Span


@dataclass(frozen=True)
class WorkYear:
    """The workdays of one local year and their spans, in order and in UTC.

    `before` is the working time of the year that lies before each span. A moment that is asked about lies
    from `begins` to `ends`, this one excluded.
    """

    number: int
    begins: datetime
    ends: datetime
    workdays: list[date] = field(default_factory=list)
    closes_of_days: list[datetime] = field(default_factory=list)
    opens: list[datetime] = field(default_factory=list)
    closes: list[datetime] = field(default_factory=list)
    before: list[timedelta] = field(default_factory=list)
    total: timedelta = timedelta()

    @classmethod
    def of(
        cls, number: int, begins: datetime, ends: datetime, days: Iterable[tuple[date, tuple[Span, ...]]]
    ) -> "WorkYear":
        """Lay out the workdays of a year, each with its spans, which are not empty."""
        year, passed = cls(number, begins, ends), timedelta()
        for day, spans in days:
            year.workdays.append(day)
            year.closes_of_days.append(spans[-1][1])
            for opens, closes in spans:
                year.opens.append(opens)
                year.closes.append(closes)
                year.before.append(passed)
                passed += closes - opens
        object.__setattr__(year, "total", passed)
        return year

    def until(self, moment: datetime) -> timedelta:
        """Return the working time from the beginning of the year to `moment`."""
        nth = bisect_right(self.opens, moment) - 1
        if nth < 0:
            return timedelta()
        return self.before[nth] + min(moment, self.closes[nth]) - self.opens[nth]

    def moment_after(self, amount: timedelta) -> datetime:
        """Return when `amount` of the year's working time has passed: more than none, at most `total`.

        Time that runs out at the end of a shift runs out then, not where the next one begins.
        """
        nth = bisect_left(self.before, amount) - 1
        return self.opens[nth] + (amount - self.before[nth])

    def days_until(self, day: date) -> int:
        """Return how many of its workdays have come by the end of `day`."""
        return bisect_right(self.workdays, day)

    def spans_after(self, moment: datetime) -> Iterator[Span]:
        """Yield the whole spans that end after `moment`, in order."""
        first = bisect_right(self.closes, moment)
        return zip(islice(self.opens, first, None), islice(self.closes, first, None), strict=True)
