"""What the department does to a ticket: accept it, call the caller, report the result."""

from typing import Literal

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import (
    ChangedByAnother,
    HotlineError,
    IllegalTransition,
    NotAllowed,
    NotFound,
)
from hotline.lifecycle import Action, Role, Status
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, handing, joint, worklists
from hotline.tickets import handling as use
from hotline.tickets.joint import Standing
from hotline.web import filters, forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages, way_back
from hotline.web.department.window import window
from hotline.work import Work
from sla.policy import Stage

BATCH = 100


@pages.post("/tickets/<number>/accept")
@open_to(*DEPARTMENT_ROLES)
def accept(number: str) -> ResponseReturnValue:
    form = forms.read(forms.Form, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.accept(work, ticket)
        words = _next_deadline(work, ticket)
    flash(f"已签收 {number}{words}", "met")
    return go_on(number)


def _next_deadline(work: Work, ticket: Ticket) -> str:
    """Return `，首次联系 今天 12:42 前`, empty where no clock runs."""
    running = [one for one in deadlines.running(work, ticket) if one.stage not in deadlines.HELP_STAGES]
    clocks = [one for one in running if one.due_at]
    if not clocks:
        return ""
    return f"，{labels.STAGES[clocks[0].stage]} {filters.due(clocks[0], work)} 前"


class BatchForm(forms.Form):
    numbers: tuple[forms.Line, ...] = ()


@pages.post("/accept")
@open_to(*DEPARTMENT_ROLES)
def accept_many() -> ResponseReturnValue:
    """Accept the selected tickets, each in a transaction of its own, and say what became of each."""
    numbers = list(dict.fromkeys(forms.read(BatchForm, request.form).numbers))[:BATCH]
    refused: dict[str, list[str]] = {}
    for number in numbers:
        reason = _accept_one(number)
        if reason:
            refused.setdefault(reason, []).append(number)
    flash(*_batch_words(len(numbers), refused))
    return redirect(way_back() or url_for("department.queue"), 303)


def _accept_one(number: str) -> str | None:
    """Return why it could not be accepted, in words; None when it was."""
    try:
        with runtime.work(g.viewer) as work:
            use.accept(work, worklists.ticket_for(work, number))
    except HotlineError as refusal:
        return _why_not(refusal)
    return None


def _why_not(refusal: HotlineError) -> str:
    if isinstance(refusal, IllegalTransition):
        if refusal.status == Status.ACCEPTED:
            return "已被同事签收"
        return f"现在是“{labels.STATUSES.get(refusal.status, refusal.status)}”"
    if isinstance(refusal, NotAllowed):
        return labels.refusal(refusal.reason).rstrip("。")
    if isinstance(refusal, ChangedByAnother):
        return "刚被他人更新"
    return "没有这张工单，或不归您看" if isinstance(refusal, NotFound) else "没能签收"


def _batch_words(asked: int, refused: dict[str, list[str]]) -> tuple[str, str]:
    """Return what the strip says, and its tone: `已签收 6 件，2 件未成：…`."""
    if not asked:
        return "还没有选中工单。请先勾选要签收的工单", "near"
    failed = sum(len(numbers) for numbers in refused.values())
    done = f"已签收 {asked - failed} 件"
    if not failed:
        return done, "met"
    details = "；".join(f"{reason}（{'、'.join(numbers)}）" for reason, numbers in refused.items())
    return f"{done}，{failed} 件未成：{details}", "near"


class ContactForm(forms.Form):
    reached: Literal["yes", "no"]
    note: forms.Passage


@pages.get("/tickets/<number>/contact")
@open_to(*DEPARTMENT_ROLES)
def contact(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return window(work, ticket, Action.CONTACT, contacted=use.contacted(work, ticket))


@pages.post("/tickets/<number>/contact")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(contact)
def contact_post(number: str) -> ResponseReturnValue:
    form = forms.read(ContactForm, request.form)
    reached = form.reached == "yes"
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.contact(work, ticket, reached=reached, note=form.note)
        words = _next_deadline(work, ticket)
    if reached:
        flash(f"已记录联系{words}", "met")
    else:
        flash(f"已记录未接通。时限照走，请换个时段再联系{words}", "near")
    return go_on(number)


class ResolveForm(forms.Form):
    outcome: forms.Line = ""
    facts: forms.Passage = ""
    answer: forms.Passage = ""
    basis: forms.Line = ""
    evidence: forms.Passage = ""
    signed_by: forms.Line = ""
    cited: tuple[forms.Line, ...] = ()
    without: forms.Line = ""


@pages.get("/tickets/<number>/resolve")
@open_to(*DEPARTMENT_ROLES)
def resolve(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        found = joint.opinions(work, ticket)
        return window(
            work,
            ticket,
            Action.RESOLVE,
            warns=True,
            outcomes=[(outcome, labels.OUTCOMES[outcome]) for outcome in handing.OUTCOMES],
            review=work.city.policy.allowance(Stage.REVIEW, deadlines.case_of(ticket)),
            signs=g.person.name if Role.LEADER in g.viewer.roles else "",
            opinions=found,
            waits=any(one.standing is Standing.OWED for one in found),
            report=handing.last_report(work, ticket),
        )


@pages.post("/tickets/<number>/resolve")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(resolve)
def resolve_post(number: str) -> ResponseReturnValue:
    form = forms.read(ResolveForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.resolve(work, ticket, use.Result(**form.model_dump(exclude={"version", "request_key"})))
    flash(f"已提交办结 {number}，等热线审核；办结时限已停", "met")
    return go_on(number)
