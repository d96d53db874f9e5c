"""What waits for dispatch, the reasons for a proposal, and the dispatch itself."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.lifecycle import Action, Role, Status
from hotline.models.lesson import Misled
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import (
    alike,
    claims,
    deadlines,
    dispatching,
    intake,
    splitting,
    timeline,
    track_record,
    waiting,
    worklists,
)
from hotline.web import forms, names
from hotline.web.access import may, open_to
from hotline.web.dispatcher import live, outcomes, undo
from hotline.web.dispatcher.blueprint import pages
from hotline.web.dispatcher.case import case_of
from hotline.web.dispatcher.choosing import ChoiceForm, choice_of
from hotline.web.dispatcher.tabs import around


class SendForm(ChoiceForm):
    offered: forms.Line = ""
    misled: Misled | None = None


class CorrectForm(forms.Form):
    category: forms.Line = ""
    area: forms.Line = ""
    kind: Kind | None = None
    urgency: Urgency | None = None
    reason: forms.Line = ""


@pages.get("")
@open_to(Role.DISPATCHER)
def desk() -> ResponseReturnValue:
    """Show what waits, and open the first of the queue that nobody else has open."""
    return _desk(None)


@pages.get("/<number>")
@may(Action.DISPATCH)
def case(number: str) -> ResponseReturnValue:
    return _desk(number)


def _desk(number: str | None) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        page = waiting.page(work, after=request.args.get("after"))
        asked_for = worklists.ticket_for(work, number) if number else None
        held = claims.by_others(work, [*page.tickets, *filter(None, [asked_for])])
        free = [one for one in page.tickets if one.id not in held]
        chosen = asked_for or next(iter(free or page.tickets), None)
        waits = chosen is not None and chosen.status is Status.LOGGED
        return render_template(
            "dispatcher/desk.html",
            work=work,
            page=page,
            clocks=deadlines.nearest_of(work, page.tickets),
            first_views=timeline.registrations(work, page.tickets),
            case=case_of(work, chosen) if chosen else None,
            around=around(page.tickets, chosen, held),
            waits=waits,
            held=held,
            name=held.get(chosen.id) if chosen else None,
            likes=alike.waiting_alike(work, chosen) if chosen and waits else [],
            undo=(undone := undo.bar(work)),
            sent_url=outcomes.address([outcomes.Outcome(one.ticket.number, outcomes.SENT) for one in undone]),
            matters=splitting.proposed_for(work, chosen) if chosen else (),
            kinds=labels.KINDS,
            urgencies=labels.URGENCIES,
            categories=names.category_names(work.city),
            areas=names.area_names(work.city),
            departments=names.department_names(work.city),
            misled=labels.MISLED,
            **live.shown(work),
        )


@pages.post("/<number>/send")
@may(Action.DISPATCH)
@forms.shown_again(case)
def send(number: str) -> ResponseReturnValue:
    form = forms.read(SendForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        place, choice = waiting.Place.of(ticket), choice_of(work, form)
        # What the desk proposed is kept when a person decides otherwise.
        is_overruled = form.offered in work.city.departments and form.offered != choice.lead
        overruled: dict[str, Any] = {"offered": form.offered} if is_overruled else {}
        dispatching.dispatch(work, ticket, choice, misled=form.misled, recallable=True, **overruled)
        onward = waiting.next_number(work, place)
        done = None if ticket.recall_until else undo.said_of(work, ticket)
    if done:  # otherwise the bar says it, beside the way to take it back
        flash(done, "met")
    after = request.args.get("after")
    return redirect(url_for(".case", number=onward, after=after) if onward else url_for(".desk"), 303)


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
