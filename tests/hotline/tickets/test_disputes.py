"""Whose is it, when nobody agrees (争议会商): how a dispute begins, who is heard, how it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from hotline.errors import IllegalTransition, InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.deadline import DeadlineOutcome
from hotline.models.outbox import OutboxMessage
from hotline.tickets import (
    callers,
    deadlines,
    dispatching,
    disputes,
    followup,
    handing,
    handling,
    joint,
    requested,
    returnable,
    returns,
    review,
    scorecard,
    timeline,
    worklists,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.followup import SEND_BACK
from hotline.tickets.joint import Standing
from hotline.tickets.options import options
from hotline.tickets.promises import TELL_DEPARTMENT
from hotline.tickets.returnable import ReturnRequest
from hotline.tickets.scorecard import Rate
from hotline.tickets.verification import verify
from hotline.work import Actor
from routing import Ground, is_ping_pong
from sla.policy import ResolveStart, Stage
from tests.builders import (
    A_RESULT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import BAD, NOT_OURS, NOT_THEIRS, answers, sweep

THIRD, STREET = "D-GA", "J0101"
UNCLEAR = ReturnRequest("elements_missing", "")


def leader_of(department):
    return Actor(f"leader of {department}", frozenset({Role.LEADER}), None, department)


def handler_of(department):
    return Actor(f"handler of {department}", frozenset({Role.HANDLER}), None, department)


def give_back(work, ticket, request, *, granted=True):
    leader = leader_of(ticket.lead_code)
    returns.request_return(by(work, leader), ticket, request)
    if ticket.status is Status.RETURN_REQUESTED:
        returns.decide_return(by(work, DISPATCHER), ticket, granted=granted, text="理由")


def send(work, ticket, department):
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(department))


def disputed(work):
    """A ticket that two departments gave back, and a third wants to."""
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)
    send(work, ticket, OTHER)
    give_back(work, ticket, NOT_THEIRS)
    send(work, ticket, THIRD)
    give_back(work, ticket, NOT_THEIRS)
    return ticket


def minuted(work, text="由路灯管养单位主办，交通局配合"):
    ticket = disputed(work)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text=text)
    return ticket


def rule(work, ticket, department, after=timedelta()):
    disputes.designate(by(work, SUPERVISOR, after=after), ticket, department=department, text="按产权")


def resolve_clock(work, ticket):
    return next(one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE)


def causes(work, ticket):
    return [one.details.get("cause") for one in timeline.acted(work, ticket, Action.OPEN_DISPUTE)]


def test_the_third_return_goes_before_the_arbiter_of_itself(work):
    ticket = disputed(work)

    assert ticket.status is Status.DISPUTED
    [opened] = timeline.acted(work, ticket, Action.OPEN_DISPUTE)
    assert (opened.role, opened.details["cause"]) == (Role.SYSTEM, "limit")
    assert list(verify(work, only=ticket.number)) == []


def test_the_second_refusal_opens_a_dispute_in_the_same_breath(work):
    ticket = an_accepted_ticket(work)
    give_back(work, ticket, NOT_OURS, granted=False)
    assert ticket.status is Status.ACCEPTED

    give_back(work, ticket, replace(NOT_OURS, suggested=THIRD), granted=False)

    assert (ticket.status, causes(work, ticket)) == (Status.DISPUTED, ["refusals"])
    assert list(verify(work, only=ticket.number)) == []


def test_a_return_to_one_that_gave_it_back_before_is_not_the_desk_s(work):
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)
    send(work, ticket, OTHER)

    give_back(work, ticket, replace(NOT_THEIRS, suggested=LEAD))

    assert (ticket.status, causes(work, ticket)) == (Status.DISPUTED, ["to_and_fro"])
    assert list(verify(work, only=ticket.number)) == []


def test_a_ticket_is_not_dispatched_to_and_fro(work):
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)
    send(work, ticket, OTHER)
    give_back(work, ticket, UNCLEAR)

    with pytest.raises(LimitReached) as refusal:
        send(work, ticket, LEAD)

    assert (refusal.value.rule, ticket.status) == ("to_and_fro", Status.LOGGED)


def test_what_cannot_be_dispatched_any_more_the_desk_takes_before_the_arbiter(work):
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)
    send(work, ticket, OTHER)
    give_back(work, ticket, UNCLEAR)

    disputes.open_dispute(by(work, DISPATCHER), ticket, text="两家都退了")

    assert ticket.status is Status.DISPUTED
    assert {one.stage for one in deadlines.running(work, ticket)} == {"resolve"}
    assert list(verify(work, only=ticket.number)) == []


def test_the_desk_may_correct_itself_and_send_it_once_more_to_the_same_department(work):
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)

    send(work, ticket, LEAD)

    assert ticket.lead_code == LEAD


@pytest.mark.parametrize("build", [a_logged_ticket, a_dispatched_ticket, an_accepted_ticket])
def test_where_nothing_is_in_dispute_none_is_opened(work, build):
    ticket = build(work)

    for actor in (SUPERVISOR, DISPATCHER):
        with pytest.raises(IllegalTransition):
            disputes.open_dispute(by(work, actor), ticket, text="会商")
        assert Action.OPEN_DISPUTE not in options(by(work, actor), ticket).legal


def test_the_supervisor_may_take_any_undecided_return_before_the_arbiter(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)

    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="两家都说不归自己")

    assert ticket.status is Status.DISPUTED


def test_a_disputed_return_is_decided_by_the_ruling(work):
    ticket = disputed(work)

    assert requested.waiting_applications(work, ApplicationKind.RETURN).waiting == []
    assert requested.applications_of(work, ticket)[-1].state is ApplicationState.LAPSED


def test_the_time_until_a_provisional_department_is_named_is_nobody_s(work):
    ticket = disputed(work)
    promised = resolve_clock(work, ticket).due_at

    assert resolve_clock(work, ticket).department_code is None
    assert "accept" not in {one.stage for one in deadlines.running(work, ticket)}
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    assert (resolve_clock(work, ticket).department_code, resolve_clock(work, ticket).due_at) == (
        OTHER,
        promised,
    )


def test_while_the_dispute_lasts_nobody_handles_it(work):
    ticket = disputed(work)

    for actor in (HANDLER, OTHER_HANDLER, handler_of(THIRD), Actor("x", frozenset({Role.HANDLER}))):
        with pytest.raises(NotAllowed):
            handling.contact(by(work, actor), ticket, reached=True, note="已联系")


def test_the_provisional_department_works_on_while_the_dispute_lasts(work):
    ticket = disputed(work)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    handling.contact(by(work, OTHER_HANDLER), ticket, reached=True, note="先行到场")
    handing.hand_down(by(work, OTHER_HANDLER), ticket, to="二大队")

    assert "contact" not in {one.stage for one in deadlines.running(work, ticket)}
    with pytest.raises(IllegalTransition):
        handling.resolve(by(work, OTHER_HANDLER), ticket, A_RESULT)


def test_another_provisional_department_takes_the_place_of_the_first(work):
    ticket = disputed(work)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=LEAD)

    handling.contact(by(work, HANDLER), ticket, reached=True, note="到场")
    with pytest.raises(NotAllowed):
        handling.contact(by(work, OTHER_HANDLER), ticket, reached=True, note="到场")


def contact_clocks(work, ticket):
    return [one for one in deadlines.all_of(work, ticket) if one.stage is Stage.CONTACT]


def test_nobody_is_late_to_call_while_the_ticket_is_nobody_s(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    disputes.open_dispute(by(work, DISPATCHER), ticket, text="两家都不认")

    sweep(by(work, SUPERVISOR, after=10 * DAY))

    [clock] = contact_clocks(work, ticket)
    assert clock.outcome is DeadlineOutcome.CANCELLED
    breached = [event.details["clock"] for event in timeline.acted(work, ticket, Action.BREACH)]
    assert clock.key not in breached
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_each_provisional_department_has_its_own_time_to_call_the_caller(work):
    ticket = disputed(work)
    before = contact_clocks(work, ticket)
    disputes.name_provisional(by(work, SUPERVISOR, after=HOUR), ticket, department=OTHER)
    disputes.name_provisional(by(work, SUPERVISOR, after=2 * HOUR), ticket, department=LEAD)

    handling.contact(by(work, HANDLER, after=3 * HOUR), ticket, reached=True, note="到场")

    first, second = contact_clocks(work, ticket)[len(before) :]
    assert (first.department_code, first.outcome) == (OTHER, DeadlineOutcome.CANCELLED)
    assert (second.department_code, second.started_at) == (LEAD, NOW + 2 * HOUR)
    assert second.outcome is DeadlineOutcome.MET
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_a_provisional_department_that_knows_nobody_to_call_has_no_time_for_it(work):
    ticket = a_dispatched_ticket(work, anonymous=True)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    disputes.open_dispute(by(work, DISPATCHER), ticket, text="两家都不认")

    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    assert contact_clocks(work, ticket) == []
    assert list(verify(work, only=ticket.number)) == []


def convene(work, ticket, *units):
    disputes.convene(by(work, SUPERVISOR), ticket, units=units, meets_at=NOW + DAY, text="带职责依据")


def test_the_units_that_are_called_are_told_and_see_the_ticket(work):
    ticket = disputed(work)
    with pytest.raises(NotFound):
        worklists.ticket_for(by(work, handler_of("D-SL")), ticket.number)

    convene(work, ticket, "D-SL", OTHER)

    assert worklists.ticket_for(by(work, handler_of("D-SL")), ticket.number) is ticket
    payloads = [
        one.payload for one in work.session.scalars(select(OutboxMessage)) if one.kind == TELL_DEPARTMENT
    ]
    assert [one["department"] for one in payloads if one["action"] == Action.CONVENE] == ["D-SL", OTHER]
    for unit in ("D-SL", OTHER):
        waiting = worklists.page(by(work, handler_of(unit)), worklists.Filter(tab="to_act")).tickets
        assert waiting == [ticket]


def test_a_unit_that_is_heard_does_not_learn_who_called(work):
    ticket = disputed(work)
    convene(work, ticket, "D-SL")

    with pytest.raises(NotAllowed) as refusal:
        callers.require_may_reveal(by(work, handler_of("D-SL")), ticket)

    assert refusal.value.reason == "part_over"


def test_each_unit_gives_its_opinion_once_and_none_that_was_not_called(work):
    ticket = disputed(work)
    convene(work, ticket, OTHER)

    disputes.give_opinion(by(work, OTHER_HANDLER), ticket, opinion="已移交路灯所")

    for actor in (OTHER_HANDLER, HANDLER):
        with pytest.raises(NotAllowed) as refusal:
            disputes.give_opinion(by(work, actor), ticket, opinion="再说一次")
        assert refusal.value.reason == "not_convened"
    [said] = timeline.acted(work, ticket, Action.GIVE_OPINION)
    assert (said.details["unit"], said.details["opinion"]) == (OTHER, "已移交路灯所")
    assert list(verify(work, only=ticket.number)) == []


def test_the_arbiter_writes_down_what_a_unit_said_at_the_table(work):
    ticket = disputed(work)
    convene(work, ticket, OTHER, "D-SL")

    disputes.give_opinion(by(work, SUPERVISOR), ticket, opinion="同意配合", department="D-SL")

    heard = {one.department_code: one.answered_at for one in disputes.convened(work, ticket)}
    assert heard == {OTHER: None, "D-SL": NOW}
    with pytest.raises(NotAllowed):
        disputes.give_opinion(by(work, SUPERVISOR), ticket, opinion="同意", department="D-GA")


@pytest.mark.parametrize(
    ("units", "meets_at", "fields"),
    [
        ((), NOW + DAY, {"units": "choose"}),
        (("D-NOWHERE",), NOW + DAY, {"units": "unknown_department"}),
        ((OTHER, OTHER), NOW + DAY, {"units": "twice"}),
        ((OTHER,), NOW, {"meets_at": "future_moment"}),
    ],
)
def test_a_meeting_has_units_and_a_time_to_come(work, units, meets_at, fields):
    ticket = disputed(work)

    with pytest.raises(InvalidInput) as problem:
        disputes.convene(by(work, SUPERVISOR), ticket, units=units, meets_at=meets_at)

    assert problem.value.fields == fields


def test_called_again_a_unit_that_has_spoken_need_not_speak_again(work):
    ticket = disputed(work)
    convene(work, ticket, OTHER)
    disputes.give_opinion(by(work, OTHER_HANDLER), ticket, opinion="已移交")

    convene(work, ticket, OTHER, "D-SL")

    owing = [one.department_code for one in disputes.convened(work, ticket) if one.answered_at is None]
    assert owing == ["D-SL"]
    assert list(verify(work, only=ticket.number)) == []


def test_without_minutes_nobody_rules(work):
    ticket = disputed(work)

    with pytest.raises(InvalidInput) as problem:
        rule(work, ticket, OTHER)

    assert problem.value.fields == {"text": "no_minutes"}
    assert options(by(work, SUPERVISOR), ticket).blocked[Action.DESIGNATE] == "no_minutes"


def test_a_ruling_is_final(work):
    ticket = minuted(work)
    convene(work, ticket, OTHER)

    rule(work, ticket, "D-ZJ")

    assert (ticket.status, ticket.lead_code, ticket.designated) == (Status.DISPATCHED, "D-ZJ", True)
    assert disputes.convened(work, ticket) == []
    with pytest.raises(LimitReached) as refusal:
        returns.request_return(by(work, leader_of("D-ZJ")), ticket, UNCLEAR)
    assert refusal.value.rule == "designated"
    assert list(verify(work, only=ticket.number)) == []


def test_the_provisional_department_once_designated_goes_on_as_accepted(work):
    ticket = minuted(work)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)
    handling.contact(by(work, OTHER_HANDLER, after=HOUR), ticket, reached=True, note="先行到场")

    rule(work, ticket, OTHER, after=2 * HOUR)

    assert (ticket.status, ticket.lead_code) == (Status.ACCEPTED, OTHER)
    assert {one.stage for one in deadlines.running(work, ticket)} == {"resolve"}
    handling.resolve(by(work, OTHER_HANDLER, after=3 * HOUR), ticket, A_RESULT)
    assert ticket.status is Status.RESOLVED


def test_who_goes_on_as_accepted_gets_the_clock_that_acceptance_starts(work):
    policy = work.city.policy
    rules = replace(policy.rules, resolve_starts=ResolveStart.ACCEPT)
    work = replace(work, city=replace(work.city, policy=replace(policy, rules=rules)))
    ticket = minuted(work)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    rule(work, ticket, OTHER, after=HOUR)

    assert resolve_clock(work, ticket).started_at == NOW + HOUR


def test_a_ruling_keeps_the_promised_date(work):
    ticket = minuted(work)

    rule(work, ticket, OTHER, after=DAY)

    resolve = [one for one in deadlines.all_of(work, ticket) if one.stage == "resolve"]
    assert [one.started_at for one in resolve] == [NOW]
    assert resolve[0].department_code == OTHER


def test_a_ruling_says_why_and_names_a_department_that_exists(work):
    ticket = minuted(work)

    with pytest.raises(InvalidInput):
        disputes.designate(by(work, SUPERVISOR), ticket, department=OTHER, text="")
    with pytest.raises(InvalidInput):
        rule(work, ticket, "D-NOWHERE")
    with pytest.raises(InvalidInput):
        disputes.name_provisional(by(work, SUPERVISOR), ticket, department="D-NOWHERE")
    with pytest.raises(InvalidInput):
        disputes.write_minutes(by(work, SUPERVISOR), ticket, text=" ")


def test_a_ruling_that_confirms_the_first_department_leaves_its_dispatch_right(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="两家都说不归自己")
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由城管局主办")

    rule(work, ticket, LEAD)

    assert scorecard.first_dispatch_accuracy(work, NOW - DAY) == Rate(1, 1)


def test_whom_a_ruling_lets_go_is_not_missing_in_the_result(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER, "D-GA")))
    joint.assist(by(work, OTHER_HANDLER), ticket, opinion="可以施工")
    returns.request_return(by(work, LEADER), ticket, replace(NOT_OURS, suggested="D-SL"))
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="两家都说不归自己")
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由城管局主办")

    rule(work, ticket, LEAD)

    standings = {one.part.department_code: one.standing for one in joint.opinions(work, ticket)}
    assert standings == {OTHER: Standing.IN_TIME, "D-GA": Standing.RELEASED}
    assert list(verify(by(work, SUPERVISOR), only=ticket.number)) == []


PLACES = (LEAD, OTHER, THIRD, "D-SL")
REQUESTS = some.builds(
    ReturnRequest,
    some.sampled_from(["not_our_duty", "elements_missing"]),
    some.sampled_from(["《条例》第六条", "《条例》 第六条。", "三定规定"]),
    some.just(""),
    some.sampled_from([None, *PLACES]),
    some.just("现场照片"),
)
TURNS = some.lists(some.tuples(REQUESTS, some.booleans(), some.sampled_from(PLACES)), max_size=7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS)
def test_however_departments_ask_no_refused_ground_comes_back_and_no_ticket_goes_round(work, turns):
    ticket = a_dispatched_ticket(work)

    for request, granted, next_department in turns:
        if ticket.status in {Status.DISPATCHED, Status.ACCEPTED}:
            try:
                give_back(work, ticket, request, granted=granted)
            except InvalidInput:
                continue
        if ticket.status is Status.LOGGED:
            try:
                send(work, ticket, next_department)
            except LimitReached:
                disputes.open_dispute(by(work, DISPATCHER), ticket, text="没有单位可派")

    asked = returnable.returned_by(work, ticket)
    grounds = [Ground.of(one.reason, basis=one.basis, department=one.suggested_code) for one in asked]
    for place, one in enumerate(asked):
        assert one.state is not ApplicationState.REFUSED or grounds[place] not in grounds[place + 1 :]
    rules = work.city.returns
    must_be_ruled = len(asked) >= rules.limit or returnable.refusals(asked) >= rules.refusals
    assert not must_be_ruled or ticket.status is Status.DISPUTED
    assert ticket.lead_code is None or not is_ping_pong(returnable.gave_back(asked), ticket.lead_code)
    assert list(verify(work, only=ticket.number)) == []


def test_only_a_ruling_goes_below_the_minimum_level(work):
    ticket = disputed(work)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="会商定由街道办理")

    disputes.designate(by(work, SUPERVISOR), ticket, department=STREET, text="会商定由街道办理")

    assert ticket.lead_code == STREET


def in_a_second_round(work, ticket):
    """Handle it, ask the caller, who is not content, and send it back to the one that leads."""
    leader = by(work, leader_of(ticket.lead_code))
    if ticket.status is Status.DISPATCHED:
        handling.accept(leader, ticket)
    handling.contact(leader, ticket, reached=True, note="已说明")
    handling.resolve(leader, ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=SEND_BACK)
    assert ticket.round == 2
    return ticket


def test_a_new_round_inherits_no_return_of_the_one_before(work):
    ticket = a_dispatched_ticket(work)
    give_back(work, ticket, NOT_OURS)
    send(work, ticket, OTHER)
    give_back(work, ticket, NOT_THEIRS)
    send(work, ticket, THIRD)
    in_a_second_round(work, ticket)

    give_back(work, ticket, NOT_THEIRS)
    assert ticket.status is Status.LOGGED  # the first of its round, granted by the desk
    send(work, ticket, LEAD)

    assert ticket.lead_code == LEAD
    assert causes(work, ticket) == []
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_a_new_round_inherits_no_refusal_of_the_one_before(work):
    ticket = an_accepted_ticket(work)
    give_back(work, ticket, NOT_OURS, granted=False)
    in_a_second_round(work, ticket)

    give_back(work, ticket, NOT_OURS, granted=False)

    assert ticket.status is Status.DISPATCHED
    with pytest.raises(IllegalTransition):
        disputes.open_dispute(by(work, SUPERVISOR), ticket, text="驳回两次")


def test_what_was_asked_within_a_round_limits_it_as_before(work):
    ticket = in_a_second_round(work, an_accepted_ticket(work))
    give_back(work, ticket, NOT_OURS, granted=False)

    with pytest.raises(LimitReached) as refusal:
        returns.request_return(by(work, LEADER), ticket, NOT_OURS)

    assert refusal.value.rule == "same_ground"


def test_a_ruling_stands_in_every_round_of_its_ticket(work):
    ticket = minuted(work)
    rule(work, ticket, "D-ZJ")
    in_a_second_round(work, ticket)

    with pytest.raises(LimitReached) as refusal:
        returns.request_return(by(work, leader_of("D-ZJ")), ticket, UNCLEAR)

    assert refusal.value.rule == "designated"
