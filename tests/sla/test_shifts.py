from datetime import datetime

import pytest

from sla.shifts import Shift, shift_at
from tests.sla.examples import CALENDAR, shanghai


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        (shanghai(11, 24, 8, 59), None),
        (shanghai(11, 24, 9), shanghai(11, 24, 9)),
        (shanghai(11, 24, 11, 59), shanghai(11, 24, 9)),
        (shanghai(11, 24, 12), None),
        (shanghai(11, 24, 14), shanghai(11, 24, 14)),
        (shanghai(11, 24, 18), None),
        (shanghai(10, 10, 10), shanghai(10, 10, 9)),  # a Saturday worked in exchange
    ],
)
def test_a_shift_runs_from_when_the_office_opens_until_it_closes(
    now: datetime, begin: datetime | None
) -> None:
    assert shift_at(CALENDAR, now) == (Shift(begin) if begin else None)


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        (shanghai(11, 28, 8), None),
        (shanghai(11, 28, 10), shanghai(11, 28, 9)),
        (shanghai(11, 28, 13), shanghai(11, 28, 9)),  # one shift all day, over noon
        (shanghai(11, 28, 18), None),
        (shanghai(10, 3, 10), shanghai(10, 3, 9)),  # in the middle of a long holiday
    ],
)
def test_a_day_off_has_one_shift_for_what_runs_day_and_night(now: datetime, begin: datetime | None) -> None:
    assert shift_at(CALENDAR, now) == (Shift(begin, day_off=True) if begin else None)
