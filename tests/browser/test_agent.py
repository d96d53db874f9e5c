"""话务受理: a call is written down while the caller speaks, without the hands leaving the keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.looks import PHONE, Watch, faults
from tests.browser.site import Site
from tests.builders import AGENT, a_logged_ticket

pytestmark = pytest.mark.browser

WORDS = "海澜区潮音街道小区门口的路灯从上周起一直不亮，晚上出门看不清路，希望尽快修好。"


def begin_a_call(page: Page, words: str) -> None:
    """Go from the number, where the cursor waits, to the text by F6, and write."""
    page.goto("/agent?new=1")
    content = page.get_by_label("诉求内容")
    expect(page.get_by_label("来电号码")).to_be_focused()
    page.keyboard.press("F6")
    if not content.evaluate("field => field === document.activeElement"):
        page.keyboard.press("F6")  # past what was registered today
    expect(content).to_be_focused()
    page.keyboard.insert_text(words)


def test_a_call_is_registered_by_keyboard(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(AGENT)
    begin_a_call(page, WORDS)
    expect(page.get_by_label("地点")).not_to_have_value("")

    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/agent/logged/*")
    number = page.url.rsplit("/", 1)[1]
    shown = page.get_by_role("main").inner_text()
    assert number in shown
    assert re.search(r"查询码，只显示这一次\s*[2-9A-HJ-NP-Z]{6}\b", shown)
    assert faults(page) == []
    assert site.ticket(number).content == WORDS

    page.keyboard.press("Enter")
    expect(page.get_by_label("诉求内容")).to_have_value("")


def test_suggestions_arrive_beside_the_text_and_leave_the_cursor_in_it(open_as: Callable[..., Page]) -> None:
    page = open_as(AGENT)
    begin_a_call(page, WORDS)
    content = page.get_by_label("诉求内容")
    first = page.locator("#suggestions [data-key='alt+1']")

    expect(first).to_contain_text("路灯")
    expect(content).to_be_focused()
    assert faults(page) == []

    page.keyboard.press("Alt+Digit1")

    expect(page.get_by_label("事项分类")).to_have_value(first.get_attribute("data-value") or "none")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(content).to_be_focused()
    expect(content).to_have_value(WORDS)


def test_what_the_page_filled_in_gives_way_to_what_a_person_types(open_as: Callable[..., Page]) -> None:
    page = open_as(AGENT)
    begin_a_call(page, WORDS)
    wish = page.get_by_label("期望")
    expect(wish).not_to_have_value("")

    with page.expect_response("**/agent/suggest"):
        wish.fill("今晚就修")
    with page.expect_response("**/agent/suggest"):
        page.get_by_label("诉求内容").press_sequentially("请抓紧。")

    expect(page.locator("#suggestions")).not_to_have_class(re.compile("htmx-(request|swapping|settling)"))
    expect(wish).to_have_value("今晚就修")


def test_a_draft_survives_a_reload(open_as: Callable[..., Page]) -> None:
    page = open_as(AGENT)
    begin_a_call(page, "楼下烧烤店油烟直排，晚上十一点还在炒菜。")
    expect(page.locator("#saved")).to_contain_text("已保存")

    page.reload()

    expect(page.get_by_label("诉求内容")).to_have_value("楼下烧烤店油烟直排，晚上十一点还在炒菜。")
    expect(page.get_by_text("已恢复上次没登记的内容")).to_be_visible()


def test_half_a_call_is_not_sent_by_enter_and_nothing_is_lost_when_it_is_refused(
    open_as: Callable[..., Page], watch: Watch
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, "有人反映夜里太吵。")
    page.get_by_label("来电号码").fill("12")
    page.keyboard.press("Enter")
    assert page.url.endswith("/agent?new=1")

    with watch.expecting(422):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".problem-list")).to_be_visible()

    expect(page.get_by_label("诉求内容")).to_have_value("有人反映夜里太吵。")
    expect(page.get_by_label("来电号码")).to_have_value("12")
    assert faults(page) == []


def test_an_emergency_is_transferred_by_pressing_its_key_twice(
    open_as: Callable[..., Page], site: Site
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, "海澜区潮音街道居民楼着火了，楼道里全是浓烟，有人被困在六楼。")
    page.get_by_label("地点").fill("海澜区潮音街道")
    expect(page.locator("#alarm [data-alarm=F8]")).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("F8")
    expect(page.locator("#alarm [data-alarm=F8]")).to_contain_text("再按一次")
    page.keyboard.press("F8")

    page.wait_for_url("**/agent/logged/*")
    assert site.ticket(page.url.rsplit("/", 1)[1]).status is Status.TRANSFERRED


def test_the_open_panel_takes_ctrl_enter_and_no_answer_is_dropped(
    open_as: Callable[..., Page], site: Site
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, "海澜区潮音街道的居住证在哪里办？")
    expect(page.get_by_label("地点")).not_to_have_value("")
    page.locator("summary", has_text="直接答复").click()
    expect(page.get_by_label("答复了什么")).to_be_focused()
    page.keyboard.insert_text("带身份证到户籍窗口办理。")

    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/agent/logged/*")
    ticket = site.ticket(page.url.rsplit("/", 1)[1])
    assert (ticket.status, ticket.answer) == (Status.CLOSED, "带身份证到户籍窗口办理。")


def test_a_refused_answer_comes_back_open_and_can_be_sent_again_by_key(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, "居住证在哪里办？")
    page.locator("summary", has_text="直接答复").click()
    expect(page.get_by_label("答复了什么")).to_be_focused()
    page.keyboard.insert_text("带身份证到户籍窗口办理。")
    with watch.expecting(422):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".problem-list")).to_be_visible()
    expect(page.get_by_label("答复了什么")).to_have_value("带身份证到户籍窗口办理。")
    expect(page.get_by_label("答复了什么")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("地点").fill("海澜区潮音街道")

    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/agent/logged/*")
    assert site.ticket(page.url.rsplit("/", 1)[1]).status is Status.CLOSED


@pytest.mark.parametrize(
    "words", [WORDS, "海澜区潮音街道居民楼着火了，有人被困。"], ids=["usual", "emergency"]
)
def test_the_number_that_calls_is_read_whole(open_as: Callable[..., Page], words: str) -> None:
    page = open_as(AGENT)
    begin_a_call(page, words)
    expect(page.locator("#suggestions [data-key='alt+1']")).to_be_visible()
    phone = page.get_by_label("来电号码")
    phone.fill("13888888888")

    for large in (False, True):
        page.evaluate("large => document.documentElement.classList.toggle('large-type', large)", large)
        assert phone.evaluate("field => field.scrollWidth - field.clientWidth") <= 0


def test_what_was_registered_today_is_read_whole_on_a_phone(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        ticket = a_logged_ticket(work)
    page = open_as(AGENT)
    page.set_viewport_size(PHONE)
    page.goto("/agent/today")

    card = page.locator("tr", has_text=ticket.number)

    for part in (card.locator(".title"), card.locator(".state"), card.locator("td").last):
        box = part.bounding_box()
        assert box
        assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
    assert card.locator("td").last.evaluate("cell => cell.clientWidth") > PHONE["width"] / 2


@pytest.mark.parametrize("confirmed", [False, True], ids=["nobody confirmed", "confirmed by Tab"])
def test_a_restored_draft_remembers_what_nobody_confirmed(
    open_as: Callable[..., Page], site: Site, confirmed: bool
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, WORDS)
    address, content = page.get_by_label("地点"), page.get_by_label("诉求内容")
    expect(address).to_have_class(re.compile("filled"))
    first = address.input_value()
    if confirmed:
        address.focus()
        page.keyboard.press("Tab")
    with page.expect_response("**/agent/draft"):
        content.press_sequentially("谢谢")
    expect(page.locator("#saved")).to_contain_text("已保存")

    page.reload()

    expect(content).to_have_value(f"{WORDS}谢谢")
    expect(address).to_have_value(first)
    (expect(address).not_to_have_class if confirmed else expect(address).to_have_class)(re.compile("filled"))
    with page.expect_response("**/agent/suggest"):
        content.fill("人民路12号门口的井盖坏了，希望尽快修好。")
    expect(address).to_have_value(first if confirmed else "人民路12号门口")


def test_what_was_filled_in_stays_unconfirmed_in_a_form_that_comes_back(
    open_as: Callable[..., Page], watch: Watch
) -> None:
    page = open_as(AGENT)
    begin_a_call(page, WORDS)
    address = page.get_by_label("地点")
    expect(address).to_have_class(re.compile("filled"))
    page.get_by_label("来电号码").fill("12")
    with watch.expecting(422):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".problem-list")).to_be_visible()

    expect(address).to_have_class(re.compile("filled"))


def test_what_was_found_where_opens_in_sight(open_as: Callable[..., Page]) -> None:
    page = open_as(AGENT)
    page.set_viewport_size({"width": 1280, "height": 720})
    begin_a_call(page, f"{WORDS}我叫王建国，阳光物业一直不管，我的电话是13800138000。" + "路灯还是不亮。" * 8)
    evidence = page.locator(".offered details")

    evidence.locator("summary").click()

    expect(evidence.locator("p")).to_be_in_viewport(ratio=0.99)
    box, go = evidence.bounding_box(), page.locator(".go").bounding_box()
    assert box
    assert go
    assert box["y"] + box["height"] <= go["y"] + 1
