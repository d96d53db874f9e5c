"""An urgent matter that nobody touches, until the supervisor does."""

from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.models.ticket import Urgency
from hotline.tickets import handling, supervision, worklists
from sla.policy import Stage
from tests.builders import A_RESULT, HANDLER, LEADER, SUPERVISOR, a_dispatched_ticket
from tests.journeys.conftest import Story


def test_an_urgent_ticket_left_alone_is_warned_of_breached_supervised_and_ends_late(story: Story) -> None:
    ticket = a_dispatched_ticket(story.work, urgency=Urgency.URGENT)

    story.later(hours=25)

    actions = story.actions(ticket)
    assert actions.count(Action.BREACH) == len({Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE})
    assert actions.index(Action.WARN) < actions.index(Action.BREACH)
    assert worklists.counts(story.by(SUPERVISOR), ["overdue"]) == {"overdue": 1}

    supervision.supervise(story.by(SUPERVISOR), ticket, text="已超时，请今日办结并书面说明")
    handling.accept(story.by(HANDLER), ticket)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="致歉并说明今日到场")
    story.later(hours=2)
    handling.resolve(story.by(LEADER), ticket, A_RESULT)

    assert ticket.status is Status.RESOLVED
    assert ticket.supervised == 1
    for stage in (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE):
        assert story.clock(ticket, stage).outcome is DeadlineOutcome.LATE


def test_each_clock_is_warned_of_once_and_breached_once_however_often_it_is_swept(story: Story) -> None:
    ticket = a_dispatched_ticket(story.work, urgency=Urgency.URGENT)

    for _ in range(30):
        story.later(hours=1)

    actions = story.actions(ticket)
    assert actions.count(Action.WARN) == actions.count(Action.BREACH) == 3
