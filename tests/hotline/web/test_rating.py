"""The caller says how it was: once a round, and what he typed is never lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import clock
from hotline.lifecycle import Status
from hotline.models.follow_up import FollowUp, Via
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import followup, rating
from hotline.tickets.followup import SEND_BACK
from hotline.work import Actor, Work
from tests.builders import A_RESULT, FOLLOWER, a_ticket_to_follow_up, by, fresh_key
from tests.conftest import NOW
from tests.hotline.tickets import deeds
from tests.hotline.web.browsing import post, soup
from tests.hotline.web.caller import fresh, looked_up, words_of

ClientAs = Callable[[Actor], FlaskClient]
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "4"}
BAD = {"contacted": "no", "solved": "no", "satisfied": "1"}


def a_ticket_with_its_link(work: Work) -> tuple[Ticket, str]:
    ticket = a_ticket_to_follow_up(work)
    address = f"/rate/{rating.link_token(work, ticket)}"
    work.session.commit()
    return ticket, address


# Where the ticket is tracked


def test_good_answers_close_and_cannot_be_given_twice(app: Flask, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    client = looked_up(app, work, ticket)

    page = soup(client.get("/track/ticket"))
    rated = post(client, "/track/rate", request_key=fresh_key(), comment="谢谢", **GOOD)
    again = post(client, "/track/rate", request_key=fresh_key(), **BAD)

    assert not page.select("input[type=radio][checked]")
    assert (rated.status_code, again.status_code) == (303, 409)
    assert fresh(work, ticket).closing is Closing.FOLLOWED_UP
    (answer,) = work.session.scalars(select(FollowUp).filter_by(ticket_id=ticket.id))
    assert (answer.via, answer.satisfied, answer.comment, answer.by_id) == (Via.TRACK, 4, "谢谢", None)


def test_after_bad_answers_it_is_no_longer_the_callers_turn(app: Flask, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    client = looked_up(app, work, ticket)
    before = client.get("/track/ticket")

    post(client, "/track/rate", request_key=fresh_key(), **BAD)
    page = client.get("/track/ticket")

    assert words_of(before, ".now .state") == "等您评价"
    assert fresh(work, ticket).status is Status.AWAITING_FOLLOW_UP
    assert words_of(page, ".now .state") == "已收到评价"
    assert words_of(page, ".now .big") == "我们正在看您的意见"
    assert words_of(page, ".now .by").endswith("前定下要不要重办")
    assert words_of(page, ".parcel .here") == "看您的意见"
    assert "您的评价已收到" in page.text
    assert not [words for words in ("提交评价", "请您评", "打电话给您") if words in page.text]


def test_the_desk_reads_how_an_answer_came(client_as: ClientAs, app: Flask, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    post(looked_up(app, work, ticket), "/track/rate", request_key=fresh_key(), **BAD)
    linked, address = a_ticket_with_its_link(work)
    post(app.test_client(), address, request_key=fresh_key(), **BAD)
    follower = client_as(FOLLOWER)

    tracked_words = words_of(follower.get(f"/follow-up/{ticket.number}"), ".answered h2")
    linked_words = words_of(follower.get(f"/follow-up/{linked.number}"), ".answered h2")

    assert "在进度查询页这样回答" in tracked_words
    assert "通过短信链接这样回答" in linked_words


def test_an_unfinished_rating_comes_back_with_what_was_typed(app: Flask, work: Work) -> None:
    client = looked_up(app, work, a_ticket_to_follow_up(work))

    answer = post(client, "/track/rate", contacted="yes", satisfied="5", comment="修得不错")

    assert answer.status_code == 422
    assert soup(answer).select_one("#e-solved")
    assert "修得不错" in answer.text


# By the link


def test_the_link_rates_once_and_says_so_afterwards(client: FlaskClient, work: Work) -> None:
    ticket, address = a_ticket_with_its_link(work)

    page = client.get(address)
    half = post(client, address, solved="yes")
    rated = post(client, address, request_key=fresh_key(), **GOOD)
    thanked = client.get(rated.location)
    used = client.get(address)

    assert A_RESULT.answer in page.text
    assert half.status_code == 422
    assert rated.location == "/thanks"
    assert "评价已收到，这件事办结" in thanked.text
    assert fresh(work, ticket).status is Status.CLOSED
    assert (used.status_code, words_of(used, ".now .big")) == (409, "这次办理已经评价过了")
    assert not soup(used).select("textarea")


def test_a_forged_or_expired_link_opens_nothing(
    client: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, address = a_ticket_with_its_link(work)

    forged = client.get(f"{address[:-2]}xx")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=8))
    expired = post(client, address, request_key=fresh_key(), comment="路灯还是不亮", **GOOD)

    assert (forged.status_code, expired.status_code) == (404, 404)
    assert ticket.number not in forged.text
    assert words_of(expired, "textarea[readonly]") == "路灯还是不亮"
    assert fresh(work, ticket).status is Status.AWAITING_FOLLOW_UP


def test_a_form_sent_twice_is_thanked_twice_and_counts_once(client: FlaskClient, work: Work) -> None:
    ticket, address = a_ticket_with_its_link(work)
    form = {"request_key": fresh_key(), **GOOD}

    answers = [post(client, address, **form) for _ in range(2)]

    assert [one.location for one in answers] == ["/thanks"] * 2
    assert len(list(work.session.scalars(select(FollowUp).filter_by(ticket_id=ticket.id)))) == 1


def test_links_opened_from_one_address_are_not_counted_but_guesses_are(
    client: FlaskClient, work: Work
) -> None:
    _, address = a_ticket_with_its_link(work)

    opened = [client.get(address).status_code for _ in range(61)]
    guessed = [client.get(f"/rate/guess-{number}").status_code for number in range(61)]

    assert opened == [200] * 61
    assert guessed == [404] * 60 + [429]


# In two windows


def test_who_rated_in_another_window_loses_no_word(app: Flask, work: Work) -> None:
    ticket, address = a_ticket_with_its_link(work)
    tracking = looked_up(app, work, ticket)
    linked = app.test_client()
    post(tracking, "/track/rate", request_key=fresh_key(), round=1, **BAD)

    answers = [
        post(linked, address, request_key=fresh_key(), comment="路灯还是不亮", **BAD),
        post(tracking, "/track/rate", request_key=fresh_key(), round=1, comment="路灯还是不亮", **BAD),
    ]

    assert [one.status_code for one in answers] == [409, 409]
    assert {words_of(one, ".now .big") for one in answers} == {"这次办理已经评价过了"}
    assert {words_of(one, "textarea[readonly]") for one in answers} == {"路灯还是不亮"}


def test_a_page_from_the_round_before_does_not_rate_this_one(app: Flask, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    client = looked_up(app, work, ticket)
    drawn_for = soup(client.get("/track/ticket")).select_one("[name=round]")["value"]  # type: ignore[index]
    followup.record_follow_up(
        by(work, FOLLOWER), fresh(work, ticket), deeds.answers(deeds.BAD), step=SEND_BACK
    )
    work.session.commit()

    answer = post(client, "/track/rate", request_key=fresh_key(), round=drawn_for, **GOOD)

    assert answer.status_code == 409
    assert fresh(work, ticket).round == 2
