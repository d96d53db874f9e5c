"""Ask the caller (回访): by someone who had no part in it; then close, or send it back."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import IllegalTransition, InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.follow_up import Contacted, FollowUp, Solved, Via
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Closing, Kind, Urgency
from hotline.tickets import callers, deadlines, followup, handling, rating, review, supervision, timeline
from hotline.tickets.followup import CLOSE, SEND_BACK
from hotline.tickets.promises import SEND_LINK
from hotline.work import CITIZEN, SYSTEM, Actor
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    OTHER,
    REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    by,
)
from tests.hotline.tickets.deeds import BAD, DISAGREES, GOOD, UNREACHED, answers

GAP = timedelta(days=1)


def ask(work, ticket, said, *, step=None, actor=FOLLOWER, after=timedelta()):
    return followup.record_follow_up(by(work, actor, after=after), ticket, answers(said), step=step)


def in_last_round(work):
    """A ticket of the second and last round whose caller may be asked."""
    ticket = a_ticket_to_follow_up(work)
    ask(work, ticket, BAD, step=SEND_BACK)
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已再次联系")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    return ticket


def tried_in_vain(work, times=3):
    ticket = a_ticket_to_follow_up(work)
    for attempt in range(times):
        ask(work, ticket, UNREACHED, after=attempt * GAP)
    return ticket


def links_promised(session):
    kinds = select(OutboxMessage).where(OutboxMessage.kind == SEND_LINK)
    return session.scalars(kinds).all()


def test_good_answers_close_the_ticket(work):
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, GOOD, after=HOUR)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.FOLLOWED_UP)
    assert ticket.closed_at == work.now + HOUR
    assert deadlines.running(work, ticket) == []


@pytest.mark.parametrize("satisfied", [3, 4, 5])
def test_the_three_upper_answers_are_satisfied(work, satisfied):
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, replace(GOOD, satisfied=satisfied))

    assert ticket.status is Status.CLOSED


@pytest.mark.parametrize(
    "said", [replace(BAD, solved=Solved.PARTLY, satisfied=5), replace(BAD, solved=Solved.YES, satisfied=2)]
)
def test_partly_solved_or_not_satisfied_is_not_good(work, said):
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, said)

    assert ticket.status is Status.AWAITING_FOLLOW_UP


def test_a_bad_answer_sends_the_ticket_back_to_the_department(work):
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, BAD, step=SEND_BACK)

    assert (ticket.status, ticket.round, ticket.lead_code) == (Status.DISPATCHED, 2, LEAD)
    assert timeline.acted(work, ticket, Action.SEND_BACK)[0].details["reason"] == "not_handled"


def test_a_reason_that_is_not_the_department_s_fault_closes(work):
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, DISAGREES, step=CLOSE)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.FOLLOWED_UP)


def test_what_is_the_department_s_fault_is_not_closed_away(work):
    ticket = a_ticket_to_follow_up(work)

    with pytest.raises(InvalidInput) as problem:
        ask(work, ticket, BAD, step=CLOSE)

    assert problem.value.fields == {"step": "fault_must_go_back"}


def test_after_the_last_round_it_is_the_supervisor_s(work):
    ticket = in_last_round(work)

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket, BAD, step=SEND_BACK)

    assert (refusal.value.rule, refusal.value.limit) == ("rounds_used", 2)


@pytest.mark.parametrize(
    ("step", "status", "closing"),
    [(CLOSE, Status.CLOSED, Closing.AFTER_LIMIT), (SEND_BACK, Status.DISPATCHED, None)],
)
def test_the_supervisor_closes_after_the_limit_or_sends_it_back_once_more(work, step, status, closing):
    ticket = in_last_round(work)
    ask(work, ticket, BAD)

    followup.conclude_standing(by(work, SUPERVISOR), ticket, step=step, reason=None, text="已约谈")

    assert (ticket.status, ticket.closing) == (status, closing)


def test_having_ordered_or_pressed_does_not_bar_the_supervisor_from_judging(work):
    ticket = a_ticket_to_follow_up(work)
    supervision.urge(by(work, SUPERVISOR), ticket)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")
    ask(work, ticket, BAD)

    followup.conclude_standing(by(work, SUPERVISOR), ticket, step=CLOSE, reason=None, text="已约谈")

    assert ticket.status is Status.CLOSED


def test_who_sent_it_back_may_ask_again_after_the_next_round(work):
    ticket = in_last_round(work)

    ask(work, ticket, GOOD)

    assert ticket.status is Status.CLOSED


def test_a_step_that_does_not_exist_is_refused(work):
    with pytest.raises(InvalidInput):
        ask(work, a_ticket_to_follow_up(work), BAD, step="forget")


@pytest.mark.parametrize("member", [AGENT, DISPATCHER, REVIEWER])
def test_nobody_follows_up_what_he_logged_dispatched_or_reviewed(work, member):
    ticket = a_ticket_to_follow_up(work)
    both = replace(member, roles=frozenset({*member.roles, Role.FOLLOW_UP}))

    with pytest.raises(NotAllowed) as refusal:
        ask(work, ticket, GOOD, actor=both)

    assert refusal.value.reason == "own_work"


@pytest.mark.parametrize("department", [LEAD])
def test_nobody_follows_up_what_his_department_handled(work, department):
    insider = Actor("insider", frozenset({Role.FOLLOW_UP}), None, department)

    with pytest.raises(NotAllowed) as refusal:
        ask(work, a_ticket_to_follow_up(work), GOOD, actor=insider)

    assert refusal.value.reason == "own_side"


def test_a_department_that_had_no_part_in_it_is_no_side(work):
    outsider = Actor("outsider", frozenset({Role.FOLLOW_UP}), None, OTHER)
    ticket = a_ticket_to_follow_up(work)

    ask(work, ticket, GOOD, actor=outsider)

    assert ticket.status is Status.CLOSED


def test_the_department_cannot_answer_for_the_caller(work):
    ticket = a_ticket_to_follow_up(work)

    with pytest.raises(NotAllowed):
        ask(work, ticket, GOOD, actor=HANDLER)


def test_looking_and_remarking_do_not_bar_from_following_up(work):
    ticket = a_ticket_to_follow_up(work)
    supervision.note(by(work, FOLLOWER), ticket, text="晚上再拨")
    callers.reveal(by(work, FOLLOWER), ticket, "回访拨号")

    ask(work, ticket, GOOD)

    assert ticket.status is Status.CLOSED


def test_nothing_is_asked_before_the_result_is_accepted(work):
    with pytest.raises(IllegalTransition):
        ask(work, a_resolved_ticket(work), GOOD)


def test_the_same_form_twice_is_one_attempt(work, session):
    ticket = a_ticket_to_follow_up(work)
    said = answers(UNREACHED)

    first = followup.record_follow_up(by(work, FOLLOWER), ticket, said)
    second = followup.record_follow_up(by(work, FOLLOWER), ticket, said)

    assert first is second
    assert len(followup.attempts_of(work, ticket)) == 1
    assert len(timeline.acted(work, ticket, Action.ATTEMPT)) == 1


def test_the_form_that_closed_the_ticket_may_come_twice(work):
    ticket = a_ticket_to_follow_up(work)
    said = answers(GOOD)
    followup.record_follow_up(by(work, FOLLOWER), ticket, said)

    followup.record_follow_up(by(work, FOLLOWER), ticket, said)

    assert ticket.status is Status.CLOSED


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (replace(GOOD, contacted=None, solved=None), ["contacted", "solved"]),
        (replace(GOOD, satisfied=None), ["satisfied"]),
        (replace(GOOD, satisfied=0), ["satisfied"]),
        (replace(GOOD, satisfied=6), ["satisfied"]),
        (replace(BAD, reason=None), ["reason"]),
        (replace(BAD, reason="made_up"), ["reason"]),
    ],
)
def test_an_answer_is_whole(work, said, fields):
    with pytest.raises(InvalidInput) as problem:
        ask(work, a_ticket_to_follow_up(work), said)

    assert list(problem.value.fields) == fields


def test_an_unanswered_call_is_an_attempt_and_nothing_more(work):
    ticket = a_ticket_to_follow_up(work)

    attempt = ask(work, ticket, UNREACHED)

    assert (attempt.attempt, attempt.reached, attempt.via) == (1, False, Via.PHONE)
    assert ticket.status is Status.AWAITING_FOLLOW_UP


def test_between_two_unanswered_calls_lie_four_working_hours(work):
    ticket = a_ticket_to_follow_up(work)
    ask(work, ticket, UNREACHED)

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket, UNREACHED, after=timedelta(hours=5, minutes=59))
    assert (refusal.value.rule, refusal.value.limit) == ("called_just_now", "4wh")
    ask(work, ticket, UNREACHED, after=6 * HOUR)

    assert len(followup.attempts_of(work, ticket)) == 2


def test_who_answers_is_heard_however_soon(work):
    ticket = a_ticket_to_follow_up(work)
    ask(work, ticket, UNREACHED)

    ask(work, ticket, GOOD, after=timedelta(minutes=5))

    assert ticket.status is Status.CLOSED


def test_once_the_attempts_run_out_one_link_is_sent(work, session):
    ticket = tried_in_vain(work, times=2)
    assert links_promised(session) == []

    ask(work, ticket, UNREACHED, after=2 * GAP)
    ask(work, ticket, UNREACHED, after=3 * GAP)

    assert [message.payload["ticket"] for message in links_promised(session)] == [ticket.id]


def test_an_unanswered_link_closes_the_ticket_as_unreached_when_its_days_are_over(work):
    ticket = tried_in_vain(work)
    before = replace(work, actor=SYSTEM, now=work.now + 2 * GAP + 7 * DAY)
    after = replace(before, now=before.now + timedelta(seconds=1))

    assert followup.expired(before) == []
    assert followup.expired(after) == [ticket.id]
    assert followup.close_expired(after, ticket.id)
    assert not followup.close_expired(after, ticket.id)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.UNREACHED)


def test_attempts_that_have_not_run_out_do_not_expire(work):
    tried_in_vain(work, times=2)

    assert followup.expired(by(work, SYSTEM, after=60 * DAY)) == []


def test_an_answer_by_link_keeps_the_ticket_from_expiring(work):
    ticket = tried_in_vain(work)
    rating.rate(by(work, CITIZEN, after=3 * DAY), ticket, answers(replace(BAD, reason=None)), via=Via.LINK)
    later = by(work, SYSTEM, after=60 * DAY)

    assert followup.expired(later) == []
    assert not followup.close_expired(later, ticket.id)


def test_a_city_may_keep_unreached_tickets_open(work):
    rules = replace(work.city.follow_up, unreached_closes=False)
    work = replace(work, city=replace(work.city, follow_up=rules))
    tried_in_vain(work)

    assert followup.expired(by(work, SYSTEM, after=60 * DAY)) == []


def test_attempts_count_anew_in_the_next_round(work, session):
    ticket = tried_in_vain(work, times=2)
    ask(work, ticket, BAD, step=SEND_BACK, after=2 * GAP)
    later = by(work, HANDLER, after=3 * GAP)
    handling.accept(later, ticket)
    handling.contact(later, ticket, reached=True, note="已联系")
    handling.resolve(later, ticket, A_RESULT)
    review.accept_result(by(later, REVIEWER), ticket)

    attempt = ask(later, ticket, UNREACHED, after=GAP)

    assert (attempt.round, attempt.attempt) == (2, 1)
    assert links_promised(session) == []


def test_without_an_answer_there_is_nothing_to_judge(work):
    with pytest.raises(NotFound):
        followup.conclude_standing(
            by(work, FOLLOWER), a_ticket_to_follow_up(work), step=CLOSE, reason="policy", text=""
        )


def test_an_anonymous_caller_is_not_asked(work):
    ticket = a_ticket_to_follow_up(work, anonymous=True)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.UNREACHED)


def test_a_caller_without_a_number_is_not_asked(work):
    ticket = a_ticket_to_follow_up(work, identity=callers.Identity("王小川", None))

    assert ticket.closing is Closing.UNREACHED


def test_nobody_is_ever_asked_about_praise(work):
    assert a_ticket_to_follow_up(work, kind=Kind.PRAISE).closing is Closing.NOT_SAMPLED


def test_every_complaint_is_followed_up(work):
    ticket = a_logged_ticket(work)

    for serial in range(200):
        ticket.number = f"20261124{serial:06d}"
        assert followup.is_sampled(work, ticket)


def test_one_enquiry_in_five_is_followed_up_and_the_draw_cannot_be_repeated(work):
    ticket = a_logged_ticket(work, kind=Kind.ENQUIRY)
    drawn = Counter[bool]()

    for serial in range(2000):
        ticket.number = f"20261124{serial:06d}"
        drawn[followup.is_sampled(work, ticket)] += 1
        assert followup.is_sampled(work, ticket) == followup.is_sampled(work, ticket)

    assert 0.17 < drawn[True] / 2000 < 0.23


@pytest.mark.parametrize("special", [{"urgency": Urgency.CRITICAL}, {"supervised": 1}, {"round": 2}])
def test_what_is_critical_supervised_or_handled_again_is_always_asked(work, special):
    ticket = a_logged_ticket(work, kind=Kind.PRAISE)
    for name, value in special.items():
        setattr(ticket, name, value)

    assert followup.is_sampled(work, ticket)


def test_an_answer_counts_for_the_department_that_handled_it(work, session):
    ask(work, a_ticket_to_follow_up(work), replace(GOOD, contacted=Contacted.UNSURE))

    kept = session.scalars(select(FollowUp)).one()

    assert (kept.department_code, kept.contacted, kept.by_id) == (LEAD, Contacted.UNSURE, FOLLOWER.user_id)


def test_a_number_to_deliver_to_is_found_only_where_one_was_given(work):
    with_number, anonymous = a_logged_ticket(work), a_logged_ticket(work, anonymous=True)

    assert followup.phone_of(work, with_number) == "13800000001"
    assert followup.phone_of(work, anonymous) is None
