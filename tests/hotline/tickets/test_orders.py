"""督办单: a demand in writing, a reply under a leader's name, a judgement of the reply, the level above."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import IllegalTransition, InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.models.supervision_order import OrderState
from hotline.tickets import (
    deadlines,
    intake,
    merging,
    order_grounds,
    orders,
    reckoning,
    supervision,
    suspension,
    worklists,
)
from hotline.tickets import ordered as ordered_list
from hotline.tickets.options import options
from hotline.tickets.ordered import Filter
from hotline.tickets.orders import Demand
from hotline.tickets.verification import verify
from hotline.work import SYSTEM, Actor
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
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import DEEDS, ask_suspension, closing_on, in_days, live, sweep, with_target

TOP = "D-ZFB"
TOP_LEADER = Actor("top-leader", frozenset({Role.LEADER}), None, TOP)
WEEK = timedelta(days=7)


def ordered(work, **demand):
    ticket = an_accepted_ticket(work)
    return ticket, orders.issue(by(work, SUPERVISOR), ticket, Demand("限三日内办结并书面说明", **demand))


def replied(work):
    ticket, order = ordered(work)
    orders.reply(by(work, LEADER, after=HOUR), ticket, text="已安排今晚更换")
    return ticket, order


def clock(work, ticket):
    return [one for one in deadlines.all_of(work, ticket) if one.stage is Stage.SUPERVISION][-1]


def proved(work, ticket):
    work.session.flush()
    return list(verify(work, only=ticket.number)) == []


def test_an_order_is_numbered_after_its_ticket_and_goes_to_who_acts_for_it(work):
    ticket, order = ordered(work)

    assert order.number == f"{ticket.number}-1"
    assert (order.department_code, order.level, order.state) == (LEAD, 1, OrderState.ISSUED)
    assert order.leader == work.city.orders.rung(1).leader
    assert proved(work, ticket)


def test_its_clock_is_the_department_s_and_counts_what_the_profile_gives(work):
    ticket, order = ordered(work)

    running = clock(work, ticket)

    assert (running.key, running.department_code, running.allowance) == (order.clock, LEAD, "3wd")
    assert running.due_at is not None


def test_an_order_may_set_its_own_time_within_the_bounds_of_the_city(work):
    ticket, order = ordered(work, within="1wd")

    assert (order.within, clock(work, ticket).allowance) == ("1wd", "1wd")


@pytest.mark.parametrize("within", ["1h", "11wd", "400d"])
def test_a_time_outside_the_bounds_is_refused(work, within):
    with pytest.raises(LimitReached) as refusal:
        ordered(work, within=within)

    assert refusal.value.fields == {"within": "within_range"}


@pytest.mark.parametrize(
    ("demand", "problem"),
    [
        ({"within": "soon"}, {"within": "amount"}),
        ({"reason": "because"}, {"reason": "choose"}),
        ({"department": OTHER}, {"department": "not_addressable"}),
    ],
)
def test_what_the_form_says_wrongly_is_named(work, demand, problem):
    with pytest.raises(InvalidInput) as refusal:
        ordered(work, **demand)

    assert refusal.value.fields == problem


def test_a_city_that_sets_no_time_lets_its_orders_wait(work):
    ticket, order = ordered(with_target(work, Stage.SUPERVISION, "none"))

    assert (order.within, order.clock) == (None, None)
    orders.reply(by(work, LEADER, after=WEEK), ticket, text="已办")
    assert proved(work, ticket)


def test_a_leader_is_named_by_his_name_or_by_his_office(work):
    _, order = ordered(work, leader=LEADER.name)
    assert (order.leader, order.leader_id) == (LEADER.name, LEADER.user_id)

    _, other = ordered(work, leader="王副局长")
    assert (other.leader, other.leader_id) == ("王副局长", None)


def test_one_order_stands_at_a_time(work):
    ticket, _ = ordered(work)

    with pytest.raises(LimitReached) as refusal:
        supervision.supervise(by(work, SUPERVISOR), ticket, text="再次督办")

    assert refusal.value.rule == "order_open"
    assert options(by(work, SUPERVISOR), ticket).blocked[Action.SUPERVISE] == "order_open:0"


def test_what_no_department_has_cannot_be_ordered(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(LimitReached) as refusal:
        supervision.supervise(by(work, SUPERVISOR), ticket, text="请办")

    assert refusal.value.rule == "nobody_has_it"


def test_only_the_leader_of_the_department_replies(work):
    ticket, _ = ordered(work)

    for actor, refusal in ((HANDLER, "role"), (SUPERVISOR, "role"), (OTHER_LEADER, "not_addressed")):
        with pytest.raises(NotAllowed) as told:
            orders.reply(by(work, actor), ticket, text="已办")
        assert told.value.reason == refusal
    assert Action.REPLY_ORDER in options(by(work, LEADER), ticket).legal


def test_a_reply_stops_the_clock_and_waits_for_a_verdict(work):
    ticket, order = replied(work)

    assert (order.state, order.replied_by_id) == (OrderState.ANSWERED, LEADER.user_id)
    assert clock(work, ticket).outcome is DeadlineOutcome.MET
    assert proved(work, ticket)


def test_a_reply_after_its_time_is_late(work):
    ticket, _ = ordered(work)

    orders.reply(by(work, LEADER, after=WEEK), ticket, text="已办")

    assert clock(work, ticket).outcome is DeadlineOutcome.LATE


def test_a_reply_has_words_and_so_has_its_refusal(work):
    ticket, _ = ordered(work)
    with pytest.raises(InvalidInput):
        orders.reply(by(work, LEADER), ticket, text=" ")
    orders.reply(by(work, LEADER), ticket, text="已办")

    with pytest.raises(InvalidInput):
        orders.refuse_reply(by(work, SUPERVISOR), ticket, text="")


def test_a_reply_that_will_do_ends_the_order_and_makes_room_for_another_a_rung_higher(work):
    ticket, order = replied(work)

    orders.accept_reply(by(work, SUPERVISOR, after=DAY), ticket, text="同意")
    second = orders.issue(by(work, SUPERVISOR, after=WEEK), ticket, Demand("仍未修好"))

    assert (order.state, order.verdict) == (OrderState.ACCEPTED, "同意")
    assert (second.number, second.level) == (f"{ticket.number}-2", 2)
    assert proved(work, ticket)


def test_a_reply_that_will_not_do_is_written_again_with_the_time_anew(work):
    ticket, order = replied(work)
    first = clock(work, ticket)

    orders.refuse_reply(by(work, SUPERVISOR, after=DAY), ticket, text="没有写何时修好")

    again = clock(work, ticket)
    assert (order.state, order.refused, order.clock) == (OrderState.ISSUED, 1, again.key)
    assert (first.outcome, again.settled_at) == (DeadlineOutcome.MET, None)
    assert again.started_at == NOW + DAY
    assert proved(work, ticket)


def test_what_was_cancelled_counts_as_never_ordered(work):
    ticket, order = ordered(work)

    orders.cancel(by(work, SUPERVISOR), ticket, text="发错单位")

    assert (order.state, ticket.supervised) == (OrderState.CANCELLED, 0)
    assert clock(work, ticket).outcome is DeadlineOutcome.CANCELLED
    assert proved(work, ticket)


def test_an_order_that_nobody_answers_goes_to_who_stands_above(work):
    ticket, order = ordered(work)

    above = orders.escalate(by(work, SUPERVISOR, after=WEEK), ticket, text="请牵头解决", within="1wd")

    assert (order.state, above.escalated_from_id) == (OrderState.ESCALATED, order.id)
    assert (above.department_code, above.level, above.within) == (TOP, 2, "1wd")
    assert clock(work, ticket).department_code == TOP
    assert [one.outcome for one in deadlines.all_of(work, ticket) if one.key == order.clock] == [
        DeadlineOutcome.LATE
    ]
    assert proved(work, ticket)


def test_a_department_below_answers_to_its_own_superior(work):
    assert orders.above_of(work, DISTRICT) == work.city.departments[DISTRICT].parent
    assert orders.above_of(work, LEAD) == TOP
    assert orders.above_of(work, TOP) is None


def test_above_the_highest_there_is_nobody(work):
    ticket, _ = ordered(work)
    for _ in range(work.city.orders.top_level - 1):
        orders.escalate(by(work, SUPERVISOR), ticket, text="请牵头")

    with pytest.raises(LimitReached) as refusal:
        orders.escalate(by(work, SUPERVISOR), ticket, text="再提")

    assert refusal.value.rule == "no_level_above"
    assert Action.ESCALATE not in options(by(work, SUPERVISOR), ticket).legal


def test_who_is_ordered_from_above_sees_the_ticket_while_and_after_it_answers(work):
    ticket, _ = ordered(work)
    with pytest.raises(NotFound):
        worklists.ticket_for(by(work, TOP_LEADER), ticket.number)
    orders.escalate(by(work, SUPERVISOR), ticket, text="请牵头")

    assert worklists.counts(by(work, TOP_LEADER), ["supervised", "to_act"]) == {"supervised": 1, "to_act": 1}
    orders.reply(by(work, TOP_LEADER), ticket, text="已督促市城管局")

    assert worklists.ticket_for(by(work, TOP_LEADER), ticket.number) is ticket
    assert worklists.counts(by(work, TOP_LEADER), ["to_act"]) == {"to_act": 0}


def test_an_order_outlives_the_closing_of_its_ticket_and_its_clock_still_warns(work):
    ticket = a_resolved_ticket(work)
    orders.issue(by(work, SUPERVISOR), ticket, Demand("书面说明为何超时"))
    live(work, ticket, (REVIEWER, Action.ACCEPT_RESULT))
    DEEDS[Action.CLOSE](by(work, FOLLOWER), ticket)
    assert ticket.status is Status.CLOSED

    assert sweep(by(work, SYSTEM, after=WEEK)) == 1
    orders.reply(by(work, LEADER, after=WEEK), ticket, text="已说明")
    orders.accept_reply(by(work, SUPERVISOR, after=WEEK), ticket)

    assert proved(work, ticket)


@pytest.mark.parametrize("leave", ["withdraw", "answer"])
def test_an_order_lapses_when_nobody_waits_for_it_any_more(work, leave):
    if leave == "withdraw":
        ticket, order = ordered(work)
        supervision.withdraw(by(work, AGENT), ticket, reason="已修好")
    else:
        ticket = a_dispatched_ticket(work)
        order = orders.issue(by(work, SUPERVISOR), ticket, Demand("请抓紧"))
        live(work, ticket, (LEADER, Action.REQUEST_RETURN), (DISPATCHER, Action.GRANT_RETURN))
        intake.answer(by(work, DISPATCHER, after=DAY), ticket, "请拨打市政维修热线。")

    assert order.state is OrderState.LAPSED
    assert deadlines.running(work, ticket) == []
    with pytest.raises((IllegalTransition, NotFound)):
        orders.reply(by(work, LEADER), ticket, text="已办")
    assert proved(work, ticket)


def test_what_is_under_an_order_does_not_vanish_into_another_ticket(work):
    ticket, _ = ordered(work)
    parent = a_dispatched_ticket(work)

    with pytest.raises(LimitReached):
        merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同一处")

    assert Action.MERGE not in options(by(work, DISPATCHER), ticket).legal


def test_a_pause_of_the_ticket_is_none_of_its_order(work):
    ticket, _ = ordered(work)
    ask_suspension(by(work, HANDLER), ticket)
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")

    assert clock(work, ticket).due_at is not None


def test_facts_put_right_leave_the_time_of_an_order_alone(work):
    ticket, order = ordered(work, within="5wd")

    intake.amend(by(work, AGENT), ticket, intake.Amendment(urgency="urgent"), reason="灯杆冒火")

    assert (clock(work, ticket).key, clock(work, ticket).allowance) == (order.clock, "5wd")


def test_a_calendar_put_right_moves_the_clock_of_an_order(work):
    ticket, _ = ordered(work)
    due = clock(work, ticket).due_at

    closed = closing_on(by(work, SYSTEM), in_days(work, 1))
    reckoning.recompute(closed, ticket)

    assert clock(work, ticket).due_at > due
    assert list(verify(closed, only=ticket.number)) == []


# ------------------------------------------------------------------ lists, and when an order is due


def under(work, **narrowed):
    return [one.number for one in ordered_list.page(by(work, SUPERVISOR), Filter(**narrowed)).orders]


def test_an_order_stands_in_the_lists_of_what_it_waits_for(work):
    ticket, order = ordered(work)
    later = by(work, SUPERVISOR, after=WEEK)
    assert under(work, standing="issued") == under(work, standing="live") == [order.number]
    assert under(work, standing="overdue") == []
    assert under(later, standing="overdue") == [order.number]

    orders.reply(by(work, LEADER), ticket, text="已办")
    assert under(later, standing="answered") == under(work, standing="live") == [order.number]
    orders.accept_reply(by(work, SUPERVISOR), ticket)

    assert under(later, standing="ended") == under(later, standing="all") == [order.number]
    assert under(later, standing="live") == []


def test_the_list_is_narrowed_by_department_level_and_reason_and_counts_what_it_holds(work):
    _, first = ordered(work, reason="overdue")
    _, second = ordered(work)

    assert under(work, reason="overdue") == [first.number]
    assert under(work, department=OTHER) == under(work, level=2) == []
    assert under(work, department=LEAD, level=1) == [first.number, second.number]
    assert ordered_list.counts(work, Filter(reason="overdue"))["live"] == 1


def test_the_list_is_read_page_by_page(work):
    numbers = [ordered(work)[1].number for _ in range(3)]

    first = ordered_list.page(work, Filter(), size=2)
    rest = ordered_list.page(work, Filter(), after=first.after, size=2)

    assert [one.number for one in (*first.orders, *rest.orders)] == numbers
    assert rest.after is None


def test_a_department_is_measured_by_its_replies(work):
    ticket, _ = ordered(work)
    orders.reply(by(work, LEADER), ticket, text="已办")
    orders.refuse_reply(by(work, SUPERVISOR), ticket, text="不全")
    late, _ = ordered(work)
    orders.reply(by(work, LEADER, after=WEEK), late, text="已办")

    [tally] = ordered_list.tallies(by(work, SUPERVISOR, after=WEEK), NOW - DAY)

    assert (tally.department, tally.issued) == (LEAD, 2)
    assert (tally.in_time, tally.late, tally.overdue, tally.escalated) == (1, 1, 1, 0)


def due(work, after):
    found = order_grounds.grounds(by(work, SUPERVISOR, after=after), limit=9)
    assert found.total == len(found.shown)
    return [(one.ticket.id, one.reason) for one in found.shown]


def test_an_order_is_due_a_working_day_after_the_result_was_unless_the_department_says_why(work):
    silent, explained = an_accepted_ticket(work), an_accepted_ticket(work)
    [resolve] = [one for one in deadlines.all_of(work, silent) if one.stage is Stage.RESOLVE]
    late = resolve.due_at - NOW
    assert due(work, late + timedelta(hours=2)) == []

    supervision.note(by(work, HANDLER, after=late + HOUR), explained, text="等待灯具到货")

    assert due(work, late + 4 * DAY) == [(silent.id, "overdue")]


def test_an_order_is_due_after_so_many_urgings(work):
    ticket = an_accepted_ticket(work)
    for day in range(work.city.orders.grounds.urged):
        assert due(work, HOUR) == []
        supervision.urge(by(work, AGENT, after=day * DAY), ticket)

    assert due(work, HOUR) == [(ticket.id, "urged")]


def test_an_order_is_due_when_the_caller_is_content_with_neither_round(work):
    ticket = an_accepted_ticket(work)
    again = ((HANDLER, Action.CONTACT), (HANDLER, Action.RESOLVE), (REVIEWER, Action.ACCEPT_RESULT))
    live(work, ticket, *again, (FOLLOWER, Action.SEND_BACK), (HANDLER, Action.ACCEPT), *again)
    assert due(work, HOUR) == []
    live(work, ticket, (FOLLOWER, Action.ATTEMPT))

    assert due(work, HOUR) == [(ticket.id, "unsatisfied")]


def test_nothing_is_due_where_an_order_stands_or_stood_for_the_same_reason(work):
    ticket = an_accepted_ticket(work)
    ticket.urged = work.city.orders.grounds.urged
    order = orders.issue(by(work, SUPERVISOR), ticket, Demand("请办", "urged"))
    assert due(work, HOUR) == []
    orders.reply(by(work, LEADER), ticket, text="已办")
    orders.accept_reply(by(work, SUPERVISOR), ticket)

    assert order.state is OrderState.ACCEPTED
    assert due(work, HOUR) == []


def test_an_order_rises_by_itself_only_where_the_city_says_so(work):
    ticket, order = ordered(work)
    later = by(work, SYSTEM, after=WEEK)
    assert orders.due_escalations(later) == []
    automatic = replace(work.city, orders=replace(work.city.orders, automatic=True))
    later = replace(later, city=automatic)
    assert orders.due_escalations(replace(later, now=NOW)) == []

    assert orders.due_escalations(later) == [ticket.id]
    assert orders.escalate_when_due(later, ticket.id)
    assert not orders.escalate_when_due(later, ticket.id)

    assert order.state is OrderState.ESCALATED
    assert proved(work, ticket)
