"""A ticket goes to another city's hotline whole, once, and with no more of the caller than he agreed to."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from classifier import Span
from hotline.cities.rules import Transfer
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Channel, Ticket
from hotline.tickets import callers, exchange, intake, promises, splitting, timeline, verification
from hotline.tickets.callers import Identity
from hotline.work import Work
from tests.builders import AGENT, DISPATCHER, PHONE, a_logged_ticket, by

KEY = "k" * 32
SAID = "老家在外地，村口的路灯坏了三个月，我的电话13900001111，请帮忙转给当地。"


def transferred(work: Work, *, consent: bool = False, mode: str = "ticket", **changes: object) -> Ticket:
    ticket = a_logged_ticket(work, content=SAID, **changes)
    intake.transfer(by(work, AGENT), ticket, "other_city", mode, consent=consent)
    return ticket


def elsewhere(work: Work) -> Work:
    """The same work in another city's instance, on the same tables."""
    return replace(by(work, AGENT), city=replace(work.city, code="990200"))


def sent(work: Work, ticket: Ticket, key: str = "") -> bytes:
    return exchange.written(exchange.package_of(work, ticket), key)


def test_a_package_taken_twice_in_another_city_is_one_ticket(work: Work) -> None:
    origin = transferred(work, consent=True)
    file = sent(work, origin)
    there = elsewhere(work)

    first = exchange.take(there, exchange.read(file))
    again = exchange.take(there, exchange.read(file))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.ticket is first.ticket
    assert first.ticket.number != origin.number
    assert (first.ticket.status, first.ticket.channel) == (Status.LOGGED, Channel.OTHER)
    assert first.ticket.content == origin.content
    [note] = timeline.acted(there, first.ticket, Action.NOTE)
    assert origin.number in note.details["text"]
    assert note.details["received"]["number"] == origin.number
    assert list(verification.verify(work)) == []


def test_the_same_ticket_is_always_the_same_package(work: Work) -> None:
    ticket = transferred(work)
    other = transferred(work)

    assert sent(work, ticket) == sent(by(work, AGENT), ticket)
    keys = {exchange.package_of(work, one)["key"] for one in (ticket, other)}
    assert len(keys) == 2


def test_who_did_not_agree_is_not_named(work: Work) -> None:
    package = exchange.package_of(work, transferred(work, consent=False))
    file = json.dumps(package, ensure_ascii=False)

    assert package["caller"] is None
    for personal in (PHONE, "13900001111", "王小川"):
        assert personal not in file
    assert exchange.take(elsewhere(work), exchange.read(file.encode())).ticket.anonymous


NAMED = {
    "content": "我是王小川，村口的路灯坏了三个月，请联系王小川，座机87654321。",
    "title": "王小川反映路灯坏了",
    "wish": "修好后告诉王小川",
    "occurred": "王小川三个月前看到",
    "subject": "王小川的邻居",
    "address": "海澜区潮音街道王小川家门口",
}


@pytest.mark.parametrize(("consent", "confidential"), [(False, False), (False, True), (True, True)])
def test_no_word_that_goes_names_a_caller_who_may_not_be_named(
    work: Work, consent: bool, confidential: bool
) -> None:
    caller = Identity("王小川", "87654321")
    ticket = a_logged_ticket(work, **NAMED, identity=caller, confidential=confidential)
    intake.transfer(by(work, AGENT), ticket, "other_city", "ticket", consent=consent)

    package = exchange.package_of(work, ticket)
    file = json.dumps(package, ensure_ascii=False)

    assert package["caller"] is None
    assert package["text"].startswith("我是***，村口的路灯坏了")
    assert "王小川" not in file
    assert "87654321" not in file


def test_what_was_asked_in_confidence_stays_so_where_it_is_taken(work: Work) -> None:
    file = sent(work, transferred(work, consent=True, confidential=True))

    taken = exchange.take(elsewhere(work), exchange.read(file)).ticket

    assert taken.confidential
    assert taken.anonymous


def test_the_words_that_were_split_off_do_not_go(work: Work) -> None:
    kept, gone = "村口的路灯坏了三个月", "，另外自来水发黄。"
    ticket = a_logged_ticket(work, content=kept + gone)
    cut = len(kept)
    splitting.split(
        by(work, DISPATCHER),
        ticket,
        [splitting.Piece(Span(0, cut)), splitting.Piece(Span(cut, len(kept + gone)))],
    )
    intake.transfer(by(work, AGENT), ticket, "other_city", "ticket", consent=True)

    package = exchange.package_of(work, ticket)

    assert (package["title"], package["text"]) == (kept, kept)


def test_who_agreed_can_be_called_back(work: Work) -> None:
    package = exchange.package_of(work, transferred(work, consent=True))

    taken = exchange.take(elsewhere(work), exchange.read(exchange.written(package))).ticket

    assert package["caller"] == {"name": "王小川", "phone": PHONE}
    assert "13900001111" in package["text"]
    assert not taken.anonymous
    assert callers.find_by_phone(work, PHONE) is not None


def test_an_anonymous_caller_is_named_by_no_consent(work: Work) -> None:
    ticket = transferred(work, consent=True, anonymous=True)

    assert exchange.package_of(work, ticket)["caller"] is None


def changed(**fields: object) -> Callable[[dict[str, Any]], bytes]:
    """A package with other fields, its digest made to fit."""

    def change(package: dict[str, Any]) -> bytes:
        made = {**package, **fields}
        return json.dumps({**made, "digest": exchange._digest(made)}).encode()

    return change


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda package: b"", "package_unreadable"),
        (lambda package: b"\xff\xfe{", "package_unreadable"),
        (lambda package: b"[" * 50_000, "package_unreadable"),
        (lambda package: b"[]", "package_schema"),
        (lambda package: b" " * (exchange.LARGEST + 1), "package_too_large"),
        (lambda package: json.dumps({**package, "text": "改过"}).encode(), "package_digest"),
        (lambda package: json.dumps({**package, "digest": 7}).encode(), "package_field:digest"),
        (lambda package: json.dumps({**package, "digest": "é"}).encode(), "package_digest"),
        (changed(schema="hotline-exchange/9"), "package_schema"),
        (changed(text=" "), "package_field:text"),
        (changed(key=""), "package_field:key"),
        (changed(key="k" * 121), "package_field:key"),
        (changed(title=["x"]), "package_field:title"),
        (changed(kind="gossip"), "package_field:kind、urgency、logged_at"),
        (changed(logged_at="2026-11-24T10:00:00"), "package_field:logged_at、confidential"),
        (changed(confidential="no"), "package_field:logged_at、confidential"),
        (changed(origin="x"), "package_field:origin"),
        (changed(caller=[]), "package_field:caller"),
    ],
)
def test_a_broken_package_is_refused_with_the_reason(
    work: Work, damage: Callable[[dict[str, Any]], bytes], code: str
) -> None:
    package = exchange.package_of(work, transferred(work))

    with pytest.raises(InvalidInput) as refused:
        exchange.read(damage(package))

    assert refused.value.fields == {"package": code}


def test_where_both_share_a_key_only_what_it_signed_is_taken(work: Work) -> None:
    ticket = transferred(work)

    assert exchange.read(sent(work, ticket, KEY), KEY).number == ticket.number
    for file in (sent(work, ticket), sent(work, ticket, "x" * 32)):
        with pytest.raises(InvalidInput):
            exchange.read(file, KEY)


def test_a_city_does_not_take_its_own_ticket_back(work: Work) -> None:
    file = sent(work, transferred(work))

    with pytest.raises(InvalidInput):
        exchange.take(work, exchange.read(file))


@pytest.mark.parametrize("target", ["petition", None])
def test_what_went_to_no_other_city_has_no_package(work: Work, target: str | None) -> None:
    ticket = a_logged_ticket(work)
    if target:
        intake.transfer(by(work, AGENT), ticket, target, "guidance")

    with pytest.raises(InvalidInput):
        exchange.package_of(work, ticket)


def connected(work: Work) -> Work:
    """The same work in a city whose other-city channel takes packages."""
    channel: Transfer = replace(work.city.transfers["other_city"], exchange="https://peer.example/packages")
    return replace(work, city=replace(work.city, transfers={**work.city.transfers, channel.code: channel}))


def promised(work: Work) -> int:
    asked = select(func.count()).where(OutboxMessage.kind == promises.SEND_PACKAGE)
    return work.session.scalar(asked) or 0


def test_a_package_is_promised_only_where_one_can_be_sent(work: Work) -> None:
    transferred(work)
    transferred(connected(work), mode="guidance")
    assert promised(work) == 0

    transferred(connected(work))

    assert promised(work) == 1
