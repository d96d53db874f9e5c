"""How moments, deadlines and numbers are written."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline import labels
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.web import filters
from hotline.work import Work
from sla.policy import Stage
from tests.builders import HOUR
from tests.conftest import NOW

WORKDAY = 7 * HOUR
MINUTE = timedelta(minutes=1)


def a_clock(**changes: object) -> Deadline:
    """A running resolve clock of a Tuesday morning, with three working days."""
    usual = {
        "stage": Stage.RESOLVE,
        "started_at": NOW,
        "allowance": "3wd",
        "due_at": NOW + timedelta(days=3),
        "alert_level": 0,
        "alert_at": NOW + timedelta(days=2),
        "settled_at": None,
        "outcome": None,
    }
    return Deadline(**{**usual, **changes})


@pytest.mark.parametrize(
    ("length", "day", "words"),
    [
        (12 * HOUR, WORKDAY, "1天5小时"),
        (14 * HOUR, WORKDAY, "2天"),
        (102 * MINUTE, WORKDAY, "1小时42分"),
        (9 * MINUTE, WORKDAY, "9分钟"),
        (timedelta(seconds=20), WORKDAY, "不到1分钟"),
        (24 * HOUR, timedelta(days=1), "1天"),
    ],
)
def test_a_working_day_is_as_long_as_the_office_hours(length: timedelta, day: timedelta, words: str) -> None:
    assert labels.duration(length, day) == words


def test_the_office_hours_of_the_demo_city_make_a_day_of_seven_hours(work: Work) -> None:
    assert filters.workday_of(work.city.calendar) == WORKDAY


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 24, 4, 42, tzinfo=UTC), "今天 12:42"),
        (datetime(2026, 11, 25, 9, 30, tzinfo=UTC), "11-25(周三) 17:30"),
        (datetime(2025, 11, 25, 9, 30, tzinfo=UTC), "2025-11-25(周二) 17:30"),
        # Still yesterday in London, already today here.
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "今天 01:00"),
    ],
)
def test_a_moment_is_told_by_the_citys_clock_with_the_year_only_when_it_is_another(
    at: datetime, words: str, work: Work
) -> None:
    assert filters.local_time(at, work) == words


def test_a_date_is_told_as_a_moment_is(work: Work) -> None:
    assert filters.local_day(date(2026, 11, 25), work) == "11-25(周三)"


def test_a_citizen_reads_the_date_in_full() -> None:
    at = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

    assert labels.citizen_moment(at, NOW, ZoneInfo("Asia/Shanghai")) == "11 月 25 日（周三）17:30"


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "ok"),
        ({"alert_at": NOW, "started_at": NOW - HOUR}, "near"),
        # Somebody pressed: the sweep is to ask again, the clock is no nearer.
        ({"alert_at": NOW - HOUR, "started_at": NOW - HOUR}, "ok"),
        ({"alert_level": 1}, "near"),
        ({"due_at": NOW}, "overdue"),
        ({"due_at": None}, "paused"),
        ({"settled_at": NOW, "outcome": DeadlineOutcome.MET}, "met"),
        ({"settled_at": NOW, "outcome": DeadlineOutcome.LATE}, "late"),
        ({"settled_at": NOW, "outcome": DeadlineOutcome.CANCELLED}, "none"),
    ],
)
def test_a_clock_looks_as_urgent_as_it_is(changes: dict[str, object], level: str, work: Work) -> None:
    assert filters.alert_level(a_clock(**changes), work) == level


def test_what_is_left_of_a_working_clock_counts_office_hours_only(work: Work) -> None:
    friday_evening = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)

    # Tuesday from 10:00: 2 h before and 4 h after lunch, then three full days.
    assert filters.remaining(a_clock(due_at=friday_evening), work) == "剩 3天6小时"


def test_what_is_left_of_a_natural_clock_counts_every_hour(work: Work) -> None:
    tomorrow = a_clock(allowance="24h", due_at=NOW + 23 * HOUR)

    assert filters.remaining(tomorrow, work) == "剩 23小时"


def test_what_is_overdue_says_by_how_much(work: Work) -> None:
    assert filters.remaining(a_clock(due_at=NOW - 40 * MINUTE), work) == "已超时 40分钟"


def test_overdue_since_closing_time_is_overdue_by_no_working_time(work: Work) -> None:
    monday_close = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    before_opening = Work(work.session, work.actor, monday_close + 12 * HOUR, work.city, work.vault)

    assert filters.remaining(a_clock(due_at=monday_close), before_opening) == "已超时"


def test_a_number_keeps_its_date_light_and_its_serial_heavy() -> None:
    assert filters.number("20261124000312") == '<span class="no">20261124<b>000312</b></span>'


def test_a_number_from_outside_cannot_bring_markup() -> None:
    assert "<script>" not in filters.number("20261124<script>")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("too_long:60", "写得太长，最多 60 字，请删减。"),
        ("window_closed:4wh", "签收已超过 4 工作小时，不能再申请退单，请继续办理。"),
        ("missing", "这一项还没有填，请填写。"),
        ("never heard of", "这一项不能识别，请改正后再提交。"),
    ],
)
def test_a_problem_says_what_to_do(code: str, words: str) -> None:
    assert labels.problem(code) == words


def test_a_department_that_left_the_profile_keeps_its_code(work: Work) -> None:
    assert filters.department("D-GONE", work) == "D-GONE"
    assert filters.department(None, work) == "—"
