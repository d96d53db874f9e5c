"""What the supervisor does with one form: press, put on the books and off them, re-open.

What he demands in writing (督办单) is in `demands`.
"""

from collections.abc import Callable
from datetime import date

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role, next_status
from hotline.models.ticket import Ticket
from hotline.tickets import callbacks, deadlines, supervision, suspension, worklists
from hotline.tickets.holders import holder_of
from hotline.web import filters, forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import done, pages, way_back
from hotline.work import Work
from sla.policy import Stage


class OrderForm(forms.Form):
    text: forms.Passage


class DeferForm(forms.Form):
    review_on: forms.Day
    text: forms.Passage


class WriteOffForm(forms.Form):
    note: forms.Passage = ""


def page(number: str, action: Action, **more: Callable[[Work, Ticket], object]) -> ResponseReturnValue:
    """Draw the form of `action`. Raises IllegalTransition where it is not the time for it."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        next_status(ticket.status, action)
        return render_template(
            f"supervisor/{action}.html",
            work=work,
            ticket=ticket,
            back=way_back(number),
            running=deadlines.running(work, ticket),
            held=holder_of(work, ticket),
            **{name: reckon(work, ticket) for name, reckon in more.items()},
        )


@pages.post("/tickets/<number>/urge")
@open_to(Role.SUPERVISOR)
def urge(number: str) -> ResponseReturnValue:
    """Press for it with one key from the board, without words; with words it is done on the ticket's page."""
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        told = filters.holder(supervision.urge(work, ticket), work)
    return done(number, f"已催办 {number}，{told}会收到提醒；时限不变")


@pages.get("/tickets/<number>/defer")
@open_to(Role.SUPERVISOR)
def defer(number: str) -> ResponseReturnValue:
    return page(number, Action.DEFER, latest=_latest_review)


def _latest_review(work: Work, ticket: Ticket) -> date:
    return work.city.calendar.day_of(work.now + work.city.deferral.longest)


@pages.post("/tickets/<number>/defer")
@open_to(Role.SUPERVISOR)
@forms.shown_again(defer)
def defer_post(number: str) -> ResponseReturnValue:
    form = forms.read(DeferForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suspension.defer(work, ticket, review_on=form.review_on, text=form.text)
        day = filters.local_day(form.review_on, work)
    return done(number, f"已挂账，{day} 复核；到那天自动销账，时限接着走")


@pages.get("/tickets/<number>/write-off")
@open_to(Role.SUPERVISOR)
def write_off(number: str) -> ResponseReturnValue:
    return page(number, Action.WRITE_OFF)


@pages.post("/tickets/<number>/write-off")
@open_to(Role.SUPERVISOR)
@forms.shown_again(write_off)
def write_off_post(number: str) -> ResponseReturnValue:
    form = forms.read(WriteOffForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        suspension.write_off(work, ticket, note=form.note)
        words = _resolve_words(work, ticket)
    return done(number, f"已销账，承办单位接着办{words}")


def _resolve_words(work: Work, ticket: Ticket) -> str:
    for clock in deadlines.running(work, ticket):
        if clock.stage is Stage.RESOLVE and clock.due_at:
            return f"，办结 {filters.due(clock, work)} 前"
    return ""


@pages.get("/tickets/<number>/reopen")
@open_to(Role.SUPERVISOR)
def reopen(number: str) -> ResponseReturnValue:
    return page(number, Action.REOPEN, next_round=callbacks.next_round)


@pages.post("/tickets/<number>/reopen")
@open_to(Role.SUPERVISOR)
@forms.shown_again(reopen)
def reopen_post(number: str) -> ResponseReturnValue:
    form = forms.read(OrderForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        supervision.reopen(work, ticket, text=form.text)
        to = filters.department(ticket.lead_code, work) if ticket.lead_code else "派单台"
        round_ = ticket.round
    return done(number, f"已重启，第 {round_} 轮，在{to}")
