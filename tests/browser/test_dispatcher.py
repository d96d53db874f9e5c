"""派单台: one key sends a ticket on; the next one opens by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.browser.stories import asked_back
from tests.builders import DISPATCHER, OTHER, a_logged_ticket

pytestmark = pytest.mark.browser


def test_enter_dispatches_and_opens_the_next(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        first, second = a_logged_ticket(work).number, a_logged_ticket(work).number
    page = open_as(DISPATCHER)
    page.goto(f"/dispatch/{first}")
    chosen = page.locator("input[name=lead]:checked").get_attribute("value")
    assert faults(page) == []

    page.keyboard.press("Enter")

    expect(page.locator(".strips")).to_contain_text("已派给")
    expect(page.locator(".case h1")).to_be_visible()
    assert first not in page.url
    assert chosen
    assert site.ticket(first).status is Status.DISPATCHED
    assert site.ticket(first).lead_code == chosen
    assert site.ticket(second).status is Status.LOGGED


def test_another_department_is_found_by_a_few_letters(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_logged_ticket(work).number
        name = work.city.departments[OTHER].short
    page = open_as(DISPATCHER)
    page.goto(f"/dispatch/{number}")

    page.keyboard.press("c")
    page.keyboard.insert_text(name)
    page.keyboard.press("Enter")
    expect(page.locator("#to")).to_have_text(f"派给{name}")
    page.keyboard.press("Enter")

    expect(page.locator(".strips")).to_contain_text("已派给")
    assert site.ticket(number).lead_code == OTHER


def test_j_and_k_go_through_the_waiting_tickets(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        for _ in range(2):
            a_logged_ticket(work)
    page = open_as(DISPATCHER)
    page.goto("/dispatch")
    lines = page.locator(".list a.line")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")

    page.keyboard.press("j")
    expect(lines.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")


def test_a_return_is_granted_by_y(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = asked_back(work).number
    page = open_as(DISPATCHER)
    page.goto(f"/dispatch/returns/{number}")
    expect(page.get_by_text("由交通部门管")).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("y")

    expect(page.locator(".strips")).to_contain_text("已同意退单")
    assert site.ticket(number).status is Status.LOGGED


def test_a_return_is_refused_only_with_a_reason(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = asked_back(work).number
    page = open_as(DISPATCHER)
    page.goto(f"/dispatch/returns/{number}")

    page.keyboard.press("n")
    expect(page.get_by_label("审核意见")).to_be_focused()
    assert site.ticket(number).status is Status.RETURN_REQUESTED
    page.keyboard.insert_text("目录写明由您单位主办，请继续办理")
    page.get_by_role("button", name="驳回").click()

    expect(page.locator(".strips")).to_contain_text("已驳回退单")
    assert site.ticket(number).status is Status.DISPATCHED
