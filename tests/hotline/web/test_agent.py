"""The intake desk: a call becomes one ticket, an answer or a transfer, and nothing typed is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import classifier
from hotline.lifecycle import Action, Status
from hotline.models.caller import Caller
from hotline.models.draft import Draft
from hotline.models.ticket import CategorySource, Kind, Ticket, Urgency
from hotline.tickets import timeline, worklists
from hotline.web.agent.spoken import written
from hotline.work import Actor, Work
from tests.builders import AGENT, DISPATCHER, FOLLOWER, HANDLER, PHONE, a_dispatched_ticket, a_logged_ticket
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]

CALL = {
    "request_key": "call-of-this-test",
    "content": "小区门口的路灯从上周起一直不亮，晚上看不清路，希望尽快修好。",
    "address": "海澜区潮音街道灯源路",
    "phone": "138 0000 0009",
    "name": "李明",
}


def the_ticket(session: Session) -> Ticket:
    return session.scalars(select(Ticket)).one()


def tickets(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def as_part(client: FlaskClient, url: str, **fields: Any) -> Any:
    """Ask for a part of the page, as htmx does."""
    token = one(soup(client.get("/agent")), "meta[name=csrf-token]")["content"]
    return client.post(url, data={"csrf_token": token, **fields}, headers={"HX-Request": "true"})


def test_a_call_becomes_a_ticket_and_its_code_is_shown_once(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)

    answer = post(client, "/agent/log", **CALL, urgency="urgent", category="市政设施 / 路灯不亮")
    shown, again = client.get(answer.location), client.get(answer.location)

    ticket = the_ticket(session)
    assert answer.status_code == 303
    assert (ticket.status, ticket.urgency, ticket.kind) == (Status.LOGGED, Urgency.URGENT, Kind.COMPLAINT)
    assert (ticket.category_code, ticket.category_source) == ("0204", CategorySource.PERSON)
    assert ticket.number in soup(shown).text
    code = one(soup(shown), ".code .letters").text
    assert len(code) == 6
    assert code not in again.text
    assert "前</b>联系您" in shown.text


def test_a_double_submit_makes_one_ticket(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)

    first, second = (post(client, "/agent/log", **CALL) for _ in range(2))

    assert first.location == second.location
    assert tickets(session) == 1


def test_two_forms_without_a_key_are_two_tickets(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)
    without_key = {**CALL, "request_key": ""}

    post(client, "/agent/log", **without_key)
    post(client, "/agent/log", **without_key)

    assert tickets(session) == 2


def test_a_call_without_a_place_comes_back_with_the_question_and_the_text(client_as: ClientAs) -> None:
    answer = post(client_as(AGENT), "/agent/log", content="电梯困人了好几次", address="", wish="快修")

    page = soup(answer)
    assert answer.status_code == 422
    assert "在哪个小区、几号楼" in one(page, "#e-address").text
    assert "电梯困人了好几次" in one(page, "#f-content").text
    assert one(page, "#f-wish")["value"] == "快修"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("category", "没有的分类", "unknown_category"),
        ("area", "没有的区", "unknown_area"),
        ("phone", "12", "phone"),
        ("kind", "nonsense", "choice"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_beside_its_field(
    client_as: ClientAs, session: Session, field: str, value: str, problem: str
) -> None:
    answer = post(client_as(AGENT), "/agent/log", **{**CALL, field: value})

    assert answer.status_code == 422
    assert soup(answer).select_one(f'#f-{field}[aria-invalid="true"]'), problem
    assert tickets(session) == 0


def test_everything_to_put_right_is_named_at_once(client_as: ClientAs) -> None:
    answer = post(client_as(AGENT), "/agent/log", content="灯坏了", category="没有", phone="12")

    assert [one["href"] for one in soup(answer).select(".problem-list a")] == [
        "#f-address",
        "#f-category",
        "#f-phone",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("漏", "漏"),
        ("水管爆了💧💧，請儘快修理", "水管爆了💧💧，請儘快修理"),
        ("路灯\x00\x07不亮\u202e了", "路灯不亮了"),
        ("漏水。" * 33_333 + "急", "漏水。" * 33_333 + "急"),
    ],
    ids=["one character", "emoji and traditional", "control characters", "100,000 characters"],
)
def test_any_text_passes_cleanly(client_as: ClientAs, session: Session, typed: str, kept: str) -> None:
    answer = post(client_as(AGENT), "/agent/log", **{**CALL, "content": typed})

    assert answer.status_code == 303
    assert the_ticket(session).content == kept


def test_a_text_that_is_too_long_comes_back_whole(client_as: ClientAs, session: Session) -> None:
    text = "长" * 100_001

    answer = post(client_as(AGENT), "/agent/log", **{**CALL, "content": text})

    assert answer.status_code == 422
    assert text in answer.text
    assert tickets(session) == 0


def test_a_draft_survives_a_reload_and_goes_with_the_registration(
    client_as: ClientAs, session: Session
) -> None:
    client = client_as(AGENT)

    saved = as_part(client, "/agent/draft", **CALL)
    reloaded = soup(client.get("/agent"))
    post(client, "/agent/log", **CALL)

    assert saved.text == "已保存 10:00:00"
    assert CALL["content"] in one(reloaded, "#f-content").text
    assert one(reloaded, "#intake [name=request_key]")["value"] == CALL["request_key"]
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_draft_keeps_which_fields_nobody_confirmed(client_as: ClientAs) -> None:
    client = client_as(AGENT)

    as_part(client, "/agent/draft", **CALL, offered="address wish")

    restored = soup(client.get("/agent")).select_one("#intake [name=offered]")
    assert restored
    assert restored["value"] == "address wish"


def test_a_draft_can_wait_or_be_thrown_away(client_as: ClientAs, session: Session) -> None:
    client = client_as(AGENT)
    post(client, "/agent/draft", **CALL)

    other_call = client.get("/agent?new=1")
    post(client, "/agent/draft/discard", request_key=CALL["request_key"])

    assert CALL["content"] not in other_call.text
    assert "还有一份没登记的草稿" in other_call.text
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_draft_that_arrives_after_the_registration_is_not_taken_up_again(client_as: ClientAs) -> None:
    client = client_as(AGENT)
    post(client, "/agent/log", **CALL)

    as_part(client, "/agent/draft", **CALL)

    assert CALL["content"] not in one(soup(client.get("/agent")), "#f-content").text


def test_a_draft_is_kept_sealed(client_as: ClientAs, session: Session) -> None:
    post(client_as(AGENT), "/agent/draft", **CALL)

    assert b"138" not in session.scalars(select(Draft.fields_sealed)).one()


def test_suggestions_come_as_a_part_with_reasons_and_the_question_worth_asking(client_as: ClientAs) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", content="灯源路的路灯不亮，希望修好")

    page = soup(part)
    assert "<html" not in part.text
    assert "路灯不亮" in one(page, '[data-choose="category"]').text
    assert "目录" in part.text or "0204" in part.text
    assert "补问一句" in one(page, "#ask").text
    assert one(page, "#filling")["data-kind"] == "help"


@pytest.mark.parametrize(
    ("road", "asked", "picks"),
    [
        ("云通路", "在云通路的路东还是路西？", ["路东 海澜区锦帆街道", "路西 海澜区灯屿街道"]),
        (
            "虹瑞路",
            "虹瑞路的门牌是1-120号还是121-300号？",
            ["1-120号 临汐区铁锚街道", "121-300号 临汐区盐廪街道"],
        ),
        ("阳光花园", "在海澜区还是望湖区？", ["海澜区望帆街道碧溪社区", "望湖区鹭影街道晴坪社区"]),
    ],
)
def test_a_road_that_crosses_areas_is_asked_about(
    client_as: ClientAs, road: str, asked: str, picks: list[str]
) -> None:
    page = soup(as_part(client_as(AGENT), "/agent/suggest", content=f"{road}的路灯不亮，希望修好"))

    assert asked in one(page, "#ask").text
    assert f"问清“{asked}”" in page.text
    assert [" ".join(pick.text.split()) for pick in page.select('.picks [data-choose="area"]')] == picks


def test_the_answer_about_the_side_of_the_road_decides(client_as: ClientAs) -> None:
    page = soup(
        as_part(client_as(AGENT), "/agent/suggest", content="路灯不亮，希望修好", address="云通路路东")
    )

    assert "据“云通路路东”" in page.text
    assert not page.select('.picks [data-choose="area"]')


HEARD = {
    "content": (
        "上周五晚上八点，阳光物业在灯源路12号乱收停车费，希望查一查。我的电话是１３８ ００１３ ８０００。"
    )
}


def offered(part: Any) -> dict[str, tuple[str, str]]:
    """Return by field what may be filled in, as it is shown and as a press fills it in."""
    return {
        str(one["data-choose"]): (" ".join(one.text.split()), str(one["data-value"]))
        for one in soup(part).select("#notes .offered [data-choose]")
    }


def test_a_moment_the_accused_and_a_phone_are_offered_in_the_words_of_a_clerk(client_as: ClientAs) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", **HEARD)

    assert offered(part) == {
        "occurred": (
            "发生时间 11月20日（周五）20:00前后",
            "11月20日（周五）20:00前后，原话“上周五晚上八点”",
        ),
        "subject": ("涉及对象 阳光物业", "阳光物业"),
        "phone": ("来电号码 １３８ ００１３ ８０００", "13800138000"),
    }


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("occurred", {"occurred": "11月20日"}),
        ("subject", {"subject": "停车场"}),
        ("phone", {"phone": "13900001111"}),
        ("phone", {"anonymous": "1"}),
    ],
)
def test_nothing_is_offered_for_a_field_that_says_something_else(
    client_as: ClientAs, field: str, typed: dict[str, str]
) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", **HEARD, **typed)

    assert set(offered(part)) == {"occurred", "subject", "phone"} - {field}


def test_the_name_and_a_number_told_digit_by_digit_are_offered_as_they_are_written(
    client_as: ClientAs,
) -> None:
    told = {"content": "我姓刘叫刘芳，灯源路停水，手机是幺三八零零，幺三八零零零。"}

    part = as_part(client_as(AGENT), "/agent/suggest", **told)

    assert offered(part)["name"] == ("姓名 刘芳", "刘芳")
    assert offered(part)["phone"] == ("来电号码 幺三八零零，幺三八零零零", "13800138000")
    assert not one(soup(part), "#filling").get("data-name")


@pytest.mark.parametrize("typed", [{"name": "刘女士"}, {"anonymous": "1"}])
def test_no_name_is_offered_over_another_or_of_who_stays_unnamed(
    client_as: ClientAs, typed: dict[str, str]
) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", content="我叫王建国，灯源路停水", **typed)

    assert "name" not in offered(part)


def test_signs_and_digits_are_not_what_happened(client_as: ClientAs) -> None:
    for content in ("😀😡🔥🔥🔥", "1234567890"):
        part = as_part(client_as(AGENT), "/agent/suggest", content=content)

        assert "何事（还缺）" in one(soup(part), "#five").text


def test_what_was_taken_stays_pressed(client_as: ClientAs) -> None:
    taken = {
        field: value
        for field, (_, value) in offered(as_part(client_as(AGENT), "/agent/suggest", **HEARD)).items()
    }

    part = as_part(client_as(AGENT), "/agent/suggest", **HEARD, **taken)

    assert len(soup(part).select('.offered [aria-pressed="true"]')) == 3


def test_a_date_that_says_all_itself_and_words_of_no_moment_are_offered_no_other(client_as: ClientAs) -> None:
    for content in ("2025年3月5日灯源路停水", "最近灯源路总停水", "灯源路停水"):
        assert "occurred" not in offered(as_part(client_as(AGENT), "/agent/suggest", content=content))


def test_the_words_that_were_found_are_marked_in_the_text(client_as: ClientAs) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", content="谢谢您接听，" * 20 + HEARD["content"])

    evidence = soup(part).select_one(".offered details p")
    assert evidence
    marked = {
        one(mark, "sub").text: mark.text.removesuffix(one(mark, "sub").text)
        for mark in evidence.select("mark")
    }
    assert {tag: words.rstrip("\u2060") for tag, words in marked.items()} == {
        "时间": "上周五晚上八点",
        "涉及对象": "阳光物业",
        "地点": "灯源路12号",
        "期望": "希望查一查",
        "电话": "１３８ ００１３ ８０００",
    }
    assert len(evidence.text) < 100


AT = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("昨晚十点半", "11月23日（周一）22:30"),
        ("昨晚", "11月23日（周一）18:00至24:00"),
        ("昨晚十点到凌晨两点", "11月23日（周一）22:00至11月24日（周二）02:00"),
        ("昨天上午", "11月23日（周一）08:00至12:00"),
        ("前天", "11月22日（周日）"),
        ("上周", "11月16日（周一）至11月22日（周日）"),
        ("上个月", "10月"),
        ("去年10月", "2025年10月"),
        ("去年", "2025年"),
        ("去年12月30日", "2025年12月30日（周二）"),
        ("最近三天", "11月21日（周六）以来"),
        ("刚才", "11月24日（周二）09:00前后"),
    ],
)
def test_a_moment_is_written_as_exactly_as_it_was_said(words: str, shown: str) -> None:
    moment = classifier.resolve(words, said_at=AT)

    assert moment
    assert written(moment, AT) == shown


def test_without_javascript_the_suggestions_come_with_the_whole_page(client_as: ClientAs) -> None:
    answer = post(client_as(AGENT), "/agent/suggest", **CALL)

    assert answer.status_code == 200
    assert CALL["content"] in one(soup(answer), "#f-content").text
    assert "市政设施 / 路灯不亮" in one(soup(answer), "#suggestions").text


def test_an_emergency_word_offers_the_line_to_press(client_as: ClientAs) -> None:
    part = as_part(client_as(AGENT), "/agent/suggest", content="灯源路3号着火了，快来人")

    button = soup(part).select_one("#alarm button")
    assert button
    assert button["value"] == "119"


def test_one_press_on_an_emergency_line_registers_and_transfers(
    client_as: ClientAs, session: Session
) -> None:
    client = client_as(AGENT)

    answer = post(client, "/agent/log", **{**CALL, "content": "灯源路3号着火了"}, transfer_to="119")

    assert the_ticket(session).status is Status.TRANSFERRED
    assert "119" in client.get(answer.location).text


def test_a_call_is_answered_in_one_go(client_as: ClientAs, session: Session) -> None:
    text = "居住证在户籍窗口办理，带身份证和租房合同。"

    post(client_as(AGENT), "/agent/log", **CALL, go="answer", answer=text)

    assert (the_ticket(session).status, the_ticket(session).answer) == (Status.CLOSED, text)


def test_an_answer_without_words_registers_nothing(client_as: ClientAs, session: Session) -> None:
    answer = post(client_as(AGENT), "/agent/log", **CALL, go="answer")

    assert answer.status_code == 422
    assert tickets(session) == 0


@pytest.mark.parametrize(
    ("pressed", "field"),
    [
        ({"go": "log", "answer": "带身份证到户籍窗口办理。"}, "answer"),
        ({"go": "log", "target": "lawsuit"}, "target"),
        ({"go": "transfer", "target": "lawsuit", "answer": "带身份证到户籍窗口办理。"}, "answer"),
        ({"go": "answer", "answer": "带身份证到户籍窗口办理。", "target": "lawsuit"}, "target"),
    ],
    ids=["log with an answer", "log with a target", "transfer with an answer", "answer with a target"],
)
def test_what_was_filled_in_for_another_way_is_asked_about_and_not_dropped(
    client_as: ClientAs, session: Session, pressed: dict[str, str], field: str
) -> None:
    answer = post(client_as(AGENT), "/agent/log", **CALL, **pressed)

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(f'details[open] #f-{field}[aria-invalid="true"]')
    assert tickets(session) == 0


def test_an_emergency_is_not_kept_waiting_by_an_answer_begun(client_as: ClientAs, session: Session) -> None:
    post(client_as(AGENT), "/agent/log", **CALL, answer="先请您", transfer_to="119")

    assert the_ticket(session).status is Status.TRANSFERRED


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("answer", {"go": "answer", "answer": "带身份证到户籍窗口办理。"}),
        ("target", {"go": "transfer", "target": "lawsuit"}),
    ],
)
def test_the_panel_that_was_filled_in_comes_back_open(
    client_as: ClientAs, field: str, typed: dict[str, str]
) -> None:
    client = client_as(AGENT)

    refused = post(client, "/agent/log", content="问居住证怎么办", **typed)
    post(client, "/agent/draft", content="问居住证怎么办", **typed)
    restored = client.get("/agent")

    assert refused.status_code == 422
    for page in (refused, restored):
        assert len(soup(page).select("details.pop[open]")) == 1
        assert soup(page).select_one(f"details.pop[open] #f-{field}")


def test_a_call_is_transferred_in_one_go_in_the_usual_way_of_the_target(
    client_as: ClientAs, session: Session
) -> None:
    post(client_as(AGENT), "/agent/log", **CALL, go="transfer", target="lawsuit")

    assert the_ticket(session).status is Status.TRANSFERRED


def test_a_way_that_the_target_does_not_have_is_refused(client_as: ClientAs, session: Session) -> None:
    fields = {**CALL, "go": "transfer", "target": "lawsuit", "mode": "three_party"}

    answer = post(client_as(AGENT), "/agent/log", **fields)

    assert answer.status_code == 422
    assert tickets(session) == 0


def test_an_anonymous_caller_leaves_no_trace(client_as: ClientAs, session: Session) -> None:
    post(client_as(AGENT), "/agent/log", **CALL, anonymous="1")

    caller = session.scalars(select(Caller)).one()
    assert the_ticket(session).anonymous
    assert (caller.phone_masked, caller.name_masked) == (None, None)


def test_a_known_number_shows_who_calls_masked_with_the_open_tickets(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    a_dispatched_ticket(work)
    session.commit()

    part = as_part(client_as(AGENT), "/agent/caller", phone=PHONE)

    assert "王**" in part.text
    assert "138****0001" in part.text
    assert PHONE not in part.text
    assert "在办 1 件" in part.text


def test_half_a_number_is_no_fault_but_a_stranger(client_as: ClientAs) -> None:
    client = client_as(AGENT)

    assert as_part(client, "/agent/caller", phone="138").status_code == 200
    assert "首次来电" in as_part(client, "/agent/caller", phone="13911112222").text


def test_the_days_own_registrations_are_listed(client_as: ClientAs, work: Work, session: Session) -> None:
    mine = a_logged_ticket(work)
    session.commit()

    assert mine.number[8:] in client_as(AGENT).get("/agent/today").text


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER], ids=["agent", "dispatcher"])
def test_a_logged_ticket_is_answered_or_transferred_later(
    client_as: ClientAs, work: Work, session: Session, actor: Actor
) -> None:
    answered, passed_on = a_logged_ticket(work), a_logged_ticket(work)
    session.commit()
    client = client_as(actor)

    assert client.get(f"/tickets/{answered.number}/answer").status_code == 200
    assert client.get(f"/tickets/{passed_on.number}/transfer").status_code == 200
    first = post(
        client, f"/tickets/{answered.number}/answer", answer="已说明政策。", version=answered.version
    )
    second = post(client, f"/tickets/{passed_on.number}/transfer", target="petition", mode="ticket")

    session.expire_all()
    assert (first.status_code, second.status_code) == (303, 303)
    assert (answered.status, passed_on.status) == (Status.CLOSED, Status.TRANSFERRED)


def test_an_answer_to_a_ticket_that_moved_on_keeps_the_text(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()

    answer = post(client_as(AGENT), f"/tickets/{ticket.number}/answer", answer="写好的答复", version=99)

    assert answer.status_code == 409
    assert "写好的答复" in answer.text


@pytest.mark.parametrize("actor", [DISPATCHER, FOLLOWER, HANDLER], ids=["dispatcher", "follow-up", "handler"])
def test_others_do_not_register(client_as: ClientAs, session: Session, actor: Actor) -> None:
    client = client_as(actor)

    assert client.get("/agent").status_code == 403
    assert post(client, "/agent/log", **CALL).status_code == 403
    assert tickets(session) == 0


def test_a_department_may_not_answer_for_the_hotline(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_dispatched_ticket(work)
    session.commit()

    assert post(client_as(HANDLER), f"/tickets/{ticket.number}/answer", answer="x").status_code == 403
    assert worklists.ticket_for(work, ticket.number).status is Status.DISPATCHED


def test_what_belongs_elsewhere_is_read_out_as_soon_as_it_is_said(client_as: ClientAs) -> None:
    page = post(client_as(AGENT), "/agent/suggest", content="劳动仲裁裁决下来了，公司一直不执行").text

    assert "该走：仲裁机构" in page
    assert "念给来电人" in page
    assert "《劳动争议调解仲裁法》" in page


def test_an_everyday_matter_is_led_nowhere(client_as: ClientAs) -> None:
    assert "该走：" not in post(client_as(AGENT), "/agent/suggest", content="路灯坏了三天").text


def test_a_transfer_keeps_which_wording_was_read_out(client_as: ClientAs, work: Work) -> None:
    ticket = a_logged_ticket(work)
    work.session.commit()

    page = client_as(AGENT).get(f"/tickets/{ticket.number}/transfer").text
    post(client_as(AGENT), f"/tickets/{ticket.number}/transfer", target="disclosure", version=ticket.version)
    [entry] = timeline.acted(work, ticket, Action.TRANSFER)

    channel = work.city.transfers["disclosure"]
    assert channel.advice in page
    assert entry.details["mode"] == "guidance"
    assert entry.details["advice"] == channel.advice_version
