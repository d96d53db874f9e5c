"""From the district down to the community: who has it changes, the clocks and who answers do not."""

import pytest

from hotline.errors import InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action
from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import (
    deadlines,
    dispatching,
    disputes,
    handing,
    handling,
    timeline,
    whistling,
    worklists,
)
from hotline.tickets.custody.account import account_of
from hotline.tickets.custody.stretches import of_department
from hotline.tickets.dispatching import Choice
from hotline.tickets.handing import Report
from hotline.tickets.holders import Holder, holder_of
from hotline.tickets.options import options
from hotline.tickets.verification import verify
from hotline.tickets.whistling import Arrival, Whistle
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    DISTRICT,
    DISTRICT_HANDLER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    STREET,
    STREET_HANDLER,
    a_contacted_ticket,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, sweep
from tests.hotline.tickets.test_joint import told
from tests.hotline.tickets.test_lives import PEOPLE

GOVERNMENT = "Q01"
GOVERNOR = Actor("governor", HANDLER.roles, None, GOVERNMENT)
# What a subdistrict may be given by the catalogue of the demo city (0109), and what it may not (0204).
OF_THE_STREET = {"category": "0109", "content": "院里堆了好几天的垃圾没人收，味道很大。"}
A_REPORT = Report("solved", "已清运两车", "院里的垃圾已清走。", "照片 3 张")


def with_the_government(work, **changes):
    """A ticket that a district's government leads, of a duty that a subdistrict may have."""
    ticket = a_logged_ticket(work, **{**OF_THE_STREET, **changes})
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(GOVERNMENT))
    handling.accept(by(work, GOVERNOR), ticket)
    return ticket


def handed_to_the_street(work, **changes):
    ticket = with_the_government(work, **changes)
    handing.hand_down(by(work, GOVERNOR, after=HOUR), ticket, department=STREET, note="请到现场")
    return ticket


def due(work, ticket):
    return {one.stage: (one.started_at, one.due_at) for one in deadlines.running(work, ticket)}


def test_who_is_handed_a_ticket_inherits_its_clocks(work):
    ticket = with_the_government(work)
    before = due(work, ticket)

    handing.hand_down(by(work, GOVERNOR, after=HOUR), ticket, department=STREET)

    assert due(work, ticket) == before
    street = by(work, STREET_HANDLER, after=HOUR)
    shown = worklists.page(street, worklists.Filter(tab="to_act")).tickets
    assert shown == [ticket]
    assert deadlines.nearest_of(street, shown, department=STREET)[ticket.id].stage is Stage.CONTACT
    assert told(work, Action.HAND_DOWN) == {STREET}


def test_who_handed_it_down_stays_answerable_and_waits(work):
    ticket = handed_to_the_street(work)
    governor = by(work, GOVERNOR, after=2 * HOUR)

    assert ticket.lead_code == GOVERNMENT
    assert worklists.counts(governor, ["to_act", "in_hand"]) == {"to_act": 0, "in_hand": 1}
    assert {one.department_code for one in deadlines.running(work, ticket)} == {GOVERNMENT}
    assert holder_of(work, ticket) == Holder(department=STREET)


def test_who_has_it_calls_the_caller_for_the_one_that_leads(work):
    ticket = handed_to_the_street(work)

    handling.contact(by(work, STREET_HANDLER, after=2 * HOUR), ticket, reached=True, note="已说明")

    assert handling.contacted(work, ticket)
    assert Stage.CONTACT not in due(work, ticket)
    handling.resolve(by(work, GOVERNOR, after=3 * HOUR), ticket, A_RESULT)


def test_the_result_is_reported_up_and_goes_to_the_hotline_by_the_lead_alone(work):
    ticket = handed_to_the_street(work)
    street = by(work, STREET_HANDLER, after=2 * HOUR)
    handling.contact(street, ticket, reached=True, note="已说明")
    with pytest.raises(NotAllowed):
        handling.resolve(street, ticket, A_RESULT)

    handing.report_up(street, ticket, A_REPORT)

    governor = by(work, GOVERNOR, after=3 * HOUR)
    assert holder_of(work, ticket) == Holder(department=GOVERNMENT)
    assert handing.last_report(governor, ticket) == A_REPORT
    assert Stage.RESOLVE in due(work, ticket)
    handling.resolve(governor, ticket, A_RESULT)
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_a_ticket_is_given_back_up_with_a_reason(work):
    ticket = handed_to_the_street(work)
    street = by(work, STREET_HANDLER, after=2 * HOUR)
    with pytest.raises(InvalidInput):
        handing.give_back(street, ticket, text=" ")

    handing.give_back(street, ticket, text="不在本街道范围")

    assert holder_of(work, ticket) == Holder(department=GOVERNMENT)
    assert told(work, Action.GIVE_BACK) == {GOVERNMENT}
    assert worklists.counts(by(work, GOVERNOR), ["to_act"]) == {"to_act": 1}
    with pytest.raises(NotAllowed):
        handing.report_up(street, ticket, A_REPORT)


def test_the_subdistrict_hands_on_to_its_community_in_words(work):
    ticket = handed_to_the_street(work)

    handing.hand_down(by(work, STREET_HANDLER, after=2 * HOUR), ticket, to="杏坞社区 网格员小赵")

    assert holder_of(work, ticket) == Holder(department=STREET)
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_whoever_stands_above_takes_it_back_by_handing_it_elsewhere(work):
    ticket = handed_to_the_street(work)

    handing.hand_down(by(work, GOVERNOR, after=2 * HOUR), ticket, department=DISTRICT)

    assert holder_of(work, ticket) == Holder(department=DISTRICT)
    assert told(work, Action.HAND_DOWN) == {STREET, DISTRICT}
    assert worklists.counts(by(work, STREET_HANDLER), ["to_act"]) == {"to_act": 0}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_a_duty_that_the_catalogue_keeps_above_is_not_pushed_to_the_street(work):
    ticket = with_the_government(work, category="0204", content="路灯不亮")

    with pytest.raises(LimitReached) as refused:
        handing.hand_down(by(work, GOVERNOR), ticket, department=STREET)

    assert (refused.value.rule, refused.value.limit) == ("below_minimum", "district")
    barred = {one.department.code: one.blocked for one in handing.candidates(by(work, GOVERNOR), ticket)}
    assert barred[STREET] == "district"
    assert barred[DISTRICT] is None


@pytest.mark.parametrize(
    "department", ["J0102", "Q02-D-CG", "D-JT", GOVERNMENT], ids=["elsewhere", "other", "above", "itself"]
)
def test_a_ticket_goes_down_only_to_who_stands_below_and_works_where_it_is(work, department):
    ticket = with_the_government(work)

    with pytest.raises(InvalidInput) as refused:
        handing.hand_down(by(work, GOVERNOR), ticket, department=department)

    assert refused.value.fields == {"department": "not_below"}


def test_words_do_not_get_around_the_list_of_departments(work):
    ticket = with_the_government(work)

    with pytest.raises(InvalidInput) as refused:
        handing.hand_down(by(work, GOVERNOR), ticket, to="潮音街道办")

    assert refused.value.fields == {"to": "pick_department"}


def test_in_a_dispute_nobody_below_gets_the_ticket(work):
    ticket = a_contacted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    for actor, action in (
        (LEADER, Action.REQUEST_RETURN),
        (AGENT, Action.NOTE),
    ):
        DEEDS[action](by(work, actor), ticket)
    disputes.open_dispute(by(work, _arbiter()), ticket, text="两家都不认")
    disputes.name_provisional(by(work, _arbiter()), ticket, department=LEAD)

    with pytest.raises(InvalidInput) as refused:
        handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)

    assert refused.value.fields == {"department": "not_in_dispute"}
    assert Action.CONTACT not in options(by(work, DISTRICT_HANDLER), ticket).legal
    handing.hand_down(by(work, HANDLER), ticket, to="二科")
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def _arbiter():
    return next(one for one in PEOPLE if one.name == "supervisor")


def test_an_outsider_neither_sees_nor_handles_what_was_handed_down(work):
    ticket = handed_to_the_street(work)

    with pytest.raises(NotFound):
        worklists.ticket_for(by(work, OTHER_HANDLER), ticket.number)
    with pytest.raises(NotAllowed):
        handing.hand_down(by(work, OTHER_HANDLER), ticket, to="二科")


def test_the_lowest_of_the_chain_has_it_and_each_has_the_time_it_had(work):
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER, after=HOUR), ticket, department=DISTRICT)
    handing.report_up(by(work, DISTRICT_HANDLER, after=4 * HOUR), ticket, A_REPORT)
    later = by(work, REVIEWER, after=6 * HOUR)

    had = {one.party: one.natural for one in account_of(later, ticket).shares}

    assert had[of_department(DISTRICT)] == 3 * HOUR
    assert had[of_department(LEAD)] == 3 * HOUR


def test_who_has_it_below_is_warned_of_the_clock_that_it_inherited(work):
    ticket = handed_to_the_street(work)

    sweep(by(work, AGENT, after=48 * HOUR))

    assert {GOVERNMENT, STREET} <= told(work, Action.BREACH)
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


A_WHISTLE = Whistle([OTHER, LEAD], "占道，须一并清运", "潮音街道 12 号院门口")
# How a ticket leaves the subdistrict that has it below.
LEAVINGS = {
    "given back": lambda work, ticket: handing.give_back(by(work, STREET_HANDLER), ticket, text="不在本街道"),
    "reported": lambda work, ticket: handing.report_up(by(work, STREET_HANDLER), ticket, A_REPORT),
    "taken back": lambda work, ticket: handing.hand_down(by(work, GOVERNOR), ticket, department=DISTRICT),
}


@pytest.mark.parametrize("leave", LEAVINGS.values(), ids=LEAVINGS)
def test_a_subdistrict_without_the_ticket_awaits_and_judges_nobody_on_the_spot(work, leave):
    ticket = handed_to_the_street(work)
    whistling.whistle(by(work, STREET_HANDLER, after=HOUR), ticket, A_WHISTLE)
    came = by(work, OTHER_HANDLER, after=2 * HOUR)
    whistling.arrive(came, ticket, who="道路科 王工")

    leave(came, ticket)

    street = by(work, STREET_HANDLER, after=3 * HOUR)
    assert Action.DENY_ARRIVAL not in options(street, ticket).legal
    with pytest.raises(NotAllowed):
        whistling.deny_arrival(street, ticket, department=OTHER, text="现场没人")
    with pytest.raises(NotAllowed):
        whistling.arrive(by(work, HANDLER, after=3 * HOUR), ticket, who="王工")
    found = {one.part.department_code: one.arrival for one in whistling.called_to(street, ticket)}
    assert found == {OTHER: Arrival.IN_TIME, LEAD: Arrival.CALLED_OFF}
    assert Stage.ARRIVE not in due(work, ticket)
    last = timeline.events_of(work, ticket)[-1].action
    assert told(work, last) & {OTHER, LEAD} == {LEAD}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_who_was_late_on_the_spot_stays_late_when_the_subdistrict_gives_the_ticket_back(work):
    ticket = handed_to_the_street(work)
    whistling.whistle(by(work, STREET_HANDLER, after=HOUR), ticket, A_WHISTLE)

    handing.give_back(by(work, STREET_HANDLER, after=8 * HOUR), ticket, text="不在本街道范围")

    ended = {one.department_code: one for one in deadlines.all_of(work, ticket) if one.stage is Stage.ARRIVE}
    assert {code: one.outcome for code, one in ended.items()} == dict.fromkeys(
        (OTHER, LEAD), DeadlineOutcome.LATE
    )
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_whom_a_subdistrict_called_is_still_awaited_while_it_has_the_ticket(work):
    ticket = a_logged_ticket(work, **OF_THE_STREET)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(STREET))
    handling.accept(by(work, STREET_HANDLER), ticket)
    whistling.whistle(by(work, STREET_HANDLER), ticket, A_WHISTLE)

    handing.hand_down(by(work, STREET_HANDLER), ticket, to="杏坞社区")

    assert Stage.ARRIVE in due(work, ticket)
    whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="道路科 王工")
    assert Action.CONFIRM_ARRIVAL in options(by(work, STREET_HANDLER, after=HOUR), ticket).legal
