from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Allowance, Clock, Passport, Pause, Reason, State, Unit, WorkCalendar, calendars
from sla import passport as passports
from sla.allowance import parse
from sla.passport import Day
from sla.spans import total
from tests.sla.examples import CALENDAR, HOUR, TABLE, allowances, clocks, official_days, shanghai


def passport(allowance: str, clock: Clock) -> tuple[Day, ...]:
    return days_of(CALENDAR, clock, parse(allowance))


def days_of(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> tuple[Day, ...]:
    return passports.days(calendar, passports.passport(calendar, clock, allowance))


def test_workdays_are_numbered_and_days_off_are_named() -> None:
    days = passport("2wd", Clock(shanghai(11, 27, 16)))

    assert [(row.day.day, row.state, row.counted, row.nth) for row in days] == [
        (27, State.START, timedelta(), None),
        (28, State.OFF, timedelta(), None),
        (29, State.OFF, timedelta(), None),
        (30, State.COUNTED, 7 * HOUR, 1),
        (1, State.DUE, 7 * HOUR, 2),
    ]


def test_a_pause_shows_what_it_took_and_where_it_is_given_back() -> None:
    clock = Clock(shanghai(11, 23, 16), (Pause(shanghai(11, 24, 8), shanghai(11, 25, 10)),))

    days = passport("1wd", clock)

    assert [(row.day.day, row.state, row.counted, row.paused, row.nth) for row in days] == [
        (23, State.START, timedelta(), timedelta(), None),
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
        (23, State.START, timedelta()),
        (24, State.PAUSED, 2 * HOUR),
    ]


def test_a_clock_held_from_before_its_start_shows_one_paused_day() -> None:
    (only,) = passport("24h", Clock(shanghai(11, 23, 10), (Pause(shanghai(11, 20)),)))

    assert (only.day, only.state, only.counted) == (date(2026, 11, 23), State.PAUSED, timedelta())


def test_a_row_says_from_when_to_when_it_ran() -> None:
    start = passport("8wh", Clock(shanghai(11, 26, 11)))[0]
    friday = passport("2wd", Clock(shanghai(11, 27, 16)))

    assert (start.begin, start.end) == (shanghai(11, 26, 11), shanghai(11, 26, 18))
    assert (friday[1].begin, friday[1].end) == (shanghai(11, 28), shanghai(11, 29))


@given(clocks(), allowances())
@settings(deadline=None)
def test_rows_follow_each_other(clock: Clock, allowance: Allowance) -> None:
    days = days_of(CALENDAR, clock, allowance)

    assert all(before.end <= after.begin for before, after in pairwise(days))
    assert all(row.counted <= row.end - row.begin for row in days)


@given(clocks(), allowances())
@settings(deadline=None)
def test_there_is_one_row_for_every_date(clock: Clock, allowance: Allowance) -> None:
    days = [row.day for row in days_of(CALENDAR, clock, allowance)]

    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@given(clocks(), allowances(Unit.WORKDAYS))
@settings(deadline=None)
def test_a_workday_passport_numbers_each_day_of_the_allowance(clock: Clock, allowance: Allowance) -> None:
    numbers = [row.nth for row in days_of(CALENDAR, clock, allowance) if row.nth is not None]

    assert numbers == list(range(1, allowance.amount + 1))


# Every minute of it

HALL = calendars.parse(
    TABLE
    | {
        "hours": [
            {"weekdays": ["sat"], "shifts": [["09:30", "11:30"]], "departments": ["D-ZWFW"]},
            {
                "from": date(2026, 5, 1),
                "until": date(2026, 9, 30),
                "shifts": [["08:30", "11:00"], ["11:15", "12:00"], ["15:00", "18:30"]],
                "departments": ["D-ZWFW"],
            },
        ],
        "closed": [{"day": date(2026, 7, 1), "reason": "typhoon"}],
        "open": [{"day": date(2026, 7, 4), "reason": "in exchange"}],
    },
    official_days(),
)
OFFICES = (CALENDAR, HALL.city, HALL.of("D-ZWFW"))


@st.composite
def held_clocks(draw: st.DrawFn) -> Clock:
    """A clock as `clocks`, one in four with a pause that is still open."""
    clock = draw(clocks())
    if draw(st.integers(0, 3)):
        return clock
    begin = clock.started_at + timedelta(minutes=draw(st.integers(-3000, 30000)))
    return Clock(clock.started_at, (*clock.pauses, Pause(begin)))


@given(st.sampled_from(OFFICES), held_clocks(), allowances())
@settings(deadline=None, max_examples=10_000)
def test_the_rows_leave_no_gap_and_add_up_to_the_minute(
    calendar: WorkCalendar, clock: Clock, allowance: Allowance
) -> None:
    shown = passports.passport(calendar, clock, allowance)
    ends = [clock.started_at, *(row.end for row in shown.rows)]

    assert shown.due == clock.due_at(calendar, allowance)
    assert [row.begin for row in shown.rows] == ends[:-1]
    assert all(row.begin < row.end for row in shown.rows)
    assert all(calendar.day_of(row.begin) == row.day for row in shown.rows)
    assert all((row.pause is not None) == (row.reason is Reason.PAUSED) for row in shown.rows)
    if shown.due:
        assert ends[-1] == shown.due
        assert shown.counted == expected(calendar, clock, allowance)
    elif shown.rows:
        assert ends[-1] == clock.stops()[-1][0]
    assert (shown.counted == shown.granted) or shown.due is None
    assert shown.counted <= shown.granted


def expected(calendar: WorkCalendar, clock: Clock, allowance: Allowance) -> timedelta:
    """Return what the rule says: workdays whole, and what pauses took of a starting day that is none."""
    if allowance.duration is not None:
        return allowance.duration
    first = calendar.day_of(clock.started_at)
    tonight = shanghai(first.month, first.day, year=first.year) + timedelta(days=1)
    today = total(calendar.spans_from(clock.started_at, tonight))
    counts_today = allowance.unit is Unit.WORKDAYS_INCLUSIVE and bool(today)
    workdays = calendar.workdays_from(first + timedelta(days=1))
    whole = [next(workdays) for _ in range(allowance.amount - counts_today)]
    length = sum((day_length(calendar, day) for day in whole), timedelta())
    if counts_today:
        return length + today
    ran = total(clock.spans_between(calendar, allowance, clock.started_at, tonight))
    return length + (today - ran if allowance.unit is Unit.WORKDAYS else timedelta())


def day_length(calendar: WorkCalendar, day: date) -> timedelta:
    midnight = shanghai(day.month, day.day, year=day.year)
    return total(calendar.spans_from(midnight, midnight + timedelta(days=1)))


def reasons(shown: Passport) -> list[tuple[int, Reason]]:
    return [(row.day.day, row.reason) for row in shown.rows]


def test_a_day_is_told_from_midnight_to_midnight() -> None:
    shown = passports.passport(CALENDAR, Clock(shanghai(11, 26, 16)), parse("1wd"))

    assert reasons(shown) == [
        (26, Reason.STARTING_DAY),
        (26, Reason.AFTER_HOURS),
        (27, Reason.AFTER_HOURS),
        (27, Reason.WORKDAY),
        (27, Reason.BREAK),
        (27, Reason.WORKDAY),
    ]


def test_days_off_are_told_apart_and_named() -> None:
    shown = passports.passport(HALL.city, Clock(shanghai(6, 30, 17)), parse("3wd"))

    assert [
        (day, reason) for day, reason in reasons(shown) if reason not in (Reason.AFTER_HOURS, Reason.BREAK)
    ] == [
        (30, Reason.STARTING_DAY),
        (1, Reason.CLOSED),
        *[(2, Reason.WORKDAY)] * 2,
        *[(3, Reason.WORKDAY)] * 2,
        *[(4, Reason.OPENED)] * 2,
    ]
    assert {row.name for row in shown.rows if row.reason is Reason.CLOSED} == {"typhoon"}


def test_a_makeup_day_counts_and_says_so() -> None:
    shown = passports.passport(CALENDAR, Clock(shanghai(10, 9, 17)), parse("1wd"))

    assert {row.reason for row in shown.rows if row.counted} == {Reason.MAKEUP}


def test_what_a_pause_took_of_the_starting_day_is_given_back_at_the_end() -> None:
    clock = Clock(shanghai(11, 23, 15), (Pause(shanghai(11, 23, 16), shanghai(11, 23, 17, 30)),))

    shown = passports.passport(CALENDAR, clock, parse("1wd"))

    back = [row for row in shown.rows if row.reason is Reason.GIVEN_BACK]
    assert [(row.begin, row.end) for row in back] == [(shanghai(11, 25, 9), shanghai(11, 25, 10, 30))]
    assert shown.due == shanghai(11, 25, 10, 30)


def test_the_pause_that_began_first_takes_the_time() -> None:
    first = Pause(shanghai(11, 24, 10), shanghai(11, 24, 15))
    second = Pause(shanghai(11, 24, 9), shanghai(11, 24, 11))

    shown = passports.passport(CALENDAR, Clock(shanghai(11, 23, 10), (first, second)), parse("1wd"))

    taken = [(row.pause, row.begin, row.end) for row in shown.rows if row.reason is Reason.PAUSED]
    assert taken == [
        (1, shanghai(11, 24, 9), shanghai(11, 24, 11)),
        (0, shanghai(11, 24, 11), shanghai(11, 24, 12)),
        (0, shanghai(11, 24, 14), shanghai(11, 24, 15)),
    ]


def test_natural_time_has_one_row_a_day() -> None:
    shown = passports.passport(CALENDAR, Clock(shanghai(10, 1, 18)), parse("2d"))

    assert reasons(shown) == [(1, Reason.NATURAL), (2, Reason.NATURAL), (3, Reason.NATURAL)]
