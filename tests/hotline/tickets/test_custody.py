"""Whose time it was: every second is somebody's, and a breach is his who kept the ticket."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.lifecycle import ENDED, Action, Role, Status
from hotline.models.application import ApplicationKind
from hotline.models.deadline import DeadlineOutcome
from hotline.models.follow_up import Solved
from hotline.tickets import dispatching, handing, suspension
from hotline.tickets.custody.account import account_of
from hotline.tickets.custody.stretches import CALLER, NOBODY, OUTSIDE, Party, Side, of_department
from hotline.tickets.dispatching import Choice
from hotline.tickets.holders import Holder, holder_of
from sla import Calendars
from sla.policy import Stage
from tests.builders import (
    AGENT,
    DAY,
    DISPATCHER,
    DISTRICT,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, in_days, live, sweep
from tests.hotline.tickets.test_lives import the_next

DISPATCH_DESK = Party(Side.DESK, Holder(desk=Role.DISPATCHER))
REVIEW_DESK = Party(Side.DESK, Holder(desk=Role.REVIEWER))
ON_THE_RETURN = Party(Side.APPROVAL, Holder(desk=Role.DISPATCHER))
ON_THE_RULING = Party(Side.APPROVAL, Holder(desk=Role.SUPERVISOR))
A_HANDLED_RESULT = (
    (HANDLER, Action.CONTACT),
    (LEADER, Action.RESOLVE),
    (REVIEWER, Action.ACCEPT_RESULT),
)


def had(work, ticket):
    return {one.party: one.natural for one in account_of(work, ticket).shares}


def do(work, ticket, actor, action, *, after=timedelta(0)):
    DEEDS[action](by(work, actor, after=after), ticket)


def the_clock(work, ticket, stage=Stage.RESOLVE):
    return next(one for one in account_of(work, ticket).clocks if one.stage is stage)


def a_life(work, seed):
    """A ticket to which anything offered may have happened, and the work an hour later."""
    rng = Random(seed)
    ticket, at = a_logged_ticket(work), work
    for _ in range(rng.randrange(2, 22)):
        at = by(at, AGENT, after=timedelta(minutes=rng.randrange(20, 2000)))
        sweep(at)
        person, action = the_next(rng, at, ticket)
        if action is not Action.SPLIT or ticket.own_until is None:  # halved for ever, nothing is left
            DEEDS[action](by(at, person), ticket)
    return ticket, by(at, AGENT, after=HOUR)


any_life = given(seed=st.integers(0, 10_000))
a_few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@a_few
@any_life
def test_the_stretches_leave_no_gap_and_add_up_to_the_life_of_the_ticket(work, session, seed):
    born = work.now
    ticket, later = a_life(work, seed)

    told = account_of(later, ticket)

    assert all(one.end == other.begin for one, other in pairwise(told.stretches))
    assert told.stretches[0].begin == born
    assert (told.ended_at is None) == (ticket.status not in ENDED)
    until = told.ended_at or later.now
    assert sum((one.natural for one in told.shares), timedelta()) == until - born
    assert all(timedelta() <= one.working <= one.natural for one in told.shares)


@a_few
@any_life
def test_whose_time_it_is_now_is_who_can_make_the_next_move(work, session, seed):
    ticket, later = a_life(work, seed)
    told = account_of(later, ticket)

    if ticket.status in (Status.SUSPENDED, Status.DEFERRED):
        assert told.stretches[-1].party == OUTSIDE
    elif ticket.status not in ENDED:
        assert told.stretches[-1].party.holder == holder_of(later, ticket)


@a_few
@any_life
def test_a_clock_that_ran_out_is_told_to_the_last_second_of_its_allowance(work, session, seed):
    ticket, later = a_life(work, seed)

    for clock in account_of(later, ticket).clocks:
        if clock.is_late and clock.stage is not Stage.SUPERVISION:  # an order outlives its ticket
            assert sum((one.within for one in clock.spent), timedelta()) == clock.granted
            assert clock.at_due is not None
            assert clock.answerable != Holder()


def test_a_dispatch_that_was_taken_back_was_never_the_department_s(work):
    ticket = a_logged_ticket(work)
    sent = by(work, DISPATCHER, after=HOUR)
    dispatching.dispatch(sent, ticket, Choice(LEAD), recallable=True)
    do(sent, ticket, DISPATCHER, Action.RECALL, after=timedelta(seconds=4))

    assert had(by(work, AGENT, after=2 * HOUR), ticket) == {DISPATCH_DESK: 2 * HOUR}


def test_what_waits_for_the_caller_is_the_caller_s_time_and_no_outside_event_is(work):
    ticket = an_accepted_ticket(work)
    for reason in ("caller_material", "outside_event"):
        handler = by(work, HANDLER, after=HOUR)
        suspension.request_suspension(
            handler, ticket, reason=reason, text="等图纸", until=in_days(handler, 3)
        )
        suspension.decide_suspension(by(handler, REVIEWER), ticket, granted=True, text="")
        work = by(handler, REVIEWER, after=5 * HOUR)
        suspension.resume(work, ticket)

    found = had(by(work, AGENT, after=HOUR), ticket)

    assert found == {of_department(LEAD): 3 * HOUR, CALLER: 5 * HOUR, OUTSIDE: 5 * HOUR}


def test_while_a_return_is_in_question_the_department_waits_for_the_desk(work):
    ticket = a_dispatched_ticket(work)
    do(work, ticket, LEADER, Action.REQUEST_RETURN, after=2 * HOUR)
    do(work, ticket, DISPATCHER, Action.REFUSE_RETURN, after=5 * HOUR)

    later = by(work, AGENT, after=6 * HOUR)

    assert had(later, ticket) == {of_department(LEAD): 3 * HOUR, ON_THE_RETURN: 3 * HOUR}


def test_a_department_works_on_while_it_asks_for_more_time(work):
    ticket = an_accepted_ticket(work)
    do(work, ticket, HANDLER, Action.REQUEST_EXTENSION, after=HOUR)
    do(work, ticket, REVIEWER, Action.GRANT_EXTENSION, after=4 * HOUR)

    told = account_of(by(work, AGENT, after=5 * HOUR), ticket)

    assert [(one.party, one.natural) for one in told.shares] == [(of_department(LEAD), 5 * HOUR)]
    (wait,) = told.waits
    assert (wait.kind, wait.desk, wait.department) == (ApplicationKind.EXTENSION, Role.REVIEWER, LEAD)
    assert wait.end - wait.begin == 3 * HOUR


def test_a_dispute_is_the_arbiter_s_time_until_a_department_works_on_meanwhile(work):
    ticket = a_dispatched_ticket(work, lead=OTHER)
    do(work, ticket, OTHER_LEADER, Action.REQUEST_RETURN, after=HOUR)
    do(work, ticket, SUPERVISOR, Action.OPEN_DISPUTE, after=HOUR)
    do(work, ticket, SUPERVISOR, Action.NAME_PROVISIONAL, after=4 * HOUR)

    found = had(by(work, AGENT, after=6 * HOUR), ticket)

    assert found == {of_department(OTHER): HOUR, ON_THE_RULING: 3 * HOUR, of_department(LEAD): 2 * HOUR}


def test_between_closing_and_opening_again_it_was_nobody_s(work):
    ticket = a_resolved_ticket(work)
    at = live(work, ticket, (REVIEWER, Action.ACCEPT_RESULT), (FOLLOWER, Action.CLOSE))
    do(at, ticket, SUPERVISOR, Action.REOPEN, after=9 * DAY)

    assert had(by(at, AGENT, after=10 * DAY), ticket)[NOBODY] == 9 * DAY


def test_each_is_measured_by_its_own_office_hours(work):
    hall = replace(work.city.calendar, shifts=((time(8), time(20)),))
    offices = Calendars(work.city.calendar, {LEAD: hall})
    work = replace(work, city=replace(work.city, calendars=offices))
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER, after=DAY), ticket, Choice(LEAD))

    shares = account_of(by(work, AGENT, after=2 * DAY), ticket).shares

    assert {one.party: one.working for one in shares} == {
        DISPATCH_DESK: 7 * HOUR,
        of_department(LEAD): 12 * HOUR,
    }


def given_back_after(work, kept, *, decided=HOUR):
    """A ticket that its first department kept so long before it gave it back, overdue at the second."""
    ticket = a_dispatched_ticket(work)
    do(work, ticket, LEADER, Action.REQUEST_RETURN, after=kept)
    do(work, ticket, DISPATCHER, Action.GRANT_RETURN, after=kept + decided)
    dispatching.dispatch(by(work, DISPATCHER, after=kept + decided), ticket, Choice(OTHER))
    return ticket, by(work, AGENT, after=30 * DAY)


def test_a_breach_is_not_of_the_one_that_touched_it_last(work):
    """Seven working days; the first department kept it for five of them."""
    ticket, later = given_back_after(work, 7 * DAY)

    clock = the_clock(later, ticket)

    assert clock.department == OTHER
    assert clock.at_due == of_department(OTHER)
    assert clock.answerable == Holder(department=LEAD)
    assert clock.left_to(Holder(department=OTHER)) == pytest.approx((55 - 35 - 1) / 55)


def test_who_had_the_larger_part_answers_for_it(work):
    ticket, later = given_back_after(work, DAY)

    clock = the_clock(later, ticket)

    assert clock.answerable == Holder(department=OTHER)
    assert [(one.party, one.within) for one in clock.spent] == [
        (of_department(LEAD), 7 * HOUR),
        (ON_THE_RETURN, HOUR),
        (of_department(OTHER), 47 * HOUR),
    ]


def test_a_decision_that_took_too_long_is_a_breach_of_the_desk_that_owed_it(work):
    ticket, later = given_back_after(work, DAY, decided=7 * DAY)

    assert the_clock(later, ticket).answerable == Holder(desk=Role.DISPATCHER)


def test_where_nobody_had_the_larger_part_it_is_his_who_had_it_when_it_ran_out(work):
    """20 hours, 14 for the decision, and the last 21 of the 55."""
    ticket, later = given_back_after(work, 2 * DAY + 8 * HOUR, decided=4 * DAY)

    clock = the_clock(later, ticket)

    assert max(one.within for one in clock.spent) * 2 < clock.granted
    assert clock.answerable == Holder(department=OTHER)


def test_who_was_handed_it_down_answers_for_the_time_he_kept_it(work):
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER, after=HOUR), ticket, department=DISTRICT)

    clock = the_clock(by(work, AGENT, after=30 * DAY), ticket)

    assert (clock.department, clock.answerable) == (LEAD, Holder(department=DISTRICT))


def test_a_late_opinion_is_the_helper_s_whoever_had_the_ticket(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))

    clock = the_clock(by(work, AGENT, after=30 * DAY), ticket, Stage.ASSIST)

    assert clock.answerable == Holder(department=OTHER)


def test_what_runs_out_in_a_wait_that_stops_no_clock_is_his_who_had_it_before(work):
    rules = replace(work.city.policy.rules, suspension_pauses=False)
    work = replace(work, city=replace(work.city, policy=replace(work.city.policy, rules=rules)))
    ticket = an_accepted_ticket(work)
    do(work, ticket, SUPERVISOR, Action.DEFER, after=HOUR)

    clock = the_clock(by(work, AGENT, after=30 * DAY), ticket)

    assert (clock.at_due, clock.answerable) == (of_department(LEAD), Holder(department=LEAD))


def test_a_reply_to_an_order_is_owed_by_the_department_it_went_to_whoever_has_the_ticket(work):
    ticket = an_accepted_ticket(work)
    do(work, ticket, SUPERVISOR, Action.SUPERVISE)
    live(work, ticket, *A_HANDLED_RESULT)

    clock = the_clock(by(work, AGENT, after=30 * DAY), ticket, Stage.SUPERVISION)

    assert clock.is_late
    assert clock.answerable == Holder(department=LEAD)


def test_a_desk_answers_for_its_own_clock(work):
    ticket = a_resolved_ticket(work)

    clock = the_clock(by(work, AGENT, after=9 * DAY), ticket, Stage.REVIEW)

    assert clock.is_late
    assert clock.answerable == Holder(desk=Role.REVIEWER)


def a_late_first_round(work):
    """Closed after a first result that came too late, with which the caller was content."""
    ticket = a_contacted_ticket(work)
    at = by(work, AGENT, after=20 * DAY)
    at = live(at, ticket, (LEADER, Action.RESOLVE), (REVIEWER, Action.ACCEPT_RESULT))
    return ticket, live(at, ticket, (FOLLOWER, Action.CLOSE))


def test_the_first_result_stays_what_it_was_when_a_ticket_is_opened_again(work):
    ticket, at = a_late_first_round(work)
    before = account_of(at, ticket).results
    at = live(at, ticket, (SUPERVISOR, Action.REOPEN), (HANDLER, Action.ACCEPT), *A_HANDLED_RESULT)

    first, final = account_of(at, ticket).results

    assert (first,) == before
    assert (first.round, first.outcome) == (1, DeadlineOutcome.LATE)
    assert (final.round, final.outcome) == (2, DeadlineOutcome.MET)
    assert first.solved is Solved.NO
    assert final.solved is None


def test_a_result_that_was_sent_back_is_not_the_first_that_was_accepted(work):
    ticket = a_resolved_ticket(work)
    at = live(work, ticket, (REVIEWER, Action.SEND_BACK_RESULT))
    handed_in = at.now + 20 * DAY
    live(
        by(at, AGENT, after=20 * DAY - HOUR),
        ticket,
        (LEADER, Action.RESOLVE),
        (REVIEWER, Action.ACCEPT_RESULT),
    )

    (first,) = account_of(by(at, AGENT, after=21 * DAY), ticket).results

    assert (first.resolved_at, first.outcome) == (handed_in, DeadlineOutcome.LATE)
