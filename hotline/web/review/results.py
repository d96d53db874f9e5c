"""Look at what a department reports before the caller is asked (审核办理结果)."""

from collections.abc import Sequence

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.lifecycle import Action, Role
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import deadlines, followup, options, review, timeline, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.review.blueprint import draw, go_on, pages, why_not
from hotline.web.review.listing import Tab, listed
from sla.policy import Stage

# The clocks whose verdict a reviewer weighs.
WEIGHED = (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE)


class Accept(forms.Form):
    next: forms.Line = ""
    note: forms.Passage = ""


class SendBack(forms.Form):
    next: forms.Line = ""
    fault: forms.Line = ""
    text: forms.Passage = ""


@pages.get("/<number>/result")
@open_to(Role.REVIEWER)
def result(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        possible = options.options(work, ticket)
        reported = timeline.acted(work, ticket, Action.RESOLVE)
        clocks = deadlines.all_of(work, ticket)
        return draw(
            "review/result.html",
            work,
            listed(work, Tab.RESULTS),
            ticket=ticket,
            may=Action.ACCEPT_RESULT in possible.legal,
            refusal=why_not(possible, Action.ACCEPT_RESULT),
            result=reported[-1] if reported else None,
            contacts=timeline.acted(work, ticket, Action.CONTACT),
            sent_back=timeline.acted(work, ticket, Action.SEND_BACK_RESULT),
            answers=followup.answers_of(work, ticket),
            verdicts=_verdicts(clocks, ticket),
            due=next((one for one in clocks if one.stage is Stage.REVIEW and one.settled_at is None), None),
            faults=[(code, labels.FAULTS[code]) for code in review.FAULTS],
            asked=followup.can_be_asked(work, ticket),
            drawn=work.city.follow_up.sampling[ticket.kind],
        )


def _verdicts(clocks: Sequence[Deadline], ticket: Ticket) -> list[Deadline]:
    """Return the last clock of each weighed stage in this round that was not called off."""
    latest = {
        one.stage: one
        for one in clocks
        if one.round == ticket.round and one.outcome is not DeadlineOutcome.CANCELLED
    }
    return [latest[stage] for stage in WEIGHED if stage in latest]


@pages.post("/<number>/accept")
@open_to(Role.REVIEWER)
@forms.shown_again(result)
def accept(number: str) -> ResponseReturnValue:
    form = forms.read(Accept, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        review.accept_result(work, ticket, note=form.note)
        follows = _after_acceptance(ticket)
    flash(f"{number} 审核通过，{follows}", "met")
    return go_on(Tab.RESULTS, form.next)


def _after_acceptance(ticket: Ticket) -> str:
    if ticket.closing is Closing.UNREACHED:
        return "没有可回访的号码，已结案"
    if ticket.closing is Closing.NOT_SAMPLED:
        return "未抽中回访，已结案"
    return "已转回访台"


@pages.post("/<number>/send-back")
@open_to(Role.REVIEWER)
@forms.shown_again(result)
def send_back(number: str) -> ResponseReturnValue:
    form = forms.read(SendBack, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        review.send_back_result(work, ticket, fault=form.fault, text=form.text)
        department = work.city.departments[ticket.lead_code].short if ticket.lead_code else "承办单位"
    flash(f"{number} 已退回{department}补充，办结时限接着走", "info")
    return go_on(Tab.RESULTS, form.next)
