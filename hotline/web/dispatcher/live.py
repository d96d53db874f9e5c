"""Counters of the desk, asked for while somebody looks; answered by nothing (304) while nothing changed."""

from datetime import datetime

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.tickets import claims, waiting, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.dispatcher.blueprint import pages
from hotline.web.dispatcher.tabs import tabs
from hotline.work import Work


class LiveQuery(forms.Form):
    """`since`: when the list on the page was drawn."""

    since: forms.Line = ""

    def drawn_at(self) -> datetime | None:
        try:
            at = datetime.fromisoformat(self.since)
        except ValueError:
            return None
        return at if at.tzinfo else None


@pages.get("/live")
@open_to(Role.DISPATCHER)
def live() -> ResponseReturnValue:
    drawn_at = forms.read(LiveQuery, request.args).drawn_at()
    with runtime.view(g.viewer) as work:
        tag = tag_of(work)
        if request.if_none_match.contains(tag):
            answer = Response(status=304)
        else:
            answer = make_response(render_template("dispatcher/_live.html", **shown(work, drawn_at)))
        answer.set_etag(tag)
        return answer


def tag_of(work: Work) -> str:
    """Return a mark that changes when a ticket does, or who has one open, or what is late."""
    return f"{worklists.stamp(work)}-{waiting.stamp(work)}"


def shown(work: Work, drawn_at: datetime | None = None) -> dict[str, object]:
    """Return what the counters show; with the moment of a list also how much of it has moved."""
    return {
        "tag": tag_of(work),
        "counters": waiting.counters(work),
        "moved": waiting.moved_since(work, drawn_at) if drawn_at else 0,
        "held_by": dict(claims.all_by_others(work)),
        **tabs(work),
    }
