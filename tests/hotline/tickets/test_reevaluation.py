"""Other targets move nothing by themselves; put in force on purpose, they keep what a clock went through."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    deadlines,
    handling,
    orders,
    reckoning,
    reevaluation,
    suspension,
    timeline,
)
from hotline.tickets.orders import Demand
from hotline.tickets.verification import verify
from hotline.work import SYSTEM, Work
from sla.policy import Stage
from tests.builders import (
    DAY,
    HANDLER,
    HOUR,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import in_days, sweep, with_target


def under(work: Work, stage: Stage, allowance: str) -> Work:
    """The system at work a little later, in a city whose rules give `stage` another allowance."""
    later = with_target(by(work, SYSTEM, after=HOUR), stage, allowance)
    return replace(later, city=replace(later.city, policy=replace(later.city.policy, version="newer")))


def running(work: Work, ticket: Ticket, stage: Stage) -> Deadline:
    return next(one for one in deadlines.running(work, ticket) if one.stage is stage)


def due(work: Work, ticket: Ticket, stage: Stage = Stage.RESOLVE) -> datetime:
    at = running(work, ticket, stage).due_at
    assert at is not None
    return at


def test_a_clock_keeps_the_rule_and_the_policy_that_it_began_under(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    before = due(work, ticket)

    deadlines.reckon(under(work, Stage.RESOLVE, "3wd"), ticket)

    clock = running(work, ticket, Stage.RESOLVE)
    assert (clock.due_at, clock.allowance) == (before, "7wd")
    assert (clock.rule, clock.policy) == ("6 投诉、举报", work.city.policy.version)
    assert clock.policy != "newer"


def test_put_under_other_targets_a_clock_counts_from_its_own_start(work: Work) -> None:
    shorter, same = a_dispatched_ticket(work), a_dispatched_ticket(with_target(work, Stage.RESOLVE, "3wd"))

    reevaluation.reevaluate(under(work, Stage.RESOLVE, "3wd"), shorter)

    assert due(work, shorter) == due(work, same)
    clock = running(work, shorter, Stage.RESOLVE)
    assert (clock.turn, clock.policy, clock.rule) == (2, "newer", "6 投诉、举报")
    [entry] = timeline.acted(work, shorter, Action.RECKON)
    assert entry.details["allowances"] == {"resolve/1/1": ["7wd", "3wd"]}
    assert not list(verify(under(work, Stage.RESOLVE, "3wd")))


def test_what_the_policy_leaves_alone_gets_no_entry(work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    found = reevaluation.reevaluate(under(work, Stage.REVIEW, "9wd"), ticket)

    assert found == timeline.acted(work, ticket, Action.RECKON) == []


def test_looking_changes_nothing_and_tells_who_becomes_overdue_and_who_no_longer_is(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    before = due(work, ticket)
    late = replace(under(work, Stage.RESOLVE, "1wd"), now=before - HOUR)
    saved = replace(under(work, Stage.RESOLVE, "15wd"), now=before + HOUR)

    shorter, longer = (reevaluation.revisions(one, ticket) for one in (late, saved))

    assert [(one.becomes_overdue(late.now), one.stops_being_overdue(late.now)) for one in shorter] == [
        (True, False)
    ]
    assert [(one.becomes_overdue(saved.now), one.stops_being_overdue(saved.now)) for one in longer] == [
        (False, True)
    ]
    assert due(work, ticket) == before


def paused_and_extended(work: Work) -> Ticket:
    """A ticket that stood still for a working day and has three more."""
    ticket = a_contacted_ticket(work)
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="outside_event", text="连日降雨", until=in_days(work, 3)
    )
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    suspension.resume(by(work, REVIEWER, after=DAY), ticket, note="雨停")
    later = by(work, HANDLER, after=DAY)
    applications.request_extension(later, ticket, amount="3wd", reason="material", text="灯具待料")
    applications.decide_extension(by(work, REVIEWER, after=DAY), ticket, granted=True, text="")
    return ticket


def test_pauses_and_extensions_outlive_a_change_of_policy(work: Work) -> None:
    later = by(work, SYSTEM, after=DAY)
    kept = paused_and_extended(work)
    born = paused_and_extended(with_target(work, Stage.RESOLVE, "9wd"))

    reevaluation.reevaluate(replace(under(work, Stage.RESOLVE, "9wd"), now=later.now), kept)

    clock = running(work, kept, Stage.RESOLVE)
    assert (clock.allowance, clock.extension) == ("9wd", "3wd")
    assert clock.due_at == due(work, born)
    assert not list(verify(replace(under(work, Stage.RESOLVE, "9wd"), now=later.now)))


def test_a_clock_that_stands_still_stays_so_and_goes_on_by_the_new_allowance(work: Work) -> None:
    ticket, born = a_contacted_ticket(work), a_contacted_ticket(with_target(work, Stage.RESOLVE, "3wd"))
    for one in (ticket, born):
        suspension.request_suspension(
            by(work, HANDLER), one, reason="outside_event", text="连日降雨", until=in_days(work, 3)
        )
        suspension.decide_suspension(by(work, REVIEWER), one, granted=True, text="")
    newer = under(work, Stage.RESOLVE, "3wd")

    reevaluation.reevaluate(newer, ticket)

    assert running(work, ticket, Stage.RESOLVE).due_at is None
    for one in (ticket, born):
        suspension.resume(by(newer, REVIEWER, after=DAY), one, note="雨停")
    assert due(work, ticket) == due(work, born)


def test_what_was_extended_in_days_is_not_put_into_hours(work: Work) -> None:
    ticket = paused_and_extended(work)

    assert reevaluation.revisions(under(work, Stage.RESOLVE, "48h"), ticket) == []


def test_a_stage_without_a_clock_any_more_stops_unjudged(work: Work) -> None:
    ticket = a_dispatched_ticket(work)

    reevaluation.reevaluate(under(work, Stage.CONTACT, "none"), ticket)

    [contact] = [one for one in deadlines.all_of(work, ticket) if one.stage is Stage.CONTACT]
    assert contact.outcome is DeadlineOutcome.CANCELLED
    assert not list(verify(under(work, Stage.CONTACT, "none")))


def test_what_is_settled_stays(work: Work) -> None:
    ticket = a_resolved_ticket(work)
    settled = [(one.key, one.due_at, one.outcome) for one in deadlines.all_of(work, ticket) if one.outcome]

    reevaluation.reevaluate(under(work, Stage.RESOLVE, "1wd"), ticket)

    after = [(one.key, one.due_at, one.outcome) for one in deadlines.all_of(work, ticket) if one.outcome]
    assert after == settled


@pytest.mark.parametrize("allowance", ["1wd", "30wd"])
def test_a_clock_in_another_ones_place_warns_anew(work: Work, allowance: str) -> None:
    ticket = a_dispatched_ticket(work)
    late = replace(by(work, SYSTEM), now=due(work, ticket) + timedelta(minutes=1))
    sweep(late)

    reevaluation.reevaluate(replace(under(work, Stage.RESOLVE, allowance), now=late.now), ticket)

    assert running(work, ticket, Stage.RESOLVE).alert_level == 0


def test_the_rule_that_facts_lead_to_is_kept_with_the_clock(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    handling.accept(by(work, HANDLER), ticket)
    ticket.urgency = "urgent"

    reckoning.follow_facts(by(work, SYSTEM, after=HOUR), ticket)

    assert running(work, ticket, Stage.RESOLVE).rule == "3 紧急"


def test_the_time_that_an_order_set_is_its_own(work: Work) -> None:
    ticket = an_accepted_ticket(work)
    order = orders.issue(by(work, SUPERVISOR), ticket, Demand("请于明日书面说明", within="1wd"))
    other = under(work, Stage.SUPERVISION, "5wd")

    assert reevaluation.reevaluate(by(other, SYSTEM), ticket) == []

    clock = running(work, ticket, Stage.SUPERVISION)
    assert (clock.key, clock.allowance) == (order.clock, "1wd")
