"""派单目录: searched by all who dispatch by it, changed in a draft, published when its examples hold."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from hotline.cities.catalogues import CatalogueText
from hotline.models.catalogue import Standing
from hotline.tickets.catalogues import drafting, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.web.catalogue.book import key_of, stamp_of
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
    by,
)
from tests.hotline.web.browsing import post, soup, token_of

ClientAs = Callable[[Actor], FlaskClient]
LAMPS, RUBBISH = "0204", "0101"
FORM = {
    "category": "市容环卫 / 暴露垃圾、乱倒垃圾",
    "keywords": "灯箱、广告牌",
    "lead_by": "fixed",
    "department": "市交通局",
    "basis": "会商纪要第 3 号",
    "lowest": "district",
    "because": "会商定下",
}


@pytest.fixture(autouse=True)
def loaded(work: Work) -> Work:
    """The catalogue of the profile is in force."""
    versions.deliver(work)
    work.session.commit()
    return work


def stamp(client: FlaskClient) -> str:
    """What the page of the draft carries of the draft that it shows."""
    field = soup(client.get("/catalogue/draft")).select_one("input[name=stamp]")
    return str(field["value"]) if field else ""


def general(work: Work, category: str) -> dict[str, str]:
    return next(
        dict(one)
        for one in work.city.catalogue_text.lines
        if one["category"] == category and not (one["area"] or one["level"] or one["keyword"])
    )


def drafted(work: Work) -> list[dict[str, str]]:
    work.session.expire_all()
    return [dict(one) for one in versions.text_of(versions.required_draft(work)).lines]


def filled(work: Work, **changes: str) -> dict[str, str]:
    name = work.city.taxonomy.path(RUBBISH)
    return {**FORM, "category": name, **changes}


def titles(page: TestResponse) -> list[str]:
    return [one.text for one in soup(page).select(".entries tbody tr:not(.group) .title")]


def hand_in(client: FlaskClient, content: bytes, name: str, because: str = "职责调整") -> TestResponse:
    return client.post(
        "/catalogue/draft/import",
        data={
            "csrf_token": token_of(client),
            "because": because,
            "file": (io.BytesIO(content), name),
        },
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize("actor", [DISPATCHER, SUPERVISOR, ADMIN, HANDLER, LEADER], ids=lambda one: one.name)
def test_who_dispatches_and_who_is_dispatched_to_may_read_it(client_as: ClientAs, actor: Actor) -> None:
    page = client_as(actor).get("/catalogue")

    assert page.status_code == 200
    assert titles(page)


@pytest.mark.parametrize("actor", [AGENT, REVIEWER, FOLLOWER], ids=lambda one: one.name)
def test_others_have_no_business_there(client_as: ClientAs, actor: Actor) -> None:
    assert client_as(actor).get("/catalogue").status_code == 403


def test_owners_are_said_in_words_and_not_in_codes(client_as: ClientAs) -> None:
    page = soup(client_as(HANDLER).get("/catalogue?q=0204"))

    row = page.select_one(".entries tbody tr:not(.group)").text
    assert "区县城管局（按属地）" in row
    assert "CG@" not in page.main.text


@pytest.mark.parametrize("asked", ["路灯", "0204", "城管局 照明", "城市照明管理规定"])
def test_an_entry_is_found_by_what_any_column_says(client_as: ClientAs, asked: str) -> None:
    assert "路灯不亮" in titles(client_as(DISPATCHER).get(f"/catalogue?q={asked}"))


def test_entries_are_turned_over_by_pages_and_none_is_lost(client_as: ClientAs, work: Work) -> None:
    client, seen, address = client_as(DISPATCHER), 0, "/catalogue"
    while address:
        page = soup(client.get(address))
        seen += len(page.select(".entries tbody tr:not(.group)"))
        onward = page.select_one(".pager [rel=next]")
        address = str(onward["href"]) if onward else ""

    assert seen == len(work.city.catalogue.entries)


def test_what_will_be_and_what_was_stand_apart(client_as: ClientAs, work: Work) -> None:
    line = general(work, RUBBISH)
    lines = [*work.city.catalogue_text.lines, {**line, "keyword": "灯箱", "from": "2027-01-01"}]
    lines.append({**line, "keyword": "灯箱", "to": "2026-01-01"})
    drafting.take(by(work, SUPERVISOR), Why("试"), entries=lines)
    versions.publish(by(work, SUPERVISOR), because="试")
    work.session.commit()

    client = client_as(DISPATCHER)

    for view in ("later", "over"):
        assert len(titles(client.get(f"/catalogue?view={view}&q=灯箱"))) == 1
    assert titles(client.get("/catalogue?view=today&q=灯箱")) == []


@pytest.mark.parametrize("address", ["/catalogue?area=天上", "/catalogue?view=x", "/catalogue?after=-1"])
def test_an_address_that_asks_wrongly_is_told_so(client_as: ClientAs, address: str) -> None:
    assert client_as(DISPATCHER).get(address).status_code == 422


def test_an_entry_shows_its_examples_and_departments_see_no_way_to_change_it(
    client_as: ClientAs, work: Work
) -> None:
    key = key_of(general(work, RUBBISH))

    page = soup(client_as(HANDLER).get(f"/catalogue/entries/{key}"))
    desk = soup(client_as(DISPATCHER).get(f"/catalogue/entries/{key}"))

    assert any("垃圾" in one.text for one in page.select(".told li"))
    assert page.select("main a[href*=draft]") == []
    assert desk.select("main a[href*=draft]") != []


def test_an_entry_that_is_gone_is_said_so(client_as: ClientAs) -> None:
    assert client_as(DISPATCHER).get("/catalogue/entries/nothing").status_code == 404


def test_an_entry_put_by_the_form_reaches_the_draft_and_nothing_else(client_as: ClientAs, work: Work) -> None:
    answer = post(client_as(DISPATCHER), "/catalogue/draft/entries/new", **filled(work))

    (new,) = [one for one in drafted(work) if "灯箱" in one["keyword"]]
    assert (answer.status_code, answer.location) == (303, "/catalogue/draft")
    assert (new["category"], new["keyword"], new["lead"], new["auto"]) == (
        RUBBISH,
        "灯箱 广告牌",
        "D-JT",
        "no",
    )
    assert versions.in_force(work).number == 1


@pytest.mark.parametrize(
    ("way", "lead"),
    [
        ({"lead_by": "duty", "duty": "城管局", "duty_level": "district"}, "CG@district"),
        ({"lead_by": "named"}, "named"),
        ({"lead_by": "desk"}, ""),
        ({"lead_by": "fixed", "department": "D-JT"}, "D-JT"),
    ],
)
def test_the_lead_is_found_in_the_way_that_was_chosen(
    client_as: ClientAs, work: Work, way: dict[str, str], lead: str
) -> None:
    post(client_as(DISPATCHER), "/catalogue/draft/entries/new", **filled(work, **way))

    (new,) = [one for one in drafted(work) if "灯箱" in one["keyword"]]
    assert new["lead"] == lead


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"because": ""}, "because", "还没有填"),
        ({"category": "没有这一类"}, "category", "没有这个事项分类"),
        ({"department": "没有这个局"}, "department", "没有这个承办单位"),
        ({"department": ""}, "department", "还没有选"),
        ({"lead_by": "duty", "duty": "修天的"}, "duty", "没有这项职责"),
        ({"lead_by": "duty", "duty": "城管局"}, "duty_level", "还没有选"),
        ({"area": "天上"}, "area", "没有这个区划"),
        ({"begins": "2026-13-01"}, "begins", "日期写法不对"),
        ({"assist": "没有这个局"}, "assist", "没有叫“没有这个局”的"),
    ],
)
def test_what_cannot_be_taken_comes_back_beside_its_field(
    client_as: ClientAs, work: Work, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = post(client_as(DISPATCHER), "/catalogue/draft/entries/new", **filled(work, **wrong))

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#f-{field}") is not None
    assert sentence in page.select_one("#strips").text
    assert "灯箱" in page.select_one("#f-keywords").text
    assert versions.draft(work) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lead_by": "desk", "automatic": "1"}, "不能自动派单"),
        ({"begins": "2027-02-01", "ends": "2027-01-01"}, "早于生效日"),
        ({"lead_by": "duty", "duty": "街道（乡镇）", "duty_level": "subdistrict"}, "低于最低层级"),
    ],
)
def test_what_the_catalogue_cannot_hold_is_refused_in_words(
    client_as: ClientAs, work: Work, wrong: dict[str, str], sentence: str
) -> None:
    answer = post(client_as(DISPATCHER), "/catalogue/draft/entries/new", **filled(work, **wrong))

    strips = soup(answer).select_one("#strips").text
    assert answer.status_code == 422
    assert "这一条不能这样写" in strips
    assert sentence in strips
    assert "catalogue.csv" not in strips


def test_an_entry_is_corrected_with_what_the_form_showed(client_as: ClientAs, work: Work) -> None:
    old = general(work, LAMPS)
    client = client_as(DISPATCHER)
    address = f"/catalogue/draft/entries/{key_of(old)}"
    form = soup(client.get(address)).select_one("#f-entry")
    shown = {one["name"]: one.get("value", "") for one in form.select("input[type=text], input[type=hidden]")}
    shown |= {one["name"]: one.text.strip() for one in form.select("textarea")}
    chosen = {one["name"]: one["value"] for one in form.select("input[type=radio][checked]")}
    boxes = {one["name"]: one["value"] for one in form.select("input[type=checkbox][checked]")}
    picked = {
        one["name"]: one.select_one("[selected]")["value"]
        for one in form.select("select")
        if one.select_one("[selected]")
    }
    helpers = [one["value"] for one in form.select("[name=assist]")]

    fields = {**shown, **chosen, **boxes, **picked, "assist": helpers, "tips": "新提示", "because": "补提示"}
    answer = post(client, address, **fields)

    (now,) = [one for one in drafted(work) if one["category"] == LAMPS and not one["keyword"]]
    assert answer.status_code == 303
    assert now == {**old, "note": "新提示"}


def test_an_entry_changes_from_a_day_on_and_the_old_one_holds_until_then(
    client_as: ClientAs, work: Work
) -> None:
    old = general(work, RUBBISH)
    fields = filled(work, keywords="", change="since", begins="2027-01-01", lowest="city")

    post(client_as(DISPATCHER), f"/catalogue/draft/entries/{key_of(old)}", **fields)

    found = {
        (one["lead"], one["from"], one["to"])
        for one in drafted(work)
        if one["category"] == RUBBISH and not one["keyword"]
    }
    assert found == {(old["lead"], "", "2026-12-31"), ("D-JT", "2027-01-01", "")}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"begins": ""}, "请填从哪一天起改"), ({"keywords": "灯箱"}, "要与原条目一样")],
)
def test_a_change_from_a_day_on_needs_the_day_and_the_same_case(
    client_as: ClientAs, work: Work, wrong: dict[str, str], sentence: str
) -> None:
    address = f"/catalogue/draft/entries/{key_of(general(work, RUBBISH))}"
    fields = filled(work, **{"keywords": "", "change": "since", "begins": "2027-01-01", **wrong})

    answer = post(client_as(DISPATCHER), address, **fields)

    assert answer.status_code == 422
    assert sentence in soup(answer).select_one("#strips").text


def test_a_form_drawn_before_another_changed_the_entry_is_refused(client_as: ClientAs, work: Work) -> None:
    old = general(work, RUBBISH)
    drafting.put(by(work, SUPERVISOR), {**old, "note": "同事改过"}, Why("补提示"), replaces=old)
    work.session.commit()

    fields = filled(work, keywords="", stamp=stamp_of(old))
    answer = post(client_as(DISPATCHER), f"/catalogue/draft/entries/{key_of(old)}", **fields)

    assert answer.status_code == 422
    assert "同事刚改过" in answer.text
    assert any(one["note"] == "同事改过" for one in drafted(work))


def test_an_entry_is_taken_out_with_a_reason(client_as: ClientAs, work: Work) -> None:
    (old,) = [one for one in work.city.catalogue_text.lines if one["keyword"].startswith("国道")]
    client, address = client_as(DISPATCHER), f"/catalogue/draft/entries/{key_of(old)}/remove"

    refused = post(client, address, because="")
    done = post(client, address, because="并入通用条目")

    assert (refused.status_code, done.status_code) == (422, 303)
    assert old not in drafted(work)


def test_the_last_general_entry_of_a_category_cannot_go(client_as: ClientAs, work: Work) -> None:
    address = f"/catalogue/draft/entries/{key_of(general(work, RUBBISH))}/remove"

    answer = post(client_as(DISPATCHER), address, because="试试")

    assert answer.status_code == 422
    assert "没有通用条目" in answer.text


def test_the_draft_says_what_was_and_what_will_be_who_and_why(client_as: ClientAs, work: Work) -> None:
    old = general(work, LAMPS)
    changed = {**old, "lead": "D-JT", "minimum_level": "city"}
    drafting.put(by(work, SUPERVISOR), changed, Why("路灯移交"), replaces=old)
    work.session.commit()

    page = soup(client_as(DISPATCHER).get("/catalogue/draft"))

    shown = page.select_one(".diff li").get_text(" ", strip=True)
    assert "区县城管局（按属地）" in shown
    assert "市交通局" in shown
    assert page.select_one(".diff del").text == "区县城管局（按属地）"
    record = page.select_one(".records li").get_text(" ", strip=True)
    assert "supervisor" in record
    assert "路灯移交" in record


def test_a_red_example_blocks_publishing_and_the_page_says_which_and_why(
    client_as: ClientAs, work: Work
) -> None:
    old = general(work, RUBBISH)
    drafting.put(
        by(work, SUPERVISOR), {**old, "lead": "D-JT", "minimum_level": "city"}, Why("试"), replaces=old
    )
    work.session.commit()
    client = client_as(SUPERVISOR)

    answer = post(client, "/catalogue/draft/publish", stamp=stamp(client), because="试试")

    red = soup(answer).select_one(".told li").get_text(" ", strip=True)
    assert answer.status_code == 422
    assert "海澜区城管局" in red
    assert "市交通局" in red
    assert "条样例派错，没有发布" in answer.text
    assert versions.in_force(work).number == 1


def test_a_draft_whose_examples_hold_is_published_with_a_reason(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)
    post(client, "/catalogue/draft/entries/new", **filled(work))

    refused = post(client, "/catalogue/draft/publish", stamp=stamp(client), because="")
    done = post(client, "/catalogue/draft/publish", stamp=stamp(client), because="会商纪要第 3 号")

    work.session.expire_all()
    present = versions.in_force(work)
    assert refused.status_code == 422
    assert (done.status_code, done.location) == (303, "/catalogue/versions/2")
    assert (present.number, present.because) == (2, "会商纪要第 3 号")
    assert titles(client.get("/catalogue?q=灯箱"))
    assert "会商定下" in client.get("/catalogue/versions/2").text


@pytest.mark.parametrize("address", ["publish", "give-up"])
def test_a_dispatcher_drafts_and_does_not_publish(client_as: ClientAs, work: Work, address: str) -> None:
    client = client_as(DISPATCHER)
    post(client, "/catalogue/draft/entries/new", **filled(work))

    assert post(client, f"/catalogue/draft/{address}", because="试").status_code == 403
    assert versions.draft(work) is not None
    assert "请督办员或管理员" in client.get("/catalogue/draft").text


@pytest.mark.parametrize("actor", [HANDLER, AGENT], ids=lambda one: one.name)
def test_departments_and_agents_change_nothing(client_as: ClientAs, work: Work, actor: Actor) -> None:
    client = client_as(actor)

    assert post(client, "/catalogue/draft/entries/new", **filled(work)).status_code == 403
    assert client.get("/catalogue/draft").status_code == 403
    assert client.get("/catalogue/versions").status_code == 403
    assert client.get("/catalogue/export").status_code == 403


def test_without_its_token_nothing_is_changed(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)

    assert client.post("/catalogue/draft/entries/new", data=filled(work)).status_code == 400
    assert client.post("/catalogue/draft/publish", data={"because": "试"}).status_code == 400
    assert versions.draft(work) is None


def test_a_draft_given_up_stays_on_record(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)
    post(client, "/catalogue/draft/entries/new", **filled(work))
    draft = versions.draft(work)

    post(client, "/catalogue/draft/give-up", stamp=stamp(client))

    work.session.expire_all()
    assert draft.standing is Standing.DROPPED
    assert "没有草稿" in client.get("/catalogue/draft").text


def test_an_example_is_tried_before_it_is_kept(client_as: ClientAs, work: Work) -> None:
    client = client_as(DISPATCHER)
    told = {
        "text": "路灯一排都灭了，打 13800000001 没人接",
        "address": "海澜区潮音街道",
        "category": work.city.taxonomy.path(LAMPS),
        "department": "海澜区城管局",
    }

    tried = post(client, "/catalogue/draft/examples/new/try", **told)
    before = versions.draft(work)
    kept = post(client, "/catalogue/draft/examples/new", **told, because="补样例")

    assert "会派给海澜区城管局" in tried.text
    assert soup(tried).select_one("#f-text").text.strip() == told["text"]
    assert before is None
    assert kept.status_code == 303
    text = versions.text_of(versions.required_draft(work)).example_lines[-1]["text"]
    assert "路灯一排都灭了" in text
    assert "13800000001" not in text


def test_an_example_is_changed_and_taken_out(client_as: ClientAs, work: Work) -> None:
    old = work.city.catalogue_text.example_lines[0]
    client, address = client_as(DISPATCHER), f"/catalogue/draft/examples/{stamp_of(old)}"
    told = {
        "text": "门口的垃圾桶满了没人收",
        "address": old["address"],
        "category": old["category"],
        "department": old["lead"],
    }

    assert post(client, address, **told, because="改短").status_code == 303
    lines = versions.text_of(versions.required_draft(work)).example_lines
    assert old not in lines
    (new,) = [one for one in lines if one["text"] == told["text"]]
    gone = post(client, f"/catalogue/draft/examples/{stamp_of(new)}/remove", because="重复")

    work.session.expire_all()
    assert gone.status_code == 303
    assert new not in versions.text_of(versions.required_draft(work)).example_lines


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "还没有填"),
        ({"category": "没有这一类"}, "没有这个事项分类"),
        ({"department": "没有这个局"}, "没有这个承办单位"),
        ({"because": ""}, "请写明理由"),
    ],
)
def test_an_example_that_says_too_little_is_refused(
    client_as: ClientAs, work: Work, wrong: dict[str, str], sentence: str
) -> None:
    told = {"text": "路灯不亮", "category": LAMPS, "department": "海澜区城管局", "because": "补", **wrong}

    answer = post(client_as(DISPATCHER), "/catalogue/draft/examples/new", **told)

    assert answer.status_code == 422
    assert sentence in soup(answer).select_one("#strips").text


def moved_lamps(work: Work) -> None:
    old = general(work, LAMPS)
    moved = {**old, "lead": "D-JT", "assisting": "", "minimum_level": "city"}
    drafting.put(by(work, SUPERVISOR), moved, Why("路灯移交"), replaces=old)
    work.session.commit()


@pytest.mark.parametrize("confidential", [False, True])
def test_the_preview_counts_for_all_and_names_tickets_to_those_who_see_them(
    client_as: ClientAs, work: Work, confidential: bool
) -> None:
    ticket = a_dispatched_ticket(work, lead="D-JT", confidential=confidential)
    moved_lamps(work)

    seen = client_as(SUPERVISOR).get("/catalogue/draft/preview?newest=200")
    blind = client_as(ADMIN).get("/catalogue/draft/preview")

    for page in (seen, blind):
        assert "1 件里有 1 件会去别处" in page.text
        assert "更准 1，更偏 0，说不清 0" in page.text
    assert ticket.number in {one["href"].rpartition("/")[2] for one in soup(seen).select(".tickets .title")}
    assert ticket.number not in blind.text
    assert ticket.title not in blind.text


def test_without_a_draft_there_is_nothing_to_preview(client_as: ClientAs) -> None:
    assert client_as(SUPERVISOR).get("/catalogue/draft/preview").status_code == 404


def test_the_first_version_is_compared_with_nothing_until_there_are_others(
    client_as: ClientAs, work: Work
) -> None:
    client = client_as(DISPATCHER)

    alone = soup(client.get("/catalogue/versions/1"))
    drafting.put(by(work, SUPERVISOR), {**general(work, LAMPS), "keyword": "地灯"}, Why("补"))
    versions.publish(by(work, SUPERVISOR), because="补地灯")
    work.session.commit()
    first = soup(client.get("/catalogue/versions/1"))

    assert "这是第一版" in alone.text
    assert alone.select("#f-against") == []
    assert "这是第一版" in first.text
    assert [one["value"] for one in first.select("#f-against option")] == ["2"]


def test_two_versions_are_compared_in_words(client_as: ClientAs, work: Work) -> None:
    drafting.put(by(work, SUPERVISOR), {**general(work, LAMPS), "keyword": "地灯"}, Why("补"))
    versions.publish(by(work, SUPERVISOR), because="补地灯")
    work.session.commit()
    client = client_as(DISPATCHER)

    listed = soup(client.get("/catalogue/versions"))
    page = soup(client.get("/catalogue/versions/2?against=1"))

    assert [one.text for one in listed.select(".versions .title")] == ["第 2 版", "第 1 版"]
    assert "补地灯" in listed.text
    assert page.select_one(".diff li .diff-kind").text == "新增"
    assert "地灯" in page.select_one(".diff li").text
    assert client.get("/catalogue/versions/9").status_code == 404
    assert client.get("/catalogue/versions/2?against=9").status_code == 404


def exported(client: FlaskClient, **which: str) -> TestResponse:
    answer = client.get("/catalogue/export", query_string=which)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("kind", ["xlsx", "entries", "examples"])
def test_what_was_exported_and_handed_in_again_changes_nothing(client_as: ClientAs, kind: str) -> None:
    client = client_as(DISPATCHER)
    content = exported(client, kind=kind).data

    answer = hand_in(client, content, "目录.xlsx" if kind == "xlsx" else "目录.csv")

    assert answer.status_code == 422
    assert "与现行目录没有差别" in answer.text


def test_an_xlsx_names_people_and_places_beside_the_codes(client_as: ClientAs) -> None:
    book = load_workbook(io.BytesIO(exported(client_as(DISPATCHER)).data))

    entries = list(book["派单目录"].values)
    assert entries[0][:2] == ("分类", "属地")
    assert any("区县城管局（按属地）" in row for row in entries)
    assert ("CG@district", "区县城管局（按属地）") in list(book["主办写法"].values)


def test_a_table_of_changes_reaches_the_draft(client_as: ClientAs, work: Work) -> None:
    client = client_as(DISPATCHER)
    book = load_workbook(io.BytesIO(exported(client).data))
    sheet = book["派单目录"]
    row = next(row for row in sheet.iter_rows() if row[0].value == LAMPS)
    row[9].value, row[10].value = "换了提示", "2026/1/5"
    row[8].value = "否"
    saved = io.BytesIO()
    book.save(saved)

    answer = hand_in(client, saved.getvalue(), "目录.xlsx")

    (now,) = [one for one in drafted(work) if one["category"] == LAMPS and not one["keyword"]]
    assert answer.status_code == 303
    assert (now["note"], now["from"], now["auto"]) == ("换了提示", "2026-01-05", "no")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_be_in_any_usual_encoding(client_as: ClientAs, work: Work, encoding: str) -> None:
    line = {**general(work, LAMPS), "keyword": "地灯"}
    text = CatalogueText.of([*work.city.catalogue_text.lines, line], ())

    answer = hand_in(client_as(DISPATCHER), text.entries.encode(encoding), "catalogue.csv")

    assert answer.status_code == 303
    assert any(one["keyword"] == "地灯" for one in drafted(work))


def as_xlsx(rows: list[list[str]]) -> bytes:
    book, saved = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"category": "9999"}, "没有代码是“9999”或以它开头的分类"),
        ({"lead": "D-NOBODY"}, "没有代码是“D-NOBODY”的单位"),
        ({"from": "不知道"}, "不是日期"),
        ({"basis": ""}, "“依据”没有填"),
        ({}, "日期又重叠"),
    ],
)
def test_a_bad_file_is_refused_with_its_row_and_changes_nothing(
    client_as: ClientAs, work: Work, kind: str, wrong: dict[str, str], said: str
) -> None:
    lines = [dict(one) for one in work.city.catalogue_text.lines]
    bad = {**general(work, LAMPS), **wrong}
    rows = [list(bad), *(list(one.values()) for one in lines), [""] * 12, list(bad.values())]
    number = len(rows)
    content = as_xlsx(rows) if kind == "xlsx" else "\n".join(",".join(row) for row in rows).encode()

    answer = hand_in(client_as(SUPERVISOR), content, f"改动.{kind}")

    strips = soup(answer).select_one("#strips").text
    assert answer.status_code == 422
    assert f"改动.{kind} 第 {number} 行" in strips
    assert said in strips
    assert versions.draft(work) is None
    assert versions.in_force(work).number == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "请选一个"),
        ("空.csv", b"", "空文件"),
        ("目录.xlsx", b"no zip at all", "不是能打开的 xlsx"),
        ("目录.doc", b"word", "不是 csv 或 xlsx"),
        ("目录.csv", "分类,属地\n0101,\n".encode(), "缺“"),
        ("目录.csv", b"category,colour\n0101,red\n", "没有“colour”这一列"),
        ("目录.csv", b"category,category\n0101,0101\n", "写了两次"),
        ("目录.csv", b"\xff\xfe\x00c\x00a", "UTF-16"),
    ],
)
def test_what_is_no_catalogue_is_refused_by_its_name(
    client_as: ClientAs, work: Work, name: str, content: bytes, said: str
) -> None:
    answer = hand_in(client_as(SUPERVISOR), content, name)

    assert answer.status_code == 422
    assert said in soup(answer).select_one("#strips").text
    assert versions.draft(work) is None


def test_a_file_beyond_the_limit_is_refused(client_as: ClientAs) -> None:
    client = client_as(SUPERVISOR)
    part = b'--end\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = part + b"a" * (3 << 20) + b"\r\n--end--\r\n"

    answer = client.post(
        "/catalogue/draft/import", data=body, content_type="multipart/form-data; boundary=end"
    )

    assert answer.status_code == 413
    assert "2 MB" in answer.text


def test_a_cell_that_looks_like_a_formula_never_becomes_one(client_as: ClientAs, work: Work) -> None:
    told = {
        "text": "=1+1 路灯不亮",
        "address": "@海澜区潮音街道",
        "category": LAMPS,
        "lead": "Q01-D-CG",
    }
    drafting.put_example(by(work, SUPERVISOR), told, Why("试"))
    work.session.commit()
    client = client_as(DISPATCHER)

    book = load_workbook(io.BytesIO(exported(client, which="draft").data))
    (cell,) = [row[0] for row in book["样例"].iter_rows() if row[0].value == told["text"]]
    csv_text = exported(client, which="draft", kind="examples").data.decode("utf-8-sig")

    assert cell.data_type == "s"
    assert "'=1+1 路灯不亮" in csv_text
    assert "'@海澜区潮音街道" in csv_text
    again = hand_in(client, csv_text.encode(), "样例.csv")
    assert "没有差别" in again.text


def test_a_draft_that_no_longer_fits_the_profile_says_so_and_can_be_given_up(
    client_as: ClientAs, work: Work
) -> None:
    drafting.put(by(work, SUPERVISOR), {**general(work, LAMPS), "keyword": "地灯"}, Why("补"))
    draft = versions.required_draft(work)
    draft.entries = draft.entries.replace("CG@district", "GONE@district")
    work.session.commit()

    page = client_as(SUPERVISOR).get("/catalogue/draft")

    assert page.status_code == 200
    assert "对不上" in page.text
    assert "GONE" in page.text


def test_a_draft_that_changed_since_the_page_was_drawn_is_not_published_unseen(
    client_as: ClientAs, work: Work
) -> None:
    versions.deliver(work)
    supervisor = by(work, SUPERVISOR)
    old = next(one for one in work.city.catalogue_text.lines if one["category"] == "0101")
    drafting.put(supervisor, {**old, "keyword": "灯箱"}, Why("先加灯箱"))
    work.session.commit()
    client = client_as(SUPERVISOR)
    seen = stamp(client)
    drafting.put(supervisor, {**old, "keyword": "横幅"}, Why("同事又加横幅"))
    work.session.commit()

    for address in ("publish", "give-up"):
        answer = post(client, f"/catalogue/draft/{address}", stamp=seen, because="发布")
        assert answer.status_code == 422
        assert "草稿又改过了" in answer.text
    assert versions.draft(work) is not None
