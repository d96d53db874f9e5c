"""The frame of the desk: a page beside its list, and the way on to the next line."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hotline import labels
from hotline.lifecycle import Action
from hotline.tickets import options
from hotline.web.review.listing import ASKED, NOTHING, PAGES, TAB_NAMES, Listed, Tab
from hotline.work import Work

pages = Blueprint("review", __name__, url_prefix="/review")


def draw(template: str, work: Work, listed: Listed, **values: object) -> str:
    return render_template(
        template,
        work=work,
        listed=listed,
        tabs=TAB_NAMES,
        nothing=NOTHING,
        here="review.desk",
        counts={"review.desk": listed.counts[Tab.RESULTS] + sum(listed.counts[tab] for tab in ASKED)},
        **values,
    )


def go_on(tab: Tab, number: str) -> ResponseReturnValue:
    """Go on with the line that followed."""
    if number:
        return redirect(url_for(PAGES[tab], number=number), 303)
    return redirect(url_for(".desk", tab=tab), 303)


def why_not(possible: options.Options, *actions: Action) -> str | None:
    """Return the sentence why none of `actions` can be done here, or None."""
    code = next((possible.blocked[action] for action in actions if action in possible.blocked), None)
    if code is None or any(action in possible.legal for action in actions):
        return None
    return labels.refusal(code) if code in labels.REFUSALS else labels.problem(code)
