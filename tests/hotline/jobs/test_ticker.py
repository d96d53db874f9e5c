"""Of several tickers one works; when it falls silent another takes over; no outage stops it."""

import threading
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hotline.jobs import leadership
from hotline.jobs.inline import Inline
from hotline.jobs.queues import Queue
from hotline.jobs.ticker import Chore, Ticker
from tests.hotline.jobs.promised import a_ticket, messages

pytestmark = pytest.mark.usefixtures("settings", "wall")


def test_only_one_holds_the_lease() -> None:
    assert leadership.take("first")
    assert not leadership.take("second")
    assert leadership.take("first")


def test_a_silent_holder_is_replaced(wall: time_machine.Traveller) -> None:
    leadership.take("first")

    wall.shift(leadership.LASTS + timedelta(seconds=1))

    assert leadership.take("second")
    assert not leadership.take("first")


def test_a_lease_that_was_given_up_is_free_at_once() -> None:
    leadership.take("first")

    leadership.give_up("first")

    assert leadership.take("second")


def test_a_tick_keeps_what_is_due() -> None:
    a_ticket()
    promised = len(messages())

    Ticker(Inline()).tick()

    assert all(message.done_at for message in messages()[:promised])


def test_a_ticker_that_does_not_lead_does_nothing() -> None:
    leadership.take("another")
    a_ticket()

    Ticker(Inline()).tick()

    assert not any(message.done_at for message in messages())


def test_a_ticker_lives_through_an_outage(logged: list[MutableMapping[str, Any]]) -> None:
    class Away:
        def offer(self, message_id: int, queue: Queue) -> None:
            raise ConnectionError("Redis is away")

    a_ticket()

    Ticker(Away()).tick()

    assert all(message.offers == 0 for message in messages())
    assert [event["chore"] for event in logged if event["event"] == "chore_failed"] == ["relay"]


def test_a_chore_that_fails_is_done_less_often_until_it_works() -> None:
    def fail() -> None:
        raise ConnectionError

    chore = Chore("broken", 1.0, fail)
    rests = []
    for _ in range(6):
        chore.next_at = 0.0
        chore.do_when_due()
        rests.append(min(1.0 * 2**chore.failures, 15.0))

    assert rests == [2, 4, 8, 15, 15, 15]
    chore.do, chore.next_at = (lambda: None), 0.0
    chore.do_when_due()
    assert chore.failures == 0


def test_a_stopped_ticker_gives_up_its_lease() -> None:
    stop = threading.Event()
    ticker = Ticker(Inline())
    ticker.tick()
    stop.set()

    ticker.run(stop)

    assert leadership.take("another")
