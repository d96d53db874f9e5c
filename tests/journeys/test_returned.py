"""Two departments say “not ours” and are believed; the third goes before the arbiter."""

from dataclasses import replace

import pytest

from hotline.errors import LimitReached
from hotline.lifecycle import Role, Status
from hotline.models.application import ApplicationState
from hotline.tickets import dispatching, handling, requested, supervision
from hotline.tickets.applications import ReturnRequest
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    DISPATCHER,
    HANDLER,
    LEAD,
    OTHER,
    OTHER_HANDLER,
    SUPERVISOR,
    a_dispatched_ticket,
)
from tests.journeys.conftest import Story

THIRD = "D-SL"
THIRD_HANDLER = Actor("third-handler", frozenset({Role.HANDLER}), None, THIRD)


def _not_ours(suggested: str) -> ReturnRequest:
    return ReturnRequest("not_our_duty", "《权责清单》第三项", "不属我单位职责", suggested)


def test_after_two_returns_the_third_is_the_arbiters_and_his_word_is_final(story: Story) -> None:
    ticket = a_dispatched_ticket(story.work)
    promised = story.clock(ticket, Stage.RESOLVE).due_at
    for handler, suggested in ((HANDLER, OTHER), (OTHER_HANDLER, THIRD)):
        story.later(minutes=40)
        dispatching.request_return(story.by(handler), ticket, _not_ours(suggested))
        dispatching.decide_return(story.by(DISPATCHER), ticket, granted=True, text="")
        dispatching.dispatch(story.by(DISPATCHER), ticket, dispatching.Choice(suggested))

    story.later(minutes=40)
    dispatching.request_return(story.by(THIRD_HANDLER), ticket, _not_ours(LEAD))
    with pytest.raises(LimitReached):
        dispatching.decide_return(story.by(DISPATCHER), ticket, granted=True, text="")
    supervision.open_dispute(story.by(SUPERVISOR), ticket, text="三个单位均提出退单")
    supervision.name_provisional(story.by(SUPERVISOR), ticket, department=LEAD)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="先行联系，说明正在会商")
    story.later(hours=3)
    supervision.designate(story.by(SUPERVISOR), ticket, department=LEAD, text="依据派单目录裁定")

    assert (ticket.status, ticket.lead_code) == (Status.ACCEPTED, LEAD)
    assert story.clock(ticket, Stage.RESOLVE).due_at == promised
    assert story.clock(ticket, Stage.RESOLVE).department_code == LEAD
    with pytest.raises(LimitReached):
        dispatching.request_return(story.by(HANDLER), ticket, _not_ours(OTHER))
    handling.resolve(story.by(HANDLER), ticket, replace(A_RESULT, outcome="partly"))
    states = [one.state for one in requested.applications_of(story.work, ticket)]
    assert states == [ApplicationState.GRANTED, ApplicationState.GRANTED, ApplicationState.LAPSED]
