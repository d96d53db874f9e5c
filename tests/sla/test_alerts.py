from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Allowance, BrokenLadder, Clock, Ladder, Level, Pause, Stage, alert_times, next_alert
from sla.allowance import parse as allowance
from sla.ladders import parse
from tests.sla.examples import CALENDAR, HOUR, allowances, clocks, shanghai

LADDER = parse(
    {
        "left_share": 0.25,
        "yellow": [{"stage": "resolve", "left": "1wd"}, {"stage": ["contact", "accept"], "left": "2wh"}],
    }
)
MONDAY_TEN = shanghai(11, 23, 10)


@pytest.mark.parametrize(
    ("stage", "limit", "yellow"),
    [
        (Stage.RESOLVE, "5wd", shanghai(11, 27, 18)),  # the last workday is left
        (Stage.RESOLVE, "24h", shanghai(11, 24, 4)),  # natural time has no workdays: a quarter is left
        (
            Stage.RESOLVE,
            "1wd",
            shanghai(11, 24, 14, 45),
        ),  # no longer than what should be left: of 13 h a quarter
        (Stage.RESOLVE, "8wh", shanghai(11, 23, 18)),  # hours are not measured in workdays
        (Stage.CONTACT, "4wh", shanghai(11, 23, 12)),
        (Stage.CONTACT, "1wd", shanghai(11, 24, 16)),
        (Stage.CONTACT, "2wh", shanghai(11, 23, 11, 30)),
        (Stage.DISPATCH, "4wh", shanghai(11, 23, 15)),  # no line of its own
    ],
)
def test_yellow_comes_before_the_deadline(stage: Stage, limit: str, yellow: datetime) -> None:
    times = dict(alert_times(CALENDAR, Clock(MONDAY_TEN), allowance(limit), LADDER, stage))

    assert times[Level.YELLOW] == yellow
    assert times[Level.RED] == Clock(MONDAY_TEN).due_at(CALENDAR, allowance(limit))


def test_a_pause_moves_yellow_too() -> None:
    clock = Clock(MONDAY_TEN, (Pause(MONDAY_TEN, MONDAY_TEN + 2 * HOUR),))

    assert dict(alert_times(CALENDAR, clock, allowance("4h"), LADDER, Stage.RESOLVE)) == {
        Level.YELLOW: MONDAY_TEN + 5 * HOUR,
        Level.RED: MONDAY_TEN + 6 * HOUR,
    }


def test_the_alerts_come_one_after_the_other_and_end_with_red() -> None:
    def after(level: Level) -> tuple[Level, datetime] | None:
        return next_alert(CALENDAR, Clock(MONDAY_TEN), allowance("4h"), LADDER, Stage.RESOLVE, level)

    assert after(Level.NONE) == (Level.YELLOW, MONDAY_TEN + 3 * HOUR)
    assert after(Level.YELLOW) == (Level.RED, MONDAY_TEN + 4 * HOUR)
    assert after(Level.RED) is None


def test_a_clock_that_a_pause_holds_raises_no_alert() -> None:
    clock = Clock(MONDAY_TEN, (Pause(MONDAY_TEN + HOUR),))

    assert next_alert(CALENDAR, clock, allowance("4h"), LADDER, Stage.RESOLVE, Level.NONE) is None


def test_a_pause_after_the_deadline_does_not_silence_red() -> None:
    clock = Clock(MONDAY_TEN, (Pause(MONDAY_TEN + 5 * HOUR),))

    red = next_alert(CALENDAR, clock, allowance("4h"), LADDER, Stage.RESOLVE, Level.YELLOW)

    assert red == (Level.RED, MONDAY_TEN + 4 * HOUR)


@given(
    clocks(),
    allowances(),
    st.builds(Ladder, st.floats(0.01, 0.99), st.dictionaries(st.sampled_from(Stage), allowances())),
    st.sampled_from(Stage),
)
@settings(deadline=None)
def test_yellow_is_never_later_than_red(clock: Clock, limit: Allowance, ladder: Ladder, stage: Stage) -> None:
    (_, yellow), (_, red) = alert_times(CALENDAR, clock, limit, ladder, stage)

    assert clock.started_at <= yellow <= red
    assert clock.remaining(CALENDAR, limit, yellow) >= timedelta()


@pytest.mark.parametrize(
    ("table", "complaint", "rule"),
    [
        ({}, "left_share must be given", None),
        ({"left_share": 1.5}, "between 0 and 1", None),
        ({"left_share": 0.25, "green": []}, "unknown key 'green'", None),
        ({"left_share": 0.25, "yellow": {}}, "list of tables", None),
        ({"left_share": 0.25, "yellow": [{"stage": "sleep", "left": "1wd"}]}, "unknown stage", 0),
        ({"left_share": 0.25, "yellow": [{"stage": "resolve"}]}, "left must be an allowance", 0),
        ({"left_share": 0.25, "yellow": [{"stage": "resolve", "left": "1wd"}] * 2}, "already", 1),
    ],
)
def test_a_broken_ladder_is_refused(table: dict[str, object], complaint: str, rule: int | None) -> None:
    with pytest.raises(BrokenLadder, match=complaint) as refused:
        parse(table, line_of=lambda header, nth: 3 + nth)

    assert refused.value.rule == rule
    assert refused.value.line == (None if rule is None else 3 + rule)
