"""A page offers exactly what would succeed, and says why not where someone will look for it."""

from dataclasses import replace

from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import applications, dispatching, returns, supervision
from hotline.tickets.options import Options, options
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from tests.builders import (
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)

A_RETURN = ReturnRequest(
    reason="not_our_duty",
    basis="三定方案第五条",
    text="道路照明由市交通局管养",
    suggested=OTHER,
    evidence="灯杆编号 J-07",
)


def offered(work: Work, ticket: Ticket, actor: Actor) -> Options:
    return options(by(work, actor), ticket)


def test_the_lead_department_is_offered_its_next_steps(work: Work) -> None:
    possible = offered(work, a_dispatched_ticket(work), HANDLER)

    assert {Action.ACCEPT, Action.DRAFT_RETURN} <= set(possible.legal)
    assert Action.RESOLVE not in possible.legal


def test_an_assisting_department_is_offered_its_opinion_and_nothing_of_the_leads(work: Work) -> None:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(LEAD, [OTHER]))

    possible = offered(work, ticket, OTHER_HANDLER)

    assert set(possible.legal) == {Action.ASSIST, Action.DECLINE_PART, Action.NOTE, Action.REVEAL}
    assert not possible.blocked


def test_a_result_is_offered_once_someone_got_through_to_the_caller(work: Work) -> None:
    before = offered(work, an_accepted_ticket(work), HANDLER)
    after = offered(work, a_contacted_ticket(work), HANDLER)

    assert before.blocked[Action.RESOLVE] == "caller_not_contacted"
    assert Action.RESOLVE in after.legal


def test_a_decision_is_offered_only_while_something_waits_for_it(work: Work) -> None:
    ticket = an_accepted_ticket(work)
    quiet = offered(work, ticket, REVIEWER)
    applications.request_extension(
        by(work, HANDLER), ticket, amount="2wd", reason="等待配件", text="灯具缺货"
    )

    asked = offered(work, ticket, REVIEWER)

    assert Action.GRANT_EXTENSION not in quiet.legal
    assert {Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION} <= set(asked.legal)
    assert offered(work, ticket, HANDLER).blocked[Action.REQUEST_EXTENSION] == "already_asked:1"


def test_where_a_department_asks_once_a_refused_return_is_not_offered_again(work: Work) -> None:
    rules = replace(work.city.returns, once_per_department=True)
    work = replace(work, city=replace(work.city, returns=rules))
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, A_RETURN)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="目录写明由您单位主办")

    assert offered(work, ticket, LEADER).blocked[Action.REQUEST_RETURN] == "asked_before:1"


def test_a_handler_is_told_that_his_leader_signs_what_is_supervised(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")

    by_handler, by_leader = offered(work, ticket, HANDLER), offered(work, ticket, LEADER)

    assert by_handler.blocked == {Action.RESOLVE: "leader"}
    assert {Action.RESOLVE, Action.REQUEST_RETURN} <= set(by_leader.legal)


def test_the_arbiter_is_offered_a_dispute_only_where_a_return_waits(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, A_RETURN)

    assert Action.OPEN_DISPUTE in offered(work, ticket, SUPERVISOR).legal


def test_who_handled_a_ticket_is_told_why_he_may_not_follow_it_up(work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    both = Actor("reviewer", REVIEWER.roles | FOLLOWER.roles, REVIEWER.user_id)

    assert offered(work, ticket, both).blocked[Action.ATTEMPT] == "own_work"
    assert Action.ATTEMPT in offered(work, ticket, FOLLOWER).legal
