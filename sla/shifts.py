"""Which shift of an office runs at a moment."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sla.calendar import WorkCalendar

_A_DAY = timedelta(days=1)
_LOOK_BACK = 60


@dataclass(frozen=True)
class Shift:
    """`begin` names it. `day_off`: nobody is due in the office, clocks of natural time run all the same."""

    begin: datetime
    day_off: bool = False


def shift_at(calendar: WorkCalendar, now: datetime) -> Shift | None:
    """Return the shift that runs at `now`; None between two of them and after the last.

    On a day off the hours from opening to close of the last worked day stand for one long shift.
    """
    today = calendar.day_of(now)
    midnight = datetime.combine(today, time(), calendar.zone)
    if calendar.is_workday(today):
        spans = calendar.spans_from(midnight, midnight + _A_DAY)
        return next((Shift(begin) for begin, end in spans if begin <= now < end), None)
    for days in range(1, _LOOK_BACK):
        usual = calendar.shifts_on(today - days * _A_DAY)
        if usual:
            begin, end = (datetime.combine(today, at, calendar.zone) for at in (usual[0][0], usual[-1][1]))
            return Shift(begin, day_off=True) if begin <= now < end else None
    return None
