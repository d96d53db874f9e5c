"""The supervisor sees who came, who came late and who never, and the same of opinions."""

from dataclasses import replace
from datetime import timedelta

from hotline.tickets import cooperation, handling, joint, whistling
from hotline.tickets.cooperation import Tally
from hotline.tickets.whistling import Arrival
from tests.builders import (
    A_RESULT,
    DAY,
    DISTRICT,
    DISTRICT_HANDLER,
    HANDLER,
    HOUR,
    OTHER,
    OTHER_HANDLER,
    STREET_HANDLER,
    SUPERVISOR,
    by,
)
from tests.hotline.tickets.test_joint import a_shared_ticket
from tests.hotline.tickets.test_whistling import whistled


def tallies(found):
    return {one.department: one for one in found}


def test_who_came_in_time_who_late_and_who_never(work):
    for late in (1, 3, 9):
        ticket = whistled(work)
        whistling.arrive(by(work, OTHER_HANDLER, after=late * HOUR), ticket, who="王工")
        handling.resolve(by(work, STREET_HANDLER, after=10 * HOUR), ticket, A_RESULT)

    found = cooperation.arrivals(by(work, SUPERVISOR, after=DAY), work.now - DAY)

    assert [one.department for one in found] == [DISTRICT, OTHER]
    assert tallies(found)[OTHER] == Tally(OTHER, 3, 1, 2, 0, 0)
    assert tallies(found)[DISTRICT] == Tally(DISTRICT, 3, 0, 0, 3, 0)


def test_who_is_still_on_the_way_counts_against_nobody_until_it_is_late(work):
    whistled(work)

    early = cooperation.arrivals(by(work, SUPERVISOR, after=HOUR), work.now - DAY)
    late = cooperation.arrivals(by(work, SUPERVISOR, after=3 * HOUR), work.now - DAY)

    assert {(one.not_at_all, one.open) for one in early} == {(0, 1)}
    assert {(one.not_at_all, one.open) for one in late} == {(1, 0)}


def test_a_denied_arrival_is_counted(work):
    ticket = whistled(work)
    whistling.arrive(by(work, DISTRICT_HANDLER, after=HOUR), ticket, who="老赵")
    whistling.deny_arrival(by(work, STREET_HANDLER, after=HOUR), ticket, department=DISTRICT, text="没有人")

    found = cooperation.arrivals(by(work, SUPERVISOR, after=HOUR), work.now - DAY)

    assert tallies(found)[DISTRICT].wrong == 1


def test_what_lies_before_the_period_is_left_out(work):
    whistled(work)

    assert cooperation.arrivals(work, work.now + timedelta(seconds=1)) == []
    assert cooperation.recent_calls(work, work.now + timedelta(seconds=1)) == []


def test_the_last_whistles_are_listed_each_with_where_it_stands(work):
    ticket = whistled(work)
    whistling.arrive(by(work, OTHER_HANDLER, after=HOUR), ticket, who="王工")

    found = cooperation.recent_calls(by(work, SUPERVISOR, after=3 * HOUR), work.now - DAY)

    assert {one.part.department_code: one.arrival for one in found} == {
        OTHER: Arrival.IN_TIME,
        DISTRICT: Arrival.OVERDUE,
    }


def test_opinions_are_counted_in_time_late_missing_and_declined(work):
    in_time, late, declined, missing, let_go = (a_shared_ticket(work) for _ in range(5))
    joint.assist(by(work, OTHER_HANDLER, after=HOUR), in_time, opinion="可以")
    joint.assist(by(work, OTHER_HANDLER, after=6 * DAY), late, opinion="可以")
    joint.decline(by(work, OTHER_HANDLER, after=HOUR), declined, reason="不归我们", basis="条例第六条")
    handling.resolve(by(work, HANDLER, after=6 * DAY), missing, A_RESULT)
    handling.resolve(by(work, HANDLER, after=HOUR), let_go, replace(A_RESULT, without="不等"))

    [found] = cooperation.opinions(by(work, SUPERVISOR, after=7 * DAY), work.now - DAY)

    assert found == Tally(OTHER, 5, 1, 1, 1, 1)
    assert found.open == 2
