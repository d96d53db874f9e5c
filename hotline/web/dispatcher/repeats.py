"""并单: handle a repeat with the ticket that stands, and take the two apart again."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import duplicates, merging, worklists
from hotline.web import forms
from hotline.web.access import may
from hotline.web.dispatcher.blueprint import pages


class MergeForm(forms.Form):
    """`other`, a number typed, goes before the ticket chosen from the list."""

    into: forms.Line = ""
    other: forms.Line = ""
    reason: forms.Line


class UnmergeForm(forms.Form):
    reason: forms.Line


@pages.get("/<number>/merge")
@may(Action.MERGE)
def merge(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        alike = [one for one in duplicates.likely(work, ticket) if one.may_lead]
        return render_template("dispatcher/merge.html", work=work, ticket=ticket, alike=alike)


@pages.post("/<number>/merge")
@may(Action.MERGE)
@forms.shown_again(merge)
def merge_post(number: str) -> ResponseReturnValue:
    form = forms.read(MergeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        into = form.other or form.into
        merging.merge(work, ticket, into=into, reason=form.reason)
    flash(f"{number} 已并入 {into}，两位诉求人都由它答复", "met")
    return redirect(url_for("tickets.ticket", number=number), 303)


@pages.get("/<number>/unmerge")
@may(Action.UNMERGE)
def unmerge(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        parent = work.session.get(Ticket, ticket.parent_id) if ticket.parent_id else None
        return render_template("dispatcher/unmerge.html", work=work, ticket=ticket, parent=parent)


@pages.post("/<number>/unmerge")
@may(Action.UNMERGE)
@forms.shown_again(unmerge)
def unmerge_post(number: str) -> ResponseReturnValue:
    form = forms.read(UnmergeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        merging.unmerge(work, ticket, reason=form.reason)
    flash(f"{number} 已撤销并单，回到并单前的状态，时限接着走", "met")
    return redirect(url_for("tickets.ticket", number=number), 303)
