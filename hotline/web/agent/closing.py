"""A registered ticket that no department need have: answered (直接答复), or passed on (转其他渠道)."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role
from hotline.models.ticket import Ticket
from hotline.tickets import intake, triage, worklists
from hotline.web import forms
from hotline.web.access import may
from hotline.web.agent.blueprint import pages
from hotline.web.agent.desk import choices
from hotline.work import Work


class AnswerForm(forms.Form):
    answer: forms.Passage
    source: forms.Line = ""


class TransferForm(forms.Form):
    target: forms.Line
    mode: forms.Line = ""
    note: forms.Passage = ""
    consent: bool = False


@pages.get("/tickets/<number>/answer")
@may(Action.ANSWER)
def answer(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("agent/answer.html", work=work, ticket=worklists.ticket_for(work, number))


@pages.post("/tickets/<number>/answer")
@may(Action.ANSWER)
@forms.shown_again(answer)
def answer_post(number: str) -> ResponseReturnValue:
    form = forms.read(AnswerForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = _ticket(work, number, form)
        intake.answer(work, ticket, form.answer, source=form.source)
    flash(f"{number} 已直接答复并结案", "met")
    return _onward(number)


@pages.get("/tickets/<number>/transfer")
@may(Action.TRANSFER)
def transfer(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        view = triage.suggest(work, triage.text_of(ticket), ticket.address)
        return render_template(
            "agent/transfer.html", work=work, ticket=ticket, proposed=view.transfer, **choices(work)
        )


@pages.post("/tickets/<number>/transfer")
@may(Action.TRANSFER)
@forms.shown_again(transfer)
def transfer_post(number: str) -> ResponseReturnValue:
    form = forms.read(TransferForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = _ticket(work, number, form)
        mode = usual_mode(work, form.target, form.mode)
        intake.transfer(work, ticket, form.target, mode, form.note, consent=form.consent)
    flash(f"{number} 已转其他渠道", "met")
    return _onward(number)


def _onward(number: str) -> ResponseReturnValue:
    """Lead a dispatcher to the next ticket that waits, an agent to the one just done."""
    if Role.DISPATCHER in g.viewer.roles:
        return redirect(url_for("dispatcher.desk"), 303)
    return redirect(url_for("tickets.ticket", number=number), 303)


def _ticket(work: Work, number: str, form: forms.Form) -> Ticket:
    return worklists.ticket_for(work, number, version=form.version)


def usual_mode(work: Work, target: str, mode: str) -> str:
    """Return the mode that was chosen, else the usual one of the target."""
    known = work.city.transfers
    return mode or (known[target].modes[0] if target in known else "")
