"""When a deadline falls, from what happened: a start and the pauses since. Nothing is added up and kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.allowance import Allowance, Unit
from sla.calendar import WorkCalendar, add_working_time, close_of_nth_workday, working_time_between
from sla.spans import FOREVER, Span, cut, in_utc, moment_after, union


@dataclass(frozen=True)
class Pause:
    """A time in which a clock stood still. `end` is None while it still does. Moments are kept in UTC."""

    begin: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "begin", in_utc(self.begin))
        if self.end is None:
            return
        object.__setattr__(self, "end", in_utc(self.end))
        if self.end < self.begin:
            raise ValueError(f"a pause from {self.begin} cannot end at {self.end}")


@dataclass(frozen=True)
class Clock:
    """A stopwatch that stands still inside its pauses, which may overlap and come in any order.

    Only the part of a pause between the start and the moving deadline costs time: a later pause counts when
    an earlier one pushed the deadline into it, and one that begins at the deadline or later changes nothing.
    """

    started_at: datetime
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", in_utc(self.started_at))

    def is_paused(self) -> bool:
        """Whether a pause is still open. The deadline may have fallen before it: see `due_at`."""
        return any(pause.end is None for pause in self.pauses)

    def due_at(self, calendar: WorkCalendar, allowance: Allowance) -> datetime | None:
        """Return the deadline, in UTC, or None while an open pause that began before it holds it.

        m, h, d run through nights and holidays. Workdays end at the close of the nth, and after it by the
        working time lost to pauses. Raises CalendarExhausted.
        """
        length = allowance.duration
        if length is None:
            return self._pushed(calendar, allowance, self._close(calendar, allowance))
        return self._pushed(calendar, allowance, moment_later(calendar, allowance, self.started_at, length))

    def granted(self, calendar: WorkCalendar, allowance: Allowance) -> timedelta:
        """Return the running time that `allowance` gives: working time for wh and wd, natural time else.

        For workdays that is what lies between the start and the close of the nth, the rest of the starting
        day included.
        """
        if allowance.duration is not None:
            return allowance.duration
        close = self._close(calendar, allowance)
        return working_time_between(calendar, self.started_at, close)

    def _close(self, calendar: WorkCalendar, allowance: Allowance) -> datetime:
        return close_of_nth_workday(
            calendar,
            self.started_at,
            allowance.amount,
            from_starting_day=allowance.unit is Unit.WORKDAYS_INCLUSIVE,
        )

    def moment_when(self, calendar: WorkCalendar, allowance: Allowance, ran: timedelta) -> datetime | None:
        """Return when `ran` of the allowance's kind of time had run, or None while an open pause holds it.

        For no time at all: the first moment at which it runs.
        """
        if not ran:
            open_time = spans_of(calendar, allowance, self.started_at, None)
            return moment_after(cut(open_time, self.stops()), ran)
        return self._pushed(calendar, allowance, moment_later(calendar, allowance, self.started_at, ran))

    def _pushed(self, calendar: WorkCalendar, allowance: Allowance, unpaused: datetime) -> datetime | None:
        """Return where the pauses push a moment that is `unpaused` without them; None where one holds it."""
        moment = unpaused
        for begin, end in self.stops() if self.pauses else ():
            if moment <= begin:
                break
            if end == FOREVER:
                return None
            lost = length_between(calendar, allowance, max(begin, self.started_at), end)
            moment = moment_later(calendar, allowance, moment, lost)
        return moment

    def ran_between(
        self, calendar: WorkCalendar, allowance: Allowance, begin: datetime, end: datetime
    ) -> timedelta:
        """Return how much of the allowance's kind of time ran from `begin` to `end`, pauses left out."""
        stood = (
            length_between(calendar, allowance, max(begin, stop), min(end, go)) for stop, go in self.stops()
        )
        return length_between(calendar, allowance, begin, end) - sum(stood, timedelta())

    def spans_between(
        self, calendar: WorkCalendar, allowance: Allowance, begin: datetime, end: datetime
    ) -> Iterator[Span]:
        """Yield the spans that ran from `begin` to `end`, in order and in UTC."""
        return cut(spans_of(calendar, allowance, begin, end), self.stops())

    def remaining(self, calendar: WorkCalendar, allowance: Allowance, now: datetime) -> timedelta:
        """Return what is left: working time for wh and wd, natural time else. Negative when overdue.

        A pause that begins after the deadline does not make the delay any shorter.
        """
        due = self.due_at(calendar, allowance)
        if due is not None and due <= now:
            return -length_between(calendar, allowance, due, now)
        return self.granted(calendar, allowance) - self.ran_between(calendar, allowance, self.started_at, now)

    def elapsed(self, calendar: WorkCalendar, allowance: Allowance, now: datetime) -> timedelta:
        """Return what has run, in the same kind of time as `remaining`; both add up to what is granted."""
        return self.granted(calendar, allowance) - self.remaining(calendar, allowance, now)

    def is_provisional(self, calendar: WorkCalendar, allowance: Allowance) -> bool:
        """Whether the deadline rests on days that no official notice covers. False while it is held."""
        if not allowance.is_working:
            return False
        due = self.due_at(calendar, allowance)
        # Official days lie together: between two of them there is none that is not.
        return due is not None and any(
            calendar.is_provisional(calendar.day_of(moment)) for moment in (self.started_at, due)
        )

    def stops(self) -> tuple[Span, ...]:
        """Return the pauses in order, overlaps merged; an open one lasts to FOREVER."""
        return union((pause.begin, pause.end or FOREVER) for pause in self.pauses)


def spans_of(
    calendar: WorkCalendar, allowance: Allowance, start: datetime, until: datetime | None
) -> Iterator[Span]:
    """Yield the spans in which the time of `allowance` runs: office hours, or all hours for natural units."""
    if allowance.is_working:
        yield from calendar.spans_from(start, until)
        return
    begin, end = in_utc(start), FOREVER if until is None else in_utc(until)
    if begin < end:
        yield begin, end


def moment_later(
    calendar: WorkCalendar, allowance: Allowance, start: datetime, length: timedelta
) -> datetime:
    """Return the moment at which `length` of the allowance's kind of time has passed since `start`."""
    return add_working_time(calendar, start, length) if allowance.is_working else start + length


def length_between(calendar: WorkCalendar, allowance: Allowance, begin: datetime, end: datetime) -> timedelta:
    """Return how much of the allowance's kind of time lies between; zero when `end` comes first."""
    if allowance.is_working:
        return working_time_between(calendar, begin, end)
    return max(in_utc(end) - in_utc(begin), timedelta())
