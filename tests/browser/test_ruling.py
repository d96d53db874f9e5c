"""“Not ours”, twice refused, heard, worked on meanwhile, ruled, written down: the next one goes by itself."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

import classifier
from classifier import store, training
from hotline.cities.city import City
from hotline.jobs.training import CORPUS
from hotline.lifecycle import Action, Status
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.catalogues import versions
from hotline.tickets.verification import verify
from hotline.work import Actor
from tests.browser.conftest import new_window
from tests.browser.looks import Watch, faults
from tests.browser.site import PASSWORD, Site, running_site
from tests.browser.stories import sign_in
from tests.browser.test_agent import begin_a_call
from tests.builders import (
    AGENT,
    DISPATCHER,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    SUPERVISOR,
    a_dispatched_ticket,
    an_open_lane,
    by,
)

pytestmark = pytest.mark.browser

LAMPS = "0204"
CATEGORIES = ("0101", LAMPS, "0306", "0503")
TAUGHT = 30
WORDS = "立交桥下的路灯整夜不亮，晚上走路看不清，请派人来修。"
WHERE = "海澜区潮音街道"


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory, city: City, chromium: str) -> Iterator[Site]:
    """A product of its own, whose model has proved that it knows lamps."""
    folder = tmp_path_factory.mktemp("learned")
    model = _teach(folder / "models" / "binhai")
    with running_site(folder, city) as site:
        with site.work() as work:
            versions.deliver(work)
            an_open_lane(replace(work, city=replace(city, classifier=model)), LAMPS)
        yield site


def _teach(folder: Path) -> classifier.Model:
    told = defaultdict(list)
    for example in classifier.read_corpus(CORPUS):
        if example.code in CATEGORIES and len(told[example.code]) < TAUGHT:
            told[example.code].append(example.text)
    texts = [text for code in CATEGORIES for text in told[code]]
    labels = [code for code in CATEGORIES for _ in told[code]]
    model = training.train(texts, labels, segmenter=classifier.segmenter())
    store.save(model, folder, trained_at="2026-11-01T10:00:00+08:00")
    return classifier.load(folder)


@pytest.fixture
def at(learned: Site, browser: Browser, watch: Watch) -> Iterator[Callable[[Actor, str], Page]]:
    """Open a page of the product as someone who has signed in."""
    with ExitStack() as opened:

        def open_page(actor: Actor, address: str) -> Page:
            page = opened.enter_context(opened.enter_context(new_window(browser, learned)).new_page())
            sign_in(page, actor.name, PASSWORD)
            watch.over(page)
            page.goto(address)
            return page

        yield open_page


def give_back(page: Page, suggested: str) -> None:
    """Sign a return: not our duty, but theirs."""
    page.locator("input[name=reason][value=not_our_duty]").check(force=True)
    page.locator("[name=basis]").fill("城市照明管理规定第四条")
    page.locator("[name=suggested]").fill(suggested)
    page.locator("[name=evidence]").fill("灯杆编号 J-07，不在移交清单里")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("退单")


def refuse(page: Page, why: str) -> None:
    page.get_by_label("审核意见").fill(why)
    page.get_by_role("button", name="驳回").click()
    expect(page.locator(".strips")).to_contain_text("驳回")


def test_after_a_ruling_the_next_identical_complaint_goes_right_by_itself(
    learned: Site, at: Callable[[Actor, str], Page]
) -> None:
    with learned.work() as work:
        number = a_dispatched_ticket(work, content=WORDS, address=WHERE, category=LAMPS).number

    give_back(at(LEADER, f"/department/tickets/{number}/return"), "市交通局")
    assert learned.ticket(number).status is Status.RETURN_REQUESTED
    refuse(at(DISPATCHER, f"/dispatch/returns/{number}"), "目录写明路灯由城管主办")
    assert learned.ticket(number).status is Status.DISPATCHED
    give_back(at(LEADER, f"/department/tickets/{number}/return"), "市水利局")
    refuse(at(DISPATCHER, f"/dispatch/returns/{number}"), "也不归水利局")
    assert learned.ticket(number).status is Status.DISPUTED

    page = at(SUPERVISOR, f"/supervisor/tickets/{number}/provisional")
    assert faults(page) == []
    page.locator("[name=other]").fill("市交通局")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("先行")
    page = at(OTHER_HANDLER, f"/department/tickets/{number}/contact")
    page.keyboard.press("1")
    page.locator("[name=note]").fill("已约今晚到桥下看灯")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("联系")

    page = at(SUPERVISOR, f"/supervisor/tickets/{number}/minutes")
    page.locator("[name=text]").fill("立交桥下照明随桥养护，由市交通局主办")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("纪要")
    page.goto(f"/supervisor/tickets/{number}/designate")
    page.locator("[name=other]").fill("市交通局")
    page.locator("[name=text]").fill("照会商纪要")
    page.locator("[name=write]").check()
    page.locator("[name=line_keyword]").fill("立交桥下")
    page.locator("[name=line_minimum_level]").select_option("city")
    page.locator("[name=line_auto]").check()
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("派单目录的草稿")
    ruled = learned.ticket(number)
    assert (ruled.status, ruled.lead_code, ruled.designated) == (Status.ACCEPTED, OTHER, True)

    page.goto("/catalogue/draft")
    expect(page.locator(".diff li").first).to_contain_text("立交桥下")
    assert faults(page) == []
    page.get_by_label("这一版为什么改").fill("照会商纪要")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strips")).to_contain_text("发布")

    page = at(AGENT, "/agent")
    begin_a_call(page, WORDS)
    page.get_by_label("地点").fill(WHERE)
    expect(page.locator("#suggestions")).to_contain_text("市交通局")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/agent/logged/*")

    expect(page.get_by_role("main")).to_contain_text("市交通局")
    following = learned.ticket(page.url.rsplit("/", 1)[1])
    assert (following.status, following.lead_code) == (Status.DISPATCHED, OTHER)
    with learned.work() as work:
        [sent] = timeline.acted(work, work.session.get_one(Ticket, following.id), Action.DISPATCH)
        assert sent.details["auto"]
        assert sent.details["catalogue"] != work.city.catalogue.version
        for ticket in work.session.scalars(select(Ticket)):
            assert list(verify(by(work, AGENT), only=ticket.number)) == []
