"""No promise is lost, none is kept twice, and one that cannot be kept comes to rest."""

from datetime import timedelta

import pytest
import time_machine

from hotline import clock, runtime
from hotline.jobs.outbox import LONGEST_LEASE, MOST_STARTS, claim, deliver, relay
from hotline.jobs.queues import Queue
from hotline.tickets.upkeep import unpark
from hotline.work import SYSTEM
from tests.builders import LEAD, a_dispatched_ticket
from tests.conftest import NOW
from tests.hotline.jobs.promised import (
    a_broken_promise,
    a_notice_for,
    a_promise,
    a_ticket,
    forget_promises,
    messages,
    notices,
    the_message,
)

pytestmark = pytest.mark.usefixtures("settings")


class Recorded:
    """A transport that only remembers; `broken_at` counts down to an outage."""

    def __init__(self, *, broken_after: int | None = None) -> None:
        self.offered: list[tuple[int, Queue]] = []
        self._broken_after = broken_after

    def offer(self, message_id: int, queue: Queue) -> None:
        if self._broken_after == len(self.offered):
            raise ConnectionError("Redis is away")
        self.offered.append((message_id, queue))


@pytest.fixture
def transport() -> Recorded:
    return Recorded()


@pytest.fixture
def promise(wall: time_machine.Traveller) -> int:
    """One notice to a department, the only thing that is due."""
    ticket = a_ticket()
    forget_promises()
    return a_notice_for(ticket)


def test_what_is_due_is_offered_on_its_queue(promise: int, transport: Recorded) -> None:
    assert relay(transport) == 1

    assert transport.offered == [(promise, Queue.NOTIFY)]


def test_what_was_offered_rests_for_its_lease(
    promise: int, transport: Recorded, wall: time_machine.Traveller
) -> None:
    relay(transport)

    wall.shift(timedelta(seconds=59))
    assert relay(transport) == 0
    wall.shift(timedelta(seconds=1))
    assert relay(transport) == 1


def test_offers_that_no_worker_takes_grow_rarer_and_park_nothing(
    promise: int, transport: Recorded, wall: time_machine.Traveller
) -> None:
    rests = []
    for _ in range(2 * MOST_STARTS):
        relay(transport)
        message = the_message(promise)
        rests.append((message.due_at - clock.now()).total_seconds())
        wall.move_to(message.due_at)

    assert rests[:5] == [60, 120, 240, 480, 900]
    assert rests[-1] == LONGEST_LEASE.total_seconds()
    assert (message.attempts, message.parked_at) == (0, None)


def test_what_could_not_be_offered_is_due_again_at_once(promise: int, wall: time_machine.Traveller) -> None:
    with pytest.raises(ConnectionError):
        relay(Recorded(broken_after=0))

    message = the_message(promise)
    assert (message.due_at, message.offers) == (NOW, 0)


def test_an_outage_half_way_gives_back_only_the_rest(promise: int, wall: time_machine.Traveller) -> None:
    second = a_promise("tell_desk", **{**the_message(promise).payload, "role": "supervisor"})

    with pytest.raises(ConnectionError):
        relay(Recorded(broken_after=1))

    assert the_message(promise).due_at > NOW
    assert the_message(second).due_at == NOW


def test_a_kept_promise_is_done_and_tells_who_kept_it(promise: int) -> None:
    deliver(promise)

    message = the_message(promise)
    assert message.done_at == NOW
    assert message.done_by
    assert [(notice.outbox_id, notice.department_code, notice.topic) for notice in notices()] == [
        (promise, LEAD, "urge")
    ]


def test_a_promise_delivered_twice_is_kept_once(promise: int) -> None:
    deliver(promise)
    deliver(promise)

    assert len(notices()) == 1
    assert the_message(promise).attempts == 1


def test_a_kept_promise_is_offered_no_more(
    promise: int, transport: Recorded, wall: time_machine.Traveller
) -> None:
    deliver(promise)

    wall.shift(timedelta(days=1))
    assert relay(transport) == 0


def test_a_failed_start_leaves_the_kind_of_error_and_no_effect(wall: time_machine.Traveller) -> None:
    broken = a_broken_promise()

    with pytest.raises(Exception, match="notices"):
        deliver(broken)

    message = the_message(broken)
    assert (message.attempts, message.error, message.done_at) == (1, "IntegrityError", None)
    assert notices() == []


def test_after_ten_failed_starts_a_promise_is_parked(
    transport: Recorded, wall: time_machine.Traveller
) -> None:
    broken = a_broken_promise()

    for _ in range(MOST_STARTS):
        with pytest.raises(Exception, match="notices"):
            deliver(broken)
    wall.shift(timedelta(days=1))

    assert the_message(broken).parked_at == NOW
    assert relay(transport) == 0


def test_starts_that_were_killed_count_as_failed(wall: time_machine.Traveller, promise: int) -> None:
    for _ in range(MOST_STARTS):
        with runtime.work(SYSTEM) as work:
            assert claim(work, promise)

    deliver(promise)

    message = the_message(promise)
    assert (message.parked_at, message.done_at) == (NOW, None)


def test_a_parked_promise_can_be_tried_again(transport: Recorded, promise: int) -> None:
    for _ in range(MOST_STARTS + 1):
        with runtime.work(SYSTEM) as work:
            claim(work, promise)

    with runtime.work(SYSTEM) as work:
        assert unpark(work, promise)
    relay(transport)
    deliver(promise)

    assert the_message(promise).done_at


def test_a_kind_that_nobody_knows_is_parked_and_blocks_nothing(
    promise: int, transport: Recorded, wall: time_machine.Traveller
) -> None:
    unknown = a_promise("carrier_pigeon", ticket=1)

    relay(transport)

    assert the_message(unknown).parked_at == NOW
    assert transport.offered == [(promise, Queue.NOTIFY)]


def test_an_action_that_is_undone_promises_nothing(wall: time_machine.Traveller) -> None:
    with pytest.raises(KeyError):
        fail_after_dispatching()

    assert messages() == []


def fail_after_dispatching() -> None:
    with runtime.work(SYSTEM) as work:
        a_dispatched_ticket(work)
        raise KeyError
