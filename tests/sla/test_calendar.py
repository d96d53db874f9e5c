from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import (
    BrokenCalendar,
    CalendarExhausted,
    OfficialDay,
    WorkCalendar,
    add_working_time,
    close_of_nth_workday,
    working_time_between,
)
from sla.calendars import parse
from tests.sla.examples import (
    CALENDAR,
    DAYS_OFF,
    HOUR,
    MAKEUP_DAYS,
    NEVER_OPEN,
    SHANGHAI,
    TABLE,
    moments,
    official_days,
    shanghai,
)

working_times = st.integers(1, 60 * 7 * 30).map(lambda minutes: timedelta(minutes=minutes))


def test_2026_has_248_workdays() -> None:
    assert sum(1 for _ in CALENDAR.workdays_from(date(2026, 1, 1), date(2026, 12, 31))) == 248


@pytest.mark.parametrize(("month", "day"), DAYS_OFF)
def test_a_holiday_is_off(month: int, day: int) -> None:
    assert not CALENDAR.is_workday(date(2026, month, day))


@pytest.mark.parametrize(("month", "day"), MAKEUP_DAYS)
def test_a_makeup_day_is_a_weekend_day_that_works(month: int, day: int) -> None:
    assert date(2026, month, day).weekday() >= 5
    assert CALENDAR.is_workday(date(2026, month, day))


def test_a_makeup_day_wins_over_a_holiday() -> None:
    day = date(2026, 10, 10)
    calendar = WorkCalendar(
        SHANGHAI, CALENDAR.shifts, holidays=frozenset({day}), makeup_days=frozenset({day})
    )

    assert calendar.is_workday(day)


def test_a_makeup_saturday_counts_as_a_workday() -> None:
    friday_evening = shanghai(10, 9, 17)

    due = add_working_time(CALENDAR, friday_evening, timedelta(hours=1, minutes=30))

    assert due == shanghai(10, 10, 9, 30)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (shanghai(11, 23, 9), 3, shanghai(11, 23, 12)),  # runs out at noon: due at noon, not at 14:00
        (shanghai(11, 23, 9), 7, shanghai(11, 23, 18)),  # runs out in the evening: due then
        (shanghai(11, 23, 11), 2, shanghai(11, 23, 15)),  # over the lunch break
        (shanghai(11, 23, 12, 30), 1, shanghai(11, 23, 15)),  # begins in the lunch break
        (shanghai(11, 23, 3), 1, shanghai(11, 23, 10)),  # begins before the office opens
        (shanghai(11, 27, 17), 2, shanghai(11, 30, 10)),  # over a weekend
        (shanghai(9, 30, 17), 2, shanghai(10, 8, 10)),  # over the National Day week
    ],
)
def test_working_time_runs_in_office_hours_only(start: datetime, hours: int, due: datetime) -> None:
    assert add_working_time(CALENDAR, start, hours * HOUR) == due


def test_no_working_time_at_all_ends_where_it_starts() -> None:
    assert add_working_time(CALENDAR, shanghai(10, 1, 3), timedelta()) == shanghai(10, 1, 3)


def test_negative_working_time_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_time(CALENDAR, shanghai(10, 1), -HOUR)


@pytest.mark.parametrize(
    ("start", "n", "close"),
    [
        (shanghai(11, 23, 10), 1, shanghai(11, 24, 18)),  # the starting day is not counted
        (shanghai(11, 23, 0), 1, shanghai(11, 24, 18)),
        (shanghai(11, 23, 23, 59), 1, shanghai(11, 24, 18)),
        (shanghai(11, 28, 10), 1, shanghai(11, 30, 18)),  # a Saturday
        (shanghai(9, 30, 10), 3, shanghai(10, 10, 18)),  # 8, 9 and the make-up Saturday
        (shanghai(9, 30, 10), 4, shanghai(10, 12, 18)),
        (shanghai(2, 13, 10), 2, shanghai(2, 24, 18)),  # make-up 14 February, then the Spring Festival
    ],
)
def test_workdays_end_at_the_close_of_business(start: datetime, n: int, close: datetime) -> None:
    assert close_of_nth_workday(CALENDAR, start, n) == close


def test_there_is_no_zeroth_workday() -> None:
    with pytest.raises(ValueError, match="0th"):
        close_of_nth_workday(CALENDAR, shanghai(11, 23), 0)


@given(moments(), working_times)
@settings(deadline=None)
def test_adding_then_measuring_gives_back_the_time(start: datetime, amount: timedelta) -> None:
    assert working_time_between(CALENDAR, start, add_working_time(CALENDAR, start, amount)) == amount


@given(moments(), moments(), moments())
@settings(deadline=None)
def test_two_measures_in_a_row_make_one(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))

    halves = working_time_between(CALENDAR, first, middle) + working_time_between(CALENDAR, middle, last)

    assert halves == working_time_between(CALENDAR, first, last)


@given(moments(), moments())
@settings(deadline=None)
def test_working_time_is_never_negative(start: datetime, end: datetime) -> None:
    measured = working_time_between(CALENDAR, start, end)

    assert timedelta() <= measured <= max(end - start, timedelta())


@given(
    moments(), working_times, st.sampled_from(["UTC", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu"])
)
@settings(deadline=None)
def test_the_zone_of_the_input_changes_nothing(start: datetime, amount: timedelta, zone: str) -> None:
    elsewhere = start.astimezone(ZoneInfo(zone))

    assert add_working_time(CALENDAR, elsewhere, amount) == add_working_time(CALENDAR, start, amount)
    assert close_of_nth_workday(CALENDAR, elsewhere, 3) == close_of_nth_workday(CALENDAR, start, 3)


def test_moments_come_back_in_utc() -> None:
    assert add_working_time(CALENDAR, shanghai(11, 23, 9), HOUR).tzinfo is UTC
    assert close_of_nth_workday(CALENDAR, shanghai(11, 23, 9), 1).tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    naive = shanghai(11, 23).replace(tzinfo=None)

    with pytest.raises(ValueError, match="naive"):
        add_working_time(CALENDAR, naive, HOUR)
    with pytest.raises(ValueError, match="naive"):
        working_time_between(CALENDAR, naive, shanghai(11, 24))
    with pytest.raises(ValueError, match="naive"):
        close_of_nth_workday(CALENDAR, naive, 1)


def test_summer_time_neither_adds_nor_takes_working_time() -> None:
    new_york = ZoneInfo("America/New_York")
    calendar = WorkCalendar(new_york, ((time(0), time(12)),), makeup_days=frozenset({date(2026, 3, 8)}))
    spring_forward = datetime(2026, 3, 8, 0, tzinfo=new_york)

    assert working_time_between(calendar, spring_forward, spring_forward + timedelta(days=1)) == 11 * HOUR


def test_a_calendar_without_workdays_ahead_says_so() -> None:
    with pytest.raises(CalendarExhausted) as adding:
        add_working_time(NEVER_OPEN, shanghai(1, 1), HOUR)
    with pytest.raises(CalendarExhausted):
        close_of_nth_workday(NEVER_OPEN, shanghai(1, 1), 1)

    assert adding.value.after == date(2026, 1, 1)


def test_measuring_a_time_without_workdays_gives_nothing() -> None:
    assert working_time_between(NEVER_OPEN, shanghai(1, 1), shanghai(12, 31)) == timedelta()


def test_days_after_the_last_notice_are_provisional() -> None:
    assert CALENDAR.official_until == date(2026, 12, 31)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert CALENDAR.is_workday(date(2027, 1, 1))  # by weekday alone, for want of better


def test_days_before_the_first_notice_are_provisional() -> None:
    calendar = parse(TABLE, official_days()).city
    first = min(known.day for known in official_days())

    assert not calendar.is_provisional(first)
    assert calendar.is_provisional(first - timedelta(days=1))


def test_every_day_is_provisional_while_there_is_no_notice() -> None:
    assert parse(TABLE, []).city.is_provisional(date(2026, 1, 1))


def test_a_provisional_day_works_as_it_is_told_but_moves_no_end() -> None:
    new_year = OfficialDay(date(2027, 1, 1), works=False, official=False)

    calendar = parse(TABLE, [new_year, *official_days()]).city

    assert not calendar.is_workday(new_year.day)
    assert calendar.is_provisional(new_year.day)


def test_the_exceptions_of_the_city_win_over_the_notice() -> None:
    calendar = parse(
        TABLE
        | {
            "closed": [{"day": date(2026, 10, 10), "reason": "flood"}, {"day": date(2026, 11, 24)}],
            "open": [{"day": date(2026, 10, 5)}, {"day": date(2026, 11, 28)}],
        },
        official_days(),
    ).city

    worked = [(10, 5), (10, 10), (11, 24), (11, 28)]
    assert [calendar.is_workday(date(2026, *day)) for day in worked] == [True, False, False, True]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"zone": "Asia/Atlantis"}, "zone"),
        ({"zone": None}, "zone"),
        ({"shifts": []}, "at least one shift"),
        ({"shifts": [["12:00", "09:00"]]}, "ends before it begins"),
        ({"shifts": [["09:00", "12:00"], ["11:00", "18:00"]]}, "begins before"),
        ({"shifts": [["14:00", "18:00"], ["09:00", "12:00"]]}, "begins before"),
        ({"shifts": [["9", "12"]]}, "not an hour"),
        ({"shifts": ["09:00-12:00"]}, "pairs"),
        ({"holidays": []}, "unknown key 'holidays'"),
        ({"closed": [{"day": "2026-10-10"}]}, "is a date"),
        ({"closed": [{"day": shanghai(10, 10)}]}, "is a date"),
        ({"closed": [{"date": date(2026, 10, 10)}]}, "unknown key 'date'"),
        ({"open": date(2026, 10, 10)}, "list of tables"),
        ({"closed": [{"day": date(2026, 10, 9)}], "open": [{"day": date(2026, 10, 9)}]}, "both"),
    ],
)
def test_a_broken_calendar_is_refused_in_plain_words(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(BrokenCalendar, match=complaint):
        parse(TABLE | change, official_days())
