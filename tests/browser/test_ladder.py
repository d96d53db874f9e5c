"""A clock that ran out days ago: its rung on the board, its line in the digest, and the way to the ticket."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import faults
from tests.browser.site import Site
from tests.builders import HANDLER, SUPERVISOR, a_contacted_ticket, by
from tests.hotline.tickets.deeds import sweep

pytestmark = pytest.mark.browser


@pytest.fixture
def number(site: Site) -> str:
    """The number of a ticket whose result is more than five working days late."""
    with site.work() as work:
        ticket = a_contacted_ticket(by(work, HANDLER, after=-timedelta(days=30)))
        assert sweep(work) > 0
        return ticket.number


def test_the_gravest_rung_stands_on_the_board_and_leads_to_its_ticket(
    open_as: Callable[..., Page], number: str
) -> None:
    page = open_as(SUPERVISOR)

    page.goto("/supervisor/")

    rail = page.locator("section", has=page.get_by_role("heading", name="升级告警"))
    expect(rail).to_contain_text("通报批评")
    assert faults(page) == []


def test_a_digest_lists_what_is_late_and_opens_it(open_as: Callable[..., Page], number: str) -> None:
    page = open_as(SUPERVISOR)

    page.goto("/digest")
    row = page.locator("tr", has_text=number)
    expect(row).to_contain_text("通报批评")
    expect(row).to_contain_text("已超时")
    assert faults(page) == []
    row.get_by_role("link").first.click()

    expect(page).to_have_url(re.compile(number))
