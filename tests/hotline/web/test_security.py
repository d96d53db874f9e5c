"""What every answer carries, and what is refused."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline.app import create_app
from hotline.web.access import open_to_all
from hotline.web.security import storage_of
from hotline.work import Actor, Work
from tests.builders import ADMIN, AGENT, DISPATCHER, HANDLER, OTHER_HANDLER, SUPERVISOR, a_dispatched_ticket
from tests.hotline.web.browsing import post, soup, token_of
from tests.hotline.web.conftest import PASSWORD, SETTINGS

ClientAs = Callable[[Actor], FlaskClient]


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/static/css/hotline.css"])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_of_the_desks_is_kept_by_no_cache(client_as: ClientAs) -> None:
    assert client_as(SUPERVISOR).get("/tickets").headers["Cache-Control"] == "no-store"


def test_a_static_file_with_a_version_may_be_kept_for_ever(client: FlaskClient) -> None:
    address = soup(client.get("/sign-in")).find("link", href=re.compile("hotline.css"))["href"]

    with client.get(address) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_with_https_only_the_cookie_never_travels_in_the_clear(app: Flask) -> None:
    secure = create_app(replace(SETTINGS, https_only=True), start_runtime=False)

    assert "Secure" in secure.test_client().get("/sign-in").headers["Set-Cookie"]


def test_a_form_without_its_token_is_refused_and_shown_again(client_as: ClientAs, work: Work) -> None:
    number = a_dispatched_ticket(work).number

    answer = client_as(AGENT).post(f"/tickets/{number}/note", data={"text": "来电人补充：是三号楼门口"})

    assert answer.status_code == 400
    assert "这一页打开太久" in answer.text
    assert "来电人补充：是三号楼门口" in soup(answer).select_one("textarea[readonly]").text


def test_a_caller_whose_form_is_too_old_reads_nothing_of_signing_in(client: FlaskClient) -> None:
    answer = client.post("/track", data={"number": "20261124000001", "code": "ABCDEF"})

    assert answer.status_code == 400
    assert "请回到原页刷新后再提交" in answer.text
    assert "登录" not in soup(answer).text


def test_a_refused_form_never_shows_a_password_back(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login": "handler", "password": PASSWORD})

    assert answer.status_code == 400
    assert PASSWORD not in answer.text


def test_what_is_sent_after_the_session_ended_is_shown_again(client: FlaskClient) -> None:
    answer = post(
        client, "/tickets/20261124000001/note", text="来电人补充：是三号楼门口", password="not-for-eyes"
    )

    assert answer.status_code == 401
    assert "登录已经结束，没有提交" in answer.text
    assert "来电人补充：是三号楼门口" in soup(answer).select_one("textarea[readonly]").text
    assert "not-for-eyes" not in answer.text
    assert soup(answer).select_one(".blank a")["href"].startswith("/sign-in")


def test_a_part_of_a_page_never_becomes_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/supervisor/live", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#strips"
    assert "登录已经结束" in answer.text
    assert "<form" not in answer.text


def test_a_page_of_another_role_is_refused_by_its_own_words(client_as: ClientAs, work: Work) -> None:
    number = a_dispatched_ticket(work).number

    answer = client_as(DISPATCHER).get(f"/tickets/{number}/withdraw")

    assert answer.status_code == 403
    assert "这一页不归您的岗位" in answer.text


def test_a_ticket_of_another_department_looks_like_none_at_all(client_as: ClientAs, work: Work) -> None:
    number = a_dispatched_ticket(work).number
    stranger = client_as(OTHER_HANDLER)

    hidden, missing = stranger.get(f"/tickets/{number}"), stranger.get("/tickets/20200101000001")

    assert hidden.status_code == missing.status_code == 404
    assert soup(hidden).main.text == soup(missing).main.text
    assert "没有这张工单，或不归您看" in hidden.text


def test_what_is_missing_and_no_ticket_is_not_called_one(client_as: ClientAs) -> None:
    answer = client_as(ADMIN).get("/admin/users/999999")

    assert answer.status_code == 404
    assert "没有这一项，或者已经不在了" in answer.text
    assert "工单" not in soup(answer).main.text


@pytest.mark.parametrize(
    ("actor", "address", "says", "leads"),
    [
        (AGENT, "/tickets?since=1900-01-01", "起始日期：日期须在 2000 年到 2099 年之间", "/tickets"),
        (AGENT, "/tickets?tab=all&status=gone", "状态：没有这个选项", "/tickets?tab=all"),
        (ADMIN, f"/admin/users?q={'长' * 300}", "搜索的词：写得太长，最多 200 字", "/admin/users"),
        (SUPERVISOR, "/supervisor/evidence", "指标：网址里没有这一项", "/supervisor/"),
        (
            SUPERVISOR,
            "/supervisor/evidence?measure=on_time&department=NONE",
            "承办单位：没有这个承办单位",
            "/supervisor/evidence?measure=on_time",
        ),
    ],
)
def test_an_address_that_asks_wrongly_says_which_condition_it_is(
    client_as: ClientAs, actor: Actor, address: str, says: str, leads: str
) -> None:
    answer = client_as(actor).get(address)

    assert answer.status_code == 422
    assert says in soup(answer).select_one(".problem-list").text
    assert "您填的" not in soup(answer).main.text
    assert soup(answer).select_one(".blank a.btn-primary")["href"] == leads


def test_a_view_without_an_audience_does_not_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app.view_functions["login.password"], "audience")

    with pytest.raises(LookupError, match=r"login\.password"):
        create_app(SETTINGS, start_runtime=False)


def test_an_address_that_leads_nowhere_keeps_the_bar_of_who_asked(
    client: FlaskClient, client_as: ClientAs
) -> None:
    stranger, supervisor = client.get("/nowhere"), client_as(SUPERVISOR).get("/nowhere")

    assert (stranger.status_code, supervisor.status_code) == (404, 404)
    assert soup(stranger).select_one(".blank a").text == "去登录"
    assert soup(supervisor).select_one(".blank a").text == "回到我的工作台"
    assert soup(supervisor).select_one(".bar-nav a[href='/supervisor/']")
    assert soup(supervisor).select_one("form[action='/sign-out']")


def test_a_hall_behind_one_address_signs_in_as_often_as_it_likes(app: Flask) -> None:
    answers = [
        post(app.test_client(), "/sign-in", login="handler", password=PASSWORD).status_code for _ in range(61)
    ]

    assert set(answers) == {303}


def test_too_many_tries_from_one_address_wait(app: Flask, client: FlaskClient) -> None:
    answers = [post(client, "/sign-in", login=f"nobody-{number}", password="x") for number in range(61)]

    assert answers[59].status_code == 422
    assert answers[60].status_code == 429
    assert "请等" in answers[60].text
    assert int(answers[60].headers["Retry-After"]) > 0


def test_when_redis_is_away_the_throttles_count_by_themselves(app: Flask) -> None:
    nobody_there = "redis://127.0.0.1:1/0"
    away = create_app(replace(SETTINGS, redis_url=nobody_there), start_runtime=False)

    answer = post(away.test_client(), "/sign-in", login="handler", password=PASSWORD)

    assert answer.status_code == 303


def test_a_redis_on_a_socket_is_named_as_the_throttles_want_it() -> None:
    assert storage_of("unix:///run/valkey.sock") == "redis+unix:///run/valkey.sock"
    assert storage_of("") == "memory://"


def test_behind_a_proxy_the_address_is_the_one_that_it_reports(app: Flask) -> None:
    behind = create_app(replace(SETTINGS, trusted_proxies=1), start_runtime=False)

    assert isinstance(behind.wsgi_app, ProxyFix)
    assert not isinstance(app.wsgi_app, ProxyFix)


def test_a_body_that_is_too_large_is_refused_with_advice(client_as: ClientAs, work: Work) -> None:
    number = a_dispatched_ticket(work).number

    address = f"/tickets/{number}/note"
    client = client_as(HANDLER)
    form = {"csrf_token": token_of(client), "text": "长" * 800_000}
    answer = client.post(address, data=form, headers={"Referer": f"http://localhost{address}"})

    assert answer.status_code == 413
    assert "原来填的还在；一栏最多 5,000 字" in answer.text
    assert soup(answer).select_one("a[data-back]")["href"] == address


def test_of_a_form_that_failed_only_what_somebody_typed_is_shown(client: FlaskClient) -> None:
    answer = post(
        client,
        "/follow-up/20261124000001/attempt",
        version="7",
        next="20261124000002",
        back="/supervisor/judge?x=1",
        reached="1",
        contacted="unsure",
        satisfied="2",
        reason="not_handled",
        comment="没人来过",
    )

    assert answer.status_code == 401
    assert [field.text.strip() for field in soup(answer).select("textarea")] == ["没人来过"]
    assert soup(answer).select_one("[data-copy]")["data-copy"] == "没人来过"


def test_a_reason_in_ones_own_words_is_typed_and_kept(client: FlaskClient) -> None:
    answer = post(client, "/tickets/20261124000001/withdraw", version="7", reason="来电表示不用办了")

    assert [field.text.strip() for field in soup(answer).select("textarea")] == ["来电表示不用办了"]


def test_a_crash_gives_a_code_and_keeps_what_was_typed(
    app: Flask, client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_dispatched_ticket(work).number
    client = client_as(HANDLER)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    def crash(number: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(app.view_functions, "remarks.note_post", open_to_all(crash))
    answer = post(client, f"/tickets/{number}/note", text="这段话不能丢")

    assert answer.status_code == 500
    assert re.search("编号 [0-9A-F]{4}", answer.text)
    assert "这段话不能丢" in answer.text
    assert "broken" not in answer.text


def test_every_role_has_a_way_from_sign_in_to_a_page(client_as: ClientAs) -> None:
    for actor in (AGENT, DISPATCHER, HANDLER, SUPERVISOR):
        client = client_as(actor)

        assert client.get("/", follow_redirects=True).status_code == 200, actor.name
