"""退单待审: decide whether a department may give a ticket back, with what came of earlier ones in sight."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import Application, ApplicationKind
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, requested, returnable, track_record, worklists
from hotline.tickets.returns import decide_return
from hotline.web import forms
from hotline.web.access import may, open_to
from hotline.web.dispatcher.blueprint import pages
from hotline.web.dispatcher.case import case_of
from hotline.web.dispatcher.tabs import around, tabs
from hotline.work import Work


class DecideForm(forms.Form):
    granted: bool
    decision: forms.Passage = ""


@pages.get("/returns")
@open_to(Role.DISPATCHER)
def returns() -> ResponseReturnValue:
    """Show the returns that wait for a decision, the oldest opened."""
    return _returns(None)


@pages.get("/returns/<number>")
@may(Action.GRANT_RETURN)
def returned(number: str) -> ResponseReturnValue:
    return _returns(number)


def _returns(number: str | None) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        page = requested.waiting_applications(work, ApplicationKind.RETURN, after=request.args.get("after"))
        listed = [one.ticket for one in page.waiting]
        number = number or next((one.number for one in listed), None)
        ticket = worklists.ticket_for(work, number) if number else None
        application = requested.waiting_of(work, ticket, ApplicationKind.RETURN) if ticket else None
        return render_template(
            "dispatcher/returns.html",
            work=work,
            page=page,
            clocks=deadlines.nearest_of(work, listed),
            application=application,
            case=case_of(work, ticket) if ticket else None,
            around=around(listed, ticket),
            reasons_named=work.city.returns.reasons,
            **(_track_record(work, ticket, application) if ticket and application else {}),
            **tabs(work),
        )


def _track_record(work: Work, ticket: Ticket, application: Application) -> dict[str, Any]:
    asked = returnable.returned_in_round(work, ticket)
    return {
        "asked": len(asked),
        "cause": returnable.cause_of_dispute(work, ticket),
        "refusal_ends_in_dispute": work.city.returns.ends_in_dispute(returnable.refusals(asked) + 1),
        "by_department": track_record.returns_by_department(work, application.department_code),
        "by_category": track_record.returns_by_category(work, ticket.category_code),
    }


@pages.post("/returns/<number>")
@may(Action.GRANT_RETURN)
@forms.shown_again(returned)
def decide(number: str) -> ResponseReturnValue:
    form = forms.read(DecideForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        decide_return(work, ticket, granted=form.granted, text=form.decision)
        disputed = ticket.status is Status.DISPUTED
    if form.granted:
        flash(f"{number} 已同意退单，请重新派单", "met")
        return redirect(url_for(".case", number=number), 303)
    words = "驳回已满次数，自动转会商，由督办员裁定" if disputed else "工单回到原单位继续办理"
    flash(f"{number} 已驳回退单，{words}", "met")
    return redirect(url_for(".returns"), 303)
