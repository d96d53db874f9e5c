"""What waits for dispatch, the reasons for a proposal, and the dispatch itself."""

import re
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, Status
from hotline.models.lesson import Misled
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.tickets import deadlines, dispatching, intake, timeline, track_record, worklists
from hotline.web import filters, forms, names
from hotline.web.access import may, open_to
from hotline.web.dispatcher.blueprint import pages
from hotline.web.dispatcher.case import case_of
from hotline.web.dispatcher.tabs import around, tabs
from hotline.work import Work
from sla.policy import Stage

WAITING = worklists.Filter(tab="to_dispatch")


class SendForm(forms.Form):
    """`other`, typed, goes before the chosen `lead`; `more` are further assisting departments, typed."""

    lead: forms.Line = ""
    other: forms.Line = ""
    assisting: tuple[str, ...] = ()
    more: forms.Line = ""
    note: forms.Passage = ""
    offered: forms.Line = ""
    misled: Misled | None = None
    next: forms.Line = ""


class CorrectForm(forms.Form):
    category: forms.Line = ""
    area: forms.Line = ""
    kind: Kind | None = None
    urgency: Urgency | None = None
    reason: forms.Line = ""


@pages.get("")
@open_to(Role.DISPATCHER)
def desk() -> ResponseReturnValue:
    """Show what waits, the one with the least time left opened."""
    return _desk(None)


@pages.get("/<number>")
@may(Action.DISPATCH)
def case(number: str) -> ResponseReturnValue:
    return _desk(number)


def _desk(number: str | None) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        page = worklists.page(work, WAITING, after=request.args.get("after"))
        chosen = worklists.ticket_for(work, number) if number else next(iter(page.tickets), None)
        return render_template(
            "dispatcher/desk.html",
            work=work,
            page=page,
            clocks=deadlines.nearest_of(work, page.tickets),
            first_views=timeline.registrations(work, page.tickets),
            case=case_of(work, chosen) if chosen else None,
            around=around(page.tickets, chosen),
            waits=chosen is not None and chosen.status is Status.LOGGED,
            kinds=labels.KINDS,
            urgencies=labels.URGENCIES,
            categories=names.category_names(work.city),
            areas=names.area_names(work.city),
            departments=names.department_names(work.city),
            misled=labels.MISLED,
            **tabs(work),
        )


@pages.post("/<number>/send")
@may(Action.DISPATCH)
@forms.shown_again(case)
def send(number: str) -> ResponseReturnValue:
    form = forms.read(SendForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        choice = _choice(work, form)
        # What the desk proposed is kept when a person decides otherwise.
        is_overruled = form.offered in work.city.departments and form.offered != choice.lead
        overruled: dict[str, Any] = {"offered": form.offered} if is_overruled else {}
        dispatching.dispatch(work, ticket, choice, misled=form.misled, recallable=True, **overruled)
        done = f"{number} 已派给{filters.department(choice.lead, work)}{_accept_by(work, ticket)}"
    flash(done, "met")
    return redirect(url_for(".case", number=form.next) if form.next else url_for(".desk"), 303)


def _choice(work: Work, form: SendForm) -> dispatching.Choice:
    lead = names.department_of(work.city, form.other, "other") or form.lead
    if not lead:
        raise InvalidInput({"lead": "choose"})
    typed = [one for one in re.split(r"[、,，;；\s]+", form.more) if one]
    more = [names.department_of(work.city, one, "more") for one in typed]
    assisting = [*form.assisting, *filter(None, more)]
    return dispatching.Choice(lead, tuple(assisting), form.note)


def _accept_by(work: Work, ticket: Ticket) -> str:
    due = {one.stage: one.due_at for one in deadlines.running(work, ticket)}.get(Stage.ACCEPT)
    return f"，签收 {filters.local_time(due, work)} 前" if due else ""


@pages.post("/<number>/correct")
@may(Action.DISPATCH)
@forms.shown_again(case)
def correct(number: str) -> ResponseReturnValue:
    """Put kind, urgency, category or area right, and look at the proposal again."""
    form = forms.read(CorrectForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        change = intake.Amendment(
            kind=form.kind,
            urgency=form.urgency,
            category=names.category_of(work.city, form.category),
            area=names.area_of(work.city, form.area),
        )
        intake.amend(work, ticket, change, reason=form.reason)
    flash(f"{number} 已改正，建议已按新的内容重排", "met")
    return redirect(url_for(".case", number=number), 303)


@pages.get("/automatic")
@open_to(Role.DISPATCHER, Role.SUPERVISOR)
def automatic() -> ResponseReturnValue:
    """List what went by the auto lane today, and how much of it came back."""
    with runtime.view(g.viewer) as work:
        return render_template(
            "dispatcher/automatic.html",
            work=work,
            automatic=track_record.automatic_today(work),
            rules=work.city.auto_dispatch,
        )
