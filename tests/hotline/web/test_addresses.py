"""Addresses and raw fields that no honest browser sends: answered, never a crash on either database."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hotline.work import Actor
from tests.builders import ADMIN, AGENT, DISPATCHER, FOLLOWER, HANDLER, REVIEWER, SUPERVISOR
from tests.hotline.web.browsing import post

ClientAs = Callable[[Actor], FlaskClient]

TOO_LARGE = (2**63, 10**20)


@pytest.mark.parametrize(
    ("actor", "address"),
    [
        (AGENT, "/tickets/2026%00"),
        (AGENT, "/agent/logged/2026%00"),
        (DISPATCHER, "/dispatch/%00"),
        (DISPATCHER, "/dispatch/returns/2026%1f"),
        (HANDLER, "/department/tickets/2026%00/resolve"),
        (REVIEWER, "/review/2026%00/result"),
        (FOLLOWER, "/follow-up/2026%00"),
        (SUPERVISOR, "/supervisor/tickets/2026%00/judge"),
    ],
)
def test_a_number_with_control_characters_is_no_page(actor: Actor, address: str, client_as: ClientAs) -> None:
    answer = client_as(actor).get(address)

    assert answer.status_code == 404
    assert "没有这一页" in answer.text


@pytest.mark.parametrize("row", TOO_LARGE)
def test_an_id_that_no_table_can_hold_is_no_page(row: int, client_as: ClientAs) -> None:
    admin, handler = client_as(ADMIN), client_as(HANDLER)

    assert admin.get(f"/admin/users/{row}").status_code == 404
    assert post(admin, f"/admin/users/{row}/password").status_code == 404
    assert post(admin, f"/admin/system/outbox/{row}/retry").status_code == 404
    assert post(handler, f"/notices/{row}").status_code == 404


def test_the_largest_id_is_looked_for(client_as: ClientAs) -> None:
    assert client_as(ADMIN).get(f"/admin/users/{2**63 - 1}").status_code == 404


def test_control_characters_in_what_is_looked_for_are_taken_out(client_as: ClientAs) -> None:
    handler = client_as(HANDLER)

    assert handler.get("/department?q=%00").status_code == 200
    assert handler.get("/tickets/search?q=%00").status_code == 200
    post(handler, "/department/accept", numbers="2026\x00")
    assert "没有这张工单，或不归您看（2026）" in handler.get("/department").text


def test_control_characters_in_a_look_up_are_taken_out(client: FlaskClient) -> None:
    assert post(client, "/track", number="2026\x0011", code="\x00ABC").status_code == 422


def test_a_draft_is_kept_under_a_readable_key(client_as: ClientAs) -> None:
    agent = client_as(AGENT)

    assert post(agent, "/agent/draft", request_key="a\x00b", content="路灯不亮").status_code == 303
    assert "路灯不亮" in agent.get("/agent").text
