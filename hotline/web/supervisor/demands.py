"""督办单 at the supervisor's desk: issue one, judge the reply, take it back, take it to the level above."""

from collections.abc import Callable

from flask import g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import LimitReached, NotFound
from hotline.lifecycle import Action, Role
from hotline.models.supervision_order import SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.tickets import orders, worklists
from hotline.tickets.accounts import leaders_of
from hotline.web import filters, forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import done, pages
from hotline.web.supervisor.orders import page
from hotline.work import Work
from sla.allowance import Allowance


class DemandForm(forms.Form):
    """`department` empty: who acts for the ticket. `within` empty: as long as usual."""

    text: forms.Passage
    reason: forms.Line = "other"
    department: forms.Line = ""
    leader: forms.Line = ""
    within: forms.Line = ""


class VerdictForm(forms.Form):
    text: forms.Passage = ""


class RiseForm(forms.Form):
    text: forms.Passage
    leader: forms.Line = ""
    within: forms.Line = ""


def times(work: Work) -> list[tuple[str, str]]:
    """Return what an order may give for a reply, each with its words: the whole steps between the bounds."""
    least, most = work.city.orders.shortest, work.city.orders.longest
    steps = range(least.amount, most.amount + 1) if least.unit is most.unit else ()
    offered = [str(Allowance(one, least.unit)) for one in steps] or [str(least), str(most)]
    return [(one, labels.allowance(one)) for one in offered]


def _usual_time(work: Work, ticket: Ticket) -> str | None:
    usual = orders.usual_time(work, ticket)
    return labels.allowance(str(usual)) if usual else None


def _names_of(work: Work, codes: list[str]) -> list[tuple[str, str]]:
    return [(code, filters.department(code, work)) for code in codes]


@pages.get("/tickets/<number>/supervise")
@open_to(Role.SUPERVISOR)
def supervise(number: str) -> ResponseReturnValue:
    """The form; `reason` in the address is the ground on which an order was suggested."""
    return page(
        number,
        Action.SUPERVISE,
        obstacle=_obstacle,
        addressees=lambda work, ticket: _names_of(work, orders.addressees(work, ticket)),
        leaders=lambda work, ticket: _leaders(work, *orders.addressees(work, ticket)[:1]),
        allowance=_usual_time,
        times=lambda work, ticket: times(work),
        before=orders.orders_of,
        asked=lambda work, ticket: request.args.get("reason", ""),
        level=orders.next_level,
    )


def _obstacle(work: Work, ticket: Ticket) -> str | None:
    """Return why none can be issued whatever is typed, in words; None when one can."""
    try:
        orders.require_may_issue(work, ticket)
    except LimitReached as limit:
        return labels.problem(limit.rule)
    return None


def _leaders(work: Work, *departments: str) -> list[str]:
    return [one.name for code in departments for one in leaders_of(work, code)]


@pages.post("/tickets/<number>/supervise")
@open_to(Role.SUPERVISOR)
@forms.shown_again(supervise)
def supervise_post(number: str) -> ResponseReturnValue:
    form = forms.read(DemandForm, request.form)
    demand = orders.Demand(form.text, form.reason, form.department or None, form.leader, form.within)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        order = orders.issue(work, ticket, demand)
        words = _issued(work, order)
    return done(number, words)


def _issued(work: Work, order: SupervisionOrder) -> str:
    who, rung = filters.department(order.department_code, work), work.city.orders.rung(order.level).name
    return f"督办单 {order.number} 已发给{who}（第 {order.level} 级，{rung}），回复情况在“督办单”里跟"


def _about_order(
    number: str, action: Action, **more: Callable[[Work, Ticket], object]
) -> ResponseReturnValue:
    return page(number, action, order=_live, **more)


def _live(work: Work, ticket: Ticket) -> SupervisionOrder:
    order = orders.live_of(work, ticket)
    if order is None:
        raise NotFound("order", ticket.number)
    return order


@pages.get("/tickets/<number>/order/accept")
@open_to(Role.SUPERVISOR)
def accept_reply(number: str) -> ResponseReturnValue:
    return _about_order(number, Action.ACCEPT_REPLY)


@pages.post("/tickets/<number>/order/accept")
@open_to(Role.SUPERVISOR)
@forms.shown_again(accept_reply)
def accept_reply_post(number: str) -> ResponseReturnValue:
    form = forms.read(VerdictForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        orders.accept_reply(work, ticket, text=form.text)
    return done(number, "回复已认可，这张督办单了结。工单照常办理、回访")


@pages.get("/tickets/<number>/order/refuse")
@open_to(Role.SUPERVISOR)
def refuse_reply(number: str) -> ResponseReturnValue:
    return _about_order(number, Action.REFUSE_REPLY)


@pages.post("/tickets/<number>/order/refuse")
@open_to(Role.SUPERVISOR)
@forms.shown_again(refuse_reply)
def refuse_reply_post(number: str) -> ResponseReturnValue:
    form = forms.read(VerdictForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        orders.refuse_reply(work, ticket, text=form.text)
        clock = orders.clock_of(work, ticket)
        when = f"，{filters.local_time(clock.due_at, work)} 前重新回复" if clock and clock.due_at else ""
    return done(number, f"回复已退回{when}")


@pages.get("/tickets/<number>/order/cancel")
@open_to(Role.SUPERVISOR)
def cancel_order(number: str) -> ResponseReturnValue:
    return _about_order(number, Action.CANCEL_ORDER)


@pages.post("/tickets/<number>/order/cancel")
@open_to(Role.SUPERVISOR)
@forms.shown_again(cancel_order)
def cancel_order_post(number: str) -> ResponseReturnValue:
    form = forms.read(VerdictForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        orders.cancel(work, ticket, text=form.text)
    return done(number, "督办单已撤销，承办单位收到通知，不用再回复")


@pages.get("/tickets/<number>/order/escalate")
@open_to(Role.SUPERVISOR)
def escalate(number: str) -> ResponseReturnValue:
    return _about_order(
        number,
        Action.ESCALATE,
        above=lambda work, ticket: orders.require_may_rise(work, ticket)[1:],
        leaders=lambda work, ticket: _leaders(work, orders.require_may_rise(work, ticket)[1]),
        allowance=_usual_time,
        times=lambda work, ticket: times(work),
    )


@pages.post("/tickets/<number>/order/escalate")
@open_to(Role.SUPERVISOR)
@forms.shown_again(escalate)
def escalate_post(number: str) -> ResponseReturnValue:
    form = forms.read(RiseForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        order = orders.escalate(work, ticket, text=form.text, leader=form.leader, within=form.within)
        words = _issued(work, order)
    return done(number, words)
