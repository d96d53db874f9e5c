"""What comes in is held against what the model in force was taught by; what moved is told once a week."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.drift import Aspect, Tally
from hotline.jobs import tasks, trial
from hotline.lifecycle import Role
from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.tickets import drift, notices
from hotline.work import Work
from tests.builders import DAY, HOUR, SUPERVISOR, by
from tests.conftest import NOW
from tests.support.judged import a_version, come_in, judge, with_model

LIGHTS, WATER = "0204", "0301"
# 10:00 of a Tuesday: the last seven whole days ended ten hours ago.
MIDNIGHT = NOW - 10 * HOUR
YESTERDAY, BEFORE = NOW - DAY, NOW - 8 * DAY
ALIKE = {LIGHTS: [100, 80.0, 5, 65.0], WATER: [100, 80.0, 5, 65.0]}


@pytest.fixture
def work(work: Work) -> Work:
    """In a city that has a model."""
    return replace(work, city=with_model(work.city))


def told(work: Work) -> list[OutboxMessage]:
    rows = work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row for row in rows if row.payload.get("action") == drift.TOPIC]


def what_moved(work: Work) -> set[tuple[str, Aspect]]:
    return {(one.category, one.aspect) for one in drift.moved(work)}


def line_of(work: Work, category: str) -> drift.Line:
    found = drift.weekly(work)
    assert found is not None
    return next(line for line in found.lines if line.category == category)


def test_a_week_like_the_training_alarms_nobody(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 48, LIGHTS, YESTERDAY)
    come_in(work, 52, WATER, YESTERDAY)

    assert drift.moved(work) == []
    assert drift.raise_alerts(work) == 0


def test_a_category_that_came_up_is_told_with_its_newest_ticket(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 90, LIGHTS, YESTERDAY)
    newest = come_in(work, 1, LIGHTS, YESTERDAY + HOUR)
    come_in(work, 9, WATER, YESTERDAY)

    raised = drift.raise_alerts(work)

    first = next(message for message in told(work) if message.payload["category"] == LIGHTS)
    assert raised == len(told(work)) == 2
    assert first.payload == {
        "ticket": newest[0],
        "action": "drift",
        "role": "supervisor",
        "category": LIGHTS,
        "aspect": "share",
        "was": 0.5,
        "now": 0.91,
        "taught": True,
    }


def test_the_alert_comes_into_the_inbox_of_the_supervisors(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 100, LIGHTS, YESTERDAY, decided=WATER)
    drift.raise_alerts(work)
    message = next(one for one in told(work) if one.payload["aspect"] == "override")

    tasks.put_in_inbox(work, message)

    notice = work.session.scalars(select(Notice)).one()
    assert notices.unread(by(work, SUPERVISOR)) == 1
    assert (notice.role, notice.topic) == (Role.SUPERVISOR, drift.TOPIC)
    assert notice.facts == {
        "category": LIGHTS, "aspect": "override", "was": 0.05, "now": 1.0, "taught": True,
    }  # fmt: skip


def test_a_category_that_fell_silent_is_told_with_its_last_ticket(work: Work) -> None:
    a_version(work, ALIKE)
    last = come_in(work, 1, WATER, BEFORE)
    come_in(work, 100, LIGHTS, YESTERDAY)

    drift.raise_alerts(work)

    silent = next(message for message in told(work) if message.payload["category"] == WATER)
    assert (silent.payload["ticket"], silent.payload["now"]) == (last[0], 0)


def test_the_same_days_are_told_of_once(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 100, LIGHTS, YESTERDAY)
    first = drift.raise_alerts(work)

    for night in range(1, 7):
        assert drift.raise_alerts(by(work, SUPERVISOR, after=night * DAY)) == 0
    come_in(work, 100, LIGHTS, YESTERDAY + 7 * DAY)
    again = drift.raise_alerts(by(work, SUPERVISOR, after=7 * DAY))

    assert first == again > 0


def test_more_overruled_than_in_training_moved(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 30, LIGHTS, YESTERDAY)
    come_in(work, 20, LIGHTS, YESTERDAY, decided=WATER)
    come_in(work, 50, WATER, YESTERDAY)

    line = line_of(work, LIGHTS)

    assert what_moved(work) == {(LIGHTS, Aspect.OVERRIDE)}
    assert (line.now.overruled, line.now.cases, line.then.overruled, line.then.cases) == (20, 50, 5, 100)


def test_less_sure_than_in_training_moved(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 50, LIGHTS, YESTERDAY, sure=0.6)
    come_in(work, 50, WATER, YESTERDAY)

    assert what_moved(work) == {(LIGHTS, Aspect.CONFIDENCE)}


def test_good_news_is_no_alarm(work: Work) -> None:
    a_version(work, {LIGHTS: [100, 60.0, 40, 37.0], WATER: [100, 80.0, 5, 65.0]})
    come_in(work, 50, LIGHTS, YESTERDAY, sure=0.9)
    come_in(work, 50, WATER, YESTERDAY)

    better = line_of(work, LIGHTS).compared

    assert (better[Aspect.CONFIDENCE].moved, better[Aspect.OVERRIDE].moved) == (True, True)
    assert drift.moved(work) == []


def test_only_what_the_model_in_force_said_while_it_was_counts(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 30, LIGHTS, YESTERDAY)
    come_in(work, 30, WATER, YESTERDAY)
    come_in(work, 99, LIGHTS, YESTERDAY, in_force=False)
    others = come_in(work, 99, LIGHTS, YESTERDAY, model="v0")
    judge(work, others, WATER, YESTERDAY, decided=None, in_force=False)

    assert line_of(work, LIGHTS).now.cases == 30
    assert drift.moved(work) == []


def test_what_nobody_has_decided_yet_is_left_out(work: Work) -> None:
    a_version(work, ALIKE)
    come_in(work, 30, LIGHTS, YESTERDAY)
    come_in(work, 99, LIGHTS, YESTERDAY, decided=None)
    come_in(work, 30, WATER, YESTERDAY)

    assert line_of(work, LIGHTS).now.cases == 30


def test_a_decision_that_a_later_one_overruled_counts_no_more(work: Work) -> None:
    a_version(work, ALIKE)
    ids = come_in(work, 30, LIGHTS, YESTERDAY)
    for lesson in work.session.scalars(select(Lesson).where(Lesson.ticket_id.in_(ids[:10]))):
        lesson.stands = False
        work.session.add(
            Lesson(ticket_id=lesson.ticket_id, hop=2, at=NOW, category_code=WATER, lead_code="D-CG")
        )
    work.session.flush()

    assert (line_of(work, LIGHTS).now.cases, line_of(work, LIGHTS).now.overruled) == (30, 10)


def test_the_week_is_seven_whole_days(work: Work) -> None:
    a_version(work, ALIKE)
    moment = timedelta(seconds=1)
    come_in(work, 3, LIGHTS, MIDNIGHT - moment)
    come_in(work, 2, LIGHTS, MIDNIGHT)
    come_in(work, 4, LIGHTS, MIDNIGHT - 7 * DAY)
    come_in(work, 5, LIGHTS, MIDNIGHT - 7 * DAY - moment)

    found = drift.weekly(work)
    weeks = drift.weeks(work, LIGHTS)

    assert found is not None
    assert (found.begin, found.end, found.cases) == (MIDNIGHT - 7 * DAY, MIDNIGHT, 7)
    assert [week.tally.cases for week in weeks] == [7, 5, 0, 0, 0, 0, 0, 0]
    assert [week.share for week in weeks][:3] == [1, 1, None]


def test_what_the_model_could_not_name_counts_among_all_and_alarms_nobody(work: Work) -> None:
    a_version(work, {LIGHTS: [100, 80.0, 5, 65.0], "": [1, 0.0, 1, 0.0]})
    come_in(work, 50, LIGHTS, YESTERDAY)
    come_in(work, 50, None, YESTERDAY, sure=0.0, decided=WATER)

    line = line_of(work, LIGHTS)

    assert line.compared[Aspect.SHARE].now == 0.5
    assert {category for category, _ in what_moved(work)} == {LIGHTS}


def test_what_moved_stands_first(work: Work) -> None:
    a_version(work, {**ALIKE, "0105": [10, 8.0, 0, 6.5]})
    come_in(work, 50, WATER, YESTERDAY, decided=LIGHTS)
    come_in(work, 50, LIGHTS, YESTERDAY)
    come_in(work, 5, "0105", YESTERDAY)

    found = drift.weekly(work)

    assert found is not None
    assert [line.category for line in found.lines] == [WATER, LIGHTS, "0105"]
    assert [one.category for one in found.moved] == [WATER]


def test_the_delivered_model_is_held_against_its_own_first_four_weeks(work: Work) -> None:
    come_in(work, 60, LIGHTS, NOW - 60 * DAY)
    come_in(work, 60, WATER, NOW - 33 * DAY)
    come_in(work, 99, WATER, NOW - 31 * DAY)
    come_in(work, 60, LIGHTS, YESTERDAY)

    known = drift.reference(work)
    drift.raise_alerts(work)

    assert known is not None
    assert {code: tally.cases for code, tally in known.tallies.items()} == {LIGHTS: 60, WATER: 60}
    assert known.until == NOW - 32 * DAY
    assert [message.payload["taught"] for message in told(work)] == [False, False]


def test_nothing_is_told_until_the_first_weeks_are_over(work: Work) -> None:
    come_in(work, 60, LIGHTS, NOW - 34 * DAY)
    come_in(work, 60, WATER, YESTERDAY)

    found = drift.weekly(work)

    assert found is not None
    assert (found.is_early, found.lines) == (True, [])
    assert drift.raise_alerts(work) == 0


def test_a_version_that_cannot_be_read_leaves_its_place_to_the_delivered_model(work: Work) -> None:
    a_version(work, ALIKE, name="lost")
    come_in(work, 60, LIGHTS, NOW - 60 * DAY)

    known = drift.reference(work)

    assert known is not None
    assert known.until == NOW - 32 * DAY


@pytest.mark.parametrize("has_model", [True, False])
def test_without_a_model_or_a_judgement_there_is_nothing_to_hold_against(work: Work, has_model: bool) -> None:
    if not has_model:
        come_in(work, 60, LIGHTS, NOW - 60 * DAY)
        work = replace(work, city=replace(work.city, classifier=None))

    assert drift.reference(work) is None
    assert drift.weekly(work) is None
    assert drift.moved(work) == []
    assert drift.raise_alerts(work) == 0


def test_the_tickets_that_show_it(work: Work) -> None:
    a_version(work, ALIKE)
    sure = come_in(work, 2, LIGHTS, YESTERDAY, sure=0.9)
    unsure = come_in(work, 1, LIGHTS, YESTERDAY - HOUR, sure=0.3)
    overruled = come_in(work, 1, LIGHTS, YESTERDAY - 2 * HOUR, decided=WATER)
    come_in(work, 1, WATER, YESTERDAY)
    come_in(work, 1, LIGHTS, BEFORE)

    def shown(aspect: Aspect) -> list[int]:
        return [one.ticket.id for one in drift.showing(work, LIGHTS, aspect)]

    assert shown(Aspect.SHARE) == [*reversed(sure), *unsure, *overruled]
    assert shown(Aspect.CONFIDENCE) == [*unsure, *overruled, *reversed(sure)]
    assert shown(Aspect.OVERRIDE) == overruled


def test_a_trial_keeps_what_drift_is_held_against(work: Work) -> None:
    ids = come_in(work, 3, LIGHTS, YESTERDAY, sure=0.5)
    judged = list(work.session.scalars(select(Judgement).order_by(Judgement.ticket_id)))
    held = dict(zip(ids, (LIGHTS, LIGHTS, WATER), strict=True))

    a_version(work, trial._reference(judged, held))

    known = drift.reference(work)
    assert known is not None
    assert known.tallies[LIGHTS] == Tally(cases=3, sure=1.5, overruled=1, squares=0.75)
