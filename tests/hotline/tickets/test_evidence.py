"""A rate, its interval, and the rows it is made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Ticket
from hotline.tickets import followup, handling, review, scorecard
from hotline.tickets.evidence import Event, Question, Share, evidence, of_day
from hotline.tickets.followup import Answers
from hotline.tickets.scorecard import Measure, Rate
from hotline.work import Work
from tests.builders import (
    A_RESULT,
    DAY,
    FOLLOWER,
    HANDLER,
    LEAD,
    OTHER,
    REVIEWER,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
    fresh_key,
)

MONTH = timedelta(days=30)


def answer(work: Work, ticket: Ticket, *, good: bool) -> None:
    followup.record_follow_up(
        by(work, FOLLOWER),
        ticket,
        Answers(
            fresh_key(),
            True,
            Contacted.YES if good else Contacted.UNSURE,
            Solved.YES if good else Solved.PARTLY,
            5 if good else 2,
            None if good else "late",
        ),
        step=None if good else followup.SEND_BACK,
    )


def handle_again(work: Work, ticket: Ticket) -> None:
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已到场")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)


def test_an_answer_of_each_round_counts_and_stands_as_a_row_of_its_own(work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    answer(work, ticket, good=False)
    handle_again(work, ticket)
    answer(work, ticket, good=True)
    question = Question(Measure.SATISFACTION, work.now - MONTH)

    found = evidence(work, question)

    assert found.rate == Rate(1, 2) == scorecard.rates(work, work.now - MONTH).satisfaction
    assert [one.met for one in found.pieces] == [True, False]
    assert [one.ticket for one in found.pieces] == [ticket, ticket]


def test_who_is_unsure_whether_anyone_called_does_not_count_for_the_response(work: Work) -> None:
    answer(work, a_ticket_to_follow_up(work), good=False)
    answer(work, a_ticket_to_follow_up(work), good=True)

    found = evidence(work, Question(Measure.RESPONSE, work.now - MONTH))

    assert (found.rate, len(found.pieces)) == (Rate(1, 1), 1)


def test_pages_of_evidence_hold_every_row_once(work: Work) -> None:
    for _ in range(5):
        answer(work, a_ticket_to_follow_up(work), good=True)
    question = Question(Measure.ON_TIME, work.now - MONTH, LEAD)

    first = evidence(work, question, size=2)
    second = evidence(work, question, size=2, after=first.after)
    last = evidence(work, question, size=2, after=second.after)

    shown = [one.ticket.id for page in (first, second, last) for one in page.pieces]
    assert (len(shown), len(set(shown)), last.after) == (5, 5, None)
    assert first.rate == Rate(5, 5)


def test_the_parts_of_a_rate_and_another_department_are_kept_apart(work: Work) -> None:
    answer(work, a_ticket_to_follow_up(work), good=True)
    answer(work, a_ticket_to_follow_up(work), good=False)
    question = Question(Measure.RESOLUTION, work.now - MONTH, LEAD)

    met, missed = (evidence(work, question, share).pieces for share in (Share.MET, Share.MISSED))
    elsewhere = evidence(work, replace(question, department=OTHER))

    assert [one.met for one in (*met, *missed)] == [True, False]
    assert elsewhere.rate == Rate(0, 0)


@pytest.mark.parametrize(
    "key", ["", "x|1", "2026-11-24|1", "2026-11-24T02:00:00+00:00|x", f"2026-11-24T02:00:00+00:00|{2**63}"]
)
def test_a_broken_key_shows_the_first_page(work: Work, key: str) -> None:
    answer(work, a_ticket_to_follow_up(work), good=True)

    assert len(evidence(work, Question(Measure.RESPONSE, work.now - MONTH), after=key).pieces) == 1


def test_a_clock_that_ran_out_is_listed_on_the_day_on_which_it_did(work: Work) -> None:
    an_accepted_ticket(replace(work, now=work.now - 20 * DAY))
    trend = scorecard.trend(work, 20)

    listed = {day.day: of_day(work, Event.RAN_OUT, day.day) for day in trend}

    assert sum(day.overdue for day in trend) == 2  # first contact and result
    assert [day.overdue for day in trend] == [len(listed[day.day].pieces) for day in trend]


def test_departments_whose_intervals_overlap_share_their_places() -> None:
    ranges = scorecard.rank_ranges({"a": Rate(99, 100), "b": Rate(97, 100), "c": Rate(50, 100)})

    assert ranges == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}


@pytest.mark.parametrize(
    ("rate", "low", "high"),
    [
        (Rate(4953, 5571), 0.881, 0.897),
        (Rate(14, 14), 0.785, 1.0),
        (Rate(0, 3), 0.0, 0.562),
        (Rate(0, 0), 0, 1),
    ],
)
def test_the_interval_is_wilsons(rate: Rate, low: float, high: float) -> None:
    assert rate.interval == pytest.approx((low, high), abs=0.0006)
