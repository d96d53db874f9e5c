"""More time (延期), a halt (挂起, 挂账), out of the scorecard (剔除): asked for and capped; others decide."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.errors import IllegalTransition, InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import (
    applications,
    deadlines,
    followup,
    handling,
    requested,
    returns,
    review,
    suspension,
    timeline,
)
from hotline.work import SYSTEM, Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import BAD, NOT_OURS, answers, in_days

INSIDER = Actor("insider", frozenset({Role.REVIEWER, Role.SUPERVISOR}), None, LEAD)


def local(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def resolve_clock(work, ticket):
    return next(one for one in deadlines.all_of(work, ticket) if one.stage == Stage.RESOLVE)


def ask_time(work, ticket, amount="3wd", after=timedelta(), actor=HANDLER):
    return applications.request_extension(
        by(work, actor, after=after), ticket, amount=amount, reason="material", text="灯具待料"
    )


def decide_time(work, ticket, *, granted=True, actor=REVIEWER, text="理由"):
    applications.decide_extension(by(work, actor), ticket, granted=granted, text=text)


def ask_halt(work, ticket, *, until=None, reason="outside_event", actor=HANDLER):
    return suspension.request_suspension(
        by(work, actor), ticket, reason=reason, text="连日降雨", until=until or in_days(work, 3)
    )


def halt(work, ticket, **ask):
    ask_halt(work, ticket, **ask)
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")


def ask_exclusion(work, ticket, actor=HANDLER):
    return applications.request_exclusion(
        by(work, actor), ticket, reason="beyond_power", basis="会议纪要〔2026〕12 号", text="历史遗留"
    )


def decide_exclusion(work, ticket, actor, *, granted=True, text="理由"):
    applications.decide_exclusion(by(work, actor), ticket, granted=granted, text=text)


class TestExtension:
    def test_granted_it_moves_the_resolve_clock(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket, "3wd")
        assert resolve_clock(work, ticket).due_at == local(12, 3, 18)

        decide_time(work, ticket)

        assert resolve_clock(work, ticket).due_at == local(12, 8, 18)
        assert resolve_clock(work, ticket).extension == "3wd"

    def test_refused_it_moves_nothing(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket)

        decide_time(work, ticket, granted=False)

        assert resolve_clock(work, ticket).due_at == local(12, 3, 18)

    def test_it_may_be_as_long_as_the_city_allows_and_no_longer(self, work):
        ticket = an_accepted_ticket(work)

        with pytest.raises(LimitReached) as refusal:
            ask_time(work, ticket, "8wd")
        assert (refusal.value.rule, refusal.value.limit) == ("extension_too_long", "7wd")
        ask_time(work, ticket, "7wd")

    def test_it_is_no_longer_than_the_limit_that_it_extends(self, work):
        ticket = an_accepted_ticket(work)
        resolve_clock(work, ticket).allowance = "3wd"

        with pytest.raises(LimitReached) as refusal:
            ask_time(work, ticket, "4wd")
        assert (refusal.value.rule, refusal.value.limit) == ("extension_too_long", "3wd")
        ask_time(work, ticket, "3wd")

    def test_a_city_may_let_it_be_longer_than_the_limit_that_it_extends(self, work):
        rules = replace(work.city.policy.rules, extension_within_original=False)
        city = replace(work.city, policy=replace(work.city.policy, rules=rules))
        ticket = an_accepted_ticket(work)
        resolve_clock(work, ticket).allowance = "3wd"

        ask_time(replace(work, city=city), ticket, "7wd")

    @pytest.mark.parametrize("amount", ["7d", "56wh", "1000m"])
    def test_it_is_in_the_unit_of_the_clock(self, work, amount):
        with pytest.raises(LimitReached):
            ask_time(work, an_accepted_ticket(work), amount)

    def test_a_cap_in_another_unit_than_the_clock_does_not_loosen_it(self, work):
        ticket = an_accepted_ticket(work)
        ticket.urgency = Urgency.URGENT

        with pytest.raises(LimitReached):
            ask_time(work, ticket, "20wd")

    @pytest.mark.parametrize("amount", ["", "soon", "0wd", "-1wd", "3 days"])
    def test_its_length_must_be_readable(self, work, amount):
        with pytest.raises(InvalidInput) as problem:
            ask_time(work, an_accepted_ticket(work), amount)

        assert problem.value.fields == {"amount": "amount"}

    def test_it_is_asked_for_before_the_deadline(self, work):
        early, late = an_accepted_ticket(work), an_accepted_ticket(work)
        due = local(12, 3, 18)

        ask_time(replace(work, now=due), early)
        with pytest.raises(LimitReached) as refusal:
            ask_time(replace(work, now=due + timedelta(seconds=1)), late)

        assert refusal.value.rule == "extension_too_late"

    def test_it_is_granted_once_a_round(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket, "1wd")
        decide_time(work, ticket)

        with pytest.raises(LimitReached) as refusal:
            ask_time(work, ticket, "1wd")

        assert refusal.value.rule == "limit_reached"

    def test_a_new_round_has_its_own_count(self, work):
        rework = work.city.policy.targets[0]
        longer = replace(rework, extension=work.city.policy.targets[5].extension)
        policy = replace(work.city.policy, targets=(longer, *work.city.policy.targets[1:]))
        work = replace(work, city=replace(work.city, policy=policy))
        ticket = a_contacted_ticket(work)
        ask_time(work, ticket, "1wd")
        decide_time(work, ticket)
        handling.resolve(by(work, HANDLER), ticket, A_RESULT)
        review.accept_result(by(work, REVIEWER), ticket)
        followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=followup.SEND_BACK)
        handling.accept(by(work, HANDLER), ticket)

        ask_time(work, ticket, "1wd")

        assert applications.pending(work, ticket, ApplicationKind.EXTENSION).round == 2

    def test_after_a_refusal_it_may_be_asked_for_again(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket)
        decide_time(work, ticket, granted=False)

        ask_time(work, ticket)

    def test_two_do_not_wait_at_once(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket)

        with pytest.raises(LimitReached) as refusal:
            ask_time(work, ticket)

        assert refusal.value.rule == "already_asked"

    def test_some_tickets_get_none(self, work):
        with pytest.raises(LimitReached) as refusal:
            ask_time(work, an_accepted_ticket(work, kind=Kind.ENQUIRY), "1wd")

        assert refusal.value.rule == "no_extension"

    def test_where_no_clock_runs_there_is_nothing_to_extend(self, work):
        with pytest.raises(LimitReached) as refusal:
            ask_time(work, an_accepted_ticket(work, kind=Kind.PRAISE), "1wd")

        assert refusal.value.rule == "no_clock"

    def test_only_the_lead_asks_and_never_decides(self, work):
        ticket = an_accepted_ticket(work)

        with pytest.raises(NotAllowed):
            ask_time(work, ticket, actor=OTHER_HANDLER)
        ask_time(work, ticket)
        for actor in (HANDLER, DISPATCHER, INSIDER):
            with pytest.raises(NotAllowed):
                decide_time(work, ticket, actor=actor)

    def test_a_refusal_says_why(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket)

        with pytest.raises(InvalidInput):
            decide_time(work, ticket, granted=False, text="")

    def test_nothing_is_decided_where_nothing_waits(self, work):
        with pytest.raises(NotFound):
            decide_time(work, an_accepted_ticket(work))

    def test_it_lapses_when_the_department_reports_first(self, work):
        ticket = a_contacted_ticket(work)
        asked = ask_time(work, ticket)

        handling.resolve(by(work, HANDLER), ticket, A_RESULT)

        assert asked.state is ApplicationState.LAPSED

    def test_the_record_says_the_new_date(self, work):
        ticket = an_accepted_ticket(work)
        ask_time(work, ticket)

        decide_time(work, ticket)

        details = timeline.acted(work, ticket, Action.GRANT_EXTENSION)[0].details
        assert datetime.fromisoformat(details["due_at"]) == resolve_clock(work, ticket).due_at


class TestSuspension:
    def test_it_stops_the_clock_only_once_granted(self, work):
        ticket = an_accepted_ticket(work)
        ask_halt(work, ticket)
        assert resolve_clock(work, ticket).due_at == local(12, 3, 18)

        suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")

        assert ticket.status is Status.SUSPENDED
        assert resolve_clock(work, ticket).due_at is None
        assert ticket.next_due_at is None

    def test_resumed_the_clock_has_what_it_had_left(self, work):
        ticket = an_accepted_ticket(work, urgency=Urgency.URGENT)
        halt(by(work, HANDLER, after=2 * HOUR), ticket)

        suspension.resume(by(work, REVIEWER, after=50 * HOUR), ticket)

        assert ticket.status is Status.ACCEPTED
        assert resolve_clock(work, ticket).due_at == local(11, 25, 10) + 48 * HOUR

    def test_two_halts_each_give_back_their_own_time(self, work):
        ticket = an_accepted_ticket(work, urgency=Urgency.URGENT)
        halt(by(work, HANDLER, after=HOUR), ticket)
        suspension.resume(by(work, REVIEWER, after=5 * HOUR), ticket)
        halt(by(work, HANDLER, after=6 * HOUR), ticket)

        suspension.resume(by(work, REVIEWER, after=9 * HOUR), ticket)

        assert resolve_clock(work, ticket).due_at == local(11, 25, 10) + 7 * HOUR

    def test_a_halt_after_the_deadline_does_not_undo_the_breach(self, work):
        ticket = an_accepted_ticket(work, urgency=Urgency.URGENT)
        due = resolve_clock(work, ticket).due_at

        halt(by(work, HANDLER, after=2 * DAY), ticket)

        assert resolve_clock(work, ticket).due_at == due

    def test_a_city_may_let_the_clock_run_through_a_halt(self, work):
        rules = replace(work.city.policy.rules, suspension_pauses=False)
        work = replace(work, city=replace(work.city, policy=replace(work.city.policy, rules=rules)))
        ticket = an_accepted_ticket(work)

        halt(work, ticket)

        assert resolve_clock(work, ticket).due_at == local(12, 3, 18)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"reason": "other_unit_is_slow"}, "reason"), ({"until": date(2026, 11, 24)}, "until")],
    )
    def test_it_needs_a_reason_of_the_list_and_a_day_to_come(self, work, changes, field):
        with pytest.raises(InvalidInput) as problem:
            ask_halt(work, an_accepted_ticket(work), **changes)

        assert list(problem.value.fields) == [field]

    def test_without_a_day_there_is_no_halt(self, work):
        with pytest.raises(InvalidInput):
            suspension.request_suspension(
                by(work, HANDLER), an_accepted_ticket(work), reason="outside_event", text="雨", until=None
            )

    def test_it_may_last_fifteen_working_days_in_all(self, work):
        ticket = an_accepted_ticket(work)

        with pytest.raises(LimitReached) as refusal:
            ask_halt(work, ticket, until=date(2026, 12, 16))
        assert (refusal.value.rule, refusal.value.limit) == ("suspension_too_long", "15wd")
        ask_halt(work, ticket, until=date(2026, 12, 15))

    def test_what_was_used_before_counts(self, work):
        ticket = an_accepted_ticket(work)
        halt(work, ticket, until=date(2026, 12, 4))
        resumed = by(work, REVIEWER, after=10 * DAY)
        suspension.resume(resumed, ticket)

        with pytest.raises(LimitReached) as refusal:
            ask_halt(resumed, ticket, until=date(2026, 12, 25))
        assert refusal.value.rule == "suspension_too_long"
        ask_halt(resumed, ticket, until=date(2026, 12, 14))

    def test_it_is_granted_twice_at_most(self, work):
        ticket = an_accepted_ticket(work)
        for _ in range(2):
            halt(work, ticket)
            suspension.resume(by(work, REVIEWER), ticket)

        with pytest.raises(LimitReached) as refusal:
            ask_halt(work, ticket)

        assert refusal.value.rule == "limit_reached"

    def test_on_its_day_the_ticket_resumes_by_itself(self, work):
        ticket = an_accepted_ticket(work)
        halt(work, ticket, until=date(2026, 11, 27))
        before, on_the_day = (replace(work, actor=SYSTEM, now=local(11, day, 1)) for day in (26, 27))

        assert suspension.due_resumes(before) == []
        assert suspension.due_resumes(on_the_day) == [ticket.id]
        assert suspension.resume_when_due(on_the_day, ticket.id)
        assert not suspension.resume_when_due(on_the_day, ticket.id)

        assert (ticket.status, ticket.resume_on) == (Status.ACCEPTED, None)

    def test_a_suspended_ticket_is_not_handled(self, work):
        ticket = a_contacted_ticket(work)
        halt(work, ticket)

        with pytest.raises(IllegalTransition):
            handling.resolve(by(work, HANDLER), ticket, A_RESULT)

    def test_the_department_does_not_decide(self, work):
        ticket = an_accepted_ticket(work)
        ask_halt(work, ticket)

        for actor in (HANDLER, INSIDER):
            with pytest.raises(NotAllowed):
                suspension.decide_suspension(by(work, actor), ticket, granted=True, text="")

    def test_refused_the_ticket_stays_in_hand(self, work):
        ticket = an_accepted_ticket(work)
        ask_halt(work, ticket)

        suspension.decide_suspension(by(work, REVIEWER), ticket, granted=False, text="雨已停")

        assert (ticket.status, ticket.resume_on) == (Status.ACCEPTED, None)


class TestDeferral:
    def test_it_stops_the_clock_until_it_is_written_off(self, work):
        ticket = an_accepted_ticket(work, urgency=Urgency.URGENT)

        suspension.defer(by(work, SUPERVISOR), ticket, review_on=date(2026, 12, 24), text="待道路改造")
        assert (ticket.status, resolve_clock(work, ticket).due_at) == (Status.DEFERRED, None)
        suspension.write_off(by(work, SUPERVISOR, after=30 * DAY), ticket)

        assert ticket.status is Status.ACCEPTED
        assert resolve_clock(work, ticket).due_at == local(11, 25, 10) + 30 * DAY

    def test_on_its_review_day_the_ticket_comes_back_by_itself(self, work):
        ticket = an_accepted_ticket(work)
        suspension.defer(by(work, SUPERVISOR), ticket, review_on=date(2026, 12, 24), text="待道路改造")
        on_the_day = replace(work, actor=SYSTEM, now=local(12, 24, 1))

        for ticket_id in suspension.due_resumes(on_the_day):
            suspension.resume_when_due(on_the_day, ticket_id)

        assert ticket.status is Status.ACCEPTED

    @pytest.mark.parametrize(
        "day", [None, date(1900, 1, 1), date(2026, 11, 24), date(2027, 5, 24), date(2100, 1, 1)]
    )
    def test_its_review_day_lies_ahead_and_within_half_a_year(self, work, day):
        with pytest.raises(InvalidInput) as problem:
            suspension.defer(by(work, SUPERVISOR), an_accepted_ticket(work), review_on=day, text="待改造")

        assert list(problem.value.fields) == ["review_on"]

    def test_the_supervisor_says_why(self, work):
        with pytest.raises(InvalidInput):
            suspension.defer(
                by(work, SUPERVISOR), an_accepted_ticket(work), review_on=date(2026, 12, 24), text=""
            )

    def test_only_the_supervisor_defers(self, work):
        for actor in (HANDLER, REVIEWER, DISPATCHER):
            with pytest.raises(NotAllowed):
                suspension.defer(
                    by(work, actor), an_accepted_ticket(work), review_on=date(2026, 12, 24), text="待改造"
                )


class TestExclusion:
    def test_it_takes_two_reviewers(self, work):
        ticket = a_resolved_ticket(work)
        asked = ask_exclusion(work, ticket)

        decide_exclusion(work, ticket, REVIEWER)
        assert (asked.state, applications.is_excluded(work, ticket)) == (ApplicationState.SECONDED, False)
        decide_exclusion(work, ticket, SECOND_REVIEWER)

        assert (asked.state, applications.is_excluded(work, ticket)) == (ApplicationState.GRANTED, True)

    def test_the_same_reviewer_does_not_count_twice(self, work):
        ticket = a_resolved_ticket(work)
        ask_exclusion(work, ticket)
        decide_exclusion(work, ticket, REVIEWER)

        with pytest.raises(InvalidInput) as problem:
            decide_exclusion(work, ticket, REVIEWER)

        assert problem.value.fields == {"decision": "second_person"}
        assert not applications.is_excluded(work, ticket)

    def test_either_reviewer_can_refuse(self, work):
        first, second = a_resolved_ticket(work), a_resolved_ticket(work)
        for ticket in (first, second):
            ask_exclusion(work, ticket)
        decide_exclusion(work, second, REVIEWER)

        decide_exclusion(work, first, REVIEWER, granted=False)
        decide_exclusion(work, second, SECOND_REVIEWER, granted=False)

        assert not any(applications.is_excluded(work, one) for one in (first, second))
        assert requested.waiting_applications(work).waiting == []

    def test_a_refusal_says_why(self, work):
        ticket = a_resolved_ticket(work)
        ask_exclusion(work, ticket)

        with pytest.raises(InvalidInput):
            decide_exclusion(work, ticket, REVIEWER, granted=False, text=" ")

    def test_neither_is_of_the_department_s_side(self, work):
        ticket = a_resolved_ticket(work)
        ask_exclusion(work, ticket)

        for actor in (INSIDER, HANDLER, SUPERVISOR):
            with pytest.raises(NotAllowed):
                decide_exclusion(work, ticket, actor)

    def test_it_needs_ground_basis_and_words(self, work):
        with pytest.raises(InvalidInput) as problem:
            applications.request_exclusion(
                by(work, HANDLER), a_resolved_ticket(work), reason="", basis=" ", text=""
            )

        assert list(problem.value.fields) == ["reason", "basis", "text"]

    def test_only_the_lead_asks_and_only_once_it_has_reported(self, work):
        with pytest.raises(NotAllowed):
            ask_exclusion(work, a_resolved_ticket(work), OTHER_HANDLER)
        with pytest.raises(IllegalTransition):
            ask_exclusion(work, an_accepted_ticket(work))

    def test_granted_once_it_is_not_asked_for_again(self, work):
        ticket = a_resolved_ticket(work)
        ask_exclusion(work, ticket)
        decide_exclusion(work, ticket, REVIEWER)
        decide_exclusion(work, ticket, SECOND_REVIEWER)

        with pytest.raises(LimitReached):
            ask_exclusion(work, ticket)

    def test_it_lapses_when_the_ticket_is_sent_back_to_be_handled_again(self, work):
        ticket = a_ticket_to_follow_up(work)
        asked = ask_exclusion(work, ticket)

        followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=followup.SEND_BACK)

        assert asked.state is ApplicationState.LAPSED


def test_the_desk_sees_what_waits_oldest_first_and_counts_it(work):
    first, second, third = (an_accepted_ticket(work) for _ in range(3))
    ask_time(work, second, after=HOUR)
    ask_halt(work, first)
    returns.request_return(by(work, LEADER, after=2 * HOUR), third, NOT_OURS)

    waiting = requested.waiting_applications(work).waiting

    assert [line.ticket for line in waiting] == [first, second, third]
    assert applications.waiting_counts(work) == {
        ApplicationKind.EXTENSION: 1,
        ApplicationKind.SUSPENSION: 1,
        ApplicationKind.RETURN: 1,
    }
    only = requested.waiting_applications(work, ApplicationKind.EXTENSION).waiting
    assert [line.ticket for line in only] == [second]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_what_was_asked_at_the_same_moment_is_paged_one_by_one(work, size):
    asked = [an_accepted_ticket(work) for _ in range(3)]
    for ticket in asked:
        ask_time(work, ticket)
    listed, after = [], None
    while after or not listed:
        page = requested.waiting_applications(work, after=after, size=size)
        listed += [line.ticket for line in page.waiting]
        after = page.after

    assert listed == asked


@pytest.mark.parametrize("after", ["", "x", "2026-11-24|1", f"2026-11-24T02:00:00+00:00|{2**63}"])
def test_a_broken_key_begins_at_the_first_application(work, after):
    ticket = an_accepted_ticket(work)
    ask_time(work, ticket)

    assert [line.ticket for line in requested.waiting_applications(work, after=after).waiting] == [ticket]
