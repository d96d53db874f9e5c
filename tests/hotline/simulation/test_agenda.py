"""What comes next: by time, then by who wrote first; a new course voids the old, asides stay."""

from datetime import UTC, datetime, timedelta

from hotline.lifecycle import Status
from hotline.models.ticket import Ticket
from hotline.simulation.agenda import Agenda, Plan
from hotline.work import SYSTEM, Work

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def nothing(_work: Work, _ticket: Ticket) -> None:
    pass


def _plan(minutes: int) -> Plan:
    return Plan(NOON + timedelta(minutes=minutes), SYSTEM, nothing, frozenset({Status.LOGGED}))


def test_entries_come_in_order_of_time_and_of_equal_times_the_earlier_written() -> None:
    agenda = Agenda()
    for ticket_id, minutes in ((1, 5), (2, 0), (3, 5)):
        agenda.add(ticket_id, _plan(minutes))

    assert [agenda.take().ticket_id for _ in range(3)] == [2, 1, 3]


def test_a_new_course_makes_the_old_one_void() -> None:
    agenda = Agenda()
    agenda.set_course(1, _plan(0))
    agenda.set_course(1, _plan(30))

    assert agenda.next_at() == NOON + timedelta(minutes=30)
    agenda.take()
    assert agenda.next_at() is None


def test_what_lies_beside_the_course_stays_when_the_course_changes() -> None:
    agenda = Agenda()
    agenda.add(1, _plan(10))
    agenda.set_course(1, _plan(0))
    agenda.set_course(1, None)

    assert agenda.next_at() == NOON + timedelta(minutes=10)
