"""What works alike on every page: the sheet of keys, the switch that takes letters off, the theme."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import faults
from tests.browser.site import PASSWORD, Site
from tests.browser.stories import sign_in
from tests.builders import HANDLER, a_dispatched_ticket

pytestmark = pytest.mark.browser


def in_a_window_of_his_own(open_as: Callable[..., Page]) -> Page:
    """Sign the handler in where nobody else has set a switch."""
    page = open_as()
    sign_in(page, HANDLER.name, PASSWORD)
    return page


def test_the_sheet_names_every_key_and_gives_the_focus_back(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = in_a_window_of_his_own(open_as)
    page.goto("/department")
    page.keyboard.press("j")
    row = page.locator("#pile tr[data-line]").first
    expect(row).to_be_focused()

    page.keyboard.press("Shift+Slash")
    sheet = page.get_by_role("dialog", name="本页按键")
    expect(sheet).to_contain_text("下一行")
    assert faults(page) == []
    page.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    expect(row).to_be_focused()


def test_letters_do_nothing_once_they_are_switched_off(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = in_a_window_of_his_own(open_as)
    page.goto("/department")
    page.keyboard.press("Shift+Slash")
    page.get_by_label("使用单字母快捷键").uncheck()
    page.keyboard.press("Escape")
    page.reload()

    page.keyboard.press("j")

    expect(page.locator("#pile tr[data-line]").first).not_to_be_focused()


def test_letters_typed_into_a_field_are_only_letters(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = open_as(HANDLER)
    page.goto("/department")

    page.keyboard.press("Control+k")
    page.keyboard.type("sjk?")

    expect(page.get_by_label("找工单")).to_have_value("sjk?")
    expect(page.get_by_label("找工单")).to_be_focused()


def test_the_dark_theme_stays_until_it_is_switched_back(open_as: Callable[..., Page]) -> None:
    page = in_a_window_of_his_own(open_as)
    page.goto("/department")
    page.get_by_role("button", name="深色").click()
    page.goto("/tickets")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")
