"""The outbox on a real Valkey: Redis may be lost at any moment, a promise may not."""

from datetime import timedelta

import pytest
import time_machine
from redis.exceptions import ConnectionError
from rq.job import Job
from rq.serializers import JSONSerializer

from hotline.jobs import worker
from hotline.jobs.outbox import relay
from hotline.jobs.queues import Queue
from hotline.jobs.transport import Rq, connect
from tests.hotline.jobs.promised import (
    a_broken_promise,
    a_notice_for,
    a_ticket,
    forget_promises,
    messages,
    notices,
    the_message,
)
from tests.support.valkey import Valkey

pytestmark = pytest.mark.usefixtures("settings")
AFTER_THE_LEASE = timedelta(seconds=61)


@pytest.fixture
def transport(valkey: Valkey) -> Rq:
    return Rq(connect(valkey.url))


def work_off(valkey: Valkey) -> None:
    """Let a worker empty the queues."""
    worker.run(valkey.client(), burst=True)


def waiting(valkey: Valkey) -> int:
    return int(valkey.client().llen(f"rq:queue:{Queue.NOTIFY}"))


def test_everything_that_a_ticket_promised_is_kept(valkey: Valkey, transport: Rq) -> None:
    a_ticket()

    relay(transport)
    work_off(valkey)

    assert messages()
    assert all(message.done_at for message in messages())
    assert len(notices()) == sum(message.kind == "tell_department" for message in messages())


def test_what_waits_in_the_queue_is_not_queued_twice(
    valkey: Valkey, transport: Rq, wall: time_machine.Traveller
) -> None:
    a_ticket()
    relay(transport)
    before = waiting(valkey)

    wall.shift(AFTER_THE_LEASE)
    relay(transport)

    assert before > 0
    assert waiting(valkey) == before


def test_a_flushed_redis_loses_nothing(valkey: Valkey, transport: Rq, wall: time_machine.Traveller) -> None:
    a_ticket()
    relay(transport)

    valkey.client().flushall()
    wall.shift(AFTER_THE_LEASE)
    relay(transport)
    work_off(valkey)

    assert all(message.done_at for message in messages())


def test_a_redis_that_died_with_its_data_loses_nothing(
    valkey: Valkey, transport: Rq, wall: time_machine.Traveller
) -> None:
    a_ticket()
    relay(transport)

    valkey.kill()
    valkey.lose_everything()
    wall.shift(AFTER_THE_LEASE)
    with pytest.raises((ConnectionError, OSError)):
        relay(transport)
    valkey.start()
    relay(transport)
    work_off(valkey)

    assert all(message.done_at for message in messages())


def test_what_failed_is_offered_again(valkey: Valkey, transport: Rq, wall: time_machine.Traveller) -> None:
    broken = a_broken_promise()
    relay(transport)
    work_off(valkey)

    wall.shift(AFTER_THE_LEASE + AFTER_THE_LEASE)
    relay(transport)
    work_off(valkey)

    assert the_message(broken).attempts == 2


def test_what_was_cut_off_with_its_worker_is_offered_again(
    valkey: Valkey, transport: Rq, wall: time_machine.Traveller
) -> None:
    ticket = a_ticket()
    forget_promises()
    promise = a_notice_for(ticket)
    relay(transport)
    # As a killed worker leaves it: taken from the queue, marked as started, never finished.
    client = valkey.client()
    client.lpop(f"rq:queue:{Queue.NOTIFY}")
    Job.fetch(f"outbox-{promise}", connection=client, serializer=JSONSerializer).set_status("started")

    wall.shift(AFTER_THE_LEASE)
    relay(transport)
    work_off(valkey)

    assert the_message(promise).done_at
    assert len(notices()) == 1
