"""Two calls about one thing, joined, and taken apart again when they prove to be two."""

import pytest
from sqlalchemy import select

from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import followup, intake, merging, supervision
from hotline.tickets.promises import TELL_CALLER
from hotline.web import progress
from hotline.work import CITIZEN
from sla.policy import Stage
from tests.builders import (
    AGENT,
    DISPATCHER,
    FOLLOWER,
    a_dispatched_ticket,
    a_logged_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
)
from tests.hotline.tickets.deeds import GOOD, answers
from tests.journeys.conftest import Story


def test_a_merged_ticket_waits_for_its_parent_and_goes_on_as_if_never_stopped(story: Story) -> None:
    parent = an_accepted_ticket(story.work)
    repeat = a_dispatched_ticket(story.work)
    promised = story.clock(repeat, Stage.RESOLVE).due_at

    story.later(hours=1)
    merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="同一路段同一批路灯")
    story.later(days=1)

    assert (repeat.status, repeat.next_due_at) == (Status.MERGED, None)
    assert Action.WARN not in story.actions(repeat)
    assert [child.number for child in merging.children_of(story.work, parent)] == [repeat.number]

    merging.unmerge(story.by(DISPATCHER), repeat, reason="核实为两处不同路段")

    assert (repeat.status, repeat.parent_id) == (Status.DISPATCHED, None)
    assert story.clock(repeat, Stage.RESOLVE).due_at == promised
    assert story.clock(repeat, Stage.RESOLVE).outcome is None
    assert DeadlineOutcome.MERGED not in {
        story.clock(repeat, stage).outcome for stage in (Stage.ACCEPT, Stage.CONTACT)
    }


def test_one_caller_taking_it_back_does_not_end_what_another_called_about(story: Story) -> None:
    parent = an_accepted_ticket(story.work)
    repeat = a_dispatched_ticket(story.work)
    promised = story.clock(repeat, Stage.RESOLVE).due_at
    merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="同一路段同一批路灯")
    story.later(hours=3)

    supervision.withdraw(story.by(CITIZEN), parent, reason="家里的灯亮了")

    assert (parent.status, repeat.status) == (Status.WITHDRAWN, Status.DISPATCHED)
    assert (repeat.parent_id, story.clock(repeat, Stage.RESOLVE).due_at) == (None, promised)
    assert story.actions(repeat)[-1] is Action.UNMERGE


def test_a_ticket_into_which_others_were_merged_cannot_be_merged_itself(story: Story) -> None:
    parent, repeat, third = (a_dispatched_ticket(story.work) for _ in range(3))
    merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="重复来电")

    with pytest.raises(InvalidInput):
        merging.merge(story.by(DISPATCHER), parent, into=third.number, reason="重复来电")


@pytest.mark.parametrize("end", ["close", "withdraw", "transfer"])
def test_nothing_is_merged_into_what_nobody_handles_any_more(story: Story, end: str) -> None:
    parent, repeat = a_logged_ticket(story.work), a_dispatched_ticket(story.work)
    if end == "close":
        intake.answer(story.by(AGENT), parent, "营业时间为九点至十八点")
    elif end == "withdraw":
        supervision.withdraw(story.by(CITIZEN), parent, reason="好了")
    else:
        intake.transfer(story.by(DISPATCHER), parent, "petition", "guidance")

    with pytest.raises(InvalidInput) as refused:
        merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="重复来电")

    assert refused.value.fields == {"into": "parent_ended"}


def test_a_parent_passed_to_another_channel_leaves_the_others_to_the_hotline(story: Story) -> None:
    parent, repeat = a_logged_ticket(story.work), a_dispatched_ticket(story.work)
    merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="同一件事")

    intake.transfer(story.by(DISPATCHER), parent, "petition", "guidance")

    assert (repeat.status, repeat.parent_id) == (Status.DISPATCHED, None)


def test_who_called_about_a_merged_ticket_hears_and_reads_how_it_ended(story: Story) -> None:
    parent, repeat = a_ticket_to_follow_up(story.work), a_dispatched_ticket(story.work)
    merging.merge(story.by(DISPATCHER), repeat, into=parent.number, reason="同一件事")

    followup.record_follow_up(story.by(FOLLOWER), parent, answers(GOOD))

    assert caller_heard(story, repeat) == ["log", "dispatch", "merge", "close"]
    assert progress.answer_of(story.work, repeat) == parent.answer


def caller_heard(story: Story, ticket: Ticket) -> list[str]:
    told = select(OutboxMessage).where(OutboxMessage.kind == TELL_CALLER).order_by(OutboxMessage.id)
    payloads = [message.payload for message in story.work.session.scalars(told)]
    return [payload["action"] for payload in payloads if payload["ticket"] == ticket.id]
