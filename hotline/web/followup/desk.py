"""Where the desk begins: whom to judge or to call first."""

from flask import g, redirect
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.web.access import open_to
from hotline.web.followup.blueprint import FOLLOWERS, draw, pages
from hotline.web.followup.listing import listed


@pages.get("/")
@open_to(*FOLLOWERS)
def desk() -> ResponseReturnValue:
    """Open whom to judge or to call first."""
    with runtime.view(g.viewer) as work:
        shown = listed(work)
        number = shown.first()
        if number:
            return redirect(shown.address(number), 303)
        return draw("followup/desk.html", work, shown)
