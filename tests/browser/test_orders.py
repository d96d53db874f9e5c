"""督办单 from desk to desk: issued, answered, accepted; another refused, taken higher, printed."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hotline.models.supervision_order import OrderState
from hotline.tickets import orders
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.builders import LEADER, SUPERVISOR, an_accepted_ticket

pytestmark = pytest.mark.browser


def issue(page: Page, number: str, text: str) -> None:
    page.goto(f"/tickets/{number}")
    page.get_by_role("complementary", name="下一步").get_by_role("link", name="发督办单").click()
    page.get_by_label("事由").select_option(label="逾期未办结")
    page.get_by_label("督办要求").fill(text)
    page.get_by_label("回复时限").select_option("2wd")
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("已发给")


def answer(page: Page, number: str, text: str) -> None:
    page.goto("/department?tab=supervised")
    row = page.locator(f"#t-{number}")
    expect(row).to_contain_text("督办单等回复")
    row.get_by_role("link", name="回复督办").click()
    assert faults(page) == []
    page.get_by_label("办理情况").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("督办单已回复")


def states(site: Site, number: str) -> list[OrderState]:
    with site.work() as work:
        return [one.state for one in orders.orders_of(work, site.ticket(number))]


def test_an_order_is_issued_answered_and_accepted(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = an_accepted_ticket(work).number
    supervisor, leader = open_as(SUPERVISOR), open_as(LEADER)

    issue(supervisor, number, "两日内修好，并书面说明为何超时")
    answer(leader, number, "灯头今日到货，今晚更换")
    supervisor.goto("/supervisor/orders?standing=answered")
    supervisor.locator("tr", has_text=f"{number}-1").get_by_role("link", name="看回复").click()
    expect(supervisor.get_by_role("main")).to_contain_text("灯头今日到货，今晚更换")
    assert faults(supervisor) == []
    supervisor.get_by_role("link", name="认可回复").click()
    supervisor.get_by_label("批示").fill("同意，按所报时间办结")
    supervisor.keyboard.press("Control+Enter")

    expect(supervisor.locator(".strips")).to_contain_text("回复已认可")
    assert states(site, number) == [OrderState.ACCEPTED]


def test_a_poor_reply_is_refused_taken_to_the_level_above_and_printed(
    open_as: Callable[..., Page], site: Site, tmp_path: Path
) -> None:
    with site.work() as work:
        number = an_accepted_ticket(work).number
    supervisor, leader = open_as(SUPERVISOR), open_as(LEADER)
    issue(supervisor, number, "两日内修好")
    answer(leader, number, "正在办")

    supervisor.goto(f"/orders/{number}-1")
    supervisor.get_by_role("link", name="退回回复").click()
    supervisor.get_by_label("哪里不行").fill("没有写何时修好")
    supervisor.keyboard.press("Control+Enter")
    expect(supervisor.locator(".strips")).to_contain_text("回复已退回")
    supervisor.get_by_role("link", name="提级到上一级").click()
    assert faults(supervisor) == []
    supervisor.get_by_label("督办要求").fill("请牵头限期解决")
    supervisor.keyboard.press("Control+Enter")
    expect(supervisor.locator(".strips")).to_contain_text("市政府办公室")
    assert states(site, number) == [OrderState.ESCALATED, OrderState.ISSUED]

    supervisor.goto(f"/orders/{number}-2/print")
    expect(supervisor.get_by_role("heading", name="督办单")).to_be_visible()
    printed = supervisor.context.new_cdp_session(supervisor).send("Page.printToPDF", {"paperWidth": 8.27})
    sheet = base64.b64decode(printed["data"])
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page/") <= 1
