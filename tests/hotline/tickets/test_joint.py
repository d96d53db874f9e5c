"""One matter, several departments: opinions with their own time, one answer by the one that leads."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.errors import IllegalTransition, InvalidInput, NotAllowed
from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Urgency
from hotline.tickets import deadlines, dispatching, handling, intake, joint, returns, timeline, worklists
from hotline.tickets.dispatching import Choice
from hotline.tickets.joint import Standing
from hotline.tickets.verification import verify
from hotline.web import parcel
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    DISTRICT,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import NOT_OURS, with_target


def a_shared_ticket(work, *assisting, **changes):
    """A ticket that LEAD leads and has called about, with OTHER assisting unless others are named."""
    ticket = a_logged_ticket(work, **changes)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, assisting or (OTHER,)))
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已说明")
    return ticket


def standings(work, ticket):
    return {one.part.department_code: one.standing for one in joint.opinions(work, ticket)}


def clock_of(work, ticket, stage):
    return [one for one in deadlines.all_of(work, ticket) if one.stage is stage][-1]


def details_of(work, ticket, action):
    return timeline.acted(work, ticket, action)[-1].details


def told(work, action):
    """Return the departments and desks that a message about `action` was promised to."""
    return {
        message.payload.get("department") or message.payload.get("role")
        for message in work.session.query(OutboxMessage)
        if message.payload.get("action") == action
    }


def test_the_lead_sees_which_opinions_are_in_which_late_and_which_missing(work):
    ticket = a_shared_ticket(work, OTHER, DISTRICT)
    assert standings(work, ticket) == {OTHER: Standing.OWED, DISTRICT: Standing.OWED}

    joint.assist(by(work, OTHER_HANDLER, after=HOUR), ticket, opinion="可以配合")
    much_later = by(work, HANDLER, after=5 * DAY)

    assert standings(much_later, ticket) == {OTHER: Standing.IN_TIME, DISTRICT: Standing.OVERDUE}
    assert [one.text for one in joint.opinions(work, ticket)] == ["可以配合", ""]


def test_an_opinion_that_comes_late_counts_late_against_the_one_who_gave_it(work):
    ticket = a_shared_ticket(work)

    joint.assist(by(work, OTHER_HANDLER, after=6 * DAY), ticket, opinion="可以配合")

    assert standings(work, ticket) == {OTHER: Standing.LATE}
    clock = clock_of(work, ticket, Stage.ASSIST)
    assert (clock.outcome, clock.department_code) == (DeadlineOutcome.LATE, OTHER)


def test_an_opinion_is_never_owed_later_than_the_leads_result(work):
    ticket = a_shared_ticket(work, urgency=Urgency.CRITICAL)

    assist, resolve = clock_of(work, ticket, Stage.ASSIST), clock_of(work, ticket, Stage.RESOLVE)

    assert assist.due_at == resolve.due_at
    assert list(verify(work, only=ticket.number)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    assist=st.sampled_from(["30m", "1h", "5h", "26h", "1wh", "12wh", "1wd", "3wd", "9wd", "20d"]),
    resolve=st.sampled_from(["2h", "24h", "6wh", "2wd", "5wd", "7d"]),
    waited=st.integers(0, 200),
    paused=st.booleans(),
)
def test_whatever_a_city_allows_an_opinion_is_due_before_the_result(work, assist, resolve, waited, paused):
    timed = with_target(with_target(work, Stage.ASSIST, assist), Stage.RESOLVE, resolve)
    ticket = a_logged_ticket(timed)
    dispatching.dispatch(by(timed, DISPATCHER), ticket, Choice(LEAD))
    lead = clock_of(timed, ticket, Stage.RESOLVE)
    later = by(timed, HANDLER, after=timedelta(hours=waited if paused else 0))

    handling.accept(later, ticket)
    joint.add_assisting(later, ticket, department=OTHER, text="须断电")

    owed = clock_of(timed, ticket, Stage.ASSIST)
    assert owed.due_at <= lead.due_at or lead.due_at <= later.now
    assert owed.due_at > later.now
    timed.session.flush()
    assert list(verify(later, only=ticket.number)) == []


def test_when_the_matter_turns_out_urgent_an_opinion_is_owed_sooner_too(work):
    ticket = a_shared_ticket(work)

    intake.amend(
        by(work, AGENT, after=HOUR), ticket, intake.Amendment(urgency=Urgency.CRITICAL), reason="有人触电"
    )

    [assist] = [one for one in deadlines.running(work, ticket) if one.stage is Stage.ASSIST]
    [resolve] = [one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE]
    assert assist.due_at == resolve.due_at
    assert assist.department_code == OTHER
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_the_lead_does_not_have_to_wait_but_says_why_it_does_not(work):
    ticket = a_shared_ticket(work)

    with pytest.raises(InvalidInput) as refused:
        handling.resolve(by(work, HANDLER, after=DAY), ticket, A_RESULT)
    handling.resolve(by(work, HANDLER, after=DAY), ticket, replace(A_RESULT, without="现场已一并处理"))

    assert refused.value.fields == {"without": "say_why_not_wait"}
    said = details_of(work, ticket, Action.RESOLVE)
    assert (said["missing"], said["without"]) == ([OTHER], "现场已一并处理")
    # It had time left: what the lead decided is not held against it.
    assert clock_of(work, ticket, Stage.ASSIST).outcome is DeadlineOutcome.CANCELLED
    assert standings(work, ticket) == {OTHER: Standing.MISSING}


def test_an_opinion_that_is_overdue_holds_nobody_up_and_counts_against_who_owes_it(work):
    ticket = a_shared_ticket(work)

    handling.resolve(by(work, HANDLER, after=6 * DAY), ticket, A_RESULT)

    assert details_of(work, ticket, Action.RESOLVE)["missing"] == [OTHER]
    clock = clock_of(work, ticket, Stage.ASSIST)
    assert (clock.outcome, clock.department_code) == (DeadlineOutcome.LATE, OTHER)
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_the_one_answer_names_the_opinions_that_it_takes_up(work):
    ticket = a_shared_ticket(work)
    joint.assist(by(work, OTHER_HANDLER, after=HOUR), ticket, opinion="内部：占道可当日批")

    handling.resolve(by(work, HANDLER, after=DAY), ticket, replace(A_RESULT, cited=(OTHER,)))

    said = details_of(work, ticket, Action.RESOLVE)
    assert (said["cited"], "missing" in said) == ([OTHER], False)


def test_an_opinion_that_nobody_gave_cannot_be_taken_up(work):
    ticket = a_shared_ticket(work)

    with pytest.raises(InvalidInput) as refused:
        handling.resolve(
            by(work, HANDLER, after=DAY), ticket, replace(A_RESULT, cited=(OTHER,), without="不等")
        )

    assert refused.value.fields == {"cited": "choice"}


def test_the_caller_reads_one_answer_and_never_an_opinion(work):
    ticket = a_shared_ticket(work)
    joint.assist(by(work, OTHER_HANDLER, after=HOUR), ticket, opinion="内部：占道可当日批")
    handling.resolve(by(work, HANDLER, after=DAY), ticket, replace(A_RESULT, cited=(OTHER,)))

    shown = parcel.past(by(work, REVIEWER, after=DAY), timeline.public_events(work, ticket))

    assert ticket.answer == A_RESULT.answer
    assert "占道" not in "".join(f"{step.name}{step.note}" for step in shown)


def test_the_lead_calls_in_one_more_department_and_the_desk_is_told(work):
    ticket = a_shared_ticket(work)

    joint.add_assisting(by(work, HANDLER, after=HOUR), ticket, department=DISTRICT, text="须断电")

    assert standings(work, ticket)[DISTRICT] is Standing.OWED
    assert clock_of(work, ticket, Stage.ASSIST).department_code == DISTRICT
    assert told(work, Action.ADD_ASSISTING) == {DISTRICT, "dispatcher"}


@pytest.mark.parametrize(
    ("department", "code"), [(OTHER, "has_part"), (LEAD, "has_part"), ("X-9", "unknown_department")]
)
def test_nobody_is_called_in_twice(work, department, code):
    ticket = a_shared_ticket(work)

    with pytest.raises(InvalidInput) as refused:
        joint.add_assisting(by(work, HANDLER), ticket, department=department, text="须断电")

    assert refused.value.fields == {"department": code}


def test_only_the_lead_calls_others_in(work):
    ticket = a_shared_ticket(work)

    with pytest.raises(NotAllowed):
        joint.add_assisting(by(work, OTHER_HANDLER), ticket, department=DISTRICT, text="须断电")


def test_the_lead_lets_a_department_go_which_owes_nothing_any_more(work):
    ticket = a_shared_ticket(work)

    joint.release(by(work, HANDLER, after=HOUR), ticket, department=OTHER, text="不占道了")

    assert standings(work, ticket) == {OTHER: Standing.RELEASED}
    assert clock_of(work, ticket, Stage.ASSIST).outcome is DeadlineOutcome.CANCELLED
    assert told(work, Action.RELEASE) == {OTHER}
    handling.resolve(by(work, HANDLER, after=DAY), ticket, A_RESULT)


def test_an_assisting_department_says_that_it_has_no_duty_instead_of_staying_silent(work):
    ticket = a_shared_ticket(work)

    joint.decline(by(work, OTHER_HANDLER, after=HOUR), ticket, reason="不占车行道", basis="条例第六条")

    assert standings(work, ticket) == {OTHER: Standing.DECLINED}
    assert told(work, Action.DECLINE_PART) == {LEAD, "dispatcher"}
    with pytest.raises(NotAllowed):
        joint.assist(by(work, OTHER_HANDLER, after=DAY), ticket, opinion="还是说两句")
    handling.resolve(by(work, HANDLER, after=DAY), ticket, A_RESULT)
    assert "missing" not in details_of(work, ticket, Action.RESOLVE)


def test_who_declines_when_it_is_late_was_late(work):
    ticket = a_shared_ticket(work)

    joint.decline(by(work, OTHER_HANDLER, after=6 * DAY), ticket, reason="不占车行道", basis="条例第六条")

    assert clock_of(work, ticket, Stage.ASSIST).outcome is DeadlineOutcome.LATE


@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_no_duty_is_said_with_reason_and_basis(work, missing):
    ticket = a_shared_ticket(work)
    said = {"reason": "不占车行道", "basis": "条例第六条", missing: " "}

    with pytest.raises(InvalidInput):
        joint.decline(by(work, OTHER_HANDLER), ticket, **said)


def test_who_declined_has_it_off_its_pile(work):
    ticket = a_shared_ticket(work)
    other = by(work, OTHER_HANDLER, after=HOUR)
    assert worklists.counts(other, ["assisting", "to_act"]) == {"assisting": 1, "to_act": 1}

    joint.decline(other, ticket, reason="不占车行道", basis="条例第六条")

    assert worklists.counts(other, ["assisting", "to_act"]) == {"assisting": 0, "to_act": 0}


def test_nobody_is_called_in_before_the_lead_has_accepted(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))

    with pytest.raises(IllegalTransition):
        joint.add_assisting(by(work, HANDLER), ticket, department=OTHER, text="须断电")
    assert ticket.status is Status.DISPATCHED


def test_a_lead_is_not_late_because_another_owes_its_opinion(work):
    ticket = a_shared_ticket(work)
    later = by(work, HANDLER, after=5 * DAY)

    assert standings(later, ticket) == {OTHER: Standing.OVERDUE}
    assert worklists.counts(later, ["overdue"]) == {"overdue": 0}
    assert deadlines.nearest_of(later, [ticket])[ticket.id].stage is Stage.RESOLVE
    assert deadlines.nearest_of(later, [ticket], department=OTHER)[ticket.id].stage is Stage.ASSIST


@pytest.mark.parametrize("declines", [False, True], ids=["opinion", "no duty"])
def test_an_opinion_is_given_also_while_the_lead_asks_to_give_the_ticket_back(work, declines):
    ticket = a_shared_ticket(work)
    elsewhere = replace(NOT_OURS, suggested=DISTRICT)
    returns.request_return(by(work, LEADER), ticket, elsewhere)
    other = by(work, OTHER_HANDLER, after=HOUR)
    assert worklists.counts(other, ["assisting"]) == {"assisting": 1}

    if declines:
        joint.decline(other, ticket, reason="不占车行道", basis="条例第六条")
    else:
        joint.assist(other, ticket, opinion="可以配合")

    assert ticket.status is Status.RETURN_REQUESTED
    assert standings(work, ticket) == {OTHER: Standing.DECLINED if declines else Standing.IN_TIME}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []
