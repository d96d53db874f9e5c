"""How an alert gets to people: into inboxes, by text message, to another system, into a group; each once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hotline import runtime
from hotline.jobs import sweeps
from hotline.jobs.gateways import sms_of
from hotline.jobs.inline import keep_due
from hotline.jobs.outbox import deliver
from hotline.models.alert import AlertDelivery, Delivery
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.notify import webhook
from hotline.notify.channel import Undelivered
from hotline.settings import Settings
from hotline.tickets import accounts
from hotline.work import SYSTEM
from sla.ladders import parse
from sla.rungs import By
from tests.builders import ADMIN, DAY, HANDLER, LEAD, LEADER, a_call
from tests.hotline.jobs.promised import a_ticket, forget_promises, notices

pytestmark = pytest.mark.usefixtures("wall", "settings")
ALERTS, ROBOT = "https://city.example/alerts", "https://qyapi.example/send?key=k"
PHONE = "13900000002"


@dataclass
class Outside:
    """Whoever is posted to: keeps what came, under its key; takes nothing while it is `away`."""

    away: bool = False
    answer: bytes = b'{"errcode": 0}'
    posts: list[tuple[str, str, str]] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=dict)

    def post(self, address: str, body: bytes, *, key: str, secret: str = "") -> bytes:
        self.posts.append((address, key, secret))
        if self.away:
            raise Undelivered("ConnectionRefusedError")
        self.taken[key] = json.loads(body)
        return self.answer


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    there = Outside()
    monkeypatch.setattr(webhook, "post", there.post)
    return there


@pytest.fixture
def ringing_by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let red of the resolve clock alone tell handler and leader, by these channels."""

    def ring(*channels: By, **settings: str) -> None:
        rows = [
            {"stage": "resolve", "tell": ["handler", "leader"], "by": list(channels)},
            {"stage": ["accept", "contact"], "tell": "handler", "by": "digest"},
        ]
        running = runtime.current()
        ladder = parse({"left_share": 0.25, "red": rows})
        changed = replace(
            running, city=replace(running.city, ladder=ladder), settings=replace(running.settings, **settings)
        )
        monkeypatch.setattr(runtime, "_running", changed)

    return ring


def overdue(wall: time_machine.Traveller) -> Ticket:
    ticket = a_ticket()
    forget_promises()
    wall.shift(20 * DAY)
    sweeps.due_alerts()
    return ticket


def deliveries() -> list[AlertDelivery]:
    with runtime.view(SYSTEM) as work:
        rows = list(work.session.scalars(select(AlertDelivery).order_by(AlertDelivery.id)))
        work.session.expunge_all()
    return rows


def give_phone(*logins: str) -> None:
    with runtime.work(ADMIN) as work:
        for user in work.session.scalars(select(User).where(User.name.in_(logins))):
            accounts.set_phone(work, user, PHONE)


def promised() -> list[int]:
    with runtime.view(SYSTEM) as work:
        waiting = select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None))
        return list(work.session.scalars(waiting.order_by(OutboxMessage.id)))


def test_an_alert_comes_into_the_inbox_of_the_department_and_of_its_leader(
    ringing_by: Callable[..., None], wall: time_machine.Traveller
) -> None:
    ringing_by(By.INBOX)
    ticket = overdue(wall)

    keep_due()

    lines = [one for one in notices() if one.topic == "breach" and one.ticket_id == ticket.id]
    assert [(one.department_code, one.role) for one in lines] == [(LEAD, None), (LEAD, "leader")]
    assert {one.facts["stage"] for one in lines} == {"resolve"}
    assert {(one.state, one.tries) for one in deliveries()} == {(Delivery.SENT, 1)}


def test_a_line_for_leaders_is_everybody_s_where_there_is_none(
    ringing_by: Callable[..., None], wall: time_machine.Traveller
) -> None:
    ringing_by(By.INBOX)
    with runtime.work(SYSTEM) as work:
        work.session.get_one(User, LEADER.user_id).active = False
    ticket = overdue(wall)

    keep_due()

    lines = [one for one in notices() if one.topic == "breach" and one.ticket_id == ticket.id]
    assert [(one.department_code, one.role) for one in lines] == [(LEAD, None), (LEAD, None)]


def test_a_text_message_goes_to_everybody_there_who_left_a_number(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, settings: Settings
) -> None:
    ringing_by(By.SMS)
    give_phone(HANDLER.name, LEADER.name)
    ticket = overdue(wall)

    keep_due()

    written = [json.loads(line) for line in settings.sms_file.read_text().splitlines()]
    # The handlers' message goes to all of the department, the leader's to the leader.
    assert len(written) == 3
    assert {one["to"] for one in written} == {f"*******{PHONE[-4:]}"}
    [text] = {one["text"] for one in written}
    assert ticket.number in text
    assert "市城管局" in text
    assert "办结时限" in text
    assert a_call().content[:6] not in text


def test_nobody_with_a_number_is_written_down(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, settings: Settings
) -> None:
    ringing_by(By.SMS)
    overdue(wall)

    keep_due()

    assert not settings.sms_file.exists()
    assert {one.state for one in deliveries()} == {Delivery.UNADDRESSED}


def test_the_gateway_is_posted_to_signed_and_under_a_key(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, outside: Outside
) -> None:
    ringing_by(By.SMS, sms_url="https://sms.example/send", sms_key="k" * 32)
    give_phone(LEADER.name)
    overdue(wall)

    keep_due()

    assert {(address, secret) for address, _, secret in outside.posts} == {
        ("https://sms.example/send", "k" * 32)
    }
    assert {one["to"] for one in outside.taken.values()} == {PHONE}
    assert all(key == one["key"] for key, one in outside.taken.items())


def test_another_system_is_told_in_codes_and_numbers_once(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, outside: Outside
) -> None:
    ringing_by(By.WEBHOOK, alert_url=ALERTS, alert_key="k" * 32)
    ticket = overdue(wall)

    keep_due()

    [(address, _, secret)] = outside.posts
    assert (address, secret) == (ALERTS, "k" * 32)
    [told] = outside.taken.values()
    assert told == {
        "key": told["key"],
        "type": "alert",
        "rung": "red",
        "severity": "overdue",
        "ticket": ticket.number,
        "clock": "resolve/1/1",
        "department": LEAD,
        "due_at": told["due_at"],
        "fired_at": told["fired_at"],
    }


def test_a_group_reads_markdown_and_its_refusal_is_tried_again(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, outside: Outside
) -> None:
    ringing_by(By.WECOM, wecom_url=ROBOT)
    ticket = overdue(wall)
    outside.answer = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    keep_due()
    assert {(one.state, one.tries) for one in deliveries()} == {(Delivery.WAITING, 1)}

    outside.answer = b'{"errcode": 0}'
    wall.shift(DAY)
    keep_due()

    [said] = outside.taken.values()
    assert said["msgtype"] == "markdown"
    assert ticket.number in said["markdown"]["content"]
    assert {(one.state, one.tries) for one in deliveries()} == {(Delivery.SENT, 2)}


def test_what_was_sent_and_not_marked_goes_again_under_the_same_key(
    ringing_by: Callable[..., None],
    wall: time_machine.Traveller,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ringing_by(By.WEBHOOK, alert_url=ALERTS, alert_key="k" * 32)
    overdue(wall)
    [message] = promised()
    post = outside.post

    def post_and_die(address: str, body: bytes, *, key: str, secret: str = "") -> bytes:
        post(address, body, key=key, secret=secret)
        raise KeyboardInterrupt

    monkeypatch.setattr(webhook, "post", post_and_die)
    with pytest.raises(KeyboardInterrupt):
        deliver(message)
    monkeypatch.setattr(webhook, "post", post)
    wall.shift(DAY)
    keep_due()
    wall.shift(DAY)
    deliver(message)

    assert len(outside.posts) == 2
    assert len(outside.taken) == 1


def test_who_stays_away_is_given_up_and_written_down(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, outside: Outside
) -> None:
    ringing_by(By.WEBHOOK, alert_url=ALERTS, alert_key="k" * 32)
    overdue(wall)
    outside.away = True

    for _ in range(12):
        keep_due()
        wall.shift(DAY)

    assert [(one.state, one.tries) for one in deliveries()] == [(Delivery.FAILED, 10)]


def test_a_channel_without_an_address_tells_nobody(
    ringing_by: Callable[..., None], wall: time_machine.Traveller, outside: Outside
) -> None:
    ringing_by(By.WEBHOOK, By.WECOM)
    overdue(wall)

    keep_due()

    assert outside.posts == []
    assert {one.state for one in deliveries()} == {Delivery.UNADDRESSED}


def test_without_an_address_text_messages_go_into_the_file_of_the_demo(settings: Settings) -> None:
    assert type(sms_of(settings)).__name__ == "ConsoleSms"
    named = replace(settings, sms_url="https://sms.example/send", sms_key="k" * 32)
    assert type(sms_of(named)).__name__ == "HttpSms"
