"""Every page that is fetched, in transactions as a server has them.

The other tests share one open transaction, in which a page could write unseen. Here each page begins its own,
which only reads: one that writes or locks a row answers 500.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event, func, select, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from hotline import clock, runtime
from hotline.app import create_app
from hotline.cities.city import City
from hotline.models.draft import Draft
from hotline.models.user import User
from hotline.tickets import drafts, intake
from hotline.web.lists import TABS
from hotline.work import SYSTEM, Actor
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_call,
)
from tests.conftest import NOW
from tests.hotline.web.browsing import post
from tests.hotline.web.conftest import PASSWORD, PASSWORD_HASH
from tests.hotline.web.test_every_action import DEEDS
from tests.support.postgres import Postgres
from tests.support.town import started

PEOPLE = (
    AGENT, DISPATCHER, HANDLER, OTHER_HANDLER, LEADER, REVIEWER, FOLLOWER, SUPERVISOR, ADMIN,
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, city: City
) -> Iterator[Flask]:
    """The application on a database of its own, at NOW."""
    url = ""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create("real-transactions")
    with (
        pytest.MonkeyPatch.context() as patch,
        started(tmp_path_factory.mktemp("served"), city, database_url=url) as settings,
    ):
        patch.setattr(clock, "now", lambda: NOW)
        if request.param == "sqlite":
            _refuse_writing_in_views(runtime.current().engine)
        with runtime.work(SYSTEM) as work:
            work.session.execute(update(User).values(password_hash=PASSWORD_HASH))
        yield create_app(settings, start_runtime=False)


def _refuse_writing_in_views(engine: Engine) -> None:
    """Have SQLite refuse what PostgreSQL refuses by itself."""

    @event.listens_for(engine, "begin")
    def close(connection: Connection) -> None:
        if connection.get_execution_options().get("read_only"):
            connection.exec_driver_sql("PRAGMA query_only=ON")

    @event.listens_for(engine, "checkout")
    def open_again(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute("PRAGMA query_only=OFF")


@pytest.fixture(scope="module")
def numbers(served: Flask) -> list[str]:
    """Return tickets of every kind: for each action one on which it can be done."""
    with runtime.work(AGENT, now=NOW) as work:
        return [make(work).number for make in {deed.make: None for deed in DEEDS.values()}]


def sign_in(app: Flask, actor: Actor, password: str = PASSWORD) -> FlaskClient:
    client = app.test_client()
    post(client, "/sign-in", login=actor.name, password=password)
    return client


def pages(app: Flask, *arguments: str) -> list[Rule]:
    """Return what can be fetched by an address with just these places to fill."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments == set(arguments)
    ]


def failed(client: FlaskClient, *addresses: str) -> Mapping[str, int]:
    answers = {address: client.get(address).status_code for address in addresses}
    return {address: status for address, status in answers.items() if status >= 500}


def test_a_page_that_would_write_is_found_here(served):
    with runtime.view(SYSTEM) as work, pytest.raises(DBAPIError):
        work.session.execute(text("DELETE FROM drafts"))


@pytest.mark.parametrize("actor", PEOPLE, ids=lambda actor: actor.name)
def test_everyone_signs_in_and_only_with_the_right_password(served, actor):
    assert sign_in(served, actor).get("/password").status_code == 200
    assert sign_in(served, actor, "wrong").get("/password").status_code == 303


def test_who_is_not_signed_in_finds_every_page_answering(served, numbers):
    addresses = [rule.rule for rule in pages(served)]
    addresses += [rule.rule.replace("<number>", numbers[0]) for rule in pages(served, "number")]
    addresses += [rule.rule.replace("<token>", "none") for rule in pages(served, "token")]

    assert failed(served.test_client(), *addresses) == {}


@pytest.mark.parametrize("actor", PEOPLE, ids=lambda actor: actor.name)
def test_every_page_answers_everyone(served, numbers, actor):
    addresses = [rule.rule for rule in pages(served)]
    addresses += [f"/tickets?tab={tab}" for tab in TABS]
    addresses += [rule.rule.replace("<int:user_id>", "1") for rule in pages(served, "user_id")]
    addresses += [rule.rule.replace("<number>", "20200101000001") for rule in pages(served, "number")]

    assert failed(sign_in(served, actor), *addresses) == {}


@pytest.mark.parametrize("actor", PEOPLE, ids=lambda actor: actor.name)
def test_every_page_about_a_ticket_answers_those_it_was_made_for(served, numbers, actor):
    views = served.view_functions
    own = [
        rule.rule
        for rule in pages(served, "number")
        if not actor.roles.isdisjoint(vars(views[rule.endpoint])["audience"] or actor.roles)
    ]
    addresses = [rule.replace("<number>", number) for rule in own for number in numbers]

    assert failed(sign_in(served, actor), *addresses) == {}


def test_a_caller_looks_up_what_he_was_given_a_code_for(served):
    with runtime.work(AGENT, now=NOW) as work:
        logged = intake.log(work, a_call(), auto_lane=False)
    client = served.test_client()

    answer = post(client, "/track", number=logged.ticket.number, code=logged.code)

    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200


def test_a_draft_saved_from_two_windows_at_once_is_one_draft(served):
    def save(words: str) -> None:
        with runtime.work(AGENT) as work:
            drafts.save(work, "call-in-two-windows", {"content": words})

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(save, map(str, range(20))))

    with runtime.view(AGENT) as work:
        kept = select(func.count()).select_from(Draft).where(Draft.request_key == "call-in-two-windows")
        assert work.session.scalar(kept) == 1
