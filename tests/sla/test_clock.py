from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Allowance, CalendarExhausted, Clock, Pause, Unit, add_working_time, working_time_between
from sla.allowance import parse
from tests.sla.examples import CALENDAR, HOUR, NEVER_OPEN, allowances, clocks, moments, shanghai

MONDAY_TEN = shanghai(11, 23, 10)


def due(allowance: str, *pauses: Pause, start: datetime = MONDAY_TEN) -> datetime | None:
    return Clock(start, pauses).due_at(CALENDAR, parse(allowance))


@pytest.mark.parametrize(
    ("allowance", "deadline"),
    [
        ("30m", shanghai(11, 23, 10, 30)),
        ("24h", shanghai(11, 24, 10)),
        ("7d", shanghai(11, 30, 10)),
        ("4wh", shanghai(11, 23, 16)),
        ("7wh", shanghai(11, 24, 10)),
        ("1wd", shanghai(11, 24, 18)),
        ("5wd", shanghai(11, 30, 18)),
        ("1wdi", shanghai(11, 23, 18)),
        ("5wdi", shanghai(11, 27, 18)),
    ],
)
def test_a_clock_without_pauses(allowance: str, deadline: datetime) -> None:
    assert due(allowance) == deadline


def test_natural_time_runs_through_nights_and_holidays() -> None:
    assert due("24h", start=shanghai(9, 30, 23)) == shanghai(10, 1, 23)
    assert due("7d", start=shanghai(9, 30, 23)) == shanghai(10, 7, 23)


def test_workdays_leave_out_holidays_and_count_makeup_days() -> None:
    # 20-24 and 28-30 September, 8-10 and 12-15 October: two make-up days in, two holidays out.
    assert due("15wd", start=shanghai(9, 18, 10)) == shanghai(10, 15, 18)


def test_natural_time_is_given_back_as_natural_time() -> None:
    overnight = Pause(shanghai(11, 23, 20), shanghai(11, 24, 8))

    assert due("24h", overnight) == shanghai(11, 24, 22)


def test_working_hours_are_given_back_by_working_minutes() -> None:
    lunch_and_a_bit = Pause(shanghai(11, 23, 11), shanghai(11, 23, 14, 30))  # takes 11-12 and 14:00-14:30

    assert due("4wh", lunch_and_a_bit) == shanghai(11, 23, 17, 30)


def test_workdays_that_lost_ninety_minutes_end_ninety_working_minutes_later() -> None:
    pause = Pause(shanghai(11, 25, 10), shanghai(11, 25, 11, 30))

    assert due("3wd", pause) == shanghai(11, 27, 10, 30)


def test_minutes_lost_on_the_starting_day_are_given_back_too() -> None:
    assert due("1wd", Pause(shanghai(11, 23, 17), shanghai(11, 23, 20))) == shanghai(11, 25, 10)


@pytest.mark.parametrize("allowance", ["7wh", "2wd"])
def test_a_pause_outside_office_hours_costs_no_working_time(allowance: str) -> None:
    assert due(allowance, Pause(shanghai(11, 23, 18), shanghai(11, 24, 9))) == due(allowance)


def test_only_the_part_after_the_start_counts() -> None:
    assert due("24h", Pause(shanghai(11, 20), MONDAY_TEN + HOUR)) == shanghai(11, 24, 11)
    assert due("24h", Pause(shanghai(11, 20), MONDAY_TEN)) == shanghai(11, 24, 10)


@pytest.mark.parametrize("allowance", ["24h", "4wh", "1wd"])
def test_a_pause_that_begins_at_the_deadline_costs_nothing(allowance: str) -> None:
    deadline = due(allowance)
    assert deadline is not None

    assert due(allowance, Pause(deadline, deadline + timedelta(days=3))) == deadline
    assert due(allowance, Pause(deadline)) == deadline


def test_a_later_pause_counts_when_an_earlier_one_pushed_the_deadline_into_it() -> None:
    later = Pause(shanghai(11, 24, 11), shanghai(11, 24, 12))
    earlier = Pause(shanghai(11, 23, 12), shanghai(11, 23, 14))

    assert due("24h", later) == shanghai(11, 24, 10)
    assert due("24h", earlier, later) == shanghai(11, 24, 13)


def test_overlapping_pauses_count_once() -> None:
    one = Pause(shanghai(11, 23, 12), shanghai(11, 23, 16))
    two = Pause(shanghai(11, 23, 14), shanghai(11, 23, 18))
    inside = Pause(shanghai(11, 23, 13), shanghai(11, 23, 14))

    assert due("24h", one, two, inside) == shanghai(11, 24, 16)


@pytest.mark.parametrize("allowance", ["24h", "4wh", "1wd"])
def test_an_open_pause_holds_the_deadline(allowance: str) -> None:
    clock = Clock(MONDAY_TEN, (Pause(MONDAY_TEN + HOUR),))

    assert clock.is_paused()
    assert clock.due_at(CALENDAR, parse(allowance)) is None


def test_an_open_pause_holds_the_time_that_is_left() -> None:
    clock = Clock(MONDAY_TEN, (Pause(MONDAY_TEN + HOUR),))

    assert clock.remaining(CALENDAR, parse("24h"), shanghai(12, 31)) == 23 * HOUR
    assert clock.remaining(CALENDAR, parse("4wh"), shanghai(12, 31)) == 3 * HOUR


def test_an_ended_pause_is_no_pause() -> None:
    assert not Clock(MONDAY_TEN, (Pause(MONDAY_TEN, MONDAY_TEN + HOUR),)).is_paused()


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Pause(MONDAY_TEN, MONDAY_TEN - HOUR)


@pytest.mark.parametrize("allowance", ["24h", "4wh", "2wd"])
def test_remaining_time_falls_through_zero(allowance: str) -> None:
    clock, limit, deadline = Clock(MONDAY_TEN), parse(allowance), due(allowance)
    assert deadline is not None
    next_week = deadline + timedelta(days=7)

    assert clock.remaining(CALENDAR, limit, MONDAY_TEN) == clock.granted(CALENDAR, limit)
    assert clock.remaining(CALENDAR, limit, deadline) == timedelta()
    late = working_time_between(CALENDAR, deadline, next_week) if limit.is_working else timedelta(days=7)
    assert clock.remaining(CALENDAR, limit, next_week) == -late


def test_a_pause_after_the_deadline_does_not_shorten_the_delay() -> None:
    clock = Clock(MONDAY_TEN, (Pause(shanghai(11, 25)),))

    assert clock.remaining(CALENDAR, parse("24h"), shanghai(11, 26, 10)) == -48 * HOUR


def test_a_deadline_of_years_without_a_notice_is_provisional() -> None:
    long_ago = Clock(MONDAY_TEN.replace(year=1900))

    assert long_ago.is_provisional(CALENDAR, parse("5wd"))
    assert not long_ago.is_provisional(CALENDAR, parse("24h"))


def test_a_deadline_across_the_year_is_provisional_until_the_next_notice() -> None:
    december = Clock(shanghai(12, 15, 10))

    assert december.is_provisional(CALENDAR, parse("15wd"))
    assert not december.is_provisional(CALENDAR, parse("5wd"))
    assert not december.is_provisional(CALENDAR, parse("30d"))  # natural time asks no calendar


@pytest.mark.parametrize("allowance", ["4wh", "1wd"])
def test_a_calendar_without_workdays_ahead_says_so(allowance: str) -> None:
    with pytest.raises(CalendarExhausted):
        Clock(MONDAY_TEN).due_at(NEVER_OPEN, parse(allowance))


def moment(clock: Clock, allowance: Allowance) -> datetime:
    deadline = clock.due_at(CALENDAR, allowance)
    assert deadline is not None
    return deadline


@given(clocks(), allowances())
@settings(deadline=None)
def test_what_ran_until_the_deadline_is_what_was_granted(clock: Clock, allowance: Allowance) -> None:
    deadline = moment(clock, allowance)

    ran = clock.ran_between(CALENDAR, allowance, clock.started_at, deadline)

    assert ran == clock.granted(CALENDAR, allowance)


@given(clocks(), allowances(Unit.WORKDAYS, Unit.WORKDAYS_INCLUSIVE))
@settings(deadline=None)
def test_a_workday_deadline_moves_by_the_working_time_lost(clock: Clock, allowance: Allowance) -> None:
    unpaused, deadline = moment(Clock(clock.started_at), allowance), moment(clock, allowance)
    until = working_time_between(CALENDAR, clock.started_at, deadline)
    lost = until - clock.ran_between(CALENDAR, allowance, clock.started_at, deadline)

    assert deadline == add_working_time(CALENDAR, unpaused, lost)


@given(clocks(), allowances(), st.integers(1, 30))
@settings(deadline=None)
def test_a_longer_allowance_is_never_due_earlier(clock: Clock, allowance: Allowance, more: int) -> None:
    longer = allowance.extended_by(Allowance(more, allowance.unit))

    assert moment(clock, allowance) < moment(clock, longer)


@given(clocks(), allowances(*set(Unit) - {Unit.WORKDAYS, Unit.WORKDAYS_INCLUSIVE}), st.integers(0, 20000))
@settings(deadline=None)
def test_a_later_start_is_never_due_earlier(clock: Clock, allowance: Allowance, minutes: int) -> None:
    later = Clock(clock.started_at + timedelta(minutes=minutes), clock.pauses)

    assert moment(clock, allowance) <= moment(later, allowance)


@given(moments(), allowances(Unit.WORKDAYS, Unit.WORKDAYS_INCLUSIVE), st.integers(0, 20000))
@settings(deadline=None)
def test_a_later_start_is_never_due_earlier_in_workdays(
    start: datetime, allowance: Allowance, minutes: int
) -> None:
    # Pauses are left out: one before the later start gives its minutes back to the earlier start alone.
    assert moment(Clock(start), allowance) <= moment(Clock(start + timedelta(minutes=minutes)), allowance)


@given(clocks(), allowances(), st.floats(0, 1))
@settings(deadline=None)
def test_splitting_a_pause_changes_nothing(clock: Clock, allowance: Allowance, where: float) -> None:
    split = []
    for pause in clock.pauses:
        assert pause.end is not None
        middle = pause.begin + (pause.end - pause.begin) * where
        split += [Pause(pause.begin, middle), Pause(middle, pause.end)]

    assert moment(Clock(clock.started_at, tuple(split)), allowance) == moment(clock, allowance)


@given(clocks().flatmap(lambda clock: st.tuples(st.just(clock), st.permutations(clock.pauses))), allowances())
@settings(deadline=None)
def test_the_order_of_pauses_changes_nothing(both: tuple[Clock, list[Pause]], allowance: Allowance) -> None:
    clock, shuffled = both

    assert moment(Clock(clock.started_at, tuple(shuffled)), allowance) == moment(clock, allowance)


@given(clocks(), allowances(), st.sampled_from(["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]))
@settings(deadline=None)
def test_the_zone_of_the_input_changes_nothing(clock: Clock, allowance: Allowance, name: str) -> None:
    zone = ZoneInfo(name)
    pauses = tuple(
        Pause(pause.begin.astimezone(zone), pause.end and pause.end.astimezone(zone))
        for pause in clock.pauses
    )

    assert moment(Clock(clock.started_at.astimezone(zone), pauses), allowance) == moment(clock, allowance)


@given(clocks(), allowances(), moments())
@settings(deadline=None)
def test_elapsed_and_remaining_make_what_was_granted(
    clock: Clock, allowance: Allowance, now: datetime
) -> None:
    elapsed = clock.elapsed(CALENDAR, allowance, now)

    assert elapsed >= timedelta()
    assert elapsed + clock.remaining(CALENDAR, allowance, now) == clock.granted(CALENDAR, allowance)


@given(clocks(), allowances(), moments())
@settings(deadline=None)
def test_a_clock_is_overdue_exactly_when_its_deadline_has_passed(
    clock: Clock, allowance: Allowance, now: datetime
) -> None:
    if clock.remaining(CALENDAR, allowance, now) < timedelta():
        assert moment(clock, allowance) < now
    if clock.remaining(CALENDAR, allowance, now) > timedelta():
        assert now < moment(clock, allowance)
