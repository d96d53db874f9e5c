"""Promises kept without Redis: the same rules, many at a time."""

from datetime import timedelta

import pytest

from hotline.jobs.inline import Inline, keep_due
from hotline.jobs.outbox import relay
from tests.conftest import NOW
from tests.hotline.jobs.promised import a_broken_promise, a_ticket, messages, notices, the_message

pytestmark = pytest.mark.usefixtures("settings", "wall")


def test_everything_due_is_kept_at_once() -> None:
    a_ticket()
    a_ticket()

    assert keep_due() == len(messages())

    assert all(message.done_at for message in messages())
    assert keep_due() == 0


def test_one_broken_promise_does_not_stop_the_others() -> None:
    a_ticket()
    broken = a_broken_promise()
    a_ticket()

    keep_due()

    assert [message.id for message in messages() if not message.done_at] == [broken]
    assert the_message(broken).error == "IntegrityError"


def test_a_simulated_moment_is_what_the_effects_bear() -> None:
    a_ticket()
    simulated = NOW - timedelta(days=30)

    keep_due(now=simulated)

    assert {notice.created_at for notice in notices()} == {simulated}


def test_the_relay_can_deliver_by_itself() -> None:
    a_ticket()
    broken = a_broken_promise()

    relay(Inline())

    assert [message.id for message in messages() if not message.done_at] == [broken]
