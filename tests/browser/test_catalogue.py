"""派单目录: an entry is drafted, a red example stops it, mended it is published and found in the list."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from hotline.models.catalogue import CatalogueChange, CatalogueVersion
from hotline.models.mark import CATALOGUE, Mark
from hotline.tickets.catalogues import versions
from tests.browser.looks import Watch, faults
from tests.browser.site import Site
from tests.builders import DISPATCHER, SUPERVISOR

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def as_delivered(site: Site) -> Iterator[None]:
    """Begin with the catalogue of the profile in force, and leave none behind."""
    _forget(site)
    with site.work() as work:
        versions.deliver(work)
    yield
    _forget(site)


def _forget(site: Site) -> None:
    with site.work() as work:
        for table in (CatalogueChange, CatalogueVersion):
            work.session.execute(delete(table))
        work.session.execute(delete(Mark).where(Mark.name == CATALOGUE))


def pick(page: Page, words: str) -> None:
    page.locator("label.answer", has_text=words).click()


def test_a_change_is_drafted_stopped_by_an_example_mended_and_published(
    open_as: Callable[..., Page], watch: Watch
) -> None:
    page = open_as(SUPERVISOR)
    page.goto("/catalogue")
    page.get_by_label("找条目").fill("占道经营")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="清空")).to_be_visible()
    page.get_by_role("link", name="占道经营、无照游商").click()
    expect(page.get_by_role("heading", name="占道经营", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("e")
    pick(page, "固定单位")
    page.get_by_label("哪个单位").fill("市交通局")
    page.get_by_label("最低层级").select_option("city")
    page.get_by_label("为什么改").fill("试着移交")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已存入草稿")).to_be_visible()
    expect(page.locator(".diff li")).to_contain_text("市交通局")
    page.get_by_role("link", name="加样例").click()
    page.locator("#f-text").fill("路口摆摊的把人行道占满了")
    page.get_by_label("地址").fill("海澜区潮音街道")
    page.get_by_label("事项分类").fill("市容环卫 / 占道经营、无照游商")
    page.get_by_label("应派给").fill("海澜区城管局")
    page.get_by_role("button", name="试一下").click()
    expect(page.get_by_text("会派给市交通局")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("为什么加").fill("这类一直归城管")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("row", name="路口摆摊的把人行道占满了")).to_contain_text("派错")

    page.goto("/catalogue/draft")
    page.get_by_label("这一版为什么改").fill("试着发布")
    with watch.expecting(422):
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("条样例派错，没有发布")).to_be_visible()
    red = page.locator(".told li", has_text="路口摆摊的")
    expect(red).to_contain_text("海澜区城管局")
    expect(red).to_contain_text("市交通局")
    assert faults(page) == []

    page.goto("/catalogue/draft")
    page.locator(".diff").get_by_role("link", name="占道经营").first.click()
    pick(page, "按职责找")
    page.get_by_label("找什么职责的").fill("城管局")
    page.get_by_label("在哪一级").select_option("district")
    page.get_by_label("最低层级").select_option("subdistrict")
    page.get_by_label("给派单员的提示").fill("先问清摊位在哪")
    page.get_by_label("为什么改").fill("改回城管")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("全部派对")).to_be_visible()
    page.get_by_label("这一版为什么改").fill("补提示和样例")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("派单目录第 2 版已发布")).to_be_visible()
    page.goto("/catalogue?q=先问清摊位在哪")
    expect(page.get_by_role("row", name="占道经营")).to_contain_text("先问清摊位在哪")
    expect(page.get_by_text("第 2 版")).to_be_visible()
    assert faults(page) == []


def test_the_way_an_owner_is_found_shows_only_what_it_asks(open_as: Callable[..., Page]) -> None:
    page = open_as(DISPATCHER)
    page.goto("/catalogue/draft/entries/new")

    expect(page.get_by_label("找什么职责的")).to_be_visible()
    expect(page.get_by_label("哪个单位")).to_be_hidden()
    pick(page, "固定单位")

    expect(page.get_by_label("找什么职责的")).to_be_hidden()
    expect(page.get_by_label("哪个单位")).to_be_visible()
