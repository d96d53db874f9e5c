"""The queue of the dispatch desk: the urgent first, then the least time left; pages stand still."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.lifecycle import Status
from hotline.models.ticket import Urgency
from hotline.tickets import dispatching, recalling, returns, waiting
from hotline.tickets.alike import waiting_alike
from hotline.tickets.dispatching import Choice
from tests.builders import (
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import NOT_OURS

RANK = {urgency: rank for rank, urgency in enumerate(waiting.MOST_URGENT_FIRST)}


def numbers(page):
    return [ticket.number for ticket in page.tickets]


def test_every_urgency_has_its_rank():
    assert set(RANK) == set(Urgency)


def test_what_is_urgent_comes_before_what_has_waited_longer(work):
    old = a_logged_ticket(work)
    urgent = a_logged_ticket(by(work, DISPATCHER, after=HOUR), urgency=Urgency.URGENT)
    critical = a_logged_ticket(by(work, DISPATCHER, after=2 * HOUR), urgency=Urgency.CRITICAL)

    assert numbers(waiting.page(work)) == [critical.number, urgent.number, old.number]


def test_of_equally_urgent_ones_the_one_with_the_least_time_left_comes_first(work):
    late = a_logged_ticket(by(work, DISPATCHER, after=timedelta(minutes=30)))
    early = a_logged_ticket(work)

    assert numbers(waiting.page(work)) == [early.number, late.number]


def test_what_no_clock_runs_for_comes_last_of_its_urgency(work):
    timeless, timed = a_logged_ticket(work), a_logged_ticket(work)
    timeless.next_due_at = None
    work.session.flush()

    assert numbers(waiting.page(work)) == [timed.number, timeless.number]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(st.tuples(st.sampled_from(list(Urgency)), st.integers(0, 50), st.booleans()), max_size=12),
    size=st.integers(1, 5),
)
def test_pages_show_every_ticket_once_and_in_order(work, session, made, size):
    with session.begin_nested() as undone:
        for urgency, minutes, timed in made:
            at = by(work, DISPATCHER, after=timedelta(minutes=minutes))
            ticket = a_logged_ticket(at, urgency=urgency)
            if not timed:
                ticket.next_due_at = None
        session.flush()
        found, key = [], None
        while True:
            page = waiting.page(work, after=key, size=size)
            found += page.tickets
            if (key := page.after) is None:
                break
        undone.rollback()

    places = [(RANK[one.urgency], one.next_due_at is None, one.next_due_at or 0, one.id) for one in found]
    assert len(found) == len(made)
    assert places == sorted(places)


@pytest.mark.parametrize("key", ["", "x", "urgent", "critical|", "odd||3", "normal|2026-01-01|1", "|||"])
def test_a_broken_key_counts_as_none(work, key):
    ticket = a_logged_ticket(work)

    assert numbers(waiting.page(work, after=key)) == [ticket.number]


def test_something_more_urgent_goes_before_the_next_in_order(work):
    first, second = a_logged_ticket(work), a_logged_ticket(work)
    place = waiting.Place.of(first)
    mine = by(work, DISPATCHER)
    dispatching.dispatch(mine, first, Choice(LEAD))
    assert waiting.next_number(mine, place) == second.number

    critical = a_logged_ticket(work, urgency=Urgency.CRITICAL)
    assert waiting.next_number(mine, place) == critical.number


def test_after_the_last_the_desk_begins_again_and_ends_when_nothing_waits(work):
    first, last = a_logged_ticket(work), a_logged_ticket(work)
    place = waiting.Place.of(last)
    mine = by(work, DISPATCHER)
    dispatching.dispatch(mine, last, Choice(LEAD))
    assert waiting.next_number(mine, place) == first.number

    dispatching.dispatch(mine, first, Choice(LEAD))
    assert waiting.next_number(mine, place) is None


def test_the_counters_tell_what_waits_and_what_i_did_today(work):
    mine = by(work, DISPATCHER, after=5 * HOUR)
    a_logged_ticket(work)
    a_logged_ticket(mine, urgency=Urgency.CRITICAL)
    slip, kept = a_logged_ticket(mine), a_logged_ticket(mine)
    for ticket in (slip, kept):
        dispatching.dispatch(mine, ticket, Choice(LEAD), recallable=True)
    recalling.recall(by(mine, DISPATCHER, after=timedelta(seconds=2)), slip)

    counted = waiting.counters(mine)

    assert (counted.waiting, counted.urgent, counted.overdue) == (3, 1, 1)
    assert (counted.sent, counted.recalled) == (1, 1)
    assert waiting.counters(by(work, HANDLER)).sent == 0


def test_equal_ones_go_the_same_way_and_others_say_why_they_differ(work):
    here = {"address": "海澜区潮音街道"}
    ticket = a_logged_ticket(work, **here)
    equal = a_logged_ticket(work, **here)
    elsewhere = a_logged_ticket(work, category="0102", address="望湖区湖影街道")
    urgent = a_logged_ticket(work, urgency=Urgency.URGENT, **here)
    returned = a_dispatched_ticket(work, **here)
    returns.request_return(by(work, LEADER), returned, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), returned, granted=True, text="")
    a_dispatched_ticket(work, lead=OTHER, **here)

    found = {one.ticket.number: one.differs for one in waiting_alike(by(work, DISPATCHER), ticket)}

    assert found == {equal.number: (), urgent.number: ("urgency",), returned.number: ("returned",)}
    assert elsewhere.number not in found
    assert returned.status is Status.LOGGED


def test_the_same_category_elsewhere_goes_another_way(work):
    ticket = a_logged_ticket(work, category="0102", address="海澜区潮音街道", area="990101001")
    other = a_logged_ticket(work, category="0102", address="望湖区湖影街道", area="990102001")

    [found] = waiting_alike(by(work, DISPATCHER), ticket)

    assert found.ticket is other
    assert found.differs == ("lead",)
