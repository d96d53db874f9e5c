"""“Not ours”, refused; again, on another ground; then heard, worked on meanwhile, ruled, and made a rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationState
from hotline.tickets import (
    deidentified,
    dispatching,
    disputes,
    handling,
    requested,
    returns,
)
from hotline.tickets.catalogues.drafting import Why
from hotline.tickets.catalogues.proposing import propose
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    DISPATCHER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    OTHER_LEADER,
    PHONE,
    SUPERVISOR,
    a_dispatched_ticket,
    an_accepted_ticket,
)
from tests.journeys.conftest import Story
from tests.support.taught import taught_by

THIRD = "D-SL"
THIRD_LEADER = Actor("third-leader", frozenset({Role.LEADER}), None, THIRD)


def _not_ours(suggested: str) -> ReturnRequest:
    return ReturnRequest("not_our_duty", "《权责清单》第三项", "不属我单位职责", suggested, "现场照片 2 张")


def test_after_two_returns_the_third_is_the_arbiters_and_his_word_is_final(story: Story) -> None:
    ticket = a_dispatched_ticket(story.work)
    promised = story.clock(ticket, Stage.RESOLVE).due_at
    for leader, suggested in ((LEADER, OTHER), (OTHER_LEADER, THIRD)):
        story.later(minutes=40)
        returns.request_return(story.by(leader), ticket, _not_ours(suggested))
        returns.decide_return(story.by(DISPATCHER), ticket, granted=True, text="")
        dispatching.dispatch(story.by(DISPATCHER), ticket, dispatching.Choice(suggested))

    story.later(minutes=40)
    returns.request_return(story.by(THIRD_LEADER), ticket, _not_ours("D-GA"))
    disputes.name_provisional(story.by(SUPERVISOR), ticket, department=LEAD)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="先行联系，说明正在会商")
    story.later(hours=3)
    disputes.write_minutes(story.by(SUPERVISOR), ticket, text="三家都同意由城管局主办")
    disputes.designate(story.by(SUPERVISOR), ticket, department=LEAD, text="依据派单目录裁定")

    assert (ticket.status, ticket.lead_code) == (Status.ACCEPTED, LEAD)
    assert story.clock(ticket, Stage.RESOLVE).due_at == promised
    assert story.clock(ticket, Stage.RESOLVE).department_code == LEAD
    with pytest.raises(LimitReached):
        returns.request_return(story.by(LEADER), ticket, _not_ours(OTHER))
    handling.resolve(story.by(HANDLER), ticket, replace(A_RESULT, outcome="partly"))
    states = [one.state for one in requested.applications_of(story.work, ticket)]
    assert states == [ApplicationState.GRANTED, ApplicationState.GRANTED, ApplicationState.LAPSED]


def test_a_ruling_after_two_refusals_becomes_a_line_of_the_catalogue(story: Story) -> None:
    ticket = an_accepted_ticket(story.work, content=f"立交桥下的灯不亮，请打 {PHONE} 联系")
    promised = story.clock(ticket, Stage.RESOLVE).due_at
    returns.draft_return(story.by(HANDLER), ticket, _not_ours(OTHER))
    story.later(minutes=20)
    returns.request_return(story.by(LEADER), ticket, _not_ours(OTHER))
    returns.decide_return(story.by(DISPATCHER), ticket, granted=False, text="目录写明由你单位主办")
    with pytest.raises(LimitReached):
        returns.draft_return(story.by(HANDLER), ticket, _not_ours(OTHER))
    story.later(minutes=20)
    returns.request_return(story.by(LEADER), ticket, _not_ours(THIRD))
    returns.decide_return(story.by(DISPATCHER), ticket, granted=False, text="也不归水利局")
    disputed = ticket.status

    disputes.convene(
        story.by(SUPERVISOR), ticket, units=(LEAD, OTHER), meets_at=story.now + timedelta(days=1), text=""
    )
    disputes.name_provisional(story.by(SUPERVISOR), ticket, department=OTHER)
    story.later(hours=1)
    handling.contact(story.by(OTHER_HANDLER), ticket, reached=True, note="先到现场看")
    disputes.give_opinion(story.by(OTHER_HANDLER), ticket, opinion="桥下灯杆归我单位")
    disputes.write_minutes(story.by(SUPERVISOR), ticket, text="桥下照明由交通局主办")
    disputes.designate(story.by(SUPERVISOR), ticket, department=OTHER, text="照纪要")
    line = {
        "category": ticket.category_code or "",
        "keyword": "立交桥下",
        "lead": OTHER,
        "basis": "会商纪要：桥下照明由交通局主办",
        "minimum_level": "city",
        "auto": "no",
        "from": story.now.date().isoformat(),
    }
    example = {
        "text": deidentified.words_of(story.work, ticket),
        "address": ticket.address,
        "category": ticket.category_code or "",
        "lead": OTHER,
    }
    with pytest.raises(InvalidInput):
        propose(story.by(SUPERVISOR), {**line, "lead": "没有这家"}, example, Why("裁定", ticket))
    propose(story.by(SUPERVISOR), line, example, Why(f"{ticket.number} 裁定：照纪要", ticket))

    assert disputed is Status.DISPUTED
    assert (ticket.status, ticket.lead_code, ticket.designated) == (Status.ACCEPTED, OTHER, True)
    assert story.clock(ticket, Stage.RESOLVE).due_at == promised
    entered, shown = taught_by(story.work, ticket)
    assert (entered.after["keyword"], entered.by_id) == ("立交桥下", SUPERVISOR.user_id)
    assert PHONE not in shown.after["text"]
    assert "立交桥下" in shown.after["text"]
    handling.resolve(story.by(OTHER_HANDLER), ticket, A_RESULT)
    assert Action.OPEN_DISPUTE in story.actions(ticket)
