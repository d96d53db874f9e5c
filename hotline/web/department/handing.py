"""Hand a ticket down, give it back up, report its result up."""

from collections.abc import Sequence
from typing import Literal

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import assigned, hands, triage, worklists
from hotline.tickets import handing as use
from hotline.tickets.handing import Candidate
from hotline.web import filters, forms, names
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window
from hotline.work import Work
from routing import DepartmentKind

# So many departments below are shown one by one; of more the likely ones.
FEW = 8


class HandDownForm(forms.Form):
    """`below` is picked by code, `other` typed by name and stronger; else `to` names someone of the own."""

    below: forms.Line = ""
    other: forms.Line = ""
    to: forms.Line = ""
    note: forms.Passage = ""


@pages.get("/tickets/<number>/hand-down")
@open_to(*DEPARTMENT_ROLES)
def hand_down(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        below = use.candidates(work, ticket)
        free = [one for one in below if not one.blocked]
        likely = _likely(work, ticket, free)
        return window(
            work,
            ticket,
            Action.HAND_DOWN,
            part=assigned.own_parts(work, [ticket]).get(ticket.id),
            handed_to=assigned.handed_to(work),
            likely=likely,
            others=[one.department.short for one in free if one not in likely],
            barred=[one for one in below if one.blocked],
            chain=hands.chain_of(work, ticket),
        )


def _likely(work: Work, ticket: Ticket, free: Sequence[Candidate]) -> list[Candidate]:
    """Return all where they are few, else whom the catalogue names for this and who governs the place."""
    if len(free) <= FEW:
        return list(free)
    decision = triage.decide_for(work, ticket)
    meant: set[str | None] = set()
    if decision:
        meant = {decision.lead, *decision.assisting, *(one.department for one in decision.alternatives)}
    governs = {DepartmentKind.DISTRICT, DepartmentKind.SUBDISTRICT, DepartmentKind.COMMUNITY}
    likely = [one for one in free if one.department.code in meant or one.department.kind in governs]
    return likely[:FEW]


@pages.post("/tickets/<number>/hand-down")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(hand_down)
def hand_down_post(number: str) -> ResponseReturnValue:
    form = forms.read(HandDownForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = names.department_of(work.city, form.other, "other") or form.below
        use.hand_down(work, ticket, to=form.to, department=code, note=form.note)
        whom = filters.department(code, work) if code else form.to
    flash(f"已派给 {whom}，时限照走", "met")
    return go_on(number)


class GiveBackForm(forms.Form):
    text: forms.Passage = ""


@pages.get("/tickets/<number>/give-back")
@open_to(*DEPARTMENT_ROLES)
def give_back(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return window(work, ticket, Action.GIVE_BACK, chain=hands.chain_of(work, ticket))


@pages.post("/tickets/<number>/give-back")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(give_back)
def give_back_post(number: str) -> ResponseReturnValue:
    form = forms.read(GiveBackForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.give_back(work, ticket, text=form.text)
        above = filters.department(hands.holding_department(work, ticket), work)
    flash(f"已交回 {above}，时限照走", "met")
    return go_on(number)


class ReportForm(forms.Form):
    outcome: Literal["", "solved", "partly", "unsolvable"] = ""
    facts: forms.Passage = ""
    answer: forms.Passage = ""
    evidence: forms.Passage = ""


@pages.get("/tickets/<number>/report-up")
@open_to(*DEPARTMENT_ROLES)
def report_up(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return window(
            work,
            ticket,
            Action.REPORT_UP,
            chain=hands.chain_of(work, ticket),
            outcomes=[(outcome, labels.OUTCOMES[outcome]) for outcome in use.OUTCOMES],
            below=use.last_report(work, ticket),
        )


@pages.post("/tickets/<number>/report-up")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(report_up)
def report_up_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReportForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.report_up(work, ticket, use.Report(form.outcome, form.facts, form.answer, form.evidence))
        above = filters.department(hands.holding_department(work, ticket), work)
    flash(f"结果已报 {above}，由它核对后提交办结；时限照走", "met")
    return go_on(number)
