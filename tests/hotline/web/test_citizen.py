"""What a caller sees with number and code: his matter in plain words, nobody's name, nothing of others."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline import clock
from hotline.clock import now as machine_time
from hotline.lifecycle import Action, Status
from hotline.tickets import (
    applications,
    handling,
    intake,
    merging,
    returns,
    review,
    supervision,
    suspension,
    timeline,
)
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    PHONE,
    REVIEWER,
    SUPERVISOR,
    a_call,
    a_contacted_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup
from tests.hotline.web.caller import code_of, fresh, look_up, looked_up, words_of

ClientAs = Callable[[Actor], FlaskClient]
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "4"}
BAD = {"contacted": "no", "solved": "no", "satisfied": "1"}
STAFF = ("agent", "dispatcher", "handler", "reviewer", "supervisor")


# Look up


def test_the_code_from_registration_opens_the_ticket(client: FlaskClient, work: Work) -> None:
    logged = intake.log(by(work, AGENT), a_call(), auto_lane=False)
    work.session.commit()
    assert logged.code is not None

    typed = f" {logged.ticket.number[:8]} {logged.ticket.number[8:]} "
    answer = look_up(client, typed, logged.code.lower())

    assert (answer.status_code, answer.location) == (303, "/track/ticket")
    assert client.get("/track/ticket").status_code == 200


def test_number_and_code_may_be_typed_as_an_input_method_writes_them(client: FlaskClient, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    code = code_of(work, ticket)

    answer = look_up(client, _full_width(ticket.number), _full_width(code.lower()))

    assert (answer.status_code, answer.location) == (303, "/track/ticket")


def _full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(client: FlaskClient, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    wrong = look_up(client, ticket.number, "AAAAAA")
    unknown = look_up(client, "20990101000001", "AAAAAA")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert words_of(wrong, "body") == words_of(unknown, "body")
    assert "工单号和查询码对不上" in wrong.text


@pytest.mark.parametrize(("number", "code"), [("", ""), ("2" * 300, "x"), ("20261124000001", "😀" * 30)])
def test_anything_else_is_refused_with_what_was_typed(client: FlaskClient, number: str, code: str) -> None:
    answer = look_up(client, number, code)

    assert answer.status_code == 422
    assert soup(answer).select_one("#f-number")["value"] == number  # type: ignore[index]


def test_guessing_one_number_is_stopped_and_says_for_how_long(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, other = an_accepted_ticket(work), an_accepted_ticket(work)
    code = code_of(work, ticket)
    other_code = code_of(work, other)
    # The throttle counts in the machine's own time.
    monkeypatch.setattr(clock, "now", machine_time)
    spellings = (ticket.number, _full_width(ticket.number))

    answers = [look_up(app.test_client(), spellings[turn % 2], "AAAAAA") for turn in range(11)]
    right = look_up(app.test_client(), ticket.number, code)

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert right.status_code == 429
    assert "去登录" not in right.text
    assert "分钟后再试" in right.text
    assert int(right.headers["Retry-After"]) <= 15 * 60
    assert other_code
    assert look_up(app.test_client(), other.number, "AAAAAA").status_code == 422


def test_guessing_from_one_address_is_stopped(client: FlaskClient) -> None:
    codes = [look_up(client, f"20261124{serial:06d}", "AAAAAA").status_code for serial in range(31)]

    assert codes == [422] * 30 + [429]


def test_a_caller_who_knows_his_code_may_look_as_often_as_he_likes(app: Flask, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    code = code_of(work, ticket)
    client = app.test_client()

    assert {look_up(client, ticket.number, code).status_code for _ in range(12)} == {303}


def test_a_look_up_closes_by_itself_and_by_leaving(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = an_accepted_ticket(work)
    left, waited = looked_up(app, work, ticket), looked_up(app, work, ticket)

    post(left, "/track/leave")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=31))

    assert left.get("/track/ticket").status_code == 404
    assert waited.get("/track/ticket").status_code == 404
    assert "用工单号查进度" in waited.get("/track/ticket").text
    assert post(waited, "/track/urge").status_code == 404
    assert timeline.acted(work, ticket, Action.URGE) == []


def test_without_a_look_up_nothing_opens(client: FlaskClient) -> None:
    pages = [client.get("/track/ticket"), client.get("/track/withdraw")]
    pages += [post(client, f"/track/{act}", **GOOD) for act in ("urge", "rate")]

    assert {page.status_code for page in pages} == {404}


# What is shown


def test_the_page_says_who_is_at_it_and_by_when(app: Flask, work: Work) -> None:
    client = looked_up(app, work, a_contacted_ticket(work))

    page = client.get("/track/ticket")

    assert words_of(page, ".now .big") == "市城管局正在办理"
    assert "最晚 12 月 3 日（周四）18:00 前给您结果" in words_of(page, ".now .by")
    assert words_of(page, ".now details").startswith("为什么是 12 月 3 日（周四）18:00")
    lines = [line.get_text() for line in soup(page).select(".now .why li")]
    assert lines == [
        "从 11 月 24 日（周二）10:00 起算，共 7 个工作日，当天不算。",
        "这些天不算：11 月 28 日至 29 日（周末）。",
    ]
    steps = [" ".join(step.text.split()) for step in soup(page).select(".parcel li")]
    assert steps == [
        "收到您的诉求11 月 24 日（周二）10:00",
        "转给市城管局11 月 24 日（周二）10:00，对方 10:00 接单",
        "承办单位与您通话11 月 24 日（周二）10:00",
        "正在办理由市城管局负责",
        "给您结果12 月 3 日（周四）18:00 前",
        "我们打电话核实解决没有、满不满意，由您说了算",
    ]


def test_no_person_and_no_number_is_named_whatever_happened(app: Flask, work: Work) -> None:
    ticket = a_contacted_ticket(work, title=f"请回电{PHONE}，路灯不亮", content="路灯不亮，请回电。")
    applications.request_extension(
        by(work, HANDLER), ticket, amount="2wd", reason="等配件", text="联系人 handler"
    )
    applications.decide_extension(by(work, REVIEWER), ticket, granted=True, text="reviewer 同意")
    supervision.supervise(by(work, SUPERVISOR), ticket, text="supervisor 盯办")
    handling.resolve(by(work, LEADER), ticket, A_RESULT)
    review.send_back_result(by(work, REVIEWER), ticket, fault="unclear", text="reviewer 退回")

    page = looked_up(app, work, ticket).get("/track/ticket")

    assert PHONE not in page.text
    assert "王" not in words_of(page, "#main")
    assert not [name for name in STAFF if name in words_of(page, "#main")]
    assert "办理时间延长" in page.text
    assert "盯办" not in page.text


def test_an_answer_not_yet_reviewed_is_not_shown(app: Flask, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    client = looked_up(app, work, ticket)

    before = client.get("/track/ticket").text
    review.accept_result(by(work, REVIEWER), fresh(work, ticket))
    work.session.commit()
    after = client.get("/track/ticket").text

    assert (A_RESULT.answer in before, A_RESULT.answer in after) == (False, True)


def test_whose_matter_was_merged_reads_how_far_the_other_is(app: Flask, work: Work) -> None:
    parent, ticket = a_logged_ticket(work), a_logged_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同一盏灯")
    client = looked_up(app, work, ticket)

    before = client.get("/track/ticket").text
    intake.answer(by(work, DISPATCHER), fresh(work, parent), "已派人修好")
    work.session.commit()
    after = client.get("/track/ticket").text

    assert "已与同样的诉求合并办理，正在办理" in before
    assert "已与同样的诉求合并办理，已办结" in after
    assert ("已派人修好" in before, "已派人修好" in after) == (False, True)


def test_every_status_has_its_plain_sentence(app: Flask, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    client = looked_up(app, work, ticket)
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="caller_material", text="等照片", until=date(2026, 12, 1)
    )
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    work.session.commit()
    suspended = client.get("/track/ticket")
    suspension.resume(by(work, REVIEWER), ticket)
    returns.request_return(
        by(work, LEADER),
        ticket,
        ReturnRequest("not_our_duty", "权责清单", "", "D-JT", "现场照片 2 张"),
    )
    work.session.commit()
    returning = client.get("/track/ticket")

    assert "12 月 1 日（周二）起继续办理" in suspended.text
    assert words_of(returning, ".now .big") == "正在核定由哪个单位办理"
    assert "退单" not in returning.text


def test_an_overdue_promise_is_admitted(app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    client = looked_up(app, work, an_accepted_ticket(by(work, AGENT, after=-timedelta(days=20))))

    assert "已经晚了" in words_of(client.get("/track/ticket"), ".now .by--late")


def test_a_matter_passed_on_says_where_it_went(app: Flask, work: Work) -> None:
    ticket = intake.log(by(work, AGENT), a_call(), auto_lane=False).ticket
    intake.transfer(by(work, DISPATCHER), ticket, "lawsuit", "guidance")

    page = looked_up(app, work, ticket).get("/track/ticket").text

    assert "转到人民法院（诉讼）" in page
    assert "催一下" not in page


# Press, take back


def test_the_caller_may_urge_once_per_quiet_time(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = an_accepted_ticket(work)
    client = looked_up(app, work, ticket)

    first, second = post(client, "/track/urge"), post(client, "/track/urge")
    page = client.get("/track/ticket").text
    monkeypatch.setattr(clock, "now", lambda: NOW + 25 * HOUR)
    look_up(client, ticket.number, "K7MWX2")
    third = post(client, "/track/urge")

    assert (first.status_code, second.status_code, third.status_code) == (303, 422, 303)
    assert "前一次催办还没过间隔时间" in second.text
    assert "11 月 25 日（周三）10:00 后可以再催" in page
    assert fresh(work, ticket).urged == 2


def test_taking_it_back_needs_a_reason_and_a_confirmation(app: Flask, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    client = looked_up(app, work, ticket)

    unsure = post(client, "/track/withdraw", reason="solved", words="邻居帮忙修好了")
    unreasoned = post(client, "/track/withdraw", sure="1")
    standing = fresh(work, ticket).status
    taken = post(client, "/track/withdraw", reason="solved", words="邻居帮忙修好了", sure="1")

    assert (unsure.status_code, unreasoned.status_code, taken.status_code) == (422, 422, 303)
    assert "邻居帮忙修好了" in unsure.text
    assert standing is Status.ACCEPTED
    assert fresh(work, ticket).status is Status.WITHDRAWN
    (withdrawn,) = timeline.acted(work, ticket, Action.WITHDRAW)
    assert withdrawn.details["reason"] == "事情已经解决了：邻居帮忙修好了"
    assert "您已撤回这件诉求" in client.get("/track/ticket").text
    assert client.get("/track/withdraw").status_code == 303


def test_someone_signed_in_still_acts_as_the_caller_here(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    code = code_of(work, ticket)
    client = client_as(HANDLER)

    look_up(client, ticket.number, code)
    post(client, "/track/urge")

    (urged,) = timeline.acted(work, ticket, Action.URGE)
    assert (urged.role, urged.actor_id) == ("citizen", None)
    assert ticket.lead_code == LEAD
