"""The clocks: when they start, stand still, go on and ring. NOW is a Tuesday, 10:00 in 滨海."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import (
    alerting,
    deadlines,
    dispatching,
    followup,
    handling,
    joint,
    orders,
    returns,
    review,
    supervision,
    timeline,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from sla import Calendars, Hours
from sla.policy import ResolveStart, Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import BAD, GOOD, NOT_OURS, answers, sweep, with_target


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of November 2026 as the city's clocks show it."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def clock(work, ticket, stage) -> Deadline:
    """The newest clock of this stage."""
    return [one for one in deadlines.all_of(work, ticket) if one.stage == stage][-1]


def stages(work, ticket) -> set[str]:
    return {one.stage for one in deadlines.running(work, ticket)}


def rules(work, **changes):
    """The same work in a city with other clock rules."""
    policy = replace(work.city.policy, rules=replace(work.city.policy.rules, **changes))
    return replace(work, city=replace(work.city, policy=policy))


def test_a_new_ticket_waits_two_working_hours_at_most_on_the_dispatch_desk(work):
    ticket = a_logged_ticket(work)

    assert stages(work, ticket) == {"dispatch"}
    assert clock(work, ticket, Stage.DISPATCH).due_at == local(24, 12)


def test_every_clock_of_the_department_starts_at_dispatch(work):
    ticket = a_logged_ticket(work)

    dispatching.dispatch(by(work, DISPATCHER, after=HOUR), ticket, Choice(LEAD))

    assert stages(work, ticket) == {"accept", "contact", "resolve"}
    assert {one.started_at for one in deadlines.running(work, ticket)} == {NOW + HOUR}
    assert clock(work, ticket, Stage.ACCEPT).due_at == local(25, 18)
    assert clock(work, ticket, Stage.RESOLVE).due_at == local(3, 18, month=12)


def test_never_signing_does_not_hold_the_clock(work):
    late, early = a_dispatched_ticket(work), a_dispatched_ticket(work)
    handling.accept(by(work, HANDLER), early)

    handling.accept(by(work, HANDLER, after=3 * DAY), late)

    assert clock(work, late, Stage.RESOLVE).due_at == clock(work, early, Stage.RESOLVE).due_at


@pytest.mark.parametrize(
    ("changes", "accept", "contact", "resolve"),
    [
        ({"urgency": Urgency.CRITICAL}, local(24, 10, 15), local(24, 10, 30), local(24, 12)),
        ({"urgency": Urgency.URGENT}, local(24, 10, 30), local(24, 12), local(25, 10)),
        ({"kind": Kind.ENQUIRY}, local(24, 16), local(25, 18), local(27, 18)),
        ({"kind": Kind.HELP}, local(25, 18), local(25, 18), local(1, 18, month=12)),
        # A report is confidential: the department knows of nobody to call.
        ({"kind": Kind.REPORT}, local(25, 18), None, local(3, 18, month=12)),
    ],
)
def test_each_sort_of_ticket_has_its_own_targets(work, changes, accept, contact, resolve):
    ticket = a_dispatched_ticket(work, **changes)

    due = {one.stage: one.due_at for one in deadlines.running(work, ticket)}

    assert (due["accept"], due.get("contact"), due["resolve"]) == (accept, contact, resolve)


def test_praise_has_no_clock_at_the_department(work):
    ticket = a_dispatched_ticket(work, kind=Kind.PRAISE)

    assert stages(work, ticket) == set()
    assert ticket.next_due_at is None


def test_the_ticket_shows_which_clock_falls_due_first(work):
    ticket = a_dispatched_ticket(work, urgency=Urgency.URGENT)

    assert (ticket.next_stage, ticket.next_due_at) == ("accept", local(24, 10, 30))


def test_accepting_in_time_meets_the_clock_and_too_late_does_not(work):
    early, late = a_dispatched_ticket(work), a_dispatched_ticket(work)

    handling.accept(replace(by(work, HANDLER), now=local(25, 18)), early)
    handling.accept(replace(by(work, HANDLER), now=local(25, 18) + timedelta(seconds=1)), late)

    assert clock(work, early, Stage.ACCEPT).outcome is DeadlineOutcome.MET
    assert clock(work, late, Stage.ACCEPT).outcome is DeadlineOutcome.LATE


def test_a_call_that_nobody_answers_does_not_stop_the_contact_clock(work):
    ticket = an_accepted_ticket(work)

    handling.contact(by(work, HANDLER), ticket, reached=False, note="无人接听")

    assert "contact" in stages(work, ticket)


def test_a_return_request_does_not_stop_the_resolve_clock(work):
    ticket = a_dispatched_ticket(work)
    due = clock(work, ticket, Stage.RESOLVE).due_at

    returns.request_return(by(work, LEADER, after=HOUR), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER, after=2 * DAY), ticket, granted=False, text="属你单位")

    assert clock(work, ticket, Stage.RESOLVE).due_at == due


def test_a_city_may_let_a_return_request_stop_the_clocks(work):
    lenient = rules(work, return_stops_resolve=True)
    ticket = a_dispatched_ticket(lenient, urgency=Urgency.URGENT)

    returns.request_return(by(lenient, LEADER), ticket, NOT_OURS)
    assert clock(work, ticket, Stage.RESOLVE).due_at is None
    returns.decide_return(by(lenient, DISPATCHER, after=HOUR), ticket, granted=False, text="属你单位")

    assert clock(work, ticket, Stage.RESOLVE).due_at == local(25, 11)


def test_after_a_granted_return_the_date_promised_to_the_caller_stands(work):
    ticket = a_dispatched_ticket(work)
    promised = clock(work, ticket, Stage.RESOLVE)
    returns.request_return(by(work, LEADER, after=HOUR), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER, after=2 * HOUR), ticket, granted=True, text="")
    assert stages(work, ticket) == {"dispatch", "resolve"}

    dispatching.dispatch(by(work, DISPATCHER, after=DAY), ticket, Choice(OTHER))

    assert clock(work, ticket, Stage.RESOLVE) is promised
    assert promised.due_at == local(3, 18, month=12)
    assert promised.department_code == OTHER
    assert clock(work, ticket, Stage.ACCEPT).started_at == NOW + DAY


def test_returned_clocks_are_not_judged(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER, after=3 * DAY), ticket, NOT_OURS)

    returns.decide_return(by(work, DISPATCHER, after=3 * DAY), ticket, granted=True, text="")

    assert clock(work, ticket, Stage.ACCEPT).outcome is DeadlineOutcome.CANCELLED


def test_resolving_stops_the_clock_and_starts_the_review(work):
    ticket = a_resolved_ticket(work)

    assert stages(work, ticket) == {"review"}
    assert clock(work, ticket, Stage.RESOLVE).outcome is DeadlineOutcome.MET
    assert clock(work, ticket, Stage.REVIEW).due_at == local(25, 18)


def test_a_result_sent_back_lets_the_clock_go_on_from_where_it_stopped(work):
    ticket = a_contacted_ticket(work, urgency=Urgency.URGENT)
    handling.resolve(by(work, HANDLER, after=10 * HOUR), ticket, A_RESULT)

    review.send_back_result(by(work, REVIEWER, after=15 * HOUR), ticket, fault="no_evidence", text="补照片")

    resolve = clock(work, ticket, Stage.RESOLVE)
    assert resolve.outcome is None
    assert resolve.due_at == local(25, 10) + 5 * HOUR
    assert resolve.turn == 1
    assert stages(work, ticket) == {"resolve"}


def test_a_result_that_came_late_is_late_still_when_sent_back(work):
    ticket = a_contacted_ticket(work, urgency=Urgency.URGENT)
    handling.resolve(by(work, HANDLER, after=30 * HOUR), ticket, A_RESULT)
    review.send_back_result(by(work, REVIEWER, after=40 * HOUR), ticket, fault="no_evidence", text="补照片")

    handling.resolve(by(work, HANDLER, after=41 * HOUR), ticket, A_RESULT)

    assert clock(work, ticket, Stage.RESOLVE).outcome is DeadlineOutcome.LATE


def test_a_second_round_has_its_own_shorter_clocks(work):
    ticket = a_ticket_to_follow_up(work)

    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=followup.SEND_BACK)

    assert ticket.round == 2
    assert {one.round for one in deadlines.running(work, ticket)} == {2}
    assert clock(work, ticket, Stage.ACCEPT).due_at == local(24, 16)
    assert clock(work, ticket, Stage.RESOLVE).due_at == local(27, 18)
    assert clock(work, ticket, Stage.FOLLOW_UP).outcome is DeadlineOutcome.MET


def test_the_history_of_the_first_round_stays(work):
    ticket = a_ticket_to_follow_up(work)
    before = {one.id: one.due_at for one in deadlines.all_of(work, ticket)}

    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(BAD), step=followup.SEND_BACK)

    after = {one.id: one.due_at for one in deadlines.all_of(work, ticket)}
    assert before.items() <= after.items()


def test_changing_the_city_s_targets_moves_no_clock_that_runs(work):
    ticket = a_dispatched_ticket(work)
    due = ticket.next_due_at
    policy = replace(work.city.policy, targets=work.city.policy.targets[:1] + work.city.policy.targets[-1:])
    stricter = replace(work, city=replace(work.city, policy=policy))

    deadlines.reckon(stricter, ticket)

    assert ticket.next_due_at == due


def test_an_assisting_department_has_a_clock_where_the_city_gives_one(work):
    work = with_target(work, Stage.ASSIST, "2wd")
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER, "D-GA")))
    mine, theirs = (one for one in deadlines.all_of(work, ticket) if one.stage == Stage.ASSIST)

    joint.assist(by(work, OTHER_HANDLER, after=HOUR), ticket, opinion="可以配合")

    assert (mine.department_code, mine.outcome) == (OTHER, DeadlineOutcome.MET)
    assert (theirs.department_code, theirs.outcome) == ("D-GA", None)


@pytest.mark.parametrize(
    ("starts", "before", "due"),
    [
        (ResolveStart.DISPATCH, True, local(25, 10)),
        (ResolveStart.NEXT_DAY, True, local(26, 0)),
        (ResolveStart.ACCEPT, False, local(25, 12)),
    ],
)
def test_a_city_says_where_the_resolve_clock_begins(work, starts, before, due):
    work = rules(work, resolve_starts=starts)
    ticket = a_dispatched_ticket(work, urgency=Urgency.URGENT)
    assert ("resolve" in stages(work, ticket)) == before

    handling.accept(by(work, HANDLER, after=2 * HOUR), ticket)

    assert clock(work, ticket, Stage.RESOLVE).due_at == due


def test_the_clock_that_starts_at_acceptance_starts_once(work):
    work = rules(work, resolve_starts=ResolveStart.ACCEPT)
    ticket = an_accepted_ticket(work)
    returns.request_return(by(work, LEADER, after=HOUR), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER, after=HOUR), ticket, granted=True, text="")
    dispatching.dispatch(by(work, DISPATCHER, after=HOUR), ticket, Choice(OTHER))

    handling.accept(by(work, OTHER_HANDLER, after=DAY), ticket)

    assert [one.started_at for one in deadlines.all_of(work, ticket) if one.stage == "resolve"] == [NOW]


def alarms(work, ticket, stage) -> list[Action]:
    return [
        entry.action
        for entry in timeline.events_of(work, ticket)
        if entry.action in {Action.WARN, Action.BREACH} and entry.details["stage"] == stage
    ]


def test_a_clock_warns_once_and_breaches_once(work):
    ticket = a_dispatched_ticket(work)

    for hours in range(0, 20 * 24, 3):
        sweep(by(work, AGENT, after=timedelta(hours=hours)))

    assert alarms(work, ticket, "resolve") == [Action.WARN, Action.BREACH]
    assert alarms(work, ticket, "accept") == [Action.WARN, Action.BREACH]


def test_a_sweep_repeated_at_once_does_nothing_more(work):
    a_dispatched_ticket(work)
    later = by(work, AGENT, after=2 * DAY)

    assert sweep(later) > 0
    assert sweep(later) == 0


def test_raising_one_alert_twice_writes_it_once(work):
    ticket = a_dispatched_ticket(work)
    later = by(work, AGENT, after=2 * DAY).by(SYSTEM)
    accept = clock(work, ticket, Stage.ACCEPT)

    assert alerting.raise_alert(later, accept.id)
    assert not alerting.raise_alert(later, accept.id)
    assert alarms(work, ticket, "accept") == [Action.BREACH]


def test_an_alert_asked_for_too_early_is_not_raised(work):
    ticket = a_dispatched_ticket(work)

    assert not alerting.raise_alert(work.by(SYSTEM), clock(work, ticket, Stage.ACCEPT).id)
    assert alarms(work, ticket, "accept") == []


def test_an_alert_of_a_clock_that_does_not_exist_is_not_raised(work):
    assert not alerting.raise_alert(work.by(SYSTEM), 10**6)


def test_a_sweep_that_slept_through_the_warning_reports_the_breach(work):
    ticket = a_dispatched_ticket(work)

    sweep(by(work, AGENT, after=30 * DAY))

    assert alarms(work, ticket, "resolve") == [Action.BREACH]


def test_the_yellow_card_comes_one_working_day_before_the_end(work):
    ticket = a_contacted_ticket(work)

    sweep(replace(work, now=local(2, 17, 59, month=12)))
    assert alarms(work, ticket, "resolve") == []
    sweep(replace(work, now=local(2, 18, month=12)))

    assert alarms(work, ticket, "resolve") == [Action.WARN]


def test_what_was_done_in_time_raises_no_alarm(work):
    ticket = a_dispatched_ticket(work)
    handling.accept(by(work, HANDLER), ticket)

    sweep(by(work, AGENT, after=20 * DAY))

    assert alarms(work, ticket, "accept") == []


def test_an_alarm_says_whose_clock_it_was_and_when_it_ran_out(work):
    ticket = a_dispatched_ticket(work)

    sweep(replace(work, now=local(25, 18)))

    alarm = next(entry for entry in timeline.acted(work, ticket, Action.BREACH))
    assert alarm.details["department"] == LEAD
    assert datetime.fromisoformat(alarm.details["due_at"]) == local(25, 18)


def test_an_ended_ticket_raises_no_alarm(work):
    ticket = a_dispatched_ticket(work)
    supervision.withdraw(by(work, AGENT), ticket, reason="已自行解决")

    assert sweep(by(work, AGENT, after=30 * DAY)) == 0
    assert ticket.next_due_at is None


def test_a_poisonous_clock_can_be_postponed_so_that_the_others_ring(work):
    poisonous, other = a_dispatched_ticket(work, urgency=Urgency.URGENT), a_dispatched_ticket(work)
    later = by(work, AGENT, after=2 * DAY)
    first = alerting.next_due_id(later)
    assert first == clock(work, poisonous, Stage.ACCEPT).id

    for one in deadlines.running(work, poisonous):
        alerting.postpone(later, one.id)

    assert alerting.next_due_id(later) in {one.id for one in deadlines.running(work, other)}
    assert alerting.next_due_id(by(later, AGENT, after=HOUR)) is not None


def test_clocks_that_cross_unknown_days_are_provisional(work):
    near, far = a_dispatched_ticket(work), a_dispatched_ticket(replace(work, now=local(28, 10, month=12)))

    assert not clock(work, near, Stage.RESOLVE).provisional
    assert clock(work, far, Stage.RESOLVE).provisional


def test_an_order_has_its_own_clock_which_ends_with_its_reply_and_not_with_the_ticket(work):
    ticket = a_ticket_to_follow_up(work)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="限三日")

    followup.record_follow_up(by(work, FOLLOWER), ticket, answers(GOOD))
    assert [one.stage for one in deadlines.running(work, ticket)] == [Stage.SUPERVISION]
    orders.reply(by(work, LEADER), ticket, text="已办结，照片附后")

    assert deadlines.running(work, ticket) == []
    assert list(verify(work, only=ticket.number)) == []


def test_a_list_shows_an_assisting_department_no_clock_but_its_own(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已说明今晚到场")
    handling.resolve(by(work, HANDLER), ticket, replace(A_RESULT, without="已当面商定"))

    assert deadlines.nearest_of(work, [ticket], department=LEAD)[ticket.id].stage is Stage.REVIEW
    assert deadlines.nearest_of(work, [ticket], department=OTHER) == {}


# Offices with hours of their own


def with_hall(work, code):
    """The same work in a city where that department is open on Saturday mornings."""
    saturdays = Hours(((time(9), time(12)),), weekdays=frozenset({5}))
    hall = replace(work.city.calendar, hours=(saturdays,))
    calendars = Calendars(work.city.calendar, {code: hall})
    return replace(work, city=replace(work.city, calendars=calendars))


def test_a_clock_runs_in_the_hours_of_its_department(work):
    ordinary, hall = a_dispatched_ticket(work), a_dispatched_ticket(with_hall(work, LEAD))

    assert clock(work, ordinary, Stage.RESOLVE).due_at == local(3, 18, month=12)
    assert clock(work, hall, Stage.RESOLVE).due_at == local(2, 18, month=12)
    assert not list(verify(with_hall(work, LEAD), only=hall.number))


def test_a_clock_that_changes_hands_goes_on_in_the_hours_of_the_next(work):
    work = with_hall(work, LEAD)
    ticket = an_accepted_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    assert clock(work, ticket, Stage.RESOLVE).due_at == local(2, 18, month=12)

    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    assert clock(work, ticket, Stage.RESOLVE).due_at == local(3, 18, month=12)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    assert clock(work, ticket, Stage.RESOLVE).due_at == local(3, 18, month=12)


@pytest.mark.parametrize("opened", [False, True])
def test_an_opinion_beside_a_lead_with_other_hours_is_as_the_ledger_has_it(work, opened):
    """The lead rests until Christmas, or works on a weekend: its end lies elsewhere than the hotline's."""
    if opened:
        other = replace(work.city.calendar, opened={date(2026, 11, 28): (), date(2026, 11, 29): ()})
    else:
        rest = {date(2026, 11, 24) + n * DAY for n in range(30)}
        other = replace(work.city.calendar, closed=frozenset(rest))
    calendars = Calendars(work.city.calendar, {LEAD: other})
    work = with_target(replace(work, city=replace(work.city, calendars=calendars)), Stage.ASSIST, "6wd")
    ticket = a_logged_ticket(work)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, assisting=(OTHER,)))

    assert clock(work, ticket, Stage.ASSIST).due_at == local(2, 18, month=12)
    assert not list(verify(work, only=ticket.number))
