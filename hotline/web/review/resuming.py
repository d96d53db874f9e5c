"""Let a suspended ticket go on before its day (解挂)."""

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role
from hotline.models.application import ApplicationKind
from hotline.tickets import options, requested, suspension, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.review.blueprint import draw, go_on, pages
from hotline.web.review.listing import Tab, listed


class Resume(forms.Form):
    next: forms.Line = ""
    note: forms.Passage = ""


@pages.get("/<number>/resume")
@open_to(Role.REVIEWER)
def resume(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        granted = [
            one
            for one in requested.applications_of(work, ticket)
            if one.kind is ApplicationKind.SUSPENSION and one.decided_at
        ]
        return draw(
            "review/resume.html",
            work,
            listed(work, Tab.HELD),
            ticket=ticket,
            application=granted[-1] if granted else None,
            may=Action.RESUME in options.options(work, ticket).legal,
        )


@pages.post("/<number>/resume")
@open_to(Role.REVIEWER)
@forms.shown_again(resume)
def resume_post(number: str) -> ResponseReturnValue:
    form = forms.read(Resume, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suspension.resume(work, ticket, note=form.note)
    flash(f"{number} 已恢复办理，时限接着走", "met")
    return go_on(Tab.HELD, form.next)
