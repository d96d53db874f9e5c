"""期限护照: a key opens the arithmetic of a deadline, a link prints it, a caller reads it without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.tickets import dispatching, intake
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.browser.stories import look_up
from tests.builders import AGENT, DISPATCHER, HANDLER, LEAD, a_call, a_contacted_ticket, by

pytestmark = pytest.mark.browser


def test_the_key_t_opens_the_passport_and_a_link_its_sheet(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_contacted_ticket(work).number
    page = open_as(HANDLER)
    page.goto(f"/tickets/{number}")

    page.keyboard.press("t")
    opened = page.locator(".passport:popover-open")
    expect(opened).to_contain_text("办结：为什么是")
    assert faults(page) == []
    opened.get_by_role("link", name="逐段与打印").click()

    expect(page.locator(".arithmetic tfoot")).to_contain_text("与规定的 7 个工作日相等")
    page.emulate_media(media="print")
    expect(page.locator(".arithmetic")).to_be_visible()
    expect(page.get_by_role("link", name="JSON")).to_be_hidden()


def test_a_caller_reads_without_scripts_why_it_is_this_moment(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        logged = intake.log(by(work, AGENT), a_call(), auto_lane=False)
        dispatching.dispatch(by(work, DISPATCHER), logged.ticket, dispatching.Choice(LEAD))
        number, code = logged.ticket.number, logged.code or ""
    page = open_as(java_script_enabled=False)
    look_up(page, number, code)

    page.get_by_text("为什么是").click()

    expect(page.locator(".why li").first).to_contain_text("共 7 个工作日，当天不算")
