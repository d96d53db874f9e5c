"""Where the desk begins: what waits first under a tab."""

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.web.access import open_to
from hotline.web.review.blueprint import draw, pages
from hotline.web.review.listing import Tab, listed


@pages.get("/")
@open_to(Role.REVIEWER)
def desk() -> ResponseReturnValue:
    """Open what waits first under the tab."""
    asked = request.args.get("tab", "")
    tab = Tab(asked) if asked in tuple(Tab) else Tab.RESULTS
    with runtime.view(g.viewer) as work:
        shown = listed(work, tab)
        if shown.rows:
            return redirect(shown.address(shown.rows[0].ticket.number), 303)
        return draw("review/desk.html", work, shown)
