"""What callers are told by text message, and what never is."""

import json
from datetime import timedelta

import pytest
import time_machine

from hotline import runtime
from hotline.jobs.inline import keep_due
from hotline.jobs.letters import LINK_PATH, Letter
from hotline.jobs.outbox import deliver, send
from hotline.notify.console import ConsoleSms
from hotline.settings import Settings
from hotline.tickets import rating
from hotline.tickets.callers import Identity
from hotline.work import SYSTEM
from tests.builders import AGENT, PHONE, a_call, a_ticket_to_follow_up
from tests.hotline.jobs.promised import a_promise, a_ticket, forget_promises, messages

pytestmark = pytest.mark.usefixtures("wall")


def sent(settings: Settings) -> list[dict[str, str]]:
    if not settings.sms_file.exists():
        return []
    return [json.loads(line) for line in settings.sms_file.read_text().splitlines()]


def test_the_caller_hears_number_department_and_date(settings: Settings) -> None:
    ticket = a_ticket()

    keep_due()

    logged, dispatched = (letter["text"] for letter in sent(settings))
    assert ticket.number in logged
    assert "已登记" in logged
    assert ticket.number in dispatched
    assert "城市管理" in dispatched
    assert "12 月 3 日（周四）18:00" in dispatched


def test_a_letter_never_says_what_it_is_about_nor_shows_the_number(settings: Settings) -> None:
    a_ticket()

    keep_due()

    written = settings.sms_file.read_text()
    assert a_call().content[:8] not in written
    assert PHONE not in written
    assert {letter["to"] for letter in sent(settings)} == {f"*******{PHONE[-4:]}"}


def test_who_gave_no_number_or_no_name_is_left_alone(settings: Settings) -> None:
    a_ticket(anonymous=True)
    a_ticket(identity=Identity("王小川", None))

    keep_due()

    assert sent(settings) == []
    assert all(message.done_at for message in messages())


def test_a_letter_sent_twice_arrives_once(settings: Settings) -> None:
    letter = Letter(PHONE, "一")

    send(letter, 1)
    send(letter, 1)
    ConsoleSms(settings.sms_file).send(PHONE, "一", key="outbox-1")

    assert [one["key"] for one in sent(settings)] == ["outbox-1"]


def test_a_letter_is_sent_with_no_transaction_open(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_connections = []
    send_it = ConsoleSms.send

    def watch(self: ConsoleSms, to: str, text: str, *, key: str) -> None:
        open_connections.append(runtime.current().engine.pool.checkedout())  # type: ignore[attr-defined]
        send_it(self, to, text, key=key)

    monkeypatch.setattr(ConsoleSms, "send", watch)
    a_ticket()

    deliver(messages()[0].id)

    assert open_connections == [0]


def test_the_link_opens_the_ticket_it_was_sent_for(settings: Settings, wall: time_machine.Traveller) -> None:
    with runtime.work(AGENT) as work:
        ticket = a_ticket_to_follow_up(work)
    forget_promises()
    a_promise("send_link", ticket=ticket.id, action="attempt")

    keep_due()

    [letter] = sent(settings)
    link = letter["text"].rsplit("：", 1)[1]
    assert link.startswith(f"{settings.site}{LINK_PATH}")
    wall.shift(timedelta(days=1))
    with runtime.view(SYSTEM) as work:
        assert rating.ticket_of_link(work, link.rsplit("/", 1)[1]).number == ticket.number
