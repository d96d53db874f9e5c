"""How departments work together (协同): arrivals after a whistle, opinions of those that assist."""

from datetime import datetime, time, timedelta
from typing import Literal

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.tickets import cooperation
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import pages
from hotline.work import Work

PERIODS = (7, 30, 90)
# Departments that are shown at once: the worst; the others unfold.
SHOWN = 12


class JointQuery(forms.Form):
    days: Literal["7", "30", "90"] = "30"


@pages.get("/joint")
@open_to(Role.SUPERVISOR)
def joint() -> ResponseReturnValue:
    days = int(forms.read(JointQuery, request.args).days)
    with runtime.view(g.viewer) as work:
        since = _first_midnight(work, days)
        return render_template(
            "supervisor/joint.html",
            work=work,
            days=days,
            periods=PERIODS,
            since=since,
            shown=SHOWN,
            arrivals=cooperation.arrivals(work, since),
            opinions=cooperation.opinions(work, since),
            calls=cooperation.recent_calls(work, since),
        )


def _first_midnight(work: Work, days: int) -> datetime:
    first = work.city.calendar.day_of(work.now) - timedelta(days=days - 1)
    return datetime.combine(first, time(), work.city.zone)
