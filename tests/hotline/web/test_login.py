"""Who gets in, who is kept out, and what they are told."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline import clock
from hotline.models.user import User
from hotline.work import Actor
from tests.builders import HANDLER, SUPERVISOR
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup
from tests.hotline.web.conftest import PASSWORD

ClientAs = Callable[[Actor], FlaskClient]
WRONG = {"login": "handler", "password": "not-this-one"}


def test_a_page_asks_who_you_are_and_leads_back_after_sign_in(client: FlaskClient) -> None:
    asked = client.get("/password?x=1")
    answer = post(client, asked.location, login="handler", password=PASSWORD)

    assert asked.status_code == 303
    assert answer.location == "/password?x=1"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "x\n"])
def test_sign_in_never_leads_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    answer = post(client, "/sign-in", login="handler", password=PASSWORD, next=elsewhere)

    assert answer.location == "/"


def test_an_unknown_number_and_a_wrong_password_get_the_same_answers(client: FlaskClient) -> None:
    known = [post(client, "/sign-in", **WRONG) for _ in range(5)]
    unknown = [post(client, "/sign-in", login="nobody", password="x") for _ in range(5)]

    assert [one.status_code for one in known] == [422, 422, 422, 422, 429]
    assert [_problem(one) for one in unknown] == [_problem(one) for one in known]
    assert _problem(known[0]) == "工号或密码不对。再错 4 次将锁定 15 分钟。"


def test_a_locked_number_that_nobody_has_waits_like_any_other(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        post(client, "/sign-in", login="nobody", password="x")
    later = time.time() + 9 * 60

    monkeypatch.setattr(time, "time", lambda: later)

    assert "请过 6 分钟再试" in _problem(post(client, "/sign-in", login="nobody", password="x"))


def test_wrong_tries_for_nobody_are_remembered_as_long_as_for_anyone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, "/sign-in", login="nobody", password="x")
    later = time.time() + 20 * 60

    monkeypatch.setattr(time, "time", lambda: later)

    assert "再错 3 次" in _problem(post(client, "/sign-in", login="nobody", password="x"))


def test_after_five_wrong_tries_even_the_right_password_waits(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        post(client, "/sign-in", **WRONG)

    locked = post(client, "/sign-in", login="handler", password=PASSWORD)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    later = post(client, "/sign-in", login="handler", password=PASSWORD)

    assert locked.status_code == 429
    assert "请过 15 分钟再试" in _problem(locked)
    assert later.status_code == 303


def test_a_right_password_forgets_the_wrong_tries(client: FlaskClient, app: object) -> None:
    for _ in range(4):
        post(client, "/sign-in", **WRONG)
    post(client, "/sign-in", login="handler", password=PASSWORD)
    post(client, "/sign-out")

    assert "再错 4 次" in _problem(post(client, "/sign-in", **WRONG))


def test_someone_disabled_is_out_at_once(client_as: ClientAs, session: Session) -> None:
    client = client_as(HANDLER)

    session.execute(update(User).where(User.login == "handler").values(active=False))
    session.commit()

    assert client.get("/password").status_code == 303
    assert post(client, "/sign-in", login="handler", password=PASSWORD).status_code == 422


def test_a_new_password_ends_the_sessions_elsewhere(client_as: ClientAs) -> None:
    here, elsewhere = client_as(HANDLER), client_as(HANDLER)

    answer = post(here, "/password", old=PASSWORD, new="another-good-one", again="another-good-one")

    assert answer.status_code == 303
    assert here.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "another-good-one", "another-good-one", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "another-good-one", "something-else", "again"),
        ("", "", "", "old"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why_beside_its_field(
    client_as: ClientAs, old: str, new: str, again: str, field: str
) -> None:
    answer = post(client_as(SUPERVISOR), "/password", old=old, new=new, again=again)

    assert answer.status_code == 422
    assert soup(answer).select_one(f"#f-{field}[aria-invalid=true]")
    assert soup(answer).select_one(f"#e-{field}").text.strip().endswith("。")
    assert new not in answer.text or not new


def test_signing_out_ends_the_session(client_as: ClientAs) -> None:
    client = client_as(HANDLER)

    post(client, "/sign-out")

    assert client.get("/password").status_code == 303


@pytest.mark.parametrize("address", ["/department", "/static/css/hotline.css"])
def test_what_a_page_asks_by_itself_does_not_make_the_session_last_longer(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    client = client_as(HANDLER)
    polled = {"HX-Request": "true", "X-Poll": "true"}
    tag = client.get("/department", headers=polled).headers["ETag"]
    start = time.time()

    for hours in range(1, 12):
        monkeypatch.setattr(time, "time", lambda hours=hours: start + hours * 3600)
        with client.get(address, headers={"If-None-Match": tag, **polled}) as answer:
            assert answer.status_code in (200, 304)
    monkeypatch.setattr(time, "time", lambda: start + 12.5 * 3600)

    assert client.get("/department").location.startswith("/sign-in")


def test_whatever_a_person_does_makes_the_session_last_longer(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as(HANDLER)
    start = time.time()

    monkeypatch.setattr(time, "time", lambda: start + 11 * 3600)
    client.get("/department", headers={"HX-Request": "true"})
    monkeypatch.setattr(time, "time", lambda: start + 22 * 3600)

    assert client.get("/department").status_code == 200


def _problem(response: object) -> str:
    return soup(response).select_one("#e-password").text.strip()  # type: ignore[arg-type, union-attr]
