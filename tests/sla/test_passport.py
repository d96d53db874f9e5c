from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings

from sla import Allowance, Clock, Pause, Row, State, Unit, counted_in, rows
from sla.allowance import parse
from tests.sla.examples import CALENDAR, HOUR, allowances, clocks, shanghai


def passport(allowance: str, clock: Clock) -> tuple[Row, ...]:
    return rows(CALENDAR, clock, parse(allowance))


def test_workdays_are_numbered_and_days_off_are_named() -> None:
    days = passport("2wd", Clock(shanghai(11, 27, 16)))

    assert [(row.day.day, row.state, row.counted, row.nth) for row in days] == [
        (27, State.START, 2 * HOUR, None),
        (28, State.OFF, timedelta(), None),
        (29, State.OFF, timedelta(), None),
        (30, State.COUNTED, 7 * HOUR, 1),
        (1, State.DUE, 7 * HOUR, 2),
    ]


def test_a_pause_shows_what_it_took_and_where_it_is_given_back() -> None:
    clock = Clock(shanghai(11, 23, 16), (Pause(shanghai(11, 24, 8), shanghai(11, 25, 10)),))

    days = passport("1wd", clock)

    assert [(row.day.day, row.state, row.counted, row.paused, row.nth) for row in days] == [
        (23, State.START, 2 * HOUR, timedelta(), None),
        (24, State.PAUSED, timedelta(), 7 * HOUR, 1),
        (25, State.COUNTED, 6 * HOUR, HOUR, None),
        (26, State.DUE, HOUR, timedelta(), None),
    ]


def test_natural_time_counts_every_hour_of_a_holiday() -> None:
    days = passport("2d", Clock(shanghai(10, 1, 18)))

    assert [(row.state, row.counted) for row in days] == [
        (State.START, 6 * HOUR),
        (State.COUNTED, 24 * HOUR),
        (State.DUE, 18 * HOUR),
    ]


def test_a_deadline_within_the_day_has_one_row() -> None:
    (only,) = passport("30m", Clock(shanghai(11, 23, 10)))

    assert (only.state, only.counted) == (State.DUE, timedelta(minutes=30))


def test_days_without_a_notice_are_marked_for_working_time_alone() -> None:
    clock = Clock(shanghai(12, 31, 10))

    assert [row.day for row in passport("1wd", clock) if row.provisional] == [date(2027, 1, 1)]
    assert not any(row.provisional for row in passport("3d", clock))


def test_a_held_clock_shows_its_days_up_to_the_pause() -> None:
    days = passport("5wd", Clock(shanghai(11, 23, 10), (Pause(shanghai(11, 24, 11)),)))

    assert [(row.day.day, row.state, row.counted) for row in days] == [
        (23, State.START, 6 * HOUR),
        (24, State.PAUSED, 2 * HOUR),
    ]


def test_a_clock_held_from_before_its_start_shows_one_paused_day() -> None:
    (only,) = passport("24h", Clock(shanghai(11, 23, 10), (Pause(shanghai(11, 20)),)))

    assert (only.day, only.state, only.counted) == (date(2026, 11, 23), State.PAUSED, timedelta())


@given(clocks(), allowances())
@settings(deadline=None)
def test_the_rows_add_up_to_the_allowance(clock: Clock, allowance: Allowance) -> None:
    days = rows(CALENDAR, clock, allowance)

    assert counted_in(days) == clock.granted(CALENDAR, allowance)
    if allowance.duration is not None:
        assert counted_in(days) == allowance.duration


def test_a_row_says_from_when_to_when_it_ran() -> None:
    start = passport("8wh", Clock(shanghai(11, 26, 11)))[0]
    friday = passport("2wd", Clock(shanghai(11, 27, 16)))

    assert (start.begin, start.end) == (shanghai(11, 26, 11), shanghai(11, 26, 18))
    assert (friday[1].begin, friday[1].end) == (shanghai(11, 28), shanghai(11, 29))


@given(clocks(), allowances())
@settings(deadline=None)
def test_rows_follow_each_other(clock: Clock, allowance: Allowance) -> None:
    days = rows(CALENDAR, clock, allowance)

    assert all(before.end <= after.begin for before, after in pairwise(days))
    assert all(row.counted <= row.end - row.begin for row in days)


@given(clocks(), allowances())
@settings(deadline=None)
def test_there_is_one_row_for_every_date(clock: Clock, allowance: Allowance) -> None:
    days = [row.day for row in rows(CALENDAR, clock, allowance)]

    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@given(clocks(), allowances(Unit.WORKDAYS))
@settings(deadline=None)
def test_a_workday_passport_numbers_each_day_of_the_allowance(clock: Clock, allowance: Allowance) -> None:
    numbers = [row.nth for row in rows(CALENDAR, clock, allowance) if row.nth is not None]

    assert numbers == list(range(1, allowance.amount + 1))
