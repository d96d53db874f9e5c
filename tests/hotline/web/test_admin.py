"""The administrator lets people in and out, and sees how the machine is, but no ticket."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import runtime
from hotline.lifecycle import Role
from hotline.models.event import LedgerAnchor
from hotline.models.lease import Lease
from hotline.models.outbox import OutboxMessage
from hotline.models.user import User
from hotline.work import Actor, Work
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEADER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
)
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup
from tests.hotline.web.conftest import PASSWORD

ClientAs = Callable[[Actor], FlaskClient]
NEW = {"login": "agent-88", "name": "林小满", "roles": ["agent", "follow_up"]}


def user_of(session: Session, login: str) -> User | None:
    found = select(User).where(User.login == login)
    return session.scalar(found.execution_options(populate_existing=True))


def sign_in(app: Flask, login: str, password: str) -> int:
    return post(app.test_client(), "/sign-in", login=login, password=password).status_code


def a_parked_message(session: Session, kind: str = "tell_department") -> OutboxMessage:
    message = OutboxMessage(
        kind=kind,
        payload={"action": "dispatch"},
        created_at=NOW,
        due_at=NOW,
        attempts=10,
        error="ConnectionError",
        parked_at=NOW,
    )
    session.add(message)
    session.commit()
    return message


# ---------------------------------------------------------------- people


def test_people_are_found_by_number_name_department_and_role(client_as: ClientAs, session: Session) -> None:
    session.execute(update(User).where(User.login == "leader").values(name="郑立"))
    session.commit()
    client = client_as(ADMIN)

    def found(query: str) -> list[str]:
        return [one.text for one in soup(client.get(f"/admin/users?{query}")).select(".people .title")]

    assert len(found("")) == 13
    assert found("q=郑立") == ["leader"]
    assert found("q=市城管局") == ["handler", "leader"]
    assert found("role=reviewer") == ["reviewer", "second-reviewer"]
    assert found("q=没有这个人") == []


def test_a_new_person_signs_in_with_the_password_shown_once(
    app: Flask, client_as: ClientAs, session: Session
) -> None:
    client = client_as(ADMIN)

    answer = post(client, "/admin/users/new", **NEW)

    password = soup(answer).select_one(".revealed").text
    user = user_of(session, "agent-88")
    assert answer.status_code == 200
    assert user.roles == ["agent", "follow_up"]
    assert sign_in(app, "agent-88", password) == 303
    assert password not in client.get(f"/admin/users/{user.id}").text
    assert password not in user.password_hash


def test_a_handler_belongs_to_a_department(client_as: ClientAs, session: Session) -> None:
    post(
        client_as(ADMIN),
        "/admin/users/new",
        login="cg-3",
        name="高远",
        roles="handler",
        department="市城管局",
    )

    user = user_of(session, "cg-3")
    assert (user.department_code, user.roles) == ("D-CG", ["handler"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": "agent"}, "login"),
        ({"login": "工号一"}, "login"),
        ({"login": ""}, "login"),
        ({"name": " "}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["system"]}, "roles"),
        ({"roles": ["handler"]}, "department"),
        ({"roles": ["handler"], "department": "没有这个局"}, "department"),
        ({"roles": ["agent"], "department": "市城管局"}, "department"),
        ({"roles": ["agent", "handler"], "department": "市城管局"}, "department"),
    ],
)
def test_a_person_that_cannot_be_says_why_and_keeps_what_was_typed(
    client_as: ClientAs, session: Session, changes: dict[str, object], field: str
) -> None:
    form = NEW | changes

    answer = post(client_as(ADMIN), "/admin/users/new", **form)

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#e-{field}").text.strip().endswith("。")
    assert page.select_one("#f-login")["value"] == form["login"]
    assert user_of(session, "agent-88") is None


def test_a_reset_password_is_shown_once_and_ends_the_sessions(
    app: Flask, client_as: ClientAs, session: Session
) -> None:
    agents = client_as(AGENT)

    answer = post(client_as(ADMIN), f"/admin/users/{AGENT.user_id}/password")

    password = soup(answer).select_one(".revealed").text
    assert agents.get("/password").status_code == 303
    assert sign_in(app, "agent", PASSWORD) == 422
    assert sign_in(app, "agent", password) == 303


def test_a_locked_account_is_unlocked_by_a_new_password(
    app: Flask, client_as: ClientAs, session: Session
) -> None:
    locked = {"failed_logins": 0, "locked_until": NOW + timedelta(minutes=9)}
    session.execute(update(User).where(User.login == "agent").values(**locked))
    session.commit()
    client = client_as(ADMIN)

    shown = client.get(f"/admin/users/{AGENT.user_id}").text
    password = soup(post(client, f"/admin/users/{AGENT.user_id}/password")).select_one(".revealed").text

    assert "已锁定" in shown
    assert sign_in(app, "agent", password) == 303


def test_sessions_are_ended_everywhere_and_the_password_stays(app: Flask, client_as: ClientAs) -> None:
    agents = client_as(AGENT)

    post(client_as(ADMIN), f"/admin/users/{AGENT.user_id}/sessions/end")

    assert agents.get("/password").status_code == 303
    assert sign_in(app, "agent", PASSWORD) == 303


def test_someone_deactivated_is_out_until_let_in_again(app: Flask, client_as: ClientAs) -> None:
    agents, client = client_as(AGENT), client_as(ADMIN)

    post(client, f"/admin/users/{AGENT.user_id}/deactivate")
    out = (agents.get("/password").status_code, sign_in(app, "agent", PASSWORD))
    post(client, f"/admin/users/{AGENT.user_id}/activate")

    assert out == (303, 422)
    assert sign_in(app, "agent", PASSWORD) == 303


def test_nobody_shuts_himself_out(client_as: ClientAs, session: Session) -> None:
    client = client_as(ADMIN)

    answer = post(client, f"/admin/users/{ADMIN.user_id}/deactivate")

    assert answer.status_code == 422
    assert "另一位管理员" in answer.text
    assert user_of(session, "admin").active
    assert not soup(client.get(f"/admin/users/{ADMIN.user_id}")).select("form[action$=deactivate]")


def test_a_person_who_does_not_exist_is_not_found(client_as: ClientAs) -> None:
    client = client_as(ADMIN)

    assert client.get("/admin/users/99999").status_code == 404
    assert post(client, "/admin/users/99999/password").status_code == 404


# ---------------------------------------------------------------- the machine


def test_a_promise_that_was_given_up_is_shown_and_tried_again(client_as: ClientAs, session: Session) -> None:
    message = a_parked_message(session)
    client = client_as(ADMIN)

    page = soup(client.get("/admin/system"))
    answer = post(client, f"/admin/system/outbox/{message.id}/retry")

    session.refresh(message)
    assert "通知承办单位" in page.select_one(".parked").text
    assert answer.status_code == 303
    assert (message.parked_at, message.attempts) == (None, 0)
    assert post(client, f"/admin/system/outbox/{message.id}/retry").status_code == 404


def test_all_of_them_are_tried_again_at_once(client_as: ClientAs, session: Session) -> None:
    messages = [a_parked_message(session), a_parked_message(session, "tell_caller")]
    client = client_as(ADMIN)

    answer = post(client, "/admin/system/outbox/retry")

    assert answer.status_code == 303
    assert "2 条已放回待发" in client.get("/admin/system").text
    for message in messages:
        session.refresh(message)
        assert message.parked_at is None


@pytest.mark.parametrize(("silent_for", "words"), [(3, "在运行"), (61, "没有心跳")])
def test_the_tickers_last_sign_tells_whether_it_runs(
    client_as: ClientAs, session: Session, silent_for: int, words: str
) -> None:
    beat = NOW - timedelta(seconds=silent_for)
    session.add(Lease(name="ticker", holder="host:1", until=NOW, beat_at=beat))
    session.commit()

    assert words in client_as(ADMIN).get("/admin/system").text


def test_the_page_names_the_rules_in_force_and_the_calendars_end(client_as: ClientAs) -> None:
    page = client_as(ADMIN).get("/admin/system").text

    assert runtime.current().city.profile_hash in page
    assert "滨海市（区划代码 990100）" in page
    assert "只公布到 12-31(周四)，还有 37 天" in page
    assert "没有模型，只用关键词" in page
    assert "从没运行过" in page


def test_the_last_check_of_the_ledger_is_shown(client_as: ClientAs, session: Session) -> None:
    for day, events in ((22, 12), (23, 345)):
        session.add(LedgerAnchor(day=date(2026, 11, day), events=events, hash="ab12" * 16, anchored_at=NOW))
    session.commit()

    page = client_as(ADMIN).get("/admin/system").text

    assert "11-23(周一)，345 条" in page
    assert "ab12" * 16 in page


def test_the_administrator_sees_no_ticket(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    client = client_as(ADMIN)

    for page in ("/tickets", f"/tickets/{ticket.number}", "/supervisor/"):
        assert client.get(page).status_code == 403
    for page in ("/admin/system", "/admin/users"):
        shown = client.get(page).text
        assert ticket.title not in shown
        assert ticket.number not in shown


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, HANDLER, LEADER, REVIEWER, FOLLOWER, SUPERVISOR])
def test_only_an_administrator_gets_in(client_as: ClientAs, session: Session, actor: Actor) -> None:
    client = client_as(actor)
    message = a_parked_message(session)

    pages = ("users", "users/new", "users/1", "system")
    deeds = (
        "users/new",
        "users/1/password",
        "users/1/deactivate",
        "users/1/sessions/end",
        "system/outbox/retry",
    )
    answers = [client.get(f"/admin/{page}").status_code for page in pages]
    answers += [post(client, f"/admin/{deed}", **NEW).status_code for deed in deeds]

    session.refresh(message)
    assert set(answers) == {403}
    assert message.parked_at is not None
    assert Role.ADMIN not in actor.roles
