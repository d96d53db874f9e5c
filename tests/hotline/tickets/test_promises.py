"""Who hears of what: written in the same transaction as the act itself."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.lifecycle import Action, Role
from hotline.models.outbox import OutboxMessage
from hotline.tickets import dispatching, intake, promises, supervision
from hotline.tickets.dispatching import Choice
from hotline.tickets.promises import ALERT_INSIDE, ALERT_OUTSIDE, TELL_CALLER, TELL_DEPARTMENT, TELL_DESK
from tests.builders import (
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
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
from tests.hotline.tickets.deeds import DEEDS, lives, sweep


def messages(work) -> list[OutboxMessage]:
    return list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def heard(work, kind, ticket) -> list[str]:
    """Which actions of `ticket` someone is told about."""
    return [
        message.payload["action"]
        for message in messages(work)
        if message.kind == kind and message.payload["ticket"] == ticket.id
    ]


def told_of(work, ticket, action) -> set[str]:
    """Which departments hear of this action."""
    return {
        message.payload["department"]
        for message in messages(work)
        if message.kind in {TELL_DEPARTMENT, ALERT_INSIDE}
        and message.payload.get("department")
        and message.payload["ticket"] == ticket.id
        and message.payload["action"] == action
    }


def do(work, ticket, actor, action):
    DEEDS[action](by(work, actor), ticket)


def test_the_caller_hears_that_his_matter_was_registered_dispatched_and_closed(work):
    ticket = a_ticket_to_follow_up(work)
    do(work, ticket, FOLLOWER, Action.CLOSE)

    assert heard(work, TELL_CALLER, ticket) == ["log", "dispatch", "close"]


def test_the_caller_hears_of_more_time(work):
    ticket = an_accepted_ticket(work)
    do(work, ticket, HANDLER, Action.REQUEST_EXTENSION)
    assert "request_extension" not in heard(work, TELL_CALLER, ticket)

    do(work, ticket, REVIEWER, Action.GRANT_EXTENSION)

    assert heard(work, TELL_CALLER, ticket)[-1] == "grant_extension"


def test_the_caller_does_not_hear_of_time_that_was_refused(work):
    ticket = an_accepted_ticket(work)
    do(work, ticket, HANDLER, Action.REQUEST_EXTENSION)

    do(work, ticket, REVIEWER, Action.REFUSE_EXTENSION)

    assert "refuse_extension" not in heard(work, TELL_CALLER, ticket)


def test_an_anonymous_caller_hears_nothing(work):
    ticket = a_resolved_ticket(work, anonymous=True)
    do(work, ticket, REVIEWER, Action.ACCEPT_RESULT)

    assert heard(work, TELL_CALLER, ticket) == []


def test_a_dispatch_tells_the_lead_and_every_assisting_department(work):
    ticket = a_logged_ticket(work)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER, "D-GA")))

    assert told_of(work, ticket, "dispatch") == {LEAD, OTHER, "D-GA"}


@pytest.mark.parametrize("decision", [Action.GRANT_RETURN, Action.REFUSE_RETURN])
def test_who_asked_to_return_hears_the_decision(work, decision):
    ticket = a_dispatched_ticket(work)
    do(work, ticket, LEADER, Action.REQUEST_RETURN)

    do(work, ticket, DISPATCHER, decision)

    assert told_of(work, ticket, decision) == {LEAD}


def test_a_ruling_tells_whom_it_names(work):
    ticket = a_dispatched_ticket(work, lead=OTHER)
    do(work, ticket, OTHER_LEADER, Action.REQUEST_RETURN)
    do(work, ticket, SUPERVISOR, Action.OPEN_DISPUTE)

    do(work, ticket, SUPERVISOR, Action.NAME_PROVISIONAL)
    do(work, ticket, SUPERVISOR, Action.WRITE_MINUTES)
    do(work, ticket, SUPERVISOR, Action.DESIGNATE)

    assert told_of(work, ticket, "name_provisional") == {LEAD}
    assert told_of(work, ticket, "designate") == {LEAD}


def test_an_exclusion_is_told_when_both_reviewers_have_agreed(work):
    ticket = a_resolved_ticket(work)
    do(work, ticket, HANDLER, Action.REQUEST_EXCLUSION)

    do(work, ticket, REVIEWER, Action.GRANT_EXCLUSION)
    assert told_of(work, ticket, "grant_exclusion") == set()
    do(work, ticket, SECOND_REVIEWER, Action.GRANT_EXCLUSION)

    assert told_of(work, ticket, "grant_exclusion") == {LEAD}


@pytest.mark.parametrize(
    ("build", "actor", "action", "desk"),
    [
        (a_dispatched_ticket, LEADER, Action.REQUEST_RETURN, Role.DISPATCHER),
        (an_accepted_ticket, HANDLER, Action.REQUEST_EXTENSION, Role.REVIEWER),
        (an_accepted_ticket, HANDLER, Action.REQUEST_SUSPENSION, Role.REVIEWER),
        (a_resolved_ticket, LEADER, Action.REQUEST_EXCLUSION, Role.REVIEWER),
    ],
)
def test_a_request_is_told_to_the_desk_that_decides(work, build, actor, action, desk):
    ticket = build(work)

    do(work, ticket, actor, action)

    told = [message for message in messages(work) if message.kind == TELL_DESK]
    assert [(message.payload["action"], message.payload["role"]) for message in told] == [(action, desk)]


def test_an_alarm_tells_the_department_whose_clock_it_is_and_a_breach_the_supervisor_too(work):
    ticket = a_dispatched_ticket(work)

    sweep(by(work, AGENT, after=DAY * 30))

    assert told_of(work, ticket, "breach") == {LEAD}
    lines = [message.payload for message in messages(work) if message.kind == ALERT_INSIDE]
    assert Role.SUPERVISOR in {line.get("role") for line in lines if line["action"] == "breach"}


def test_an_alarm_of_the_hotline_s_own_clock_is_not_the_department_s(work):
    ticket = a_resolved_ticket(work)

    sweep(by(work, AGENT, after=DAY * 5))

    assert told_of(work, ticket, "breach") == set()


def test_a_department_hears_what_befalls_a_ticket_it_leads(work):
    ticket = a_contacted_ticket(work)

    do(work, ticket, AGENT, Action.URGE)
    do(work, ticket, SUPERVISOR, Action.SUPERVISE)
    do(work, ticket, AGENT, Action.WITHDRAW)

    for action in ("urge", "supervise", "withdraw"):
        assert told_of(work, ticket, action) == {LEAD}


@pytest.mark.parametrize(
    ("build", "departments", "desks"),
    [
        (a_logged_ticket, [], [Role.DISPATCHER]),
        (an_accepted_ticket, [LEAD], []),
        (a_resolved_ticket, [], [Role.REVIEWER]),
        (a_ticket_to_follow_up, [], [Role.FOLLOW_UP]),
    ],
)
def test_an_urging_is_told_to_whom_the_ticket_waits_for_and_to_nobody_else(work, build, departments, desks):
    ticket = build(work)
    before = len(messages(work))

    do(work, ticket, AGENT, Action.URGE)

    told = [message.payload for message in messages(work)[before:]]
    assert [one["department"] for one in told if "department" in one] == departments
    assert [one["role"] for one in told if "role" in one] == desks


def test_an_order_reaches_the_department_and_the_desk_where_the_ticket_waits(work):
    ticket = a_ticket_to_follow_up(work)
    before = len(messages(work))

    do(work, ticket, SUPERVISOR, Action.SUPERVISE)

    told = [(message.kind, *message.payload.values()) for message in messages(work)[before:]]
    assert told == [
        (TELL_DEPARTMENT, ticket.id, "supervise", LEAD),
        (TELL_DESK, ticket.id, "supervise", Role.FOLLOW_UP),
    ]


def test_remarks_are_told_to_nobody(work):
    ticket = a_dispatched_ticket(work)
    before = len(messages(work))

    do(work, ticket, AGENT, Action.NOTE)
    do(work, ticket, AGENT, Action.REVEAL)
    do(work, ticket, AGENT, Action.AMEND)

    assert len(messages(work)) == before


def test_a_promise_names_the_ticket_by_id_and_nobody_by_name(work):
    list(lives(work))

    for message in messages(work):
        what_rang = {"rung", "stage", "delivery"} if message.kind in {ALERT_INSIDE, ALERT_OUTSIDE} else set()
        assert set(message.payload) <= {"ticket", "action", "department", "role"} | what_rang


def test_what_is_refused_promises_nothing(work):
    ticket = a_dispatched_ticket(work)
    before = len(messages(work))

    with pytest.raises(Exception, match="may not"):
        supervision.reopen(by(work, AGENT), ticket, text="又坏了")

    assert len(messages(work)) == before


def test_a_double_submit_promises_once(work):
    call = intake.Call("the-same", "路灯不亮", "潮音街道", category="0204")

    for _ in range(2):
        intake.log(by(work, AGENT), call, auto_lane=False)

    assert Counter(message.kind for message in messages(work)) == {TELL_CALLER: 1}


def test_an_archive_is_entered_without_telling_anyone(work):
    a_dispatched_ticket(replace(work, silent=True))

    assert messages(work) == []


def test_every_action_that_someone_hears_of_is_one_of_the_lifecycle():
    heard_of = promises.CALLER_HEARS | promises.DEPARTMENT_HEARS | set(promises.DESK_HEARS)

    assert heard_of <= set(Action)
