"""模型、自动派单: words are tried before they are saved, another promise before it is made."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import faults
from tests.browser.site import Site
from tests.builders import ADMIN, SUPERVISOR, a_dispatched_ticket

pytestmark = pytest.mark.browser


def test_a_city_word_shows_what_it_changes_before_it_is_saved(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        a_dispatched_ticket(work, content="潮音桥头的共享单车倒了一大片，把人行道都堵住了。", category="0110")
    page = open_as(ADMIN)
    page.goto("/models/dictionary")
    page.get_by_label("常被切碎的地名、单位、新说法").fill("共享单车\n滨海大剧院")

    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("加上 2 个新词会怎样")).to_be_visible()
    expect(page.get_by_role("row", name="共享单车")).to_contain_text("以后")
    expect(page.locator("p", has_text="近期工单里没有出现")).to_contain_text("滨海大剧院")
    assert faults(page) == []

    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("row", name="滨海大剧院")).to_contain_text("等新模型")
    page.goto("/models")
    expect(page.locator("#training")).to_contain_text("因词典改动")
    assert faults(page) == []


def test_another_promise_is_tried_on_the_evidence_there_is(open_as: Callable[..., Page]) -> None:
    page = open_as(SUPERVISOR)
    page.goto("/automation")

    page.get_by_label("如果承诺的准确率是").select_option("0.97")
    page.get_by_role("button", name="试算").click()

    expect(page.get_by_text("一类要 99 件没有错的才够证明")).to_be_visible()
    assert faults(page) == []
