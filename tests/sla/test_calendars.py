"""Hours by date, weekday and office; and the bisection against a walk day by day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import (
    BrokenCalendar,
    CalendarExhausted,
    Calendars,
    DayKind,
    Hours,
    OfficialDay,
    WorkCalendar,
    add_working_time,
    close_of_nth_workday,
    working_time_between,
)
from sla.calendars import parse
from tests.sla.examples import CALENDAR, HOUR, SHANGHAI, TABLE, moments, official_days, shanghai

HALL = "HALL"
MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(18))
ONE_DAY = timedelta(days=1)
BACKWARDS = {"from": date(2026, 5, 2), "until": date(2026, 5, 1), "shifts": [["09:00", "12:00"]]}


def city(**tables: object) -> Calendars:
    return parse(TABLE | tables, official_days())


def hours(calendar: WorkCalendar, month: int, day: int) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calendar.shifts_on(date(2026, month, day))]


def test_a_hall_is_open_on_saturdays_but_not_on_holidays() -> None:
    calendars = city(hours=[{"weekdays": "sat", "shifts": [["09:00", "12:00"]], "departments": HALL}])
    hall = calendars.of(HALL)

    assert hours(hall, 11, 28) == ["09:00-12:00"]
    assert hours(hall, 11, 29) == []
    assert hours(hall, 10, 3) == []  # a Saturday of the National Day week
    assert hours(calendars.city, 11, 28) == []
    assert close_of_nth_workday(hall, shanghai(11, 27, 10), 1) == shanghai(11, 28, 12)
    assert close_of_nth_workday(calendars.city, shanghai(11, 27, 10), 1) == shanghai(11, 30, 18)


def test_whoever_has_no_other_hours_keeps_those_of_the_city() -> None:
    calendars = city(closed=[{"day": date(2026, 11, 24), "departments": HALL}])

    assert calendars.of(None) is calendars.of("ELSEWHERE") is calendars.city
    assert calendars.of(HALL) is not calendars.city


def test_summer_hours_hold_from_one_day_to_another() -> None:
    summer = {"from": date(2026, 5, 1), "until": date(2026, 9, 30), "shifts": [["08:30", "12:00"]]}
    calendar = city(hours=[summer]).city

    assert hours(calendar, 4, 30) == hours(calendar, 10, 8) == ["09:00-12:00", "14:00-18:00"]
    assert hours(calendar, 5, 6) == hours(calendar, 9, 30) == ["08:30-12:00"]


def test_hours_without_weekdays_make_no_weekend_a_workday() -> None:
    assert hours(city(hours=[{"shifts": [["08:00", "20:00"]]}]).city, 11, 28) == []


def test_of_two_hours_for_a_day_the_last_wins() -> None:
    early, late = {"shifts": [["07:00", "12:00"]]}, {"shifts": [["10:00", "16:00"]]}

    assert hours(city(hours=[early, late]).city, 11, 23) == ["10:00-16:00"]


def test_hours_without_shifts_close_a_weekday() -> None:
    museum = city(hours=[{"weekdays": "mon", "shifts": []}]).city

    assert museum.kind_of(date(2026, 11, 23)) is DayKind.WEEKEND
    assert add_working_time(museum, shanghai(11, 20, 17), 2 * HOUR) == shanghai(11, 24, 10)


def test_a_makeup_saturday_has_the_hours_of_its_monday() -> None:
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    calendar = city(hours=[{"weekdays": weekdays, "shifts": [["08:00", "12:00"]]}]).city

    assert hours(calendar, 10, 10) == ["08:00-12:00"]


def test_a_makeup_saturday_has_the_hours_of_saturdays_where_there_are_any() -> None:
    hall = city(hours=[{"weekdays": "sat", "shifts": [["09:00", "12:00"]]}]).city

    assert hours(hall, 10, 10) == ["09:00-12:00"]


def test_an_emergency_closes_the_city_but_not_the_office_that_stays_open() -> None:
    flood = {"from": date(2026, 7, 1), "until": date(2026, 7, 3), "reason": "flood"}
    calendars = city(closed=[flood], open=[{"day": date(2026, 7, 2), "departments": HALL}])

    assert [calendars.city.is_workday(date(2026, 7, day)) for day in range(1, 5)] == [False] * 3 + [False]
    assert [calendars.of(HALL).is_workday(date(2026, 7, day)) for day in range(1, 4)] == [False, True, False]


def test_an_office_closes_while_the_city_works() -> None:
    open_saturday = {"day": date(2026, 11, 28)}
    calendars = city(open=[open_saturday], closed=[open_saturday | {"departments": HALL}])

    assert calendars.city.is_workday(date(2026, 11, 28))
    assert not calendars.of(HALL).is_workday(date(2026, 11, 28))


def test_a_day_opened_by_exception_may_have_hours_of_its_own() -> None:
    saturday = {"day": date(2026, 11, 28), "shifts": [["09:00", "10:30"]]}

    assert hours(city(open=[saturday]).city, 11, 28) == ["09:00-10:30"]


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 11, 23), DayKind.WORKDAY, ""),
        (date(2026, 11, 28), DayKind.WEEKEND, ""),
        (date(2026, 2, 17), DayKind.HOLIDAY, "spring festival"),
        (date(2026, 10, 10), DayKind.MAKEUP, "make-up"),
        (date(2026, 7, 1), DayKind.CLOSED, "flood"),
        (date(2026, 7, 4), DayKind.OPENED, "after the flood"),
    ],
)
def test_every_day_says_why_it_is_worked_or_not(day: date, kind: DayKind, name: str) -> None:
    named = [
        OfficialDay(date(2026, 2, 17), works=False, official=True, name="spring festival"),
        OfficialDay(date(2026, 10, 10), works=True, official=True, name="make-up"),
    ]
    local = {
        "closed": [{"day": date(2026, 7, 1), "reason": "flood"}],
        "open": [{"day": date(2026, 7, 4), "reason": "after the flood"}],
    }
    calendar = parse(TABLE | local, [*official_days(), *named]).city

    assert (calendar.kind_of(day), calendar.name_of(day)) == (kind, name)


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ({"hours": [{"shifts": []}]}, "must name the weekdays"),
        ({"hours": [{"shifts": [["12:00", "09:00"]]}]}, "ends before it begins"),
        ({"hours": [{"weekdays": "someday", "shifts": [["09:00", "12:00"]]}]}, "unknown weekdays"),
        ({"hours": [BACKWARDS]}, "end before they begin"),
        ({"hours": [{"from": "May", "shifts": [["09:00", "12:00"]]}]}, "from is a date"),
        ({"hours": [{}]}, "pairs of hours"),
        ({"closed": [{"reason": "flood"}]}, "either a day, or from and until"),
        ({"closed": [{"day": date(2026, 7, 1), "until": date(2026, 7, 2)}]}, "either a day"),
        ({"closed": [{"from": date(2026, 7, 1)}]}, "until is a date"),
        ({"closed": [{"from": date(2026, 7, 2), "until": date(2026, 7, 1)}]}, "in order"),
        ({"closed": [{"from": date(2026, 7, 2), "until": date(2206, 7, 1)}]}, "a year at most"),
        ({"closed": [{"day": date(2026, 7, 1), "reason": 5}]}, "reason must be text"),
        ({"closed": [{"day": date(2026, 7, 1), "shifts": []}]}, "unknown key 'shifts'"),
        ({"closed": [{"day": date(2026, 7, 1), "departments": []}]}, "departments must be"),
    ],
)
def test_broken_hours_are_refused_in_plain_words(tables: dict[str, object], complaint: str) -> None:
    with pytest.raises(BrokenCalendar, match=complaint):
        parse(TABLE | tables, official_days())


def test_two_years_without_a_working_day_end_the_search() -> None:
    empty = Hours((), date(2027, 1, 1), date(2028, 12, 31), frozenset(range(7)))
    calendar = WorkCalendar(SHANGHAI, (MORNING,), hours=(empty,))

    with pytest.raises(CalendarExhausted):
        add_working_time(calendar, shanghai(12, 31, 13), HOUR)
    assert add_working_time(calendar, shanghai(12, 31, 11), HOUR) == shanghai(12, 31, 12)


def test_an_office_that_rests_for_a_year_goes_on_after_it() -> None:
    empty = Hours((), date(2027, 1, 1), date(2027, 12, 31), frozenset(range(7)))
    calendar = WorkCalendar(SHANGHAI, (MORNING,), hours=(empty,))

    assert add_working_time(calendar, shanghai(12, 31, 13), HOUR) == shanghai(1, 3, 10, year=2028)


# The bisection against the loop that it replaces.


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """The calendar of 2026 with other shifts, Saturdays, summer hours and local exceptions at times."""
    shifts = draw(st.sampled_from([(MORNING,), (MORNING, AFTERNOON), ((time(0), time(23, 59)),)]))
    other = [
        Hours((MORNING,), weekdays=frozenset({5})),
        Hours(((time(8), time(11, 30)), (time(15), time(18, 30))), date(2026, 5, 1), date(2026, 9, 30)),
        Hours((), date(2026, 8, 1), date(2026, 8, 20), frozenset(range(7))),
    ]
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    return WorkCalendar(
        SHANGHAI,
        shifts,
        CALENDAR.holidays,
        CALENDAR.makeup_days,
        hours=tuple(draw(st.lists(st.sampled_from(other), unique=True))),
        closed=draw(st.frozensets(days, max_size=4)),
        opened=dict.fromkeys(draw(st.frozensets(days, max_size=4)), ()),
    )


def day_by_day(calendar: WorkCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working spans from `start` on, for three years, as a plain loop finds them."""
    first = start.astimezone(calendar.zone).date()
    for day in (first + n * ONE_DAY for n in range(1100)):
        for opens, closes in calendar.shifts_on(day):
            begin, end = (datetime.combine(day, hour, calendar.zone) for hour in (opens, closes))
            if end > start:
                yield max(begin, start).astimezone(UTC), end.astimezone(UTC)


@given(calendars(), moments(), st.integers(1, 60 * 7 * 60))
@settings(deadline=None)
def test_adding_ends_where_a_walk_day_by_day_ends(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    left = timedelta(minutes=minutes)
    for begin, end in day_by_day(calendar, start):
        if left <= end - begin:
            break
        left -= end - begin

    assert add_working_time(calendar, start, timedelta(minutes=minutes)) == begin + left


@given(calendars(), moments(), moments())
@settings(deadline=None)
def test_measuring_finds_what_a_walk_day_by_day_finds(
    calendar: WorkCalendar, start: datetime, end: datetime
) -> None:
    walked = [(begin, min(close, end)) for begin, close in day_by_day(calendar, start) if begin < end]

    measured = working_time_between(calendar, start, end)

    assert measured == sum((close - begin for begin, close in walked), timedelta())


@given(calendars(), moments(), st.integers(1, 200))
@settings(deadline=None)
def test_the_nth_workday_is_the_one_that_a_walk_counts(
    calendar: WorkCalendar, start: datetime, n: int
) -> None:
    today = calendar.day_of(start)
    closes = {calendar.day_of(begin): end for begin, end in day_by_day(calendar, start)}
    following = [day for day in closes if day > today]

    assert close_of_nth_workday(calendar, start, n) == closes[following[n - 1]]
    assert close_of_nth_workday(calendar, start, n, from_starting_day=True) == closes[list(closes)[n - 1]]


@given(calendars(), moments(), moments())
@settings(deadline=None)
def test_spans_are_those_of_the_walk(calendar: WorkCalendar, start: datetime, end: datetime) -> None:
    walked = [(begin, min(close, end)) for begin, close in day_by_day(calendar, start) if begin < end]

    assert list(calendar.spans_from(start, end)) == walked
