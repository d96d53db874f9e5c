"""A caller who is not content, a second round, and a caller who is."""

from hotline.lifecycle import Status
from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Closing
from hotline.tickets import followup, handling, review, scorecard
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import A_RESULT, FOLLOWER, HANDLER, REVIEWER, SUPERVISOR, a_ticket_to_follow_up
from tests.journeys.conftest import Story

ANOTHER_FOLLOWER = Actor("another-follower", FOLLOWER.roles)
BAD = followup.Answers("bad", True, Contacted.YES, Solved.NO, 1, "not_handled", "没人来看过")
GOOD = followup.Answers("good", True, Contacted.YES, Solved.YES, 4)


def test_an_unsatisfied_caller_is_heard_again_and_the_second_answer_closes(story: Story) -> None:
    begin = story.now
    ticket = a_ticket_to_follow_up(story.work)
    followup.record_follow_up(story.by(FOLLOWER), ticket, BAD, step=followup.SEND_BACK)

    assert (ticket.status, ticket.round) == (Status.DISPATCHED, 2)
    assert story.clock(ticket, Stage.RESOLVE).allowance == "3wd"

    handling.accept(story.by(HANDLER), ticket)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="致歉并约定再次到场")
    story.later(days=1)
    handling.resolve(story.by(HANDLER), ticket, A_RESULT)
    review.accept_result(story.by(REVIEWER), ticket)
    story.later(hours=4)
    followup.record_follow_up(story.by(ANOTHER_FOLLOWER), ticket, GOOD)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.FOLLOWED_UP)
    # Both answers count, each for the round that it judged.
    assert scorecard.rates(story.work, begin).resolution == scorecard.Rate(1, 2)


def test_after_the_last_round_a_bad_answer_is_the_supervisors_to_close(story: Story) -> None:
    ticket = a_ticket_to_follow_up(story.work)
    followup.record_follow_up(story.by(FOLLOWER), ticket, BAD, step=followup.SEND_BACK)
    handling.accept(story.by(HANDLER), ticket)
    handling.contact(story.by(HANDLER), ticket, reached=True, note="再次联系")
    handling.resolve(story.by(HANDLER), ticket, A_RESULT)
    review.accept_result(story.by(REVIEWER), ticket)

    still_bad = followup.Answers("bad again", True, Contacted.YES, Solved.NO, 2, "perfunctory")
    followup.record_follow_up(story.by(ANOTHER_FOLLOWER), ticket, still_bad)
    assert ticket.status is Status.AWAITING_FOLLOW_UP
    followup.conclude_standing(story.by(SUPERVISOR), ticket, step=followup.CLOSE, reason=None, text="已告知")

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.AFTER_LIMIT)
