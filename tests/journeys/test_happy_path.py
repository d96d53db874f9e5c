"""A complaint from the first call to the satisfied answer."""

from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Closing
from hotline.tickets import deadlines, dispatching, followup, handling, intake, review, scorecard, timeline
from tests.builders import A_RESULT, AGENT, DISPATCHER, FOLLOWER, HANDLER, LEAD, REVIEWER, a_call
from tests.journeys.conftest import Story


def test_a_complaint_is_registered_handled_and_closed_with_a_content_caller(story: Story) -> None:
    begin = story.now
    ticket = intake.log(story.by(AGENT), a_call(), auto_lane=False).ticket
    story.later(minutes=30)
    dispatching.dispatch(story.by(DISPATCHER), ticket, dispatching.Choice(LEAD))
    story.later(hours=1)
    handling.accept(story.by(HANDLER), ticket)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="约定今晚到场查看")
    story.later(days=2)
    handling.resolve(story.by(HANDLER), ticket, A_RESULT)
    story.later(hours=2)
    review.accept_result(story.by(REVIEWER), ticket)
    story.later(hours=3)
    content = followup.Answers("key-1", True, Contacted.YES, Solved.YES, 5)
    followup.record_follow_up(story.by(FOLLOWER), ticket, content)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.FOLLOWED_UP)
    assert {one.outcome for one in deadlines.all_of(story.work, ticket)} == {DeadlineOutcome.MET}
    assert ticket.next_due_at is None
    told = [event.action for event in timeline.public_events(story.work, ticket)]
    assert told[0] is Action.LOG
    assert told[-1] is Action.CLOSE
    assert scorecard.rates(story.work, begin).satisfaction == scorecard.Rate(1, 1)
