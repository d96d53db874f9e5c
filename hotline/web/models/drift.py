"""What moved since the model in force was taught (变化), by category, and the tickets that show it."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from classifier.drift import Aspect
from hotline import labels, runtime
from hotline.lifecycle import Role
from hotline.tickets.drift import WEEK, showing, weekly, weeks
from hotline.web import forms, names, shell
from hotline.web.access import open_to, sees_tickets
from hotline.web.models.blueprint import pages

LOOK_ON = (Role.ADMIN, Role.SUPERVISOR)
# The administrator comes by the tabs of the models' pages.
shell.NAV.append(shell.Entry("models.drift", "模型", frozenset({Role.SUPERVISOR})))


class AspectQuery(forms.Form):
    aspect: Aspect = Aspect.SHARE


@pages.get("/drift")
@open_to(*LOOK_ON)
def drift() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("models/drift.html", work=work, found=weekly(work), week=WEEK)


@pages.get("/drift/<category>")
@open_to(*LOOK_ON)
def drifted(category: str) -> ResponseReturnValue:
    """One category: its figures, its weeks, and the tickets that show how one of the figures moved."""
    query = forms.read(AspectQuery, request.args)
    with runtime.view(g.viewer) as work:
        names.require_leaf(work.city, category)
        found = weekly(work)
        lines = found.lines if found else []
        return render_template(
            "models/drifted.html",
            work=work,
            category=category,
            found=found,
            line=next((line for line in lines if line.category == category), None),
            aspect=query.aspect,
            aspects=labels.DRIFT_ASPECTS,
            weeks=weeks(work, category),
            shown=showing(work, category, query.aspect),
            sees_tickets=sees_tickets(g.viewer),
        )
