"""用户: a new person gets a password that is shown once, and signs in with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import faults
from tests.browser.stories import sign_in
from tests.builders import ADMIN

pytestmark = pytest.mark.browser


def test_a_new_person_signs_in_with_the_password_that_was_shown(open_as: Callable[..., Page]) -> None:
    page = open_as(ADMIN)
    page.goto("/admin/users")
    assert faults(page) == []
    page.keyboard.press("n")
    page.wait_for_url("**/admin/users/new")
    assert faults(page) == []
    page.get_by_label("工号").fill("hw-207")
    page.get_by_label("姓名").fill("周岚")
    page.get_by_label("话务员").check()
    page.keyboard.press("Control+Enter")
    password = page.locator(".revealed").inner_text()
    assert faults(page) == []

    theirs = open_as()
    sign_in(theirs, "hw-207", password)

    expect(theirs.get_by_label("诉求内容")).to_be_visible()
    expect(theirs.get_by_text("周岚")).to_be_visible()
