"""A subdistrict whistles, departments come to the spot, and their arrival is timed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import InvalidInput, LimitReached, NotAllowed
from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import deadlines, disputes, handling, returns, timeline, whistling, worklists
from hotline.tickets.options import options
from hotline.tickets.verification import verify
from hotline.tickets.whistling import Arrival, Whistle
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    DISTRICT,
    DISTRICT_HANDLER,
    HANDLER,
    HOUR,
    LEAD,
    OTHER,
    OTHER_HANDLER,
    STREET,
    STREET_HANDLER,
    SUPERVISOR,
    a_contacted_ticket,
    a_street_ticket,
    by,
)
from tests.hotline.tickets.deeds import NOT_OURS, with_target
from tests.hotline.tickets.test_joint import told

A_CALL = Whistle([DISTRICT, OTHER], "灯杆倾斜，须断电扶正", "潮音街道 12 号院门口")


def with_the_street(work):
    """A ticket that a subdistrict leads and has called about."""
    ticket = a_street_ticket(work)
    handling.accept(by(work, STREET_HANDLER), ticket)
    handling.contact(by(work, STREET_HANDLER), ticket, reached=True, note="已说明")
    return ticket


def whistled(work, call=A_CALL):
    ticket = with_the_street(work)
    whistling.whistle(by(work, STREET_HANDLER), ticket, call)
    return ticket


def arrivals(work, ticket):
    return {one.part.department_code: one.arrival for one in whistling.called_to(work, ticket)}


def clocks(work, ticket):
    return {one.department_code: one for one in deadlines.all_of(work, ticket) if one.stage is Stage.ARRIVE}


def test_each_department_that_is_called_has_a_clock_of_its_own_and_is_told(work):
    ticket = whistled(work)

    assert {code: one.due_at for code, one in clocks(work, ticket).items()} == dict.fromkeys(
        (DISTRICT, OTHER), work.now + 2 * HOUR
    )
    assert told(work, Action.WHISTLE) == {DISTRICT, OTHER}
    assert worklists.counts(by(work, OTHER_HANDLER), ["assisting"]) == {"assisting": 1}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_the_time_for_coming_runs_through_the_night(work):
    at_night = replace(work, now=work.now.replace(hour=15))  # 23 o'clock in the city

    ticket = whistled(at_night)

    assert clocks(work, ticket)[OTHER].due_at == at_night.now + 2 * HOUR


def test_a_subdistrict_may_ask_for_sooner_but_not_for_later_than_the_city_allows(work):
    ticket = whistled(work, replace(A_CALL, within="45m"))

    assert clocks(work, ticket)[OTHER].due_at == work.now + timedelta(minutes=45)
    with pytest.raises(LimitReached) as refused:
        whistling.whistle(by(work, STREET_HANDLER), ticket, replace(A_CALL, departments=[LEAD], within="3h"))
    assert (refused.value.rule, refused.value.limit) == ("arrival_too_long", "2h")


def test_only_a_subdistrict_that_has_the_ticket_whistles(work):
    ticket = a_contacted_ticket(work)

    assert Action.WHISTLE not in options(by(work, HANDLER), ticket).legal
    with pytest.raises(NotAllowed):
        whistling.whistle(by(work, HANDLER), ticket, A_CALL)
    with pytest.raises(NotAllowed):
        whistling.whistle(by(work, STREET_HANDLER), ticket, A_CALL)


@pytest.mark.parametrize(
    ("call", "field", "code"),
    [
        (replace(A_CALL, departments=[]), "called", "choose"),
        (replace(A_CALL, departments=["J0102"]), "called", "not_called"),
        (replace(A_CALL, departments=["Q02-D-CG"]), "called", "not_called"),
        (replace(A_CALL, text=" "), "text", "missing"),
        (replace(A_CALL, place=" "), "place", "missing"),
        (replace(A_CALL, within="soon"), "within", "amount"),
    ],
    ids=["nobody", "another subdistrict", "another district", "no reason", "no place", "no time"],
)
def test_a_whistle_names_bodies_of_its_own_district_or_city_reason_and_place(work, call, field, code):
    ticket = with_the_street(work)

    with pytest.raises(InvalidInput) as refused:
        whistling.whistle(by(work, STREET_HANDLER), ticket, call)

    assert refused.value.fields == {field: code}


def test_nobody_is_called_twice_at_once(work):
    ticket = whistled(work)

    with pytest.raises(InvalidInput) as refused:
        whistling.whistle(by(work, STREET_HANDLER), ticket, A_CALL)

    assert refused.value.fields == {"called": "has_part"}


def test_a_department_reports_who_came_and_when_and_is_judged_by_that(work):
    ticket = whistled(work)
    came = work.now + HOUR

    whistling.arrive(by(work, OTHER_HANDLER, after=5 * HOUR), ticket, who="道路科 王工", at=came)

    assert arrivals(work, ticket)[OTHER] is Arrival.IN_TIME
    clock = clocks(work, ticket)[OTHER]
    assert (clock.outcome, clock.settled_at) == (DeadlineOutcome.MET, work.now + 5 * HOUR)
    assert told(work, Action.ARRIVE) == {STREET}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_who_comes_late_is_late(work):
    ticket = whistled(work)

    whistling.arrive(by(work, OTHER_HANDLER, after=3 * HOUR), ticket, who="道路科 王工")

    assert arrivals(work, ticket) == {DISTRICT: Arrival.ON_THE_WAY, OTHER: Arrival.LATE}
    assert arrivals(by(work, HANDLER, after=3 * HOUR), ticket)[DISTRICT] is Arrival.OVERDUE


@pytest.mark.parametrize("off", [-1, 4], ids=["before the whistle", "in the future"])
def test_nobody_comes_before_the_whistle_or_in_the_future(work, off):
    ticket = whistled(work)

    with pytest.raises(InvalidInput) as refused:
        whistling.arrive(
            by(work, OTHER_HANDLER, after=3 * HOUR), ticket, who="王工", at=work.now + off * HOUR
        )

    assert refused.value.fields == {"at": "not_yet"}


def test_who_was_not_called_has_nothing_to_report(work):
    ticket = whistled(work, replace(A_CALL, departments=[DISTRICT]))

    with pytest.raises(NotAllowed):
        whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="王工")


def test_a_false_arrival_is_denied_and_the_clock_runs_on_as_if_nothing_was_said(work):
    ticket = whistled(work)
    due = clocks(work, ticket)[OTHER].due_at
    whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="王工")

    whistling.deny_arrival(
        by(work, STREET_HANDLER, after=2 * HOUR), ticket, department=OTHER, text="现场没人"
    )

    clock = clocks(work, ticket)[OTHER]
    assert (clock.settled_at, clock.due_at) == (None, due)
    [one] = [one for one in whistling.called_to(work, ticket) if one.part.department_code == OTHER]
    assert (one.part.arrived_at, one.part.denied, one.who) == (None, 1, "")
    assert told(work, Action.DENY_ARRIVAL) == {OTHER}
    whistling.arrive(by(work, OTHER_HANDLER, after=4 * HOUR), ticket, who="王工")
    assert arrivals(work, ticket)[OTHER] is Arrival.LATE
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_an_arrival_is_confirmed_by_who_whistled_and_nobody_else(work):
    ticket = whistled(work)
    whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="王工")

    with pytest.raises(NotAllowed):
        whistling.confirm_arrival(by(work, DISTRICT_HANDLER), ticket, department=OTHER)
    whistling.confirm_arrival(by(work, STREET_HANDLER, after=2 * HOUR), ticket, department=OTHER)

    assert Action.CONFIRM_ARRIVAL not in options(by(work, STREET_HANDLER), ticket).legal
    assert timeline.acted(work, ticket, Action.CONFIRM_ARRIVAL)[-1].details["department"] == OTHER


def test_who_never_came_is_counted_when_the_matter_is_done_without_it(work):
    ticket = whistled(work)
    whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="王工")

    handling.resolve(by(work, STREET_HANDLER, after=3 * HOUR), ticket, A_RESULT)

    assert arrivals(work, ticket) == {DISTRICT: Arrival.NEVER, OTHER: Arrival.IN_TIME}
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []


def test_who_still_had_time_when_the_matter_was_done_is_called_off(work):
    ticket = whistled(work)

    handling.resolve(by(work, STREET_HANDLER, after=HOUR), ticket, A_RESULT)

    assert set(arrivals(work, ticket).values()) == {Arrival.CALLED_OFF}
    assert worklists.counts(by(work, OTHER_HANDLER, after=HOUR), ["assisting"]) == {"assisting": 0}


def test_a_city_that_sets_no_time_for_coming_has_no_clock_for_it(work):
    free = with_target(work, Stage.ARRIVE, "none")

    ticket = whistled(free)

    assert clocks(free, ticket) == {}
    assert arrivals(by(free, HANDLER, after=30 * HOUR), ticket)[OTHER] is Arrival.ON_THE_WAY
    work.session.flush()
    assert list(verify(free, only=ticket.number)) == []


@pytest.mark.parametrize("status", [Status.RETURN_REQUESTED, Status.DISPUTED])
def test_who_was_called_arrives_also_while_it_is_in_question_whose_the_ticket_is(work, status):
    ticket = whistled(work)
    street_leader = Actor("leader", frozenset({Role.LEADER}), None, STREET)
    returns.request_return(by(work, street_leader), ticket, replace(NOT_OURS, suggested="D-SL"))
    if status is Status.DISPUTED:
        disputes.open_dispute(by(work, SUPERVISOR), ticket, text="街道不认")
    called, street = by(work, OTHER_HANDLER, after=HOUR), by(work, STREET_HANDLER, after=HOUR)

    whistling.arrive(called, ticket, who="道路科 王工")
    whistling.deny_arrival(street, ticket, department=OTHER, text="现场没人")
    whistling.arrive(called, ticket, who="道路科 王工")
    whistling.confirm_arrival(street, ticket, department=OTHER)

    assert ticket.status is status
    assert arrivals(work, ticket)[OTHER] is Arrival.IN_TIME
    work.session.flush()
    assert list(verify(work, only=ticket.number)) == []
