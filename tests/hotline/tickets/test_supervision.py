"""Press, order, take back, re-open, join: what happens beside the usual way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import IllegalTransition, InvalidInput, LimitReached, NotAllowed
from hotline.lifecycle import Action, Role, Status
from hotline.models.assignment import Part
from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import (
    applications,
    assigned,
    deadlines,
    dispatching,
    handling,
    intake,
    merging,
    orders,
    review,
    supervision,
    timeline,
    urgings,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.options import options
from hotline.tickets.verification import verify
from hotline.work import CITIZEN, Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import DEEDS, live, with_target


def clocks(work, ticket):
    return {one.stage: one.due_at for one in deadlines.running(work, ticket)}


def closed(work):
    ticket = a_ticket_to_follow_up(work)
    DEEDS[Action.CLOSE](by(work, FOLLOWER), ticket)
    return ticket


def test_urging_counts_and_moves_no_clock(work):
    ticket = an_accepted_ticket(work)
    before = clocks(work, ticket)

    supervision.urge(by(work, AGENT), ticket, text="又来电")

    assert ticket.urged == 1
    assert clocks(work, ticket) == before
    assert ticket.status is Status.ACCEPTED


@pytest.mark.parametrize("actor", [AGENT, CITIZEN])
def test_a_caller_urges_once_in_a_quiet_time(work, actor):
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, actor), ticket)

    with pytest.raises(LimitReached) as refusal:
        supervision.urge(by(work, actor, after=DAY - timedelta(seconds=1)), ticket)
    assert refusal.value.rule == "urged_already"
    supervision.urge(by(work, actor, after=DAY), ticket)

    assert ticket.urged == 2


def test_a_supervisor_may_urge_at_any_time(work):
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, AGENT), ticket)

    supervision.urge(by(work, SUPERVISOR), ticket)

    assert ticket.urged == 2


def test_a_supervisor_does_not_use_up_the_urgings_of_the_caller(work):
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, SUPERVISOR), ticket)

    supervision.urge(by(work, CITIZEN), ticket)

    assert ticket.urged == 2


def test_supervisors_urge_so_often_a_day_and_again_on_the_next(work):
    ticket = an_accepted_ticket(work)
    for _ in range(work.city.urging.per_day):
        supervision.urge(by(work, SUPERVISOR), ticket)

    with pytest.raises(LimitReached) as refusal:
        supervision.urge(by(work, SUPERVISOR, after=HOUR), ticket)
    supervision.urge(by(work, SUPERVISOR, after=DAY), ticket)

    assert (refusal.value.rule, refusal.value.limit) == ("urged_today", work.city.urging.per_day)


def test_a_caller_urges_so_often_in_all_whoever_takes_it_down(work):
    ticket = an_accepted_ticket(work)
    most = work.city.urging.in_all
    for day in range(most):
        supervision.urge(by(work, (AGENT, CITIZEN)[day % 2], after=day * DAY), ticket)

    with pytest.raises(LimitReached) as refusal:
        supervision.urge(by(work, CITIZEN, after=2 * most * DAY), ticket)

    assert (refusal.value.rule, refusal.value.limit) == ("urged_enough", most)


def test_urgings_are_counted_by_who_pressed_and_say_who_was_told(work):
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, CITIZEN), ticket)
    supervision.urge(by(work, SUPERVISOR), ticket)
    supervision.urge(by(work, AGENT, after=DAY), ticket)

    had = urgings.urgings_of(by(work, AGENT, after=DAY), ticket)

    assert had.by_source == {Role.AGENT: 1, Role.SUPERVISOR: 1, Role.CITIZEN: 1}
    assert had.again_at == NOW + 2 * DAY
    assert had.last is not None
    assert (had.last.by, had.last.told.department) == (Role.AGENT, LEAD)


def test_who_may_not_urge_does_not_learn_whether_someone_did(work):
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, AGENT), ticket)

    with pytest.raises(NotAllowed):
        supervision.urge(by(work, HANDLER), ticket)


def test_each_supervision_raises_the_level(work):
    ticket = an_accepted_ticket(work)

    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")
    orders.reply(by(work, LEADER), ticket, text="已安排")
    orders.accept_reply(by(work, SUPERVISOR), ticket)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限一日")

    assert ticket.supervised == 2
    assert [entry.details["level"] for entry in timeline.acted(work, ticket, Action.SUPERVISE)] == [1, 2]


def test_what_is_supervised_is_reported_by_the_leader_alone(work):
    ticket = a_contacted_ticket(work)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")

    with pytest.raises(NotAllowed) as refusal:
        handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    handling.resolve(by(work, LEADER), ticket, A_RESULT)

    assert refusal.value.reason == "leader"
    assert timeline.acted(work, ticket, Action.RESOLVE)[0].role is Role.LEADER


def test_who_is_handler_and_leader_signs_as_leader(work):
    ticket = a_contacted_ticket(work)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")
    both = replace(LEADER, roles=LEADER.roles | HANDLER.roles)

    handling.resolve(by(work, both), ticket, A_RESULT)

    assert timeline.acted(work, ticket, Action.RESOLVE)[0].role is Role.LEADER


def test_an_order_has_words(work):
    with pytest.raises(InvalidInput):
        supervision.supervise(by(work, SUPERVISOR), an_accepted_ticket(work), text="")


def test_a_closed_ticket_reopened_is_the_next_round_of_the_same_department(work):
    ticket = closed(work)

    supervision.reopen(by(work, SUPERVISOR, after=DAY), ticket, text="又坏了")

    assert (ticket.status, ticket.round, ticket.lead_code) == (Status.DISPATCHED, 2, LEAD)
    assert (ticket.closing, ticket.closed_at) == (None, None)
    assert set(clocks(work, ticket)) == {"accept", "contact", "resolve"}


def test_a_ticket_answered_on_the_line_waits_on_the_dispatch_desk_when_reopened(work):
    ticket = a_logged_ticket(work)
    intake.answer(work, ticket, "请拨打市政维修热线。")

    supervision.reopen(by(work, SUPERVISOR, after=DAY), ticket, text="答复不对")
    assert (ticket.status, set(clocks(work, ticket))) == (Status.LOGGED, {"dispatch"})
    dispatching.dispatch(by(work, DISPATCHER, after=DAY), ticket, Choice(LEAD))

    assert ticket.status is Status.DISPATCHED
    assert list(verify(work, only=ticket.number)) == []


def test_reopening_says_why(work):
    with pytest.raises(InvalidInput):
        supervision.reopen(by(work, SUPERVISOR), closed(work), text=" ")


def test_a_round_left_out_of_the_scorecard_stays_out_and_the_next_may_be_asked_for(work):
    ticket = closed(work)
    live(
        work,
        ticket,
        (HANDLER, Action.REQUEST_EXCLUSION),
        (REVIEWER, Action.GRANT_EXCLUSION),
        (SECOND_REVIEWER, Action.GRANT_EXCLUSION),
        (SUPERVISOR, Action.REOPEN),
    )

    assert not applications.is_excluded(work, ticket)
    again = live(
        by(work, HANDLER, after=DAY),
        ticket,
        (HANDLER, Action.ACCEPT),
        (HANDLER, Action.CONTACT),
        (HANDLER, Action.RESOLVE),
    )
    assert Action.REQUEST_EXCLUSION in options(by(again, HANDLER), ticket).legal


def test_only_the_supervisor_reopens(work):
    ticket = closed(work)

    for actor in (AGENT, DISPATCHER, FOLLOWER, HANDLER):
        with pytest.raises(NotAllowed):
            supervision.reopen(by(work, actor), ticket, text="又坏了")


def test_a_ticket_taken_back_stops_every_clock_unjudged(work):
    ticket = an_accepted_ticket(work)

    supervision.withdraw(by(work, AGENT, after=3 * DAY), ticket, reason="已自行解决")

    assert ticket.status is Status.WITHDRAWN
    assert clocks(work, ticket) == {}
    assert assigned.assignment_of(work, ticket, Part.LEAD) is None
    assert deadlines.all_of(work, ticket)[-1].outcome is DeadlineOutcome.CANCELLED


def test_taking_back_says_why(work):
    with pytest.raises(InvalidInput):
        supervision.withdraw(by(work, AGENT), an_accepted_ticket(work), reason="")


def test_a_remark_has_words(work):
    with pytest.raises(InvalidInput):
        supervision.note(by(work, AGENT), an_accepted_ticket(work), text="\n")


@pytest.mark.parametrize("build", [a_logged_ticket, a_dispatched_ticket, an_accepted_ticket])
def test_an_undone_merge_is_as_if_it_never_was(work, build):
    ticket, parent = build(work), a_dispatched_ticket(work)
    before = (ticket.status, clocks(work, ticket), ticket.next_due_at, ticket.lead_code)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同人同事")
    assert (ticket.status, clocks(work, ticket), ticket.next_due_at) == (Status.MERGED, {}, None)
    assert ticket.parent_id == parent.id

    merging.unmerge(by(work, DISPATCHER, after=HOUR), ticket, reason="不是同一处")

    assert (ticket.status, clocks(work, ticket), ticket.next_due_at, ticket.lead_code) == before
    assert ticket.parent_id is None
    assert list(verify(work, only=ticket.number)) == []


def test_every_clock_that_a_merge_stopped_runs_on(work):
    """Two assisting departments have two clocks of one stage."""
    work = with_target(work, Stage.ASSIST, "2wd")
    ticket, parent = a_logged_ticket(work), a_dispatched_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER, "D-GA")))
    before = {one.id: one.due_at for one in deadlines.running(work, ticket)}
    assert len(before) == 5
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同人同事")

    merging.unmerge(by(work, DISPATCHER), ticket, reason="不是同一处")

    assert {one.id: one.due_at for one in deadlines.running(work, ticket)} == before


def test_what_was_settled_before_a_merge_stays_settled(work):
    ticket, parent = an_accepted_ticket(work), a_dispatched_ticket(work)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已联系")
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同人同事")

    merging.unmerge(by(work, DISPATCHER), ticket, reason="不是同一处")

    assert set(clocks(work, ticket)) == {"resolve"}


def test_merged_twice_and_undone_twice(work):
    ticket, parent = an_accepted_ticket(work), a_dispatched_ticket(work)
    for _ in range(2):
        merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同人同事")
        merging.unmerge(by(work, DISPATCHER), ticket, reason="不是同一处")

    assert ticket.status is Status.ACCEPTED
    assert list(verify(work, only=ticket.number)) == []


def test_a_ticket_joins_one_that_exists_and_is_not_itself(work):
    ticket = a_logged_ticket(work)

    for number in ("20260101000001", ticket.number, ""):
        with pytest.raises(InvalidInput) as problem:
            merging.merge(by(work, DISPATCHER), ticket, into=number, reason="重复")
        assert problem.value.fields == {"into": "unknown_ticket"}


def test_a_ticket_does_not_join_one_that_is_gone(work):
    ticket, gone = a_logged_ticket(work), a_logged_ticket(work)
    supervision.withdraw(by(work, AGENT), gone, reason="已解决")

    with pytest.raises(InvalidInput) as problem:
        merging.merge(by(work, DISPATCHER), ticket, into=gone.number, reason="重复")

    assert problem.value.fields == {"into": "parent_ended"}


def test_there_are_no_chains_of_merged_tickets(work):
    child, parent, third = (a_logged_ticket(work) for _ in range(3))
    merging.merge(by(work, DISPATCHER), child, into=parent.number, reason="重复")

    with pytest.raises(InvalidInput) as problem:
        merging.merge(by(work, DISPATCHER), parent, into=third.number, reason="重复")
    assert problem.value.fields == {"into": "is_parent"}
    with pytest.raises(InvalidInput) as problem:
        merging.merge(by(work, DISPATCHER), third, into=child.number, reason="重复")
    assert problem.value.fields == {"into": "parent_ended"}
    assert merging.children_of(work, parent) == [child]


def test_merging_says_why_and_is_the_dispatcher_s(work):
    ticket, parent = a_logged_ticket(work), a_logged_ticket(work)

    with pytest.raises(InvalidInput):
        merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason=" ")
    with pytest.raises(NotAllowed):
        merging.merge(by(work, AGENT), ticket, into=parent.number, reason="重复")


def test_what_was_reported_can_no_longer_be_merged(work):
    ticket, parent = a_ticket_to_follow_up(work), a_logged_ticket(work)

    with pytest.raises(IllegalTransition):
        merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="重复")


def test_the_reviewer_names_a_fault_of_the_list_and_what_is_missing(work):
    ticket = a_resolved_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        review.send_back_result(by(work, REVIEWER), ticket, fault="ugly", text=" ")

    assert problem.value.fields == {"fault": "choose", "text": "say_what_is_missing"}


def test_nobody_reviews_the_work_of_his_own_department(work):
    insider = Actor("insider", frozenset({Role.REVIEWER}), None, LEAD)
    ticket = a_resolved_ticket(work)

    with pytest.raises(NotAllowed):
        review.accept_result(by(work, insider), ticket)
    with pytest.raises(NotAllowed):
        review.send_back_result(by(work, insider), ticket, fault="other", text="补照片")


def test_time_passes_for_the_others_while_one_is_merged(work):
    ticket, parent = an_accepted_ticket(work), a_dispatched_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同人同事")

    merging.unmerge(by(work, DISPATCHER, after=30 * DAY), ticket, reason="不是同一处")

    assert ticket.next_due_at is not None
    assert ticket.next_due_at < NOW + 30 * DAY


def test_a_reviewer_cannot_press_a_ticket(work):
    with pytest.raises(NotAllowed):
        supervision.supervise(by(work, REVIEWER), an_accepted_ticket(work), text="限三日")
