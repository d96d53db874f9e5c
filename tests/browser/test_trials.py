"""规则试算: a time is changed, what would have come of it is drawn and listed, each ticket one click on."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import Watch, faults
from tests.browser.site import Site
from tests.builders import AGENT, SUPERVISOR, a_contacted_ticket, by
from tests.hotline.tickets.test_whatif import resolved

pytestmark = pytest.mark.browser


def test_a_shorter_time_is_tried_and_leads_to_the_tickets_it_would_make_late(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        then = by(work, AGENT, after=-timedelta(days=20))
        ticket = a_contacted_ticket(then)
        resolved(then, ticket, after=timedelta(days=6))
        number = ticket.number
    page = open_as(SUPERVISOR)
    page.goto("/supervisor/scorecard")
    page.get_by_role("link", name="规则试算").click()
    page.get_by_label("投诉、举报，办结").fill("1wd")
    page.get_by_label("投诉、举报，延期").fill("1wd")

    page.keyboard.press("Control+Enter")

    expect(page.locator(".departures")).to_contain_text("7 个工作日 → 1 个工作日")
    expect(page.locator(".chart svg")).to_be_visible()
    flip = page.get_by_role("row", name=re.compile("变超时")).filter(has=page.locator(f"a[href$='{number}']"))
    expect(flip).to_contain_text("办结")
    assert faults(page) == []

    with page.expect_download() as file:
        page.get_by_role("link", name="下载 targets.toml").click()
    assert 'resolve = "1wd"' in file.value.path().read_text()

    flip.get_by_role("link").click()

    expect(page).to_have_url(re.compile(number))


def test_a_time_that_cannot_be_read_is_said_and_what_was_typed_stays(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    page = open_as(SUPERVISOR)
    page.goto("/supervisor/what-if")
    page.get_by_label("咨询，签收").fill("soon")

    with watch.expecting(422):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".err").first).to_contain_text("“咨询”的签收写了 soon")

    expect(page.get_by_label("咨询，签收")).to_have_value("soon")
    assert faults(page) == []
