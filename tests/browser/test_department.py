"""承办待办: which one first, and the next step by one letter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.looks import Watch, faults
from tests.browser.site import Site
from tests.builders import HANDLER, OTHER_HANDLER, a_contacted_ticket, a_dispatched_ticket, an_accepted_ticket

pytestmark = pytest.mark.browser


def step_to(page: Page, number: str) -> None:
    """Press J until the row of this ticket is at hand."""
    row = page.locator(f"#t-{number}")
    expect(row).to_be_visible()
    for _ in range(page.locator("#pile tr[data-line]").count() + 1):
        if "at" in (row.get_attribute("class") or "").split():
            return
        page.keyboard.press("j")
    raise AssertionError(f"J never came to {number}")


def test_s_accepts_the_row_at_hand(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        other, mine = a_dispatched_ticket(work).number, a_dispatched_ticket(work).number
    page = open_as(HANDLER)
    page.goto("/department?tab=to_accept")
    assert faults(page) == []
    step_to(page, mine)

    page.keyboard.press("s")

    expect(page.locator(f"#t-{mine}")).to_have_count(0)
    assert site.ticket(mine).status is Status.ACCEPTED
    assert site.ticket(other).status is Status.DISPATCHED


def test_j_and_k_move_through_the_rows(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        for _ in range(2):
            a_dispatched_ticket(work)
    page = open_as(HANDLER)
    page.goto("/department")
    rows = page.locator("#pile tr[data-line]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()

    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")

    expect(rows.nth(0)).to_be_focused()


def test_several_are_selected_by_x_and_accepted_at_once(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        chosen = [a_dispatched_ticket(work).number for _ in range(2)]
    page = open_as(HANDLER)
    page.goto("/department?tab=to_accept")
    for number in chosen:
        step_to(page, number)
        page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="对选中的工单")
    expect(bar.get_by_role("button", name="签收 2 件")).to_be_visible()
    assert faults(page) == []

    bar.get_by_role("button", name="签收 2 件").click()

    expect(page.locator(".strips, .toasts").filter(has_text="2 件").first).to_be_visible()
    assert {site.ticket(number).status for number in chosen} == {Status.ACCEPTED}


def test_a_contact_is_recorded_and_the_result_reported_by_keyboard(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        number = an_accepted_ticket(work).number
    page = open_as(HANDLER)
    page.goto("/department?tab=in_hand")
    step_to(page, number)

    page.keyboard.press("l")
    page.wait_for_url(re.compile("/contact"))
    assert faults(page) == []
    page.keyboard.press("1")
    page.get_by_label("说了什么").fill("约好今晚七点到场")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#t-{number}")).to_be_visible()

    step_to(page, number)
    page.keyboard.press("f")
    page.wait_for_url(re.compile("/resolve"))
    assert faults(page) == []
    page.keyboard.press("1")
    page.get_by_label("调查与办理").fill("更换两盏灯的灯头，已恢复照明。")
    page.get_by_label("答复诉求人").fill("您反映的路灯已修好，今晚起正常照明。")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text("办结")
    assert site.ticket(number).status is Status.RESOLVED


def test_escape_leaves_a_window_for_the_row_it_came_from(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_contacted_ticket(work).number
    page = open_as(HANDLER)
    page.goto("/department?tab=in_hand")
    step_to(page, number)
    page.keyboard.press("e")
    page.wait_for_url(re.compile("/extension"))
    assert faults(page) == []

    page.keyboard.press("Escape")

    page.wait_for_url(re.compile("/department[?]"))
    expect(page.locator(f"#t-{number}")).to_be_visible()
    assert site.ticket(number).status is Status.ACCEPTED


def test_another_department_reads_the_same_words_as_for_a_number_that_nobody_has(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    with site.work() as work:
        number = a_dispatched_ticket(work).number
    page = open_as(OTHER_HANDLER)

    with watch.expecting(404):
        page.goto(f"/tickets/{number}")
        theirs = page.get_by_role("main").inner_text()
        page.goto("/tickets/20990101999999")
        nobodys = page.get_by_role("main").inner_text()
        assert faults(page) == []

    assert "没有这张工单，或不归您看" in theirs
    assert theirs == nobodys
