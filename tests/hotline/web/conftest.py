"""The pages on a real database, at a fixed moment, the forgery token in force."""

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from hotline import clock, runtime
from hotline.app import create_app
from hotline.cities.city import City
from hotline.models.user import User
from hotline.settings import Settings
from hotline.work import Actor
from tests.conftest import NOW, VAULT
from tests.hotline.web.browsing import post

PASSWORD = "correct-horse-battery"
# As weak as argon2 can be: what is tested is who gets in, not how long it takes.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
SETTINGS = Settings(secret_key="s" * 64, vault_key="00" * 32, redis_url="")


@pytest.fixture
def app(session: Session, engine: Engine, city: City, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application at NOW; everyone's password is PASSWORD."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(runtime, "_running", runtime._Running(SETTINGS, engine, city, VAULT, None))
    session.execute(update(User).values(password_hash=PASSWORD_HASH))
    session.commit()
    app = create_app(SETTINGS, start_runtime=False)
    app.config.update(TESTING=True)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask) -> Callable[[Actor], FlaskClient]:
    """A browser in which one of the people of `tests.builders` is signed in."""

    def sign_in(actor: Actor) -> FlaskClient:
        client: Any = app.test_client()
        answer = post(client, "/sign-in", login=actor.name, password=PASSWORD)
        assert answer.status_code == 303
        return client  # type: ignore[no-any-return]

    return sign_in
