"""What may be typed, what is refused, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from hotline.errors import InvalidInput
from hotline.models.ticket import Ticket
from hotline.tickets import supervision
from hotline.web import forms
from hotline.work import Actor, Work
from tests.builders import AGENT, DISPATCHER, a_dispatched_ticket, a_logged_ticket, by
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]


class Size(StrEnum):
    SMALL = "small"


class Sample(forms.Form):
    content: forms.Content
    note: forms.Passage = ""
    line: forms.Line = ""
    day: forms.Day | None = None
    size: Size | None = None
    count: int = 0
    ticked: bool = False
    several: tuple[str, ...] = ()


def read(**fields: str) -> Sample:
    return forms.read(Sample, MultiDict({"content": "有内容", **fields}))


@pytest.mark.parametrize("text", ["一", "长" * 100_000, "🚰👨‍👩‍👧", "臺灣、裏頭、體育館", "第一行\n第二行"])
def test_every_honest_text_is_taken_as_it_is(text: str) -> None:
    assert read(content=text).content == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("水\x00管\x1b[31m漏", "水管[31m漏"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("  两头的空格  ", "两头的空格"),
        ("反\u202e过来", "反过来"),
        ("\ufeff开头", "开头"),
    ],
)
def test_what_nobody_can_see_is_taken_out(typed: str, kept: str) -> None:
    assert read(content=typed).content == kept


def test_a_line_stays_on_one_line() -> None:
    assert read(line="第一行\n  第二行").line == "第一行 第二行"


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("content", "", "missing"),
        ("content", " \x00\n ", "missing"),
        ("content", "长" * 100_001, "too_long:100000"),
        ("note", "长" * 5_001, "too_long:5000"),
        ("line", "长" * 201, "too_long:200"),
        ("day", "1900-01-01", "date_range"),
        ("day", "2100-01-01", "date_range"),
        ("day", "2026-02-30", "date"),
        ("day", "明天", "date"),
        ("size", "huge", "choice"),
        ("count", "三", "number"),
    ],
)
def test_what_cannot_be_taken_is_named_by_field_and_code(field: str, typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(**{field: typed})

    assert refusal.value.fields == {field: code}


def test_every_problem_of_a_form_is_told_at_once_in_the_order_of_the_form() -> None:
    with pytest.raises(InvalidInput) as refusal:
        forms.read(Sample, MultiDict({"count": "x", "day": "x"}))

    assert list(refusal.value.fields) == ["content", "day", "count"]


def test_boxes_and_dates_are_read_as_what_they_mean() -> None:
    given = [("content", "有"), ("ticked", "1"), ("several", "a"), ("several", "b"), ("day", "2026-11-25")]
    sample = forms.read(Sample, MultiDict(given))

    assert (sample.ticked, sample.several, sample.day) == (True, ("a", "b"), date(2026, 11, 25))
    assert (read().ticked, read().several, read().day) == (False, (), None)


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(client_as: ClientAs, work: Work) -> None:
    number = a_logged_ticket(work).number

    answer = post(
        client_as(DISPATCHER),
        f"/tickets/{number}/amend",
        category="9999",
        addition="<b>又漏</b>",
        reason="补",
    )

    assert answer.status_code == 422
    page = soup(answer)
    assert page.select_one("#f-category")["value"] == "9999"
    assert page.select_one("#f-addition").text.strip() == "<b>又漏</b>"
    assert page.select_one("#e-category").text.strip() == "没有这个事项分类，请从目录里选。"
    assert page.select_one(".problem-list a")["href"] == "#f-category"


def test_whoever_saves_second_sees_who_was_first_and_loses_no_word(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    client = client_as(AGENT)
    drawn_with = soup(client.get(f"/tickets/{ticket.number}/withdraw")).select_one("[name=version]")["value"]
    supervision.note(by(work, DISPATCHER), ticket, text="先看一眼")
    work.session.commit()

    answer = post(client, f"/tickets/{ticket.number}/withdraw", version=drawn_with, reason="来电表示不用办了")

    assert answer.status_code == 409
    assert "dispatcher 今天 10:00 已备注" in answer.text
    assert "该工单已被他人更新" in answer.text
    assert soup(answer).select_one("#f-reason").text.strip() == "来电表示不用办了"
    fresh = soup(answer).select_one("[name=version]")["value"]
    again = post(client, f"/tickets/{ticket.number}/withdraw", version=fresh, reason="来电表示不用办了")
    assert again.status_code == 303


def test_a_step_that_is_past_says_where_the_ticket_is_now(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.execute(update(Ticket).values(status="withdrawn"))
    work.session.commit()

    answer = post(client_as(AGENT), f"/tickets/{ticket.number}/urge", text="请尽快")

    assert answer.status_code == 409
    assert "它现在是“已撤诉”" in answer.text
    assert soup(answer).select_one("a[data-focus]")["href"] == f"/tickets/{ticket.number}"
    assert "请尽快" in answer.text


def test_a_part_of_a_page_gets_its_trouble_as_a_strip(client_as: ClientAs, work: Work) -> None:
    answer = client_as(AGENT).get("/tickets/20200101000001", headers={"HX-Request": "true"})

    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#strips"
    assert "<html" not in answer.text
