"""Two calls about one thing, joined, and taken apart again when they prove to be two."""

import pytest

from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import merging, supervision
from hotline.work import CITIZEN
from sla.policy import Stage
from tests.builders import DISPATCHER, a_dispatched_ticket, an_accepted_ticket
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
