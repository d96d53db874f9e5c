"""审核台: a result or a request is read whole and decided by one letter."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from hotline.models.deadline import Deadline
from hotline.tickets import deadlines, worklists
from sla.policy import Stage
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.browser.stories import asking_for_time
from tests.builders import REVIEWER, a_resolved_ticket

pytestmark = pytest.mark.browser


def resolve_clock(site: Site, number: str) -> Deadline:
    with site.work() as work:
        ticket = worklists.ticket_for(work, number)
        return next(one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE)


def test_a_result_is_accepted_by_y(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_resolved_ticket(work).number
    page = open_as(REVIEWER)
    page.goto(f"/review/{number}/result")
    expect(page.get_by_text("您反映的两盏路灯已修好").first).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("y")

    expect(page.locator(".strips")).to_contain_text(number)
    assert site.ticket(number).status is Status.AWAITING_FOLLOW_UP


def test_a_result_is_sent_back_with_what_it_lacks(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_resolved_ticket(work).number
    page = open_as(REVIEWER)
    page.goto(f"/review/{number}/result")

    page.keyboard.press("4")
    page.keyboard.press("n")
    expect(page.get_by_label("缺什么，怎么补")).to_be_focused()
    page.keyboard.insert_text("请补一张修好后的照片")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text(number)
    assert site.ticket(number).status is Status.ACCEPTED


def test_an_extension_is_granted_by_y(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = asking_for_time(work).number
    before = resolve_clock(site, number)
    page = open_as(REVIEWER)
    page.goto(f"/review/{number}/extension")
    expect(page.get_by_text("灯具要订货")).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("y")

    expect(page.locator(".strips")).to_contain_text(number)
    after = resolve_clock(site, number)
    assert (before.extension, str(after.extension)) == (None, "3wd")
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at > before.due_at
