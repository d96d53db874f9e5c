"""A ticket for another city's hotline is handed over once, and again until it was taken."""

import json
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from hotline import runtime
from hotline.jobs.inline import keep_due
from hotline.jobs.outbox import deliver
from hotline.models.ticket import Ticket
from hotline.notify import webhook
from hotline.notify.channel import Undelivered
from hotline.settings import Settings
from hotline.tickets import intake
from tests.builders import AGENT, PHONE, a_logged_ticket
from tests.hotline.jobs.promised import messages

pytestmark = pytest.mark.usefixtures("wall", "settings")
ADDRESS = "https://peer.example/packages"


class Peer:
    """The other hotline: keeps what is posted, under its key; takes nothing while it is `away`."""

    def __init__(self) -> None:
        self.away = False
        self.posts: list[str] = []
        self.taken: dict[str, dict[str, Any]] = {}

    def post(self, address: str, body: bytes, *, key: str) -> None:
        assert address == ADDRESS
        self.posts.append(key)
        if self.away:
            raise Undelivered("ConnectionRefusedError")
        self.taken[key] = json.loads(body)


@pytest.fixture
def peer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A city whose other-city channel takes packages, and who answers there."""
    running = runtime.current()
    channel = replace(running.city.transfers["other_city"], exchange=ADDRESS)
    city = replace(running.city, transfers={**running.city.transfers, channel.code: channel})
    monkeypatch.setattr(runtime, "_running", replace(running, city=city))
    peer = Peer()
    monkeypatch.setattr(webhook, "post", peer.post)
    return peer


def transferred() -> Ticket:
    with runtime.work(AGENT) as work:
        ticket = a_logged_ticket(work)
        intake.transfer(work, ticket, "other_city", "ticket", consent=True)
        return ticket


def the_promise() -> Any:
    [promise] = [one for one in messages() if one.kind == "send_package"]
    return promise


def test_what_was_transferred_arrives(peer: Peer) -> None:
    ticket = transferred()

    keep_due()

    [package] = peer.taken.values()
    assert package["origin"]["number"] == ticket.number
    assert package["caller"]["phone"] == PHONE
    assert the_promise().done_at is not None


def test_a_hotline_that_is_away_gets_it_later_under_the_same_key(peer: Peer) -> None:
    transferred()
    peer.away = True
    keep_due()
    assert the_promise().done_at is None

    peer.away = False
    deliver(the_promise().id)
    deliver(the_promise().id)

    assert the_promise().done_at is not None
    assert len(peer.posts) == 2
    assert len(set(peer.posts)) == 1


def test_neither_promise_nor_log_names_the_caller(peer: Peer, logged: list[MutableMapping[str, Any]]) -> None:
    peer.away = True
    transferred()

    keep_due()

    said = json.dumps([the_promise().payload, the_promise().error, *map(str, logged)])
    assert PHONE not in said
    assert "路灯" not in said


def test_nobody_who_does_not_answer_counts_as_reached() -> None:
    with pytest.raises(Undelivered):
        webhook.post("https://127.0.0.1:9/packages", b"{}", key="k")
