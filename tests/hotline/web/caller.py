"""What a caller does in his browser: look his ticket up, and read."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from hotline.models.ticket import Ticket
from hotline.tickets import numbers
from hotline.work import Work
from tests.hotline.web.browsing import post, soup


def looked_up(app: Flask, work: Work, ticket: Ticket) -> FlaskClient:
    """A browser in which the caller has looked his ticket up."""
    work.session.commit()
    client = app.test_client()
    assert look_up(client, ticket.number, code_of(work, ticket)).status_code == 303
    return client


def look_up(client: FlaskClient, number: str, code: str) -> TestResponse:
    return post(client, "/track", number=number, code=code)


def code_of(work: Work, ticket: Ticket) -> str:
    """Give the ticket a code that the test knows."""
    work.session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(retrieval_hash=numbers.hash_code(work, ticket.number, "K7MWX2"))
    )
    work.session.commit()
    return "K7MWX2"


def fresh(work: Work, ticket: Ticket) -> Ticket:
    work.session.expire_all()
    return work.session.get_one(Ticket, ticket.id)


def words_of(response: TestResponse, selector: str) -> str:
    found = soup(response).select_one(selector)
    assert found is not None
    return " ".join(found.text.split())
