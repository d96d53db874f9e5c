"""What the department asks for and another decides: more time, a pause, leaving the scorecard."""

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action
from hotline.tickets import applications, previews, suspension, worklists
from hotline.web import forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window


class ExtensionForm(forms.Form):
    """`amount`: an allowance as written, "3wd"."""

    amount: forms.Line
    reason: forms.Line
    text: forms.Passage


@pages.get("/tickets/<number>/extension")
@open_to(*DEPARTMENT_ROLES)
def request_extension(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return window(
            work,
            ticket,
            Action.REQUEST_EXTENSION,
            resolve=previews.resolve_clock(work, ticket),
            extensions=previews.extensions(work, ticket),
        )


@pages.post("/tickets/<number>/extension")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(request_extension)
def request_extension_post(number: str) -> ResponseReturnValue:
    form = forms.read(ExtensionForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        applications.request_extension(work, ticket, amount=form.amount, reason=form.reason, text=form.text)
    flash(f"延期申请已交审核 {number}。批准前仍按原时限办理", "info")
    return go_on(number)


class SuspensionForm(forms.Form):
    reason: forms.Line = ""
    until: forms.Day | None = None
    text: forms.Passage


@pages.get("/tickets/<number>/suspension")
@open_to(*DEPARTMENT_ROLES)
def request_suspension(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        caps = work.city.suspension
        return window(
            work,
            ticket,
            Action.REQUEST_SUSPENSION,
            reasons=list(caps.reasons.items()),
            caps=caps,
            last_day=applications.last_suspension_day(work, ticket),
        )


@pages.post("/tickets/<number>/suspension")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(request_suspension)
def request_suspension_post(number: str) -> ResponseReturnValue:
    form = forms.read(SuspensionForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suspension.request_suspension(work, ticket, reason=form.reason, text=form.text, until=form.until)
    flash(f"挂起申请已交审核 {number}。批准前时限照走", "info")
    return go_on(number)


class ExclusionForm(forms.Form):
    reason: forms.Line
    basis: forms.Line
    text: forms.Passage


@pages.get("/tickets/<number>/exclusion")
@open_to(*DEPARTMENT_ROLES)
def request_exclusion(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return window(work, worklists.ticket_for(work, number), Action.REQUEST_EXCLUSION)


@pages.post("/tickets/<number>/exclusion")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(request_exclusion)
def request_exclusion_post(number: str) -> ResponseReturnValue:
    form = forms.read(ExclusionForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        applications.request_exclusion(work, ticket, reason=form.reason, basis=form.basis, text=form.text)
    flash(f"剔除申请已交审核 {number}，须两位审核员都同意", "info")
    return go_on(number)
