"""What belongs to no desk: a note, a look at who called, an amendment, an urging, a withdrawal."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import callers, intake, supervision, urgings, worklists
from hotline.tickets.holders import holder_of
from hotline.web import filters, forms, names, shell
from hotline.web.access import may

pages = Blueprint("remarks", __name__, url_prefix="/tickets")

SHOWN_SECONDS = 30

shell.ACTION_PAGES.update(
    {
        Action.NOTE: "remarks.note",
        Action.REVEAL: "remarks.reveal",
        Action.AMEND: "remarks.amend",
        Action.URGE: "remarks.urge",
        Action.WITHDRAW: "remarks.withdraw",
    }
)


class NoteForm(forms.Form):
    text: forms.Passage


class RevealForm(forms.Form):
    purpose: forms.Line


class UrgeForm(forms.Form):
    text: forms.Passage = ""


class WithdrawForm(forms.Form):
    reason: forms.Passage


class AmendForm(forms.Form):
    reason: forms.Line
    kind: Kind | None = None
    urgency: Urgency | None = None
    category: forms.Line = ""
    area: forms.Line = ""
    address: forms.Line = ""
    addition: forms.Passage = ""


def _page(number: str, template: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return render_template(template, work=work, ticket=ticket)


def _back(number: str, words: str) -> ResponseReturnValue:
    flash(words, "met")
    return redirect(url_for("tickets.ticket", number=number), 303)


@pages.get("/<number>/note")
@may(Action.NOTE)
def note(number: str) -> ResponseReturnValue:
    return _page(number, "tickets/note.html")


@pages.post("/<number>/note")
@may(Action.NOTE)
@forms.shown_again(note)
def note_post(number: str) -> ResponseReturnValue:
    form = forms.read(NoteForm, request.form)
    with runtime.work(g.viewer) as work:
        # No version: a remark stands beside whatever the others do.
        supervision.note(work, worklists.ticket_for(work, number), text=form.text)
    return _back(number, "备注已记下，只有内部可见")


@pages.get("/<number>/reveal")
@may(Action.REVEAL)
def reveal(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        callers.require_may_reveal(work, ticket)
        return render_template("tickets/reveal.html", work=work, ticket=ticket)


@pages.post("/<number>/reveal")
@may(Action.REVEAL)
@forms.shown_again(reveal)
def reveal_post(number: str) -> ResponseReturnValue:
    """Show the number once, for 30 seconds; the page then leads back by itself, without any script."""
    form = forms.read(RevealForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        identity = callers.reveal(work, ticket, form.purpose)
        page = render_template(
            "tickets/revealed.html", work=work, ticket=ticket, identity=identity, seconds=SHOWN_SECONDS
        )
    answer = make_response(page)
    answer.headers["Refresh"] = f"{SHOWN_SECONDS}; url={url_for('tickets.ticket', number=number)}"
    return answer


@pages.get("/<number>/urge")
@may(Action.URGE)
def urge(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return render_template(
            "tickets/urge.html",
            work=work,
            ticket=ticket,
            held=holder_of(work, ticket),
            urged=urgings.urgings_of(work, ticket),
        )


@pages.post("/<number>/urge")
@may(Action.URGE)
@forms.shown_again(urge)
def urge_post(number: str) -> ResponseReturnValue:
    form = forms.read(UrgeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        told = filters.holder(supervision.urge(work, ticket, text=form.text), work)
        again = urgings.urgings_of(work, ticket).again_at
        when = f"；{filters.local_time(again, work)} 后诉求人可以再催" if again else ""
    return _back(number, f"已催办，{told}会收到提醒；办理时限不变{when}")


@pages.get("/<number>/withdraw")
@may(Action.WITHDRAW)
def withdraw(number: str) -> ResponseReturnValue:
    return _page(number, "tickets/withdraw.html")


@pages.post("/<number>/withdraw")
@may(Action.WITHDRAW)
@forms.shown_again(withdraw)
def withdraw_post(number: str) -> ResponseReturnValue:
    form = forms.read(WithdrawForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        supervision.withdraw(work, ticket, reason=form.reason)
    return _back(number, "已撤诉，各单位停止办理")


@pages.get("/<number>/amend")
@may(Action.AMEND)
def amend(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template(
            "tickets/amend.html",
            work=work,
            ticket=worklists.ticket_for(work, number),
            categories=names.category_names(work.city),
            areas=names.area_names(work.city),
        )


@pages.post("/<number>/amend")
@may(Action.AMEND)
@forms.shown_again(amend)
def amend_post(number: str) -> ResponseReturnValue:
    form = forms.read(AmendForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        change = intake.Amendment(
            kind=form.kind,
            urgency=form.urgency,
            category=names.category_of(work.city, form.category),
            area=names.area_of(work.city, form.area),
            address=form.address or None,
            addition=form.addition,
        )
        intake.amend(work, ticket, change, reason=form.reason)
    return _back(number, "已补正，改动记在流转记录里")
