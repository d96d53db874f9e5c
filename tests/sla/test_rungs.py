"""Further rungs: when each comes, on what conditions, and what could never ring is refused."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import (
    Allowance,
    BrokenLadder,
    By,
    Clock,
    Conditions,
    Facts,
    Ladder,
    Level,
    Measure,
    Pause,
    Policy,
    Rung,
    Stage,
    Tell,
    Telling,
    Want,
    policy,
    rung_times,
)
from sla.allowance import parse as allowance
from sla.ladders import parse, prove
from tests.sla.examples import CALENDAR, HOUR, allowances, clocks, shanghai

MONDAY_TEN = shanghai(11, 23, 10)
CRITICISM: dict[str, object] = {
    "name": "通报批评",
    "stages": ["resolve"],
    "after": "5wd",
    "tell": ["leader", "level_above"],
    "by": ["inbox", "wecom"],
}
POLICY: Policy = policy.parse(
    {
        "all": {
            "dispatch": "2wh",
            "accept": "4wh",
            "contact": "1wd",
            "resolve": "5wd",
            "review": "1wd",
            "follow_up": "3d",
        }
    }
)


def ladder(*rungs: dict[str, object], **more: object) -> Ladder:
    return parse({"left_share": 0.25, "rung": list(rungs), **more})


def rung(**changes: object) -> dict[str, object]:
    """The criticism, changed; a key set to None is left out."""
    return {key: value for key, value in (CRITICISM | changes).items() if value is not None}


def times(
    one: dict[str, object], limit: str, clock: Clock | None = None, stage: Stage = Stage.RESOLVE
) -> list[datetime]:
    given_ = clock or Clock(MONDAY_TEN)
    return [at for at, _ in rung_times(CALENDAR, given_, allowance(limit), ladder(one), stage)]


def test_a_rung_says_whom_it_tells_and_how() -> None:
    [read] = ladder(CRITICISM).rungs

    assert read == Rung(
        "通报批评",
        (Stage.RESOLVE,),
        Measure.AFTER,
        allowance("5wd"),
        Telling((Tell.LEADER, Tell.LEVEL_ABOVE), (By.INBOX, By.WECOM)),
    )


@pytest.mark.parametrize(
    ("when", "limit", "moment"),
    [
        ({"after": "1wd"}, "5wd", shanghai(12, 1, 18)),  # the workday after the deadline
        ({"after": "1wh"}, "5wd", shanghai(12, 1, 10)),  # its first working hour
        ({"after": "2h"}, "5wd", shanghai(11, 30, 20)),  # natural time past a deadline at close
        ({"left": "1wd"}, "5wd", shanghai(11, 27, 18)),
        ({"left": "2h"}, "5wd", None),  # natural time is never left of working days
        ({"left": "5wd"}, "5wd", None),  # no clock has all of itself left
        ({"ran": "24h"}, "5wd", shanghai(11, 24, 10)),
        ({"ran": "1wd"}, "24h", shanghai(11, 24, 18)),
    ],
)
def test_a_rung_comes_before_the_deadline_after_it_or_so_long_after_the_start(
    when: dict[str, str], limit: str, moment: datetime | None
) -> None:
    assert times(rung(**{"after": None, **when}), limit) == ([moment] if moment else [])


def test_a_pause_before_the_deadline_moves_what_comes_after_it() -> None:
    paused = Clock(MONDAY_TEN, (Pause(MONDAY_TEN, MONDAY_TEN + 2 * HOUR),))

    assert times(rung(after="2h"), "4h", paused) == [MONDAY_TEN + 8 * HOUR]


def test_a_pause_after_the_deadline_holds_the_rungs_that_count_from_it() -> None:
    due = MONDAY_TEN + 4 * HOUR
    again = Clock(MONDAY_TEN, (Pause(due + HOUR, due + 3 * HOUR),))
    still = Clock(MONDAY_TEN, (Pause(due + HOUR),))

    assert times(rung(after="2h"), "4h", again) == [due + 4 * HOUR]
    assert times(rung(after="2h"), "4h", still) == []


def test_rungs_of_other_stages_are_not_this_clock_s() -> None:
    assert times(rung(), "5wd", stage=Stage.CONTACT) == []


def test_a_rung_of_conditions_alone_comes_as_soon_as_they_hold() -> None:
    assert times(rung(after=None, urged_from=2), "5wd") == [MONDAY_TEN]


@given(clocks(), allowances(), allowances(), st.sampled_from(Measure))
@settings(deadline=None)
def test_rungs_lie_on_their_side_of_the_deadline(
    clock: Clock, limit: Allowance, length: Allowance, measure: Measure
) -> None:
    one = Rung("一", (Stage.RESOLVE,), measure, length, Telling((Tell.HANDLER,)))
    due = clock.due_at(CALENDAR, limit)
    assert due is not None

    found = rung_times(CALENDAR, clock, limit, Ladder(0.25, rungs=(one,)), Stage.RESOLVE)

    for at, _ in found:
        assert measure is not Measure.LEFT or clock.started_at <= at < due + timedelta(microseconds=1)
        assert measure is not Measure.AFTER or at > due
        assert measure is not Measure.RAN or at > clock.started_at


NOTHING = Facts(contacted=False, explained=False, urged=0, unsatisfied=0, supervised=0)
EVERYTHING = Facts(contacted=True, explained=True, urged=2, unsatisfied=2, supervised=1)


@pytest.mark.parametrize(
    ("conditions", "of_nothing", "of_everything"),
    [
        (Conditions(), True, True),
        (Conditions(frozenset({Want.NEVER_CONTACTED})), True, False),
        (Conditions(frozenset({Want.UNEXPLAINED})), True, False),
        (Conditions(frozenset({Want.SUPERVISED})), False, True),
        (Conditions(urged_from=2), False, True),
        (Conditions(urged_from=3), False, False),
        (Conditions(unsatisfied_from=2), False, True),
        (Conditions(frozenset({Want.SUPERVISED}), urged_from=3), False, False),
    ],
)
def test_all_conditions_must_hold(conditions: Conditions, of_nothing: bool, of_everything: bool) -> None:
    assert conditions.hold(NOTHING) is of_nothing
    assert conditions.hold(EVERYTHING) is of_everything


def test_yellow_tells_its_handler_and_red_the_supervisor_too_unless_the_city_says_otherwise() -> None:
    city = ladder(
        yellow=[{"stage": "resolve", "left": "1wd", "tell": "handler", "by": "digest"}],
        red=[{"stage": "dispatch", "tell": ["desk", "supervisor"]}],
    )
    days, hours = allowance("5wd"), allowance("24h")

    assert city.telling(Level.YELLOW, Stage.RESOLVE, days).by == (By.DIGEST,)
    # A [[yellow]] speaks for clocks of its kind of time: what has hours is still told at once.
    assert city.telling(Level.YELLOW, Stage.RESOLVE, hours) == Telling((Tell.HANDLER,), (By.INBOX,))
    assert city.telling(Level.RED, Stage.RESOLVE, days).tell == (Tell.HANDLER, Tell.SUPERVISOR)
    assert city.telling(Level.RED, Stage.DISPATCH, days).tell == (Tell.DESK, Tell.SUPERVISOR)


@pytest.mark.parametrize(
    ("rungs", "complaint", "nth"),
    [
        ([rung(name=None)], "name must be", 0),
        ([rung(name="red")], "level of its own", 0),
        ([rung(), rung(after="6wd")], "is there twice", 1),
        ([rung(stages=["sleep"])], "unknown stages", 0),
        ([rung(after=None)], "one of left, after and ran", 0),
        ([rung(left="1wd")], "one of left, after and ran", 0),
        ([rung(after="soon")], "after: ", 0),
        ([rung(tell=None)], "tell must say", 0),
        ([rung(tell="mayor")], "unknown tell 'mayor'", 0),
        ([rung(by="pigeon")], "unknown by 'pigeon'", 0),
        ([rung(by=["digest", "sms"])], "leave out the others", 0),
        ([rung(when="rainy")], "unknown when 'rainy'", 0),
        ([rung(urged_from=0)], "urged_from must be a whole number", 0),
        ([rung(colour="red")], "unknown key 'colour'", 0),
        ([rung(tell="desk")], "tell names nobody at resolve", 0),
        ([rung(stages="dispatch", tell="leader")], "tell names nobody at dispatch", 0),
        ([rung(stages="review", tell="desk", when="never_contacted")], "never holds at review", 0),
        ([rung(stages="review", tell="desk", when="unexplained")], "never holds at review", 0),
        ([rung(after=None, left="1wd", when="unexplained")], "it needs after", 0),
        ([rung(), rung(name="再批评")], "together with [[rung]] number 1", 1),
    ],
)
def test_a_broken_rung_is_refused_with_its_line(
    rungs: list[dict[str, object]], complaint: str, nth: int
) -> None:
    with pytest.raises(BrokenLadder) as refused:
        parse({"left_share": 0.25, "rung": rungs}, line_of=lambda header, nth: 10 * (nth + 1))

    assert complaint in refused.value.message
    assert (refused.value.rule, refused.value.line) == (nth, 10 * (nth + 1))


@pytest.mark.parametrize(
    ("one", "complaint"),
    [
        (rung(stages="assist"), "targets.toml gives it no clock"),
        (rung(after=None, left="5wd"), "no clock there is longer than 5wd"),
        (rung(after=None, left="1h"), "no clock there is longer than 1h"),
        (rung(stages="follow_up", tell="desk", after=None, left="1wd"), "no clock there is longer"),
    ],
)
def test_a_rung_that_no_clock_of_the_city_can_reach_is_refused(
    one: dict[str, object], complaint: str
) -> None:
    with pytest.raises(BrokenLadder, match=complaint):
        prove(ladder(one), POLICY)


@pytest.mark.parametrize(
    "one", [rung(), rung(stages=["resolve", "supervision"]), rung(after=None, left="4wd")]
)
def test_a_rung_that_some_clock_can_reach_is_taken(one: dict[str, object]) -> None:
    prove(ladder(one), POLICY)
