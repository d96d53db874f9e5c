"""进度查询: a caller with a phone, a ticket number and a retrieval code."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from hotline.tickets import intake
from tests.browser.looks import PHONE, Watch, faults
from tests.browser.site import Site
from tests.browser.stories import a_coded_ticket_to_follow_up, look_up
from tests.builders import a_call

pytestmark = pytest.mark.browser

IN_THE_HAND = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


def test_a_caller_tracks_his_ticket_and_rates_it_once(open_as: Callable[..., Page], site: Site) -> None:
    number, code = a_coded_ticket_to_follow_up(site)
    page = open_as(**IN_THE_HAND)
    look_up(page, number, code.lower())
    expect(page.get_by_text("您反映的两盏路灯已修好")).to_be_visible()
    assert faults(page) == []

    for answer in ("联系过", "解决了", "非常满意"):
        page.get_by_text(answer, exact=True).tap()
    page.get_by_role("button", name="提交评价").tap()

    expect(page.locator(".strips")).to_contain_text("评价已收到")
    expect(page.get_by_role("button", name="提交评价")).to_have_count(0)
    assert faults(page) == []
    assert site.ticket(number).status is Status.CLOSED


def test_a_caller_presses_for_his_matter_and_then_takes_it_back(
    open_as: Callable[..., Page], site: Site
) -> None:
    with site.work() as work:
        logged = intake.log(work, a_call(), auto_lane=False)
    number = logged.ticket.number
    page = open_as(**IN_THE_HAND)
    look_up(page, number, logged.code or "")
    page.get_by_role("button", name="催一下").tap()
    expect(page.get_by_text("后可以再催")).to_be_visible()

    page.get_by_role("link", name="事情已解决，不用再办").tap()
    page.get_by_text("事情已经解决了", exact=True).tap()
    assert faults(page) == []
    page.get_by_label("我确认撤回，不用再办").check()
    page.get_by_role("button", name="确认撤回").tap()

    expect(page.locator(".strips")).to_contain_text("已撤回")
    assert (site.ticket(number).status, site.ticket(number).urged) == (Status.WITHDRAWN, 1)


def test_a_wrong_code_reads_like_an_unknown_number(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    number, code = a_coded_ticket_to_follow_up(site)
    wrong = "222222" if code != "222222" else "333333"
    page = open_as(**IN_THE_HAND)
    answers = []

    with watch.expecting(422):
        for asked in (number, "20990101999999"):
            look_up(page, asked, wrong)
            expect(page.locator("[role=alert], .err, .problem-list").first).to_be_visible()
            answers.append(page.locator("body").inner_text())
    assert faults(page) == []

    assert answers[0] == answers[1]


def test_what_was_looked_up_is_closed_again_by_leaving(
    open_as: Callable[..., Page], site: Site, watch: Watch
) -> None:
    number, code = a_coded_ticket_to_follow_up(site)
    page = open_as(**IN_THE_HAND)
    look_up(page, number, code)

    page.get_by_role("button", name="退出，查另一件").tap()
    page.wait_for_url("**/track")
    with watch.expecting(404):
        page.goto("/track/ticket")

    assert number[8:] not in page.content()
    assert faults(page) == []
