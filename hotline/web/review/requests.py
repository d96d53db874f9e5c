"""Decide what a department asks for: more time, a pause, an exclusion (延期、挂起、剔除)."""

from enum import StrEnum

from flask import flash, g, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    deadlines,
    decisions,
    followup,
    options,
    requested,
    timeline,
    worklists,
)
from hotline.tickets import suspension as suspending
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.review.blueprint import draw, go_on, pages, why_not
from hotline.web.review.listing import ASKED, Tab, listed
from hotline.work import Work


class Decision(StrEnum):
    GRANT = "grant"
    REFUSE = "refuse"


class Decide(forms.Form):
    next: forms.Line = ""
    decision: Decision
    text: forms.Passage = ""

    @property
    def granted(self) -> bool:
        return self.decision is Decision.GRANT


def _application_page(number: str, tab: Tab, grant: Action, refuse: Action) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        possible = options.options(work, ticket)
        asked = [one for one in requested.applications_of(work, ticket) if one.kind is ASKED[tab]]
        application = next((one for one in asked if one.state in applications.UNDECIDED), None)
        return draw(
            "review/application.html",
            work,
            listed(work, tab),
            ticket=ticket,
            application=application,
            earlier=[one for one in asked if one.state not in applications.UNDECIDED],
            longest=work.city.policy.extension(deadlines.case_of(ticket)),
            contacts=timeline.acted(work, ticket, Action.CONTACT),
            answers=followup.answers_of(work, ticket),
            seconder=decisions.seconder_of(work, application) if application else None,
            outlook=_outlook(work, ticket, application),
            may_grant=grant in possible.legal,
            may_refuse=refuse in possible.legal,
            refusal=why_not(possible, grant, refuse),
            second=possible.blocked.get(grant) == "second_person",
            action=url_for(f".{tab}_post", number=number),
            running=deadlines.running(work, ticket),
        )


def _outlook(work: Work, ticket: Ticket, application: Application | None) -> decisions.Outlook | None:
    if application and application.kind is ApplicationKind.EXTENSION and application.amount:
        return decisions.if_extended(work, ticket, application.amount)
    if application and application.kind is ApplicationKind.SUSPENSION and application.until:
        return decisions.if_suspended(work, ticket, application.until)
    return None


@pages.get("/<number>/extension")
@open_to(Role.REVIEWER)
def extension(number: str) -> ResponseReturnValue:
    return _application_page(number, Tab.EXTENSION, Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION)


@pages.post("/<number>/extension")
@open_to(Role.REVIEWER)
@forms.shown_again(extension)
def extension_post(number: str) -> ResponseReturnValue:
    form = forms.read(Decide, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        applications.decide_extension(work, ticket, granted=form.granted, text=form.text)
    flash(f"{number} {'已同意延期，会短信告知诉求人' if form.granted else '已驳回延期，原时限不变'}", "met")
    return go_on(Tab.EXTENSION, form.next)


@pages.get("/<number>/suspension")
@open_to(Role.REVIEWER)
def suspension(number: str) -> ResponseReturnValue:
    return _application_page(number, Tab.SUSPENSION, Action.GRANT_SUSPENSION, Action.REFUSE_SUSPENSION)


@pages.post("/<number>/suspension")
@open_to(Role.REVIEWER)
@forms.shown_again(suspension)
def suspension_post(number: str) -> ResponseReturnValue:
    form = forms.read(Decide, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suspending.decide_suspension(work, ticket, granted=form.granted, text=form.text)
    flash(f"{number} {'已挂起，到日子自动恢复' if form.granted else '已驳回挂起，时限接着走'}", "met")
    return go_on(Tab.SUSPENSION, form.next)


@pages.get("/<number>/exclusion")
@open_to(Role.REVIEWER)
def exclusion(number: str) -> ResponseReturnValue:
    return _application_page(number, Tab.EXCLUSION, Action.GRANT_EXCLUSION, Action.REFUSE_EXCLUSION)


@pages.post("/<number>/exclusion")
@open_to(Role.REVIEWER)
@forms.shown_again(exclusion)
def exclusion_post(number: str) -> ResponseReturnValue:
    form = forms.read(Decide, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        decided = applications.decide_exclusion(work, ticket, granted=form.granted, text=form.text)
        follows = _EXCLUSION_NOW[decided.state]
    flash(f"{number} {follows}", "met")
    return go_on(Tab.EXCLUSION, form.next)


_EXCLUSION_NOW = {
    ApplicationState.SECONDED: "一审已同意，等另一位审核员复核",
    ApplicationState.GRANTED: "已剔除，这一轮不计入三率",
    ApplicationState.REFUSED: "已驳回剔除，照常计入三率",
}
