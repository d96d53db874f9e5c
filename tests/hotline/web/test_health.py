"""What an operator's machine is told: what does not work, and nothing that is not needed."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline import runtime
from hotline.models.lease import Lease
from tests.conftest import NOW


@pytest.fixture
def ticking(session: Session) -> None:
    session.add(Lease(name="ticker", holder="here", until=NOW, beat_at=NOW))
    session.commit()


def test_the_process_is_up(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_without_a_ticker_nothing_is_kept(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["problems"]) == ("degraded", ["ticker"])


@pytest.mark.usefixtures("ticking")
def test_a_ticker_that_keeps_the_promises_itself_needs_no_redis(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.json is not None
    assert (answer.json["status"], answer.json["problems"]) == ("ok", [])


@pytest.mark.usefixtures("ticking")
def test_a_redis_that_is_configured_and_silent_is_named(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = replace(runtime.current().settings, redis_url="redis://127.0.0.1:1")
    monkeypatch.setattr(runtime.current(), "settings", configured)

    answer = client.get("/readyz")

    assert answer.json is not None
    assert answer.json["problems"] == ["redis"]
