"""What the department asks for and another decides: return, more time, a pause, leaving the scorecard."""

from datetime import timedelta

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import applications, dispatching, previews, suspension, track_record, triage, worklists
from hotline.web import forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window
from hotline.web.filters import workday_of
from hotline.work import Work
from sla.allowance import parse as parse_allowance
from sla.calendar import working_time_between


class ReturnForm(forms.Form):
    """`suggested`: the department's name as people write it, or its code."""

    reason: forms.Line = ""
    basis: forms.Line = ""
    suggested: forms.Line = ""
    text: forms.Passage = ""


@pages.get("/tickets/<number>/return")
@open_to(*DEPARTMENT_ROLES)
def request_return(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        decision = triage.decide_for(work, ticket)
        return window(
            work,
            ticket,
            Action.REQUEST_RETURN,
            reasons=list(work.city.returns.reasons.values()),
            departments=[one.name for one in work.city.departments if one.code != g.viewer.department_code],
            window_left=_window_left(work, ticket),
            nth=applications.returns_asked(work, ticket) + 1,
            catalogue_lead=decision.lead if decision else None,
            of_category=track_record.returns_by_category(work, ticket.category_code),
            of_own=track_record.returns_by_department(work, g.viewer.department_code or ""),
            days=track_record.WINDOW // timedelta(days=1),
        )


def _window_left(work: Work, ticket: Ticket) -> str | None:
    """Return how long a return may still be asked for, in the kind of time of returns.toml."""
    closes = applications.window_closes_at(work, ticket)
    if closes is None or closes <= work.now:
        return None
    if not parse_allowance(work.city.returns.window).is_working:
        return labels.duration(closes - work.now)
    calendar = work.city.calendar
    return labels.duration(working_time_between(calendar, work.now, closes), workday_of(calendar))


@pages.post("/tickets/<number>/return")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(request_return)
def request_return_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReturnForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suggested = _code_of(work, form.suggested) if form.suggested else None
        grounds = applications.ReturnRequest(form.reason, form.basis, form.text, suggested)
        dispatching.request_return(work, ticket, grounds)
    flash(f"退单申请已交派单台 {number}。办结时限照走，等答复时请继续准备办理", "info")
    return go_on(number)


def _code_of(work: Work, words: str) -> str:
    """Return the code of the department so called. Raises InvalidInput."""
    for department in work.city.departments:
        if words in (department.name, department.short, department.code):
            return department.code
    raise InvalidInput({"suggested": "unknown_department"})


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
