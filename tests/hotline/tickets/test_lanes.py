"""A category goes without a person while its recent decisions prove the promise, and no longer."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier import Taxonomy
from classifier.selective import Promise
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, Status
from hotline.models.judgement import Judgement
from hotline.models.lane import Lane, LaneTurn
from hotline.models.lesson import Lesson, Misled
from hotline.models.ticket import Ticket
from hotline.tickets import (
    coverage,
    dispatching,
    handling,
    intake,
    lanes,
    recalling,
    returns,
    timeline,
    trainings,
    triage,
)
from hotline.tickets.dispatching import Choice
from hotline.work import Work
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    SUPERVISOR,
    a_call,
    an_open_lane,
    by,
)
from tests.classifier.examples import model
from tests.hotline.tickets.deeds import NOT_OURS

DANCING = "公园里跳广场舞的喇叭震天响"
PLACE = "海澜区潮音街道"
# What the catalogue of the demo city says for that category and place.
DANCING_CODE, DANCING_LEAD = "0102", "Q01-D-CG"
# Nobody tells it in the same letters as another.
_tellings = itertools.count(1)


@pytest.fixture
def judged(work: Work) -> Work:
    """A unit of work with a model, in a city that promises what ten faultless decisions prove."""
    easy = replace(work.city.auto_dispatch, promise=Promise(0.74, 0.95))
    return replace(work, city=replace(work.city, classifier=model(), auto_dispatch=easy))


def registered(work: Work, *, auto_lane: bool = False) -> Ticket:
    told = DANCING + "啊" * next(_tellings)
    call = a_call(content=told, address=PLACE, category=None)
    return intake.log(by(work, AGENT), call, auto_lane=auto_lane).ticket


def sent(work: Work, *, lead: str = DANCING_LEAD, misled: Misled | None = None) -> Ticket:
    ticket = registered(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(lead), misled=misled)
    return ticket


def lane_of(work: Work) -> Lane:
    return work.session.get_one(Lane, (DANCING_CODE, ""))


def weigh(work: Work) -> None:
    """What the night does."""
    for category in lanes.categories(work):
        lanes.reckon(work, category)


def test_what_the_model_says_at_registration_is_kept(judged: Work) -> None:
    ticket = registered(judged)

    kept = judged.session.get_one(Judgement, (ticket.id, ""))
    assert (kept.category_code, kept.lead_code) == (DANCING_CODE, DANCING_LEAD)
    assert kept.eligible
    assert kept.in_force
    assert not kept.automatic


def test_a_person_who_chose_another_category_does_not_change_what_the_model_said(judged: Work) -> None:
    call = a_call(content=DANCING, address=PLACE, category="0204")
    ticket = intake.log(by(judged, AGENT), call, auto_lane=True).ticket

    kept = judged.session.get_one(Judgement, (ticket.id, ""))
    assert ticket.category_code == "0204"
    assert (kept.category_code, kept.lead_code) == (DANCING_CODE, DANCING_LEAD)


def test_every_choice_of_a_dispatcher_is_a_label(judged: Work) -> None:
    ticket = sent(judged, lead=OTHER, misled=Misled.CATALOGUE)

    lesson = judged.session.scalars(select(Lesson)).one()
    assert (lesson.ticket_id, lesson.category_code, lesson.lead_code) == (ticket.id, DANCING_CODE, OTHER)
    assert (lesson.by_id, lesson.misled) == (DISPATCHER.user_id, Misled.CATALOGUE)


def test_a_later_dispatch_overrules_the_label_of_the_first(judged: Work) -> None:
    ticket = sent(judged, lead=LEAD)
    returns.request_return(by(judged, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(judged, DISPATCHER), ticket, granted=True, text="同意")
    dispatching.dispatch(by(judged, DISPATCHER), ticket, Choice(OTHER))

    standing = judged.session.scalars(select(Lesson).where(Lesson.stands)).one()
    assert (standing.lead_code, standing.hop) == (OTHER, 2)


def proved(work: Work) -> None:
    """Ten faultless decisions, and a night."""
    for _ in range(10):
        sent(work)
    weigh(work)


def test_enough_faultless_decisions_open_the_lane_at_night(judged: Work) -> None:
    for _ in range(9):
        sent(judged)
    weigh(judged)
    assert lanes.threshold_of(judged, DANCING_CODE) is None

    sent(judged)
    assert lanes.threshold_of(judged, DANCING_CODE) is None
    weigh(judged)

    assert lanes.threshold_of(judged, DANCING_CODE) == pytest.approx(1.0, abs=0.1)
    assert (lane_of(judged).right, lane_of(judged).cases) == (10, 10)
    turn = judged.session.scalars(select(LaneTurn)).one()
    assert (turn.turn, turn.by_id) == ("proved", None)


def test_an_open_lane_sends_the_next_ticket_and_says_on_what_evidence(judged: Work) -> None:
    proved(judged)

    ticket = registered(judged, auto_lane=True)

    assert (ticket.status, ticket.lead_code) == (Status.DISPATCHED, DANCING_LEAD)
    entry = timeline.acted(judged, ticket, Action.DISPATCH)[0]
    assert (entry.role, entry.details["evidence"]) == (Role.SYSTEM, [10, 10])


def test_what_the_lane_sent_is_a_label_once_its_department_takes_it_on(judged: Work) -> None:
    an_open_lane(judged, DANCING_CODE)
    ticket = registered(judged, auto_lane=True)
    assert judged.session.scalars(select(Lesson)).all() == []

    handling.accept(by(judged, replace(HANDLER, department_code=DANCING_LEAD)), ticket)

    lesson = judged.session.scalars(select(Lesson)).one()
    assert (lesson.ticket_id, lesson.lead_code) == (ticket.id, DANCING_LEAD)


def test_accepting_what_a_person_sent_adds_no_label(judged: Work) -> None:
    ticket = sent(judged)

    handling.accept(by(judged, replace(HANDLER, department_code=DANCING_LEAD)), ticket)

    assert len(judged.session.scalars(select(Lesson)).all()) == 1


def test_a_wrong_one_closes_the_lane_at_once(judged: Work) -> None:
    proved(judged)

    sent(judged, lead=OTHER)

    assert lanes.threshold_of(judged, DANCING_CODE) is None
    assert [turn.turn for turn in judged.session.scalars(select(LaneTurn).order_by(LaneTurn.id))] == [
        "proved",
        "broken",
    ]


def test_old_decisions_are_no_evidence(judged: Work) -> None:
    proved(judged)

    later = replace(judged, now=judged.now + judged.city.auto_dispatch.recent + timedelta(days=1))
    weigh(later)

    assert lanes.threshold_of(later, DANCING_CODE) is None


def test_the_evidence_of_another_model_is_none(judged: Work) -> None:
    proved(judged)
    newer = replace(judged, city=replace(judged.city, classifier=replace(model(), version="newer")))

    assert lanes.threshold_of(newer, DANCING_CODE) is None


def test_a_city_that_wants_no_auto_lane_has_none(judged: Work) -> None:
    an_open_lane(judged, DANCING_CODE)
    off = replace(judged.city.auto_dispatch, enabled=False)

    assert (
        lanes.threshold_of(replace(judged, city=replace(judged.city, auto_dispatch=off)), DANCING_CODE)
        is None
    )


def test_a_lane_held_by_hand_stays_closed_whatever_the_evidence(judged: Work) -> None:
    proved(judged)
    lanes.hold(by(judged, SUPERVISOR), DANCING_CODE, reason="职责刚调整")
    sent(judged)

    assert lanes.threshold_of(judged, DANCING_CODE) is None

    lanes.release(by(judged, ADMIN), DANCING_CODE)

    assert lanes.threshold_of(judged, DANCING_CODE) is not None
    hands = [turn.by_id for turn in coverage.turns(judged, DANCING_CODE)]
    assert hands == [ADMIN.user_id, SUPERVISOR.user_id, None]


def test_holding_asks_for_a_reason(judged: Work) -> None:
    with pytest.raises(InvalidInput) as refused:
        lanes.hold(by(judged, SUPERVISOR), DANCING_CODE, reason=" ")

    assert refused.value.fields == {"reason": "say_why_held"}


def test_the_page_tells_coverage_and_precision_together(judged: Work) -> None:
    proved(judged)
    taken = registered(judged, auto_lane=True)
    handling.accept(by(judged, replace(HANDLER, department_code=DANCING_LEAD)), taken)
    registered(judged, auto_lane=True)

    this_week = coverage.weeks(judged)[-1].count
    assert (this_week.judged, this_week.automatic) == (12, 2)
    assert (this_week.decided, this_week.right) == (1, 1)
    line = coverage.lines(judged, judged.city.auto_dispatch.promise)[0]
    assert (line.category, line.recent.judged, line.passing, line.cases) == (DANCING_CODE, 12, 12, 10)
    assert line.is_open


def test_a_stricter_promise_is_tried_without_being_made(judged: Work) -> None:
    proved(judged)

    line = coverage.lines(judged, Promise(0.97, 0.95))[0]

    assert line.threshold is None
    assert line.missing == 89
    assert line.is_open


def test_what_people_sent_elsewhere_is_listed_with_why(judged: Work) -> None:
    ticket = sent(judged, lead=OTHER, misled=Misled.PLACE)

    found = coverage.overruled(judged, DANCING_CODE)

    assert [(one.ticket.id, one.lesson.lead_code, one.lesson.misled) for one in found] == [
        (ticket.id, OTHER, Misled.PLACE)
    ]


def test_a_copy_of_the_same_letter_proves_nothing_more(judged: Work) -> None:
    for _ in range(20):
        call = a_call(content=DANCING, address=PLACE, category=None)
        ticket = intake.log(by(judged, AGENT), call, auto_lane=False).ticket
        dispatching.dispatch(by(judged, DISPATCHER), ticket, Choice(DANCING_LEAD))
    weigh(judged)

    assert (lane_of(judged).threshold, lane_of(judged).cases) == (None, 1)


def test_a_granted_return_counts_against_the_lane_that_sent_it(judged: Work) -> None:
    proved(judged)
    ticket = registered(judged, auto_lane=True)
    theirs = replace(LEADER, department_code=DANCING_LEAD)
    returns.request_return(by(judged, theirs), ticket, NOT_OURS)

    returns.decide_return(by(judged, DISPATCHER), ticket, granted=True, text="同意")

    assert lanes.threshold_of(judged, DANCING_CODE) is None
    week = coverage.weeks(judged)[-1].count
    assert (week.automatic, week.decided, week.right) == (1, 1, 0)
    assert [one.ticket.id for one in coverage.overruled(judged, DANCING_CODE)] == [ticket.id]


def test_what_was_given_back_teaches_nothing_until_it_is_sent_again(judged: Work) -> None:
    ticket = sent(judged)
    assert [found.id for found, _ in trainings.labelled(judged)] == [ticket.id]
    theirs = replace(LEADER, department_code=DANCING_LEAD)
    returns.request_return(by(judged, theirs), ticket, NOT_OURS)
    returns.decide_return(by(judged, DISPATCHER), ticket, granted=True, text="同意")

    assert trainings.labelled(judged) == []


def test_a_category_put_right_after_the_dispatch_puts_the_label_right(judged: Work) -> None:
    ticket = sent(judged)

    intake.amend(by(judged, DISPATCHER), ticket, intake.Amendment(category="0204"), reason="说的是路灯")

    assert [category for _, category in trainings.labelled(judged)] == ["0204"]


def test_who_reported_what_is_nobodys_example(judged: Work) -> None:
    ticket = sent(judged)
    ticket.confidential = True
    judged.session.flush()

    assert trainings.labelled(judged) == []
    assert trainings.decided(judged) == 0


def test_a_category_that_left_the_profile_stops_nobody(judged: Work) -> None:
    ticket = sent(judged)
    without = {one.code: one for one in judged.city.taxonomy if one.code != DANCING_CODE}
    smaller = replace(judged, city=replace(judged.city, taxonomy=Taxonomy(without)))

    lanes.reckon(smaller, DANCING_CODE)
    intake.amend(by(smaller, DISPATCHER), ticket, intake.Amendment(category="0204"), reason="类别已撤销")

    assert DANCING_CODE not in lanes.categories(smaller)


def test_back_under_the_model_before_its_lanes_stand_as_they_were(judged: Work) -> None:
    proved(judged)
    newer = replace(judged, city=replace(judged.city, classifier=replace(model(), version="newer")))
    weigh(newer)
    assert lanes.threshold_of(newer, DANCING_CODE) is None

    assert lanes.threshold_of(judged, DANCING_CODE) is not None


def test_without_a_model_nothing_is_weighed(judged: Work) -> None:
    proved(judged)
    without = replace(judged, city=replace(judged.city, classifier=None))

    lanes.reckon(without, DANCING_CODE)

    assert lanes.categories(without) == []
    assert lanes.threshold_of(judged, DANCING_CODE) is not None


def test_traditional_characters_go_where_simplified_ones_go(judged: Work) -> None:
    def lead(content: str, address: str) -> str | None:
        view = triage.suggest(judged, content, address)
        return view.decision.lead if view.decision else None

    assert lead("公園裏跳廣場舞的喇叭震天響", "海瀾區潮音街道") == lead(DANCING, PLACE) == DANCING_LEAD
    assert lead("海瀾區潮音街道公園裏跳廣場舞的喇叭震天響", "") == DANCING_LEAD


def test_a_lane_closed_by_a_slip_that_was_taken_back_is_open_again(judged: Work) -> None:
    proved(judged)
    ticket = registered(judged)
    slip = by(judged, DISPATCHER, after=timedelta(hours=1))
    dispatching.dispatch(slip, ticket, Choice(OTHER), recallable=True)
    assert lanes.threshold_of(judged, DANCING_CODE) is None

    recalling.recall(by(slip, DISPATCHER, after=timedelta(seconds=3)), ticket)

    assert lanes.threshold_of(judged, DANCING_CODE) is not None
    assert (lane_of(judged).right, lane_of(judged).cases) == (10, 10)
