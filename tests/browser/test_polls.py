"""A page that asks by itself says so: nobody stays signed in because a window was left open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.site import Site
from tests.builders import HANDLER, SUPERVISOR, a_dispatched_ticket

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("actor", "path", "asked"),
    [(HANDLER, "/department", "/department?"), (SUPERVISOR, "/supervisor/", "/supervisor/live")],
)
def test_a_poll_is_marked_and_does_not_renew_the_session(
    open_as: Callable[..., Page], site: Site, actor: object, path: str, asked: str
) -> None:
    with site.work() as work:
        a_dispatched_ticket(work)
    page = open_as(actor)
    page.clock.install()
    page.goto(path)

    with page.expect_response(lambda answer: asked in answer.url) as polled:
        page.clock.fast_forward(16_000)

    assert polled.value.request.headers["x-poll"] == "true"
    assert polled.value.header_value("set-cookie") is None
