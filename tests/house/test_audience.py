"""Nobody opens a page that was not made for him: every route names its audience, every way in exists."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.app import create_app
from hotline.lifecycle import MOVES, Role
from hotline.settings import Settings
from hotline.web import shell
from hotline.web.access import SIGNED_IN


@pytest.fixture(scope="module")
def pages() -> Flask:
    """The application without a database: only its table of pages is asked."""
    return create_app(Settings(secret_key="s" * 64, vault_key="00" * 32), start_runtime=False)


def test_every_page_names_its_audience(pages: Flask) -> None:
    for rule in pages.url_map.iter_rules():
        view = pages.view_functions[rule.endpoint]
        assert hasattr(view, "audience"), f"{rule.endpoint}: add @open_to(...) or @open_to_all"


def test_every_audience_is_of_people_who_sign_in(pages: Flask) -> None:
    for endpoint, view in pages.view_functions.items():
        audience: frozenset[Role] | None = vars(view)["audience"]
        assert audience is None or (audience and audience <= SIGNED_IN), endpoint


def test_what_is_open_to_all_is_known_by_name(pages: Flask) -> None:
    open_pages = {name for name, view in pages.view_functions.items() if vars(view)["audience"] is None}
    desks = {name for name in open_pages if name.split(".")[0] not in {"citizen", "health", "login"}}

    assert desks == {"static"}


def test_nobody_signed_out_sees_a_page_of_the_desks(pages: Flask) -> None:
    client: FlaskClient = pages.test_client()
    for rule in pages.url_map.iter_rules():
        if vars(pages.view_functions[rule.endpoint])["audience"] is None or "GET" not in (rule.methods or ()):
            continue
        address = rule.rule
        for name in rule.arguments:
            address = address.replace(f"<int:{name}>", "1").replace(f"<{name}>", "20200101000001")
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule.rule


def test_what_changes_something_is_only_ever_posted(pages: Flask) -> None:
    for rule in pages.url_map.iter_rules():
        assert not {"PUT", "PATCH", "DELETE"} & set(rule.methods or ()), rule.rule


def test_every_word_of_the_bar_and_every_step_leads_to_a_page(pages: Flask) -> None:
    ways = {entry.endpoint for entry in shell.NAV} | set(shell.ACTION_PAGES.values())

    assert ways <= set(pages.view_functions)


def test_every_word_of_the_bar_is_open_to_those_who_see_it(pages: Flask) -> None:
    for entry in shell.NAV:
        assert entry.roles <= vars(pages.view_functions[entry.endpoint])["audience"], entry.endpoint


def test_every_page_of_an_action_is_open_to_those_who_may_do_it(pages: Flask) -> None:
    for action, endpoint in shell.ACTION_PAGES.items():
        audience = vars(pages.view_functions[endpoint])["audience"]
        assert MOVES[action].roles & SIGNED_IN <= audience, f"{action} at {endpoint}"


def test_every_role_has_a_desk() -> None:
    for role in SIGNED_IN:
        assert any(role in entry.roles for entry in shell.NAV), role
