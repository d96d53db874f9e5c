"""督办看板: a figure opens its list, a list its ticket, a ticket its decision."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.browser.stories import asked_back, closed
from tests.builders import SUPERVISOR, a_dispatched_ticket, an_accepted_ticket

pytestmark = pytest.mark.browser


def test_a_figure_opens_exactly_its_tickets(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = open_as(SUPERVISOR)
    page.goto("/supervisor/")
    expect(page.locator(".chart svg").first).to_be_visible()
    assert faults(page) == []
    figure = page.locator(".figure a[data-key='2']")
    number = figure.inner_text().split()[0].replace(",", "")
    assert int(number) > 0

    page.keyboard.press("2")

    page.wait_for_url("**/tickets*")
    expect(page.get_by_role("main").locator("[aria-current=page] .count")).to_have_text(number)


def test_a_rate_opens_what_it_is_made_of(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        closed(work)
    page = open_as(SUPERVISOR)
    page.goto("/supervisor/scorecard")
    part, whole = page.locator(".rate", has_text="满意率").locator(".frac a").all_inner_texts()[:2]

    page.locator(".rate", has_text="满意率").locator(".frac a").first.click()

    expect(page.get_by_role("main").locator("[aria-current=page] .count")).to_have_text(part)
    expect(page.locator(".tabs .count").first).to_have_text(whole)


def test_a_ticket_is_put_under_supervision(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = an_accepted_ticket(work).number
    page = open_as(SUPERVISOR)
    page.goto(f"/tickets/{number}")
    assert faults(page) == []
    page.get_by_role("complementary", name="下一步").get_by_role("link", name="发督办单").click()
    assert faults(page) == []

    page.get_by_label("督办要求").fill("明早十点前到现场，下班前回话")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text("督办")
    assert site.ticket(number).supervised == 1


def test_a_dispute_is_opened_and_ruled(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = asked_back(work).number
    page = open_as(SUPERVISOR)
    page.goto(f"/supervisor/tickets/{number}/dispute")
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("会商")
    assert site.ticket(number).status is Status.DISPUTED

    page.goto(f"/supervisor/tickets/{number}/designate")
    assert faults(page) == []
    page.get_by_role("link", name="写会商纪要").click()
    page.get_by_label("会商纪要").fill("目录写明由它主办，两家都没有异议")
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("纪要")
    assert site.ticket(number).status is Status.DISPUTED

    page.goto(f"/supervisor/tickets/{number}/designate")
    assert faults(page) == []
    page.keyboard.press("1")
    chosen = page.locator("input[name=department]:checked").get_attribute("value")
    page.get_by_label("裁定理由").fill("目录写明由它主办")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strips")).to_contain_text("裁定")
    assert site.ticket(number).status is Status.DISPATCHED
    assert site.ticket(number).lead_code == chosen
    assert site.ticket(number).designated


@pytest.mark.parametrize("large", [False, True], ids=["usual type", "large type"])
def test_every_word_of_the_bar_stands_beside_the_search(open_as: Callable[..., Page], large: bool) -> None:
    page = open_as(SUPERVISOR)
    page.goto("/supervisor/disputes")
    page.evaluate("large => document.documentElement.classList.toggle('large-type', large)", large)

    words = page.locator(".bar-nav a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    search = page.locator(".bar-find").evaluate("one => one.getBoundingClientRect().left")

    assert len(words) >= 5
    assert max(words) <= search
