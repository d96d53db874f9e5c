"""会商意见: what a unit that is heard in a dispute says of whose it is."""

from datetime import datetime

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role
from hotline.tickets import disputes, requested, timeline, worklists
from hotline.web import forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window


class OpinionForm(forms.Form):
    opinion: forms.Passage = ""


@pages.get("/tickets/<number>/opinion")
@open_to(*DEPARTMENT_ROLES, Role.SUPERVISOR)
def give_opinion(number: str) -> ResponseReturnValue:
    """The arbiter, who writes down what any unit said, has a form of his own."""
    if g.viewer.department_code is None:
        return redirect(url_for("supervisor.give_opinion", number=number), 303)
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        called = timeline.acted(work, ticket, Action.CONVENE)
        return window(
            work,
            ticket,
            Action.GIVE_OPINION,
            called=called[-1].details if called else None,
            meets_at=datetime.fromisoformat(called[-1].details["meets_at"]) if called else None,
            returns=requested.returns_of(work, [ticket]).get(ticket.id, []),
        )


@pages.post("/tickets/<number>/opinion")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(give_opinion)
def give_opinion_post(number: str) -> ResponseReturnValue:
    form = forms.read(OpinionForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        disputes.give_opinion(work, ticket, opinion=form.opinion)
    flash(f"会商意见已交督办员 {number}，裁定结果写进提醒", "info")
    return go_on(number)
