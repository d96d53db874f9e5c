"""撤回派单: within some seconds a dispatch is as if it had never been, and nobody was told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.errors import IllegalTransition, NotAllowed, NotFound
from hotline.lifecycle import Action, Status
from hotline.models.assignment import Assignment, Ending
from hotline.models.deadline import DeadlineOutcome
from hotline.models.lesson import Lesson
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Urgency
from hotline.tickets import (
    assigned,
    callers,
    cooperation,
    deadlines,
    dispatch_quality,
    dispatching,
    handling,
    intake,
    joint,
    ledger,
    merging,
    recalling,
    returns,
    supervision,
    timeline,
    worklists,
)
from hotline.tickets.custody.account import account_of
from hotline.tickets.dispatch_quality import By
from hotline.tickets.dispatching import Choice
from hotline.tickets.options import options
from hotline.tickets.scorecard import Rate
from hotline.tickets.verification import verify
from hotline.web import together
from hotline.work import SYSTEM
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import NOT_OURS

SECOND = timedelta(seconds=1)
UNDO = 10 * SECOND
COLLEAGUE = replace(DISPATCHER, user_id=SUPERVISOR.user_id)


def sent(work, ticket, choice=None):
    """Dispatch as the desk does: to be taken back for some seconds."""
    dispatching.dispatch(by(work, DISPATCHER), ticket, choice or Choice(LEAD, (OTHER,)), recallable=True)
    return ticket


def of_department(work, code):
    return by(work, replace(HANDLER, department_code=code), after=HOUR)


def facts(work, ticket):
    """What the row says, and when each running clock is due."""
    row = (ticket.status, ticket.lead_code, ticket.hop, ticket.round, ticket.next_due_at, ticket.next_stage)
    clocks = {
        (one.stage, one.key, one.started_at, one.due_at, one.alert_at, one.department_code, one.assignment_id)
        for one in deadlines.running(work, ticket)
    }
    return row, clocks


def come_back(work, ticket):
    """Let a ticket wait a second time: its resolve clock runs on."""
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))
    returns.request_return(by(work, LEADER, after=HOUR), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER, after=2 * HOUR), ticket, granted=True, text="")
    return ticket


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    waited=st.integers(0, 5 * 86_400),
    within=st.integers(0, 9_999),
    urgency=st.sampled_from(list(Urgency)),
    anonymous=st.booleans(),
    came_back=st.booleans(),
    assisting=st.sampled_from([(), (OTHER,), (OTHER, "D-GA")]),
)
def test_a_dispatch_taken_back_leaves_the_ticket_as_it_was(
    work, session, waited, within, urgency, anonymous, came_back, assisting
):
    first = a_logged_ticket(work, urgency=urgency, anonymous=anonymous)
    ticket = come_back(work, first) if came_back else first
    before = facts(work, ticket)
    moment = by(work, DISPATCHER, after=2 * HOUR + waited * SECOND)

    sent(moment, ticket, Choice("D-SW", assisting))
    assert facts(moment, ticket) != before
    recalling.recall(by(moment, DISPATCHER, after=timedelta(milliseconds=within)), ticket)
    session.flush()

    assert facts(moment, ticket) == before
    assert list(verify(by(moment, DISPATCHER, after=UNDO), only=ticket.number)) == []


def test_the_time_that_passed_counts_on_the_desks_clock(work):
    ticket = a_logged_ticket(work, urgency=Urgency.CRITICAL)
    due = next(one.due_at for one in deadlines.running(work, ticket) if one.stage is Stage.DISPATCH)
    late = replace(by(work, DISPATCHER), now=due - SECOND)
    sent(late, ticket)

    recalling.recall(by(late, DISPATCHER, after=5 * SECOND), ticket)
    dispatching.dispatch(by(late, DISPATCHER, after=6 * SECOND), ticket, Choice(LEAD))

    outcomes = {one.key: one.outcome for one in deadlines.all_of(work, ticket)}
    assert outcomes["dispatch/1/1"] is DeadlineOutcome.LATE
    assert outcomes["accept/1/1"] is DeadlineOutcome.CANCELLED
    assert outcomes["accept/1/2"] is None


def test_the_right_department_afterwards_counts_as_a_first_dispatch(work):
    ticket = sent(work, a_logged_ticket(work), Choice(OTHER))
    recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)

    dispatching.dispatch(by(work, DISPATCHER, after=2 * SECOND), ticket, Choice(LEAD))

    assert (ticket.hop, ticket.lead_code) == (1, LEAD)


@pytest.mark.parametrize(
    ("actor", "after", "reason"),
    [
        (COLLEAGUE, SECOND, "not_your_dispatch"),
        (DISPATCHER, UNDO, "recall_over"),
        (DISPATCHER, HOUR, "recall_over"),
    ],
    ids=["a colleague's", "on the second", "much later"],
)
def test_only_who_dispatched_takes_it_back_and_only_in_time(work, actor, after, reason):
    ticket = sent(work, a_logged_ticket(work))

    with pytest.raises(NotAllowed) as refusal:
        recalling.recall(by(work, actor, after=after), ticket)

    assert refusal.value.reason == reason
    assert ticket.status is Status.DISPATCHED
    assert Action.RECALL not in options(by(work, actor, after=after), ticket).legal


def test_what_went_by_itself_is_not_taken_back_like_a_slip_of_the_hand(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, SYSTEM), ticket, Choice(LEAD), auto=True, recallable=True)

    with pytest.raises(NotAllowed):
        recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)


def test_a_ticket_put_right_since_is_not_taken_back(work):
    ticket = sent(work, a_logged_ticket(work))
    supervision.note(by(work, AGENT, after=SECOND), ticket, text="诉求人又来电")
    assert Action.RECALL in options(by(work, DISPATCHER, after=SECOND), ticket).legal
    change = intake.Amendment(urgency=Urgency.CRITICAL)
    intake.amend(by(work, AGENT, after=2 * SECOND), ticket, change, reason="灯杆冒火")

    with pytest.raises(NotAllowed) as refusal:
        recalling.recall(by(work, DISPATCHER, after=3 * SECOND), ticket)
    assert refusal.value.reason == "changed_since"


@pytest.mark.parametrize("press", [supervision.urge, supervision.supervise])
def test_what_its_department_was_pressed_for_is_not_taken_back(work, press):
    ticket = sent(work, a_logged_ticket(work))
    press(by(work, SUPERVISOR, after=SECOND), ticket, text="请抓紧")

    with pytest.raises(NotAllowed) as refusal:
        recalling.recall(by(work, DISPATCHER, after=2 * SECOND), ticket)
    assert refusal.value.reason == "told_already"
    assert Action.RECALL not in options(by(work, DISPATCHER, after=2 * SECOND), ticket).legal


@pytest.mark.parametrize("action", [Action.WARN, Action.BREACH])
def test_what_its_department_was_warned_of_is_not_taken_back(work, action):
    ticket = sent(work, a_logged_ticket(work))
    clock = deadlines.running(work, ticket)[0]
    ledger.record(by(work, SYSTEM, after=SECOND), ticket, action, stage=clock.stage, clock=clock.key)

    with pytest.raises(NotAllowed) as refusal:
        recalling.recall(by(work, DISPATCHER, after=2 * SECOND), ticket)
    assert refusal.value.reason == "told_already"


def test_the_department_waits_until_the_dispatch_stands(work):
    ticket = sent(work, a_logged_ticket(work))
    fresh = by(work, HANDLER, after=9 * SECOND)

    for act in (
        lambda: handling.accept(fresh, ticket),
        lambda: returns.request_return(by(work, LEADER, after=9 * SECOND), ticket, NOT_OURS),
        lambda: joint.assist(by(work, OTHER_HANDLER, after=SECOND), ticket, opinion="可以施工"),
        lambda: callers.reveal(fresh, ticket, "联系诉求人"),
        lambda: supervision.note(fresh, ticket, text="已看到"),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert refusal.value.reason == "may_be_recalled"
    assert {Action.ACCEPT, Action.REVEAL, Action.NOTE}.isdisjoint(options(fresh, ticket).legal)

    handling.accept(by(work, HANDLER, after=UNDO), ticket)
    assert ticket.status is Status.ACCEPTED


def test_after_the_acceptance_there_is_nothing_to_take_back(work):
    ticket = sent(work, a_logged_ticket(work))
    handling.accept(by(work, HANDLER, after=UNDO), ticket)

    with pytest.raises(IllegalTransition):
        recalling.recall(by(work, DISPATCHER, after=UNDO), ticket)


def messages(session, ticket):
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [one for one in found if one.payload == {**one.payload, "ticket": ticket.id, "action": "dispatch"}]


def test_nobody_is_told_before_the_dispatch_stands_nor_of_one_taken_back(work, session):
    kept, taken_back = sent(work, a_logged_ticket(work)), sent(work, a_logged_ticket(work))
    waiting = messages(session, kept)
    assert {one.kind for one in waiting} == {"tell_caller", "tell_department"}
    assert {one.due_at for one in waiting} == {work.now + UNDO}

    recalling.recall(by(work, DISPATCHER, after=SECOND), taken_back)
    session.flush()

    assert messages(session, taken_back) == []
    assert len(messages(session, kept)) == len(waiting)


def test_what_a_worker_has_begun_to_tell_is_not_taken_back(work, session):
    ticket = sent(work, a_logged_ticket(work))
    messages(session, ticket)[0].offers = 1
    session.flush()

    with pytest.raises(NotAllowed) as refusal:
        recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)
    assert refusal.value.reason == "told_already"
    assert ticket.status is Status.DISPATCHED


def test_nothing_is_learnt_of_a_slip_and_what_stood_before_stands_again(work, session):
    ticket = come_back(work, a_logged_ticket(work))
    later = by(work, DISPATCHER, after=3 * HOUR)
    before = [(one.id, one.stands) for one in session.scalars(select(Lesson).order_by(Lesson.id))]
    sent(later, ticket, Choice(OTHER))
    assert session.scalars(select(Lesson.lead_code).where(Lesson.stands)).one() == OTHER

    recalling.recall(by(later, DISPATCHER, after=SECOND), ticket)

    after = [(one.id, one.stands) for one in session.scalars(select(Lesson).order_by(Lesson.id))]
    assert after == before


def test_the_caller_never_reads_of_a_dispatch_that_was_taken_back(work):
    ticket = sent(work, a_logged_ticket(work), Choice(OTHER))
    recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)
    dispatching.dispatch(by(work, DISPATCHER, after=2 * SECOND), ticket, Choice(LEAD))

    told = [(one.action, one.details.get("department")) for one in timeline.public_events(work, ticket)]
    assert told == [(Action.LOG, None), (Action.DISPATCH, LEAD)]


def test_the_parts_of_a_dispatch_taken_back_are_over(work, session):
    ticket = sent(work, a_logged_ticket(work))
    recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)

    held = session.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)).all()
    assert {one.department_code for one in held} == {LEAD, OTHER}
    assert all((one.ended_at, one.ending) == (work.now + SECOND, Ending.UNSENT) for one in held)


def a_slip_put_right(work):
    """First sent to OTHER with D-GA to assist, taken back, then sent to LEAD with D-JT."""
    ticket = sent(work, a_logged_ticket(work), Choice(OTHER, ("D-GA",)))
    recalling.recall(by(work, DISPATCHER, after=SECOND), ticket)
    return sent(by(work, DISPATCHER, after=2 * SECOND), ticket, Choice(LEAD, ("D-JT",)))


def test_a_department_whose_part_was_taken_back_owes_no_opinion(work):
    ticket = a_slip_put_right(work)
    assert [one.part.department_code for one in joint.opinions(work, ticket)] == ["D-JT"]

    handler = by(work, HANDLER, after=HOUR)
    handling.accept(handler, ticket)
    handling.contact(handler, ticket, reached=True, note="已说明")
    handling.resolve(handler, ticket, replace(A_RESULT, without="已自行核实"))

    assert timeline.acted(work, ticket, Action.RESOLVE)[-1].details["missing"] == ["D-JT"]
    assert [one.department for one in cooperation.opinions(handler, work.now - DAY)] == ["D-JT"]
    assert list(verify(handler, only=ticket.number)) == []


def test_a_department_whose_dispatch_was_taken_back_does_not_see_the_ticket(work):
    ticket = a_slip_put_right(work)

    with pytest.raises(NotFound):
        worklists.ticket_for(of_department(work, "D-GA"), ticket.number)
    assert worklists.ticket_for(of_department(work, "D-JT"), ticket.number) is ticket


def test_the_chain_does_not_show_a_department_whose_dispatch_was_taken_back(work):
    ticket = a_slip_put_right(work)

    later = by(work, SUPERVISOR, after=HOUR)
    parts = assigned.assignments_of(later, ticket)
    shown = together.together(later, ticket, parts, account_of(later, ticket).shares)

    assert shown.chain == ()
    assert [one.part.department_code for one in shown.opinions] == ["D-JT"]


def test_the_first_dispatch_is_the_first_that_stood(work):
    a_slip_put_right(work)

    rows = dispatch_quality.quality(by(work, SUPERVISOR, after=HOUR), work.now - DAY, By.DEPARTMENT)

    assert {one.key: one.accuracy for one in rows} == {LEAD: Rate(1, 1)}


@pytest.mark.parametrize("leave", ["merge", "withdraw"])
def test_nobody_is_told_of_a_dispatch_that_its_ticket_left_at_once(work, session, leave):
    parent, ticket = a_dispatched_ticket(work), sent(work, a_logged_ticket(work))
    moment = by(work, DISPATCHER, after=SECOND)

    if leave == "merge":
        merging.merge(moment, ticket, into=parent.number, reason="同一件事")
    else:
        supervision.withdraw(by(work, AGENT, after=SECOND), ticket, reason="诉求人不再要求")
    session.flush()

    assert messages(session, ticket) == []
    assert messages(session, parent) != []


def test_who_was_told_in_time_is_not_untold_by_a_merge(work, session):
    parent, ticket = a_dispatched_ticket(work), sent(work, a_logged_ticket(work))
    begun, *_ = messages(session, ticket)
    begun.offers = 1
    session.flush()

    merging.merge(by(work, DISPATCHER, after=SECOND), ticket, into=parent.number, reason="同一件事")
    session.flush()

    assert messages(session, ticket) == [begun]


def test_a_city_may_leave_no_time_for_second_thoughts(work, session):
    rules = replace(work.city.dispatching, undo=timedelta(0))
    work = replace(work, city=replace(work.city, dispatching=rules))
    ticket = sent(work, a_logged_ticket(work))

    assert ticket.recall_until is None
    handling.accept(by(work, HANDLER), ticket)
    assert ticket.status is Status.ACCEPTED
