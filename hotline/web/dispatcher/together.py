"""Send what goes the same way together (一起派), each in a transaction of its own, a result for each."""

from typing import Any

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, Status
from hotline.tickets import alike, claims, deadlines, dispatching, ledger, recalling, worklists
from hotline.web import forms, names
from hotline.web.access import may, open_to
from hotline.web.dispatcher import outcomes
from hotline.web.dispatcher.blueprint import pages
from hotline.web.dispatcher.case import case_of
from hotline.web.dispatcher.choosing import ChoiceForm, choice_of
from hotline.web.dispatcher.tabs import tabs
from hotline.web.dispatcher.undo import seconds_left


class TogetherForm(ChoiceForm):
    """`numbers`: each with the version that the list showed, as "20261124000291@3"."""

    numbers: tuple[str, ...] = ()


@pages.get("/<number>/together")
@may(Action.DISPATCH)
def together(number: str) -> ResponseReturnValue:
    """Show what waits and is like this one: the equal ones ticked, those that differ not."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        likes = alike.waiting_alike(work, ticket)
        listed = [ticket, *(one.ticket for one in likes)]
        return render_template(
            "dispatcher/together.html",
            work=work,
            case=case_of(work, ticket),
            waits=ticket.status is Status.LOGGED,
            likes=likes,
            clocks=deadlines.nearest_of(work, listed),
            held=claims.by_others(work, listed),
            most=outcomes.MOST,
            departments=names.department_names(work.city),
            **tabs(work),
        )


@pages.post("/<number>/together")
@may(Action.DISPATCH)
@forms.shown_again(together)
def send_together(number: str) -> ResponseReturnValue:
    form = forms.read(TogetherForm, request.form)
    if not form.numbers:
        raise InvalidInput({"numbers": "choose"})
    with runtime.view(g.viewer) as work:
        choice = choice_of(work, form)
    came_of_it = []
    for written in outcomes.asked(form.numbers):
        one, _, version = written.partition("@")
        came_of_it.append(outcomes.Outcome(one, _send_one(one, version, choice)))
    return redirect(outcomes.address(came_of_it), 303)


def _send_one(number: str, version: str, choice: dispatching.Choice) -> str:
    with outcomes.attempt() as tried, runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        ledger.require(work, ticket, Action.DISPATCH)  # gone already says more than changed
        ledger.expect_version(work, ticket, int(version) if version.isdecimal() else ticket.version)
        way = alike.way_of(work, ticket)
        # What the catalogue says is kept when a person decides otherwise.
        is_overruled = way is not None and way.lead not in (None, choice.lead)
        why: dict[str, Any] = {"offered": way.lead} if way and is_overruled else {}
        dispatching.dispatch(work, ticket, choice, recallable=True, together=True, **why)
    return tried.code or outcomes.SENT


@pages.get("/sent")
@open_to(Role.DISPATCHER)
def sent() -> ResponseReturnValue:
    """Show what came of each, and take back what may still be taken back."""
    came_of_it = outcomes.read(request.args.getlist("one"))
    with runtime.view(g.viewer) as work:
        tickets = worklists.numbered(work, [one.number for one in came_of_it])
        mine = {one.id for one in recalling.still_mine(work)}
        left = {one.number: seconds_left(work, one) for one in tickets.values() if one.id in mine}
        return render_template(
            "dispatcher/sent.html",
            work=work,
            outcomes=came_of_it,
            good=sum(one.is_good for one in came_of_it),
            tickets=tickets,
            left=left,
            **tabs(work),
        )
