"""A real Chromium in front of the running product. What goes wrong behind a page fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from hotline.cities.city import City
from hotline.settings import ROOT
from hotline.work import Actor
from tests.browser.looks import DESK, Watch
from tests.browser.site import PASSWORD, Site, running_site
from tests.browser.stories import sign_in

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VENDOR = ROOT / "hotline" / "web" / "static" / "vendor"
PATIENCE = 15_000


def _cannot(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(f"the pages are not tested in a browser: {reason}")  # -ra shows it


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    known = shutil.which("chromium") or shutil.which("chromium-browser")
    found = os.environ.get("HOTLINE_TEST_CHROMIUM") or known
    if not found:
        _cannot("no Chromium is installed (Debian: apt install chromium fonts-wqy-microhei)")
    return found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, city: City, chromium: str) -> Iterator[Site]:
    if not (VENDOR / "htmx.min.js").exists():
        _cannot(f"{VENDOR.relative_to(ROOT)} is empty; ./run setup fetches the browser libraries")
    with running_site(tmp_path_factory.mktemp("site"), city) as site:
        yield site


@pytest.fixture(scope="session")
def browser(chromium: str, site: Site) -> Iterator[Browser]:
    """Closed before the site, which would wait for the connections that a browser keeps open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window_of(browser: Browser, site: Site) -> Iterator[Callable[[Actor], BrowserContext]]:
    """Return the browser window of someone who has signed in, once, on the real page."""
    windows: dict[str, BrowserContext] = {}
    with ExitStack() as opened:

        def window(actor: Actor) -> BrowserContext:
            if actor.name not in windows:
                windows[actor.name] = opened.enter_context(new_window(browser, site))
                page = windows[actor.name].new_page()
                sign_in(page, actor.name, PASSWORD)
                page.close()
            return windows[actor.name]

        yield window


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def open_as(
    browser: Browser, site: Site, window_of: Callable[[Actor], BrowserContext], watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Open an empty page: of someone who has signed in, or in a new window of nobody with these options."""
    with ExitStack() as opened:

        def open_page(actor: Actor | None = None, **options: Any) -> Page:
            window = window_of(actor) if actor else opened.enter_context(new_window(browser, site, **options))
            page = opened.enter_context(window.new_page())
            watch.over(page)
            return page

        yield open_page


def new_window(browser: Browser, site: Site, **options: Any) -> BrowserContext:
    settings = {"viewport": DESK, "locale": "zh-CN", "reduced_motion": "reduce"} | options
    window = browser.new_context(base_url=site.url, **settings)
    window.set_default_timeout(PATIENCE)
    return window
