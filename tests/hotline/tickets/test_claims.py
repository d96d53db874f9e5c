"""A ticket that one dispatcher has open is his, until he is gone or it is taken from him on purpose."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.errors import ClaimedByAnother, IllegalTransition, NotAllowed
from hotline.lifecycle import Action, Role, Status
from hotline.models.claim import Claim
from hotline.models.ticket import Urgency
from hotline.tickets import claims, dispatching, intake, merging, splitting, timeline, waiting
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
from tests.hotline.tickets.deeds import another_ticket, halves

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


URGENT = intake.Amendment(urgency=Urgency.CRITICAL)
DECISIONS = {
    "split": lambda work, ticket: splitting.split(work, ticket, halves(ticket)),
    "answer": lambda work, ticket: intake.answer(work, ticket, "路灯已纳入改造计划"),
    "transfer": lambda work, ticket: intake.transfer(work, ticket, "petition", "guidance"),
    "merge": lambda work, ticket: merging.merge(
        work, ticket, into=another_ticket(work).number, reason="同一件事"
    ),
    "amend": lambda work, ticket: intake.amend(work, ticket, URGENT, reason="灯杆冒火"),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_what_another_has_open_is_not_decided_otherwise_either(work, decide):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)
    written = ticket.events

    with pytest.raises(ClaimedByAnother) as refusal:
        decide(by(work, COLLEAGUE), ticket)
    assert refusal.value.name == DISPATCHER.name
    assert (ticket.status, ticket.events) == (Status.LOGGED, written)

    decide(by(work, DISPATCHER), ticket)
    assert ticket.events > written


@pytest.mark.parametrize("name", ["answer", "transfer", "amend"])
def test_an_agent_goes_on_with_a_call_whatever_the_desk_has_open(work, name):
    ticket = a_logged_ticket(work)
    claims.claim(by(work, DISPATCHER), ticket)

    DECISIONS[name](by(work, AGENT), ticket)

    written = {one.action: one.role for one in timeline.events_of(work, ticket)}
    assert written[Action(name)] is Role.AGENT


def test_what_was_dispatched_is_put_right_whoever_had_it_open(work):
    ticket = a_dispatched_ticket(work)

    intake.amend(by(work, COLLEAGUE), ticket, URGENT, reason="灯杆冒火")

    assert ticket.urgency is Urgency.CRITICAL


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
