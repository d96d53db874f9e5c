"""回访台: three questions answered by digits; what follows is written beside the button before it is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.browser.stories import badly_answered
from tests.builders import FOLLOWER, PHONE, a_ticket_to_follow_up

pytestmark = pytest.mark.browser


def call(page: Page, site: Site) -> str:
    """Open the questions for a ticket that waits for them, and return its number."""
    with site.work() as work:
        number = a_ticket_to_follow_up(work).number
    page.goto(f"/follow-up/{number}")
    expect(page.get_by_role("group", name="承办单位跟您联系过吗")).to_be_visible()
    return number


def test_good_answers_by_digits_close_the_ticket(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(FOLLOWER)
    number = call(page, site)
    assert faults(page) == []

    for digit in "111":
        page.keyboard.press(digit)
    expect(page.get_by_role("button", name="提交：结案")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text(number)
    assert site.ticket(number).status is Status.CLOSED


def test_backspace_goes_back_to_change_an_answer(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(FOLLOWER)
    number = call(page, site)

    page.keyboard.press("1")
    page.keyboard.press("Backspace")
    page.keyboard.press("3")

    expect(page.get_by_role("radio", name="记不清")).to_be_checked()
    assert site.ticket(number).status is Status.AWAITING_FOLLOW_UP


def test_a_bad_answer_for_the_departments_fault_sends_the_ticket_back(
    open_as: Callable[..., Page], site: Site
) -> None:
    page = open_as(FOLLOWER)
    number = call(page, site)
    reason = page.get_by_role("group", name="主要是因为什么")
    expect(reason).to_be_hidden()

    for digit in "135":
        page.keyboard.press(digit)
    expect(reason).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="提交：退回重办")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text(number)
    assert (site.ticket(number).status, site.ticket(number).round) == (Status.DISPATCHED, 2)


def test_a_bad_answer_that_nobody_judged_yet_is_judged_by_keyboard(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        number = badly_answered(work).number
    page = open_as(FOLLOWER)
    page.goto(f"/follow-up/{number}")
    expect(page.get_by_text("灯还是不亮").first).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="敷衍答复")).to_be_checked()
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text(number)
    assert (site.ticket(number).status, site.ticket(number).round) == (Status.DISPATCHED, 2)


def test_the_number_is_covered_until_it_is_dialled(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(FOLLOWER)
    call(page, site)
    assert PHONE not in page.content()

    page.keyboard.press("d")

    expect(page.locator("#call")).to_contain_text(PHONE)
    assert faults(page) == []
