"""The state machine as the regulation reads it: who may do what, when, and where it leads."""

import pytest

from hotline.errors import IllegalTransition, NotAllowed
from hotline.lifecycle import (
    ENDED,
    MOVES,
    OPEN,
    Action,
    Role,
    Status,
    acting_role,
    actions_for,
    first_status,
    next_status,
)

DEPARTMENT = {Role.HANDLER, Role.LEADER}


def test_a_ticket_begins_by_being_logged_and_by_nothing_else():
    assert first_status(Action.LOG) is Status.LOGGED
    for action in set(Action) - {Action.LOG}:
        with pytest.raises(IllegalTransition):
            first_status(action)


@pytest.mark.parametrize("status", Status)
def test_no_registered_ticket_is_logged_again(status):
    with pytest.raises(IllegalTransition):
        next_status(status, Action.LOG)


@pytest.mark.parametrize(
    ("status", "action", "after"),
    [
        (Status.LOGGED, Action.ANSWER, Status.CLOSED),
        (Status.LOGGED, Action.TRANSFER, Status.TRANSFERRED),
        (Status.LOGGED, Action.DISPATCH, Status.DISPATCHED),
        (Status.DISPATCHED, Action.ACCEPT, Status.ACCEPTED),
        (Status.ACCEPTED, Action.CONTACT, Status.ACCEPTED),
        (Status.DISPATCHED, Action.REQUEST_RETURN, Status.RETURN_REQUESTED),
        (Status.ACCEPTED, Action.REQUEST_RETURN, Status.RETURN_REQUESTED),
        (Status.RETURN_REQUESTED, Action.GRANT_RETURN, Status.LOGGED),
        (Status.RETURN_REQUESTED, Action.OPEN_DISPUTE, Status.DISPUTED),
        (Status.LOGGED, Action.OPEN_DISPUTE, Status.DISPUTED),
        (Status.ACCEPTED, Action.OPEN_DISPUTE, Status.DISPUTED),
        (Status.ACCEPTED, Action.DRAFT_RETURN, Status.ACCEPTED),
        (Status.DISPUTED, Action.WRITE_MINUTES, Status.DISPUTED),
        (Status.DISPUTED, Action.NAME_PROVISIONAL, Status.DISPUTED),
        (Status.DISPUTED, Action.DESIGNATE, Status.DISPATCHED),
        (Status.ACCEPTED, Action.GRANT_EXTENSION, Status.ACCEPTED),
        (Status.ACCEPTED, Action.REQUEST_SUSPENSION, Status.ACCEPTED),
        (Status.ACCEPTED, Action.GRANT_SUSPENSION, Status.SUSPENDED),
        (Status.SUSPENDED, Action.RESUME, Status.ACCEPTED),
        (Status.ACCEPTED, Action.DEFER, Status.DEFERRED),
        (Status.DEFERRED, Action.WRITE_OFF, Status.ACCEPTED),
        (Status.ACCEPTED, Action.RESOLVE, Status.RESOLVED),
        (Status.RESOLVED, Action.SEND_BACK_RESULT, Status.ACCEPTED),
        (Status.RESOLVED, Action.ACCEPT_RESULT, Status.AWAITING_FOLLOW_UP),
        (Status.AWAITING_FOLLOW_UP, Action.ATTEMPT, Status.AWAITING_FOLLOW_UP),
        (Status.AWAITING_FOLLOW_UP, Action.CLOSE, Status.CLOSED),
        (Status.AWAITING_FOLLOW_UP, Action.SEND_BACK, Status.DISPATCHED),
        (Status.CLOSED, Action.REOPEN, Status.DISPATCHED),
        (Status.SUSPENDED, Action.WITHDRAW, Status.WITHDRAWN),
        (Status.CLOSED, Action.GRANT_EXCLUSION, Status.CLOSED),
    ],
)
def test_where_an_action_leads(status, action, after):
    assert next_status(status, action) is after


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (Status.DISPATCHED, Action.RESOLVE),
        (Status.DISPATCHED, Action.CONTACT),
        (Status.ACCEPTED, Action.DISPATCH),
        (Status.LOGGED, Action.CLOSE),
        (Status.RESOLVED, Action.CLOSE),
        (Status.RESOLVED, Action.REQUEST_RETURN),
        (Status.DISPUTED, Action.RESOLVE),
        (Status.DISPUTED, Action.REQUEST_RETURN),
        (Status.SUSPENDED, Action.RESOLVE),
        (Status.RESOLVED, Action.MERGE),
        (Status.WITHDRAWN, Action.REOPEN),
        (Status.TRANSFERRED, Action.REOPEN),
        (Status.CLOSED, Action.WITHDRAW),
        (Status.CLOSED, Action.URGE),
        (Status.WITHDRAWN, Action.WARN),
    ],
)
def test_what_cannot_be_done_any_more_is_refused(status, action):
    with pytest.raises(IllegalTransition) as refusal:
        next_status(status, action)

    assert (refusal.value.action, refusal.value.status) == (action, status)


@pytest.mark.parametrize("came_from", [Status.DISPATCHED, Status.ACCEPTED])
def test_a_refused_return_goes_back_to_where_it_came_from(came_from):
    assert next_status(Status.RETURN_REQUESTED, Action.REFUSE_RETURN, came_from=came_from) is came_from


@pytest.mark.parametrize("came_from", [Status.LOGGED, Status.DISPATCHED, Status.ACCEPTED])
def test_an_undone_merge_goes_back_to_where_it_came_from(came_from):
    assert next_status(Status.MERGED, Action.UNMERGE, came_from=came_from) is came_from


@pytest.mark.parametrize("came_from", [None, Status.CLOSED, Status.RESOLVED])
def test_a_move_goes_back_only_to_a_status_it_can_have_left(came_from):
    with pytest.raises(IllegalTransition):
        next_status(Status.MERGED, Action.UNMERGE, came_from=came_from)


def test_only_undoing_goes_back():
    assert {action for action, move in MOVES.items() if move.goes_back} == {
        Action.UNMERGE,
        Action.REFUSE_RETURN,
    }


def test_a_ruling_for_the_provisional_department_lets_it_go_on():
    assert next_status(Status.DISPUTED, Action.DESIGNATE, toward=Status.ACCEPTED) is Status.ACCEPTED
    with pytest.raises(IllegalTransition):
        next_status(Status.DISPUTED, Action.DESIGNATE, toward=Status.CLOSED)


def test_there_is_no_bare_reject():
    assert not {"reject", "refuse", "decline"} & {action.value for action in Action}


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_an_ended_ticket_still_takes_remarks(ended):
    assert Action.NOTE in actions_for(ended, {Role.AGENT})


def test_open_and_ended_are_all_there_is():
    assert set(OPEN) | ENDED == set(Status)
    assert not set(OPEN) & ENDED


@pytest.mark.parametrize("action", [Action.WARN, Action.BREACH, Action.RECKON])
def test_clocks_run_on_open_tickets_and_on_closed_ones_under_an_order(action):
    assert set(MOVES[action].sources) == {*OPEN, Status.CLOSED}


def test_departments_ask_and_the_hotline_decides():
    for asked in Action:
        if not asked.startswith("request_"):
            continue
        wish = asked.removeprefix("request_")
        assert MOVES[asked].roles <= DEPARTMENT
        for decided in (Action(f"grant_{wish}"), Action(f"refuse_{wish}")):
            assert MOVES[decided].roles.isdisjoint(DEPARTMENT)


def test_a_handler_drafts_a_return_and_a_leader_asks_for_it():
    assert MOVES[Action.DRAFT_RETURN].roles == {Role.HANDLER}
    assert MOVES[Action.REQUEST_RETURN].roles == {Role.LEADER}


@pytest.mark.parametrize("action", [Action.WARN, Action.BREACH, Action.RECKON])
def test_only_the_system_raises_alarms_and_moves_clocks(action):
    for role in set(Role) - {Role.SYSTEM}:
        with pytest.raises(NotAllowed):
            acting_role(action, {role})


def test_the_administrator_handles_no_tickets():
    assert not [action for action, move in MOVES.items() if Role.ADMIN in move.roles]


def test_someone_with_several_roles_acts_under_the_one_that_may():
    assert acting_role(Action.CLOSE, {Role.AGENT, Role.FOLLOW_UP}) is Role.FOLLOW_UP


def test_the_buttons_are_those_that_would_succeed():
    for status in Status:
        for role in Role:
            offered = actions_for(status, {role})
            for action in MOVES:
                possible = status in MOVES[action].sources and role in MOVES[action].roles
                assert (action in offered) == possible


def test_someone_without_a_role_is_offered_nothing():
    assert not [status for status in Status if actions_for(status, ())]
