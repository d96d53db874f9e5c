"""The department's leader answers an order of the supervisor (回复督办单)."""

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role
from hotline.tickets import ordered, orders, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window


class ReplyForm(forms.Form):
    text: forms.Passage


@pages.get("/tickets/<number>/order")
@open_to(Role.LEADER)
def reply_order(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        order = orders.require_to_answer(work, ticket)
        clock = ordered.clocks_of(work, [order]).get(order.id)
        return window(work, ticket, Action.REPLY_ORDER, order=order, deadline=clock)


@pages.post("/tickets/<number>/order")
@open_to(Role.LEADER)
@forms.shown_again(reply_order)
def reply_order_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReplyForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        orders.reply(work, ticket, text=form.text)
    flash(f"督办单已回复 {number}，署名 {g.person.name}，由督办员核", "met")
    return go_on(number)
