"""Judge a bad answer that stands: one that came by link, or after the last round."""

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Status
from hotline.tickets import followup, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.followup.blueprint import FOLLOWERS, go_on, pages
from hotline.web.followup.person import person


class Judgement(forms.Form):
    next: forms.Line = ""
    step: forms.Line = ""
    reason: forms.Line = ""
    text: forms.Passage = ""


@pages.post("/<number>/judgement")
@open_to(*FOLLOWERS)
@forms.shown_again(person)
def judgement(number: str) -> ResponseReturnValue:
    form = forms.read(Judgement, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        followup.conclude_standing(work, ticket, step=form.step, reason=form.reason or None, text=form.text)
        closed = ticket.status is Status.CLOSED
    flash(f"{number} {'已结案' if closed else f'已退回重办，第 {ticket.round} 轮'}", "met")
    return go_on(form.next)
