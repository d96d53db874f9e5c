"""What every page owes its reader: nothing broken behind it, nothing shut out, nothing cut off."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

DESK, PHONE = ViewportSize(width=1280, height=720), ViewportSize(width=390, height=844)
THEMES = ("light", "dark")
GRAVE = {"serious", "critical"}
_axe = Axe()


class Watch:
    """Writes down what goes wrong behind a page: console, content policy, failed or refused requests."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._expected: frozenset[int] = frozenset()

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Let these answers pass: the product is asked for something that it must refuse."""
        self._expected = frozenset(statuses)
        yield
        self._expected = frozenset()

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes a line of its own for each refusal, which `_answered` judges already.
        is_refusal = "the server responded with a status of" in message.text
        if message.type in {"error", "warning"} and not is_refusal:
            self.complaints.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        # A poll that is under way when the page is left is given up by the browser.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.method} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


def faults(page: Page) -> list[str]:
    """Name what is wrong with the page as it stands, on a desk and on a phone, light and dark."""
    size = page.viewport_size
    assert size is not None
    found = []
    for view in (PHONE, DESK):
        page.set_viewport_size(view)
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
            where = f"{page.url} at {view['width']} {theme}"
            found += [f"{where}: {fault}" for fault in (*_cut_off(page), *_shut_out(page, theme))]
    page.set_viewport_size(size)
    return found


def _cut_off(page: Page) -> Iterator[str]:
    wide, seen = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if wide > seen:
        yield f"scrolls sideways, {wide} px in {seen}"


def _shut_out(page: Page, theme: str) -> Iterator[str]:
    # The dark theme changes nothing but colours.
    rules = {"runOnly": ["color-contrast"]} if theme == "dark" else {}
    for fault in _axe.run(page, options={"resultTypes": ["violations"], **rules})["violations"]:
        if fault["impact"] in GRAVE:
            places = "; ".join(f"{node['target']} {node['html'][:120]}" for node in fault["nodes"][:3])
            yield f"{fault['impact']} {fault['id']}: {places}"
