"""A ticket that one dispatcher has open is his, until he is gone or it is taken from him on purpose."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.errors import ClaimedByAnother, IllegalTransition, NotAllowed
from hotline.lifecycle import Status
from hotline.models.claim import Claim
from hotline.tickets import claims, dispatching, timeline, waiting
from hotline.tickets.dispatching import Choice
from tests.builders import (
    AGENT,
    DISPATCHER,
    LEAD,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)

COLLEAGUE = replace(DISPATCHER, name=SUPERVISOR.name, user_id=SUPERVISOR.user_id)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def test_the_first_who_opens_it_has_it(work):
    ticket = a_logged_ticket(work)

    assert claims.claim(by(work, DISPATCHER), ticket).user_id == DISPATCHER.user_id
    assert claims.claim(by(work, COLLEAGUE), ticket).user_id == DISPATCHER.user_id
    assert claims.by_others(by(work, COLLEAGUE), [ticket]) == {ticket.id: DISPATCHER.name}
    assert claims.by_others(by(work, DISPATCHER), [ticket]) == {}


def test_a_sign_of_life_keeps_it_and_silence_frees_it(work):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)
    claims.claim(by(work, DISPATCHER, after=LEASE - SECOND), ticket)

    assert claims.claim(by(work, COLLEAGUE, after=LEASE + SECOND), ticket).user_id == DISPATCHER.user_id
    assert claims.claim(by(work, COLLEAGUE, after=2 * LEASE), ticket).user_id == COLLEAGUE.user_id


def test_it_is_taken_over_on_purpose(work):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)

    assert claims.claim(by(work, COLLEAGUE), ticket, take_over=True).user_id == COLLEAGUE.user_id
    assert claims.claim(by(work, DISPATCHER), ticket).user_id == COLLEAGUE.user_id


def test_what_another_has_open_is_not_dispatched(work):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)

    with pytest.raises(ClaimedByAnother) as refusal:
        dispatching.dispatch(by(work, COLLEAGUE), ticket, Choice(LEAD))
    assert refusal.value.name == DISPATCHER.name
    assert ticket.status is Status.LOGGED

    dispatching.dispatch(by(work, COLLEAGUE, after=LEASE), ticket, Choice(LEAD))
    assert ticket.status is Status.DISPATCHED


def test_with_the_dispatch_the_claim_is_over_and_the_ledger_never_heard_of_it(work, session):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))

    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert [one.action for one in timeline.events_of(work, ticket)] == ["log", "dispatch"]


def test_who_opens_another_lets_go_of_the_first(work):
    first, second = a_logged_ticket(work), a_logged_ticket(work)
    mine = by(work, DISPATCHER)
    for ticket in (first, second):
        claims.claim(mine, ticket)
    claims.let_go(mine, but=second)

    assert claims.all_by_others(by(work, COLLEAGUE)) == {second.number: DISPATCHER.name}


def test_only_dispatchers_claim_and_only_what_waits(work):
    with pytest.raises(NotAllowed):
        claims.claim(by(work, AGENT), a_logged_ticket(work))
    with pytest.raises(IllegalTransition):
        claims.claim(by(work, DISPATCHER), a_dispatched_ticket(work))


def test_the_desk_goes_on_with_what_nobody_has_open(work):
    done, taken, free = (a_logged_ticket(work) for _ in range(3))
    claims.claim(by(work, COLLEAGUE), taken)
    place = waiting.Place.of(done)
    mine = by(work, DISPATCHER)
    dispatching.dispatch(mine, done, Choice(LEAD))

    assert waiting.next_number(mine, place) == free.number
