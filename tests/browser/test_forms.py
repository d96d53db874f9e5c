"""What every form does for who fills it: names what is wrong, measures, and leads back to what was typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import Watch, faults
from tests.browser.site import Site
from tests.builders import AGENT, FOLLOWER, a_dispatched_ticket, a_ticket_to_follow_up

pytestmark = pytest.mark.browser


def test_the_list_of_problems_names_each_field_and_nothing_beside_it(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    with site.work() as work:
        number = a_ticket_to_follow_up(work).number
    page = open_as(FOLLOWER)
    page.goto(f"/follow-up/{number}")
    for answer in ("联系过", "没解决", "不满意"):
        page.get_by_text(answer, exact=True).click()

    with watch.expecting(422):
        page.get_by_role("button", name="提交").click()
        problem = page.locator(".problem-list a")
        expect(problem).to_have_text("主要是因为什么：这一项还没有选，请选一个。")
    assert faults(page) == []


def test_a_passage_that_is_too_long_says_so_before_it_is_sent(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        number = a_dispatched_ticket(work).number
    page = open_as(AGENT)
    page.goto(f"/tickets/{number}/note")
    passage = page.locator("#f-text")

    passage.fill("长" * 5_003)
    expect(page.locator("[data-over]")).to_have_text("多了 3 字，最多 5,000 字，请删减。")
    assert faults(page) == []
    page.locator("main form").get_by_role("button").first.click()

    expect(page).to_have_url(f"{site.url}/tickets/{number}/note")
    expect(passage).to_have_value("长" * 5_003)
    passage.fill("短")
    expect(page.locator("[data-over]")).to_be_hidden()


def test_what_was_too_large_to_be_read_is_still_on_the_page_before(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    with site.work() as work:
        number = a_dispatched_ticket(work).number
    page = open_as(AGENT)
    page.goto(f"/tickets/{number}/note")
    page.locator("#f-text").fill("长" * 800_000)

    with watch.expecting(413):
        page.locator("#f-text").evaluate("field => field.form.submit()")
        expect(page.get_by_role("heading", name="内容太大")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="退回上一页").click()

    expect(page.locator("#f-text")).to_have_value("长" * 800_000)
