"""The caller answers by himself (自助评价): once a round, by the link or where he tracks his ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import AlreadyRated, NotFound
from hotline.lifecycle import Role, Status
from hotline.models.follow_up import Via
from hotline.models.ticket import Closing
from hotline.tickets import followup, handling, rating, review, timeline
from hotline.tickets.followup import SEND_BACK
from hotline.work import CITIZEN
from tests.builders import A_RESULT, DAY, FOLLOWER, HANDLER, LEAD, REVIEWER, a_ticket_to_follow_up, by
from tests.hotline.tickets.deeds import BAD, GOOD, answers

DISPLEASED = replace(BAD, reason=None)


def sent_back(work, ticket):
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=SEND_BACK)


def handled_again(work, ticket):
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已联系")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)


def test_a_link_opens_its_ticket(work):
    ticket = a_ticket_to_follow_up(work)

    assert rating.ticket_of_link(work, rating.link_token(work, ticket)) is ticket


@pytest.mark.parametrize("token", ["", "x", "签名", "WyIyMDI2MTEyNDAwMDAwMSIsMSwwXQ.abc", "." * 500])
def test_a_made_up_link_opens_nothing(work, token):
    a_ticket_to_follow_up(work)

    with pytest.raises(NotFound):
        rating.ticket_of_link(work, token)


def test_a_link_is_bound_to_its_ticket(work):
    mine, other = a_ticket_to_follow_up(work), a_ticket_to_follow_up(work)
    token = rating.link_token(work, mine)

    assert rating.ticket_of_link(work, token) is not other


def test_a_link_ends_with_its_days(work):
    token = rating.link_token(work, a_ticket_to_follow_up(work))

    rating.ticket_of_link(by(work, CITIZEN, after=7 * DAY), token)
    with pytest.raises(NotFound):
        rating.ticket_of_link(by(work, CITIZEN, after=7 * DAY + timedelta(seconds=1)), token)


def test_a_link_ends_with_its_round(work):
    ticket = a_ticket_to_follow_up(work)
    token = rating.link_token(work, ticket)
    sent_back(work, ticket)

    with pytest.raises(AlreadyRated):
        rating.ticket_of_link(work, token)


def test_what_was_asked_about_one_round_does_not_rate_the_next(work):
    ticket = a_ticket_to_follow_up(work)
    token = rating.link_token(work, ticket)
    sent_back(work, ticket)
    handled_again(work, ticket)

    with pytest.raises(AlreadyRated):
        rating.rate_by_link(work, token, answers(GOOD))
    with pytest.raises(AlreadyRated):
        rating.rate(work, ticket, answers(GOOD), via=Via.TRACK, round_=1)
    assert rating.may_rate(work, ticket)


def test_a_round_that_ended_unanswered_is_over_without_having_been_rated(work):
    ticket = a_ticket_to_follow_up(work)
    followup.close_unasked(by(work, FOLLOWER), ticket, Closing.UNREACHED)

    with pytest.raises(NotFound) as refusal:
        rating.rate(work, ticket, answers(GOOD), via=Via.TRACK)

    assert not isinstance(refusal.value, AlreadyRated)


@pytest.mark.parametrize("said", [GOOD, DISPLEASED])
def test_a_caller_rates_once(work, said):
    ticket = a_ticket_to_follow_up(work)
    token = rating.link_token(work, ticket)
    rating.rate_by_link(work, token, answers(said))

    with pytest.raises(AlreadyRated):
        rating.ticket_of_link(work, token)
    with pytest.raises(AlreadyRated):
        rating.rate_by_link(work, token, answers(GOOD))
    with pytest.raises(AlreadyRated):
        rating.rate(work, ticket, answers(GOOD), via=Via.TRACK)


def test_a_rating_sent_twice_is_one(work):
    ticket = a_ticket_to_follow_up(work)
    token, said = rating.link_token(work, ticket), answers(GOOD)

    assert rating.rate_by_link(work, token, said) is rating.rate_by_link(work, token, said)


def test_a_good_rating_closes_the_ticket_and_says_how_it_came(work):
    ticket = a_ticket_to_follow_up(work)

    given = rating.rate(work, ticket, answers(GOOD), via=Via.TRACK)

    assert (given.via, given.by_id, given.department_code) == (Via.TRACK, None, LEAD)
    assert ticket.closing is Closing.FOLLOWED_UP
    last = timeline.events_of(work, ticket)[-2:]
    assert [event.role for event in last] == [Role.CITIZEN] * 2
    assert last[0].details["via"] == Via.TRACK


def test_a_bad_rating_is_judged_by_the_follow_up_desk(work):
    ticket = a_ticket_to_follow_up(work)
    rating.rate(work, ticket, answers(DISPLEASED), via=Via.LINK)
    assert rating.is_rated(work, ticket)

    followup.conclude_standing(by(work, FOLLOWER), ticket, step=SEND_BACK, reason="attitude", text="态度差")

    assert (ticket.status, ticket.round) == (Status.DISPATCHED, 2)
    assert not rating.is_rated(work, ticket)
