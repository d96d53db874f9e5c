"""The three rates (三率) and promptness: what counts above the line, what below, and what nowhere."""

from dataclasses import replace

import pytest

from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Urgency
from hotline.tickets import applications, followup, handling, review, scorecard, supervision
from hotline.tickets.followup import CLOSE, SEND_BACK
from hotline.tickets.scorecard import Rate
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    DAY,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_ticket_to_follow_up,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import BAD, DISAGREES, GOOD, UNREACHED, answers


def answered(work, said=GOOD, **changes):
    """A ticket whose caller gave these answers."""
    ticket = a_ticket_to_follow_up(work)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(replace(said, **changes)))
    return ticket


def three(work, **asked):
    rates = scorecard.rates(work, NOW - DAY, **asked)
    return [
        (rate.numerator, rate.denominator) for rate in (rates.response, rates.resolution, rates.satisfaction)
    ]


def test_without_answers_there_is_no_rate(work):
    a_dispatched_ticket(work)

    assert three(work) == [(0, 0)] * 3
    assert scorecard.rates(work, NOW).response.value is None


def test_a_good_answer_counts_in_all_three(work):
    answered(work)

    assert three(work) == [(1, 1)] * 3
    assert scorecard.rates(work, NOW).resolution.value == 1.0


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({"contacted": Contacted.NO}, [(0, 1), (1, 1), (1, 1)]),
        ({"contacted": Contacted.UNSURE}, [(0, 0), (1, 1), (1, 1)]),
        ({"solved": Solved.PARTLY, "reason": "late"}, [(1, 1), (0, 1), (1, 1)]),
        ({"solved": Solved.NO, "reason": "late"}, [(1, 1), (0, 1), (1, 1)]),
        ({"satisfied": 3}, [(1, 1), (1, 1), (1, 1)]),
        ({"satisfied": 2, "reason": "attitude"}, [(1, 1), (1, 1), (0, 1)]),
    ],
)
def test_each_answer_counts_for_its_own_rate(work, changes, counted):
    answered(work, **changes)

    assert three(work) == counted


def test_who_was_not_reached_counts_nowhere(work):
    ticket = a_ticket_to_follow_up(work)

    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(UNREACHED))

    assert three(work) == [(0, 0)] * 3


def test_who_could_not_be_asked_counts_nowhere(work):
    a_ticket_to_follow_up(work, anonymous=True)

    assert three(work) == [(0, 0)] * 3


def test_of_two_answers_in_one_round_the_later_counts(work):
    ticket = answered(work, BAD)

    followup.record_follow_up(by(work, FOLLOWER, after=HOUR), ticket, answers(GOOD))

    assert three(work) == [(1, 1)] * 3


def test_an_answer_stands_though_later_calls_are_not_taken(work):
    ticket = answered(work, BAD)

    followup.record_follow_up(by(work, FOLLOWER, after=HOUR), ticket, answers(UNREACHED))

    assert three(work) == [(1, 1), (0, 1), (0, 1)]


def test_each_round_has_its_own_answer(work):
    ticket = a_ticket_to_follow_up(work)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=SEND_BACK)
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已联系")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(GOOD))

    assert three(work) == [(2, 2), (1, 2), (1, 2)]


def test_a_bad_answer_counts_though_the_reason_is_not_the_department_s(work):
    ticket = a_ticket_to_follow_up(work)

    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(DISAGREES), step=CLOSE)

    assert three(work) == [(1, 1), (0, 1), (0, 1)]


def test_what_two_reviewers_excluded_counts_nowhere(work):
    ticket = answered(work, BAD)
    answered(work)
    applications.request_exclusion(
        by(work, HANDLER), ticket, reason="beyond_power", basis="会议纪要", text="历史遗留"
    )
    applications.decide_exclusion(by(work, REVIEWER), ticket, granted=True, text="")
    assert three(work) == [(2, 2), (1, 2), (1, 2)]

    applications.decide_exclusion(by(work, SECOND_REVIEWER), ticket, granted=True, text="")

    assert three(work) == [(1, 1)] * 3
    assert scorecard.left_out(work, NOW - DAY) == 1


def exclude(work, ticket):
    applications.request_exclusion(
        by(work, HANDLER), ticket, reason="beyond_power", basis="会议纪要", text="历史遗留"
    )
    for reviewer in (REVIEWER, SECOND_REVIEWER):
        applications.decide_exclusion(by(work, reviewer), ticket, granted=True, text="")


def test_what_was_excluded_stays_out_after_a_reopening(work):
    ticket = a_ticket_to_follow_up(work)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(DISAGREES), step=CLOSE)
    exclude(work, ticket)

    supervision.reopen(by(work, SUPERVISOR), ticket, text="又坏了")

    assert three(work) == [(0, 0)] * 3
    assert scorecard.left_out(work, NOW - DAY) == 1


def test_the_round_after_an_excluded_one_counts(work):
    ticket = a_ticket_to_follow_up(work)
    exclude(work, ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=SEND_BACK)
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已联系")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(GOOD))

    assert three(work) == [(1, 1)] * 3
    assert scorecard.left_out(work, NOW - DAY) == 1


def test_an_answer_from_before_the_period_does_not_count(work):
    answered(work)

    assert scorecard.rates(work, NOW + HOUR).response == Rate(0, 0)


def test_an_answer_counts_for_the_department_that_handled_it(work):
    answered(work)

    assert three(work, department=LEAD) == [(1, 1)] * 3
    assert three(work, department=OTHER) == [(0, 0)] * 3
    assert set(scorecard.rates_by_department(work, NOW - DAY)) == {LEAD}


def test_the_departments_together_are_the_city(work):
    answered(work)
    answered(work, BAD)
    ticket = a_dispatched_ticket(work, lead=OTHER)
    handling.accept(by(work, OTHER_HANDLER), ticket)
    handling.contact(by(work, OTHER_HANDLER), ticket, reached=True, note="已联系")
    handling.resolve(by(work, OTHER_HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(GOOD))

    parts = scorecard.rates_by_department(work, NOW - DAY)
    whole = scorecard.rates(work, NOW - DAY)

    assert set(parts) == {LEAD, OTHER}
    assert sum(part.resolution.numerator for part in parts.values()) == whole.resolution.numerator == 2
    assert sum(part.resolution.denominator for part in parts.values()) == whole.resolution.denominator == 3


def test_promptness_counts_what_was_finished_in_time_of_what_was_finished(work):
    a_dispatched_ticket(work)
    early = a_contacted_ticket(work)
    late = a_contacted_ticket(work, urgency=Urgency.CRITICAL)
    handling.resolve(by(work, HANDLER), early, A_RESULT)
    handling.resolve(by(work, HANDLER, after=DAY), late, A_RESULT)

    assert scorecard.on_time(work, NOW - DAY) == Rate(1, 2)
    assert scorecard.on_time(work, NOW + HOUR) == Rate(0, 1)
    assert scorecard.on_time(work, NOW - DAY, stage=Stage.ACCEPT) == Rate(2, 2)


def test_what_was_cancelled_is_not_judged(work):
    ticket = a_dispatched_ticket(work)
    later = by(work, HANDLER, after=20 * DAY)
    handling.accept(later, ticket)
    assert scorecard.on_time(work, NOW, stage=Stage.ACCEPT) == Rate(0, 1)

    assert scorecard.on_time(work, NOW, stage=Stage.CONTACT) == Rate(0, 0)


def test_every_status_is_on_the_board_also_when_it_is_empty(work):
    a_dispatched_ticket(work)

    board = scorecard.by_status(work)

    assert sum(board.values()) == 1
    assert len(board) == 13


def test_the_trend_ends_today_and_counts_local_days(work):
    a_dispatched_ticket(work)
    a_dispatched_ticket(replace(work, now=NOW - DAY))
    a_dispatched_ticket(replace(work, now=NOW - 14 * DAY))

    days = scorecard.trend(by(work, FOLLOWER, after=HOUR))

    assert len(days) == 14
    assert days[-1].day == NOW.date()
    assert [day.logged for day in days] == [0] * 12 + [1, 1]


def test_small_samples_have_wide_intervals():
    few, many = Rate(4, 5), Rate(400, 500)

    assert few.interval[1] - few.interval[0] > many.interval[1] - many.interval[0]
    assert few.interval[0] < few.value < few.interval[1]
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_departments_whose_intervals_overlap_share_their_places():
    ranges = scorecard.rank_ranges({"a": Rate(990, 1000), "b": Rate(9, 10), "c": Rate(100, 1000)})

    assert ranges == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}
