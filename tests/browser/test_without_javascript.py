"""Every desk's main task is done where no script runs: by forms and links alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.lifecycle import Status
from tests.browser.site import PASSWORD, Site
from tests.browser.stories import a_coded_ticket_to_follow_up, look_up, sign_in
from tests.builders import (
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
)

pytestmark = pytest.mark.browser

NO_SCRIPT = {"java_script_enabled": False}


def test_an_agent_sees_proposals_and_registers(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(**NO_SCRIPT)
    sign_in(page, AGENT.name, PASSWORD)
    page.goto("/agent?new=1")
    page.get_by_label("诉求内容").fill("小区门口的路灯从上周起一直不亮，希望尽快修好。")
    page.get_by_role("button", name="看建议").click()
    expect(page.get_by_role("complementary", name="建议")).to_contain_text("路灯")

    page.get_by_label("地点").fill("海澜区潮音街道")
    page.get_by_role("button", name="登记", exact=False).first.click()

    expect(page.get_by_text("查询码，只显示这一次")).to_be_visible()
    assert site.ticket(page.url.rsplit("/", 1)[1]).address == "海澜区潮音街道"


def test_a_dispatcher_dispatches(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_logged_ticket(work).number
    page = open_as(**NO_SCRIPT)
    sign_in(page, DISPATCHER.name, PASSWORD)
    page.goto(f"/dispatch/{number}")

    page.get_by_role("button", name="派给").click()

    expect(page.locator(".strips")).to_contain_text("已派给")
    assert site.ticket(number).status is Status.DISPATCHED


def test_a_handler_accepts_from_the_pile(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_dispatched_ticket(work).number
    page = open_as(**NO_SCRIPT)
    sign_in(page, HANDLER.name, PASSWORD)
    page.goto("/department?tab=to_accept")

    page.locator(f"#t-{number}").get_by_role("button", name="签收").first.click()

    expect(page.locator(f"#t-{number}")).to_have_count(0)
    assert site.ticket(number).status is Status.ACCEPTED


def test_a_reviewer_accepts_a_result(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_resolved_ticket(work).number
    page = open_as(**NO_SCRIPT)
    sign_in(page, REVIEWER.name, PASSWORD)
    page.goto(f"/review/{number}/result")

    page.get_by_role("button", name="审核通过").click()

    expect(page.locator(".strips")).to_contain_text(number)
    assert site.ticket(number).status is Status.AWAITING_FOLLOW_UP


def test_a_follower_sends_a_bad_answer_back(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        number = a_ticket_to_follow_up(work).number
    page = open_as(**NO_SCRIPT)
    sign_in(page, FOLLOWER.name, PASSWORD)
    page.goto(f"/follow-up/{number}")

    for answer in ("联系过", "没解决", "非常不满意", "未办理"):
        page.get_by_text(answer, exact=True).click()
    page.get_by_role("button", name="提交").click()

    expect(page.locator(".strips")).to_contain_text(number)
    assert (site.ticket(number).status, site.ticket(number).round) == (Status.DISPATCHED, 2)


def test_a_supervisor_reads_the_board(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = open_as(**NO_SCRIPT)
    sign_in(page, SUPERVISOR.name, PASSWORD)

    page.goto("/supervisor/")

    expect(page.get_by_role("link", name="在办，看清单")).to_be_visible()
    expect(page.get_by_role("heading", name="各单位在办")).to_be_visible()


def test_a_caller_tracks_and_rates(open_as: Callable[..., Page], site: Site) -> None:
    number, code = a_coded_ticket_to_follow_up(site)
    page = open_as(**NO_SCRIPT)
    look_up(page, number, code)

    for answer in ("联系过", "解决了", "非常满意"):
        page.get_by_text(answer, exact=True).click()
    page.get_by_role("button", name="提交评价").click()

    expect(page.locator(".strips")).to_contain_text("评价已收到")
    assert site.ticket(number).status is Status.CLOSED
