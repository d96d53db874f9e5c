"""The December case: a provisional deadline, a notice with its preview, a second person, a moved deadline."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from hotline.lifecycle import Action
from hotline.models.calendar import CalendarChange, CalendarDay, CalendarVersion
from hotline.models.mark import CALENDAR, Mark
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.calendars import applying, following
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from sla.policy import Stage
from tests.browser.looks import faults
from tests.browser.site import Site
from tests.builders import ADMIN, HANDLER, SUPERVISOR, a_contacted_ticket, by, official_days
from tests.hotline.tickets.deeds import with_target
from tests.support.notices import as_in_force, new_year_2027

pytestmark = pytest.mark.browser

# A Tuesday, 10:00 in 滨海; the fifteenth working day after it lies beyond the official days.
DECEMBER = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_delivered(site: Site) -> Iterator[None]:
    """Begin with the calendar of the profile, and leave it behind as it was."""
    _forget(site)
    with site.work() as work:
        applying.deliver(by(work, SYSTEM))
    yield
    _forget(site)


def _forget(site: Site) -> None:
    with site.work() as work:
        for table in (CalendarChange, CalendarVersion, CalendarDay):
            work.session.execute(delete(table))
        work.session.execute(delete(Mark).where(Mark.name == CALENDAR))
        for day in official_days():
            kept = CalendarDay(day=day.day, works=day.works, name="", source="test", official=day.official)
            work.session.add(kept)


def a_ticket_of_december(site: Site) -> str:
    with site.work() as work:
        return a_contacted_ticket(with_target(replace(work, now=DECEMBER), Stage.RESOLVE, "15wd")).number


def follow(site: Site, version_id: int) -> None:
    """Do what the background does: the site of these tests has none."""
    with site.work() as work:
        system = as_in_force(by(work, SYSTEM))
        for ticket_id in following.next_tickets(system, version_id, limit=10_000):
            following.follow(system, ticket_id)
        following.finish(system, version_id)


def test_a_notice_moves_a_provisional_deadline(open_as: Callable[..., Page], site: Site) -> None:
    number = a_ticket_of_december(site)
    handler = open_as(HANDLER)
    handler.goto(f"/tickets/{number}")
    expect(handler.locator(".clock--provisional")).to_contain_text("暂定")
    expect(handler.locator(".times")).to_contain_text("01-05(周二) 18:00")
    handler.goto(f"/tickets/{number}/passport/resolve-1-1")
    expect(handler.get_by_role("main")).to_contain_text("（暂定）")

    page = open_as(SUPERVISOR)
    page.goto("/calendar?year=2027")
    expect(page.locator(".month").first.locator(".d--provisional")).to_have_count(31)
    assert faults(page) == []
    page.keyboard.press("i")
    page.locator("#f-file").set_input_files(
        {"name": "2027.json", "mimeType": "application/json", "buffer": new_year_2027().encode()}
    )
    page.get_by_label("说明").fill("2027 年放假安排公布")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已提出，还没有生效")).to_be_visible()
    expect(page.locator(".tickets")).to_contain_text("01-06(周三) 18:00")
    expect(page.get_by_role("button", name="应用这一份")).to_have_count(0)
    expect(page.get_by_text("2027-01-09（周六）")).to_contain_text("上班 调休上班")
    assert faults(page) == []
    proposal = int(page.url.rsplit("/", 1)[1])

    second = open_as(ADMIN)
    second.goto("/calendar")
    expect(second.get_by_role("row", name="2027 年放假安排公布")).to_contain_text("1 张")
    second.get_by_role("link", name="2027 年放假安排公布").click()
    second.get_by_role("button", name="应用这一份").click()
    expect(second.get_by_text("日历第 2 版已生效")).to_be_visible()
    assert faults(second) == []

    follow(site, proposal)
    handler.goto(f"/tickets/{number}")
    expect(handler.locator(".times")).to_contain_text("01-06(周三) 18:00")
    expect(handler.locator(".clock--provisional")).to_have_count(0)
    second.goto("/calendar?year=2027")
    expect(second.locator(".month").first.locator(".d--holiday")).to_have_count(3)
    expect(second.locator(".months .d--provisional")).to_have_count(0)
    with site.work() as work:
        system = as_in_force(by(work, SYSTEM))
        ticket = system.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        [entry] = timeline.acted(system, ticket, Action.RECKON)
        assert entry.details["calendar"] == 2
        assert list(verify(system, only=number)) == []


def test_a_typhoon_takes_a_form_and_two_people(open_as: Callable[..., Page], site: Site) -> None:
    page = open_as(SUPERVISOR)
    page.goto("/calendar")
    page.keyboard.press("l")
    page.locator("#f-since").fill("2026-12-01")
    page.locator("#f-until").fill("2026-12-02")
    page.get_by_label("只限哪些单位").fill("市交通局")
    page.get_by_label("原因").fill("台风停工")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("calendar.toml 的改动")).to_be_visible()
    expect(page.locator(".toml")).to_contain_text("台风停工")
    assert faults(page) == []

    second = open_as(ADMIN)
    second.goto(page.url)
    second.keyboard.press("Control+Enter")

    expect(second.get_by_text("日历第 2 版已生效")).to_be_visible()
    second.goto("/calendar?year=2026&office=D-JT")
    expect(second.locator(".months .d--closed")).to_have_count(2)
    second.goto("/calendar?year=2026")
    expect(second.locator(".months .d--closed")).to_have_count(0)
    assert faults(second) == []
