"""申请退单: a handler drafts on the form on which a leader signs; the odds are shown before it is sent."""

from datetime import timedelta

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role
from hotline.models.application import Application
from hotline.models.ticket import Ticket
from hotline.tickets import returnable, returns, track_record, triage, worklists
from hotline.web import filters, forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window
from hotline.web.filters import workday_of
from hotline.work import Work
from routing.catalogue import Entry
from sla.allowance import parse as parse_allowance
from sla.calendar import working_time_between

_BASIS_SHOWN = 40


class ReturnForm(forms.Form):
    """`suggested`: the department's name as people write it, or its code. `entry`: version and line."""

    reason: forms.Line = ""
    entry: forms.Line = ""
    basis: forms.Line = ""
    suggested: forms.Line = ""
    evidence: forms.Passage = ""
    text: forms.Passage = ""


@pages.get("/tickets/<number>/return/draft")
@open_to(Role.HANDLER)
def draft_return(number: str) -> ResponseReturnValue:
    return _page(number, Action.DRAFT_RETURN)


@pages.get("/tickets/<number>/return")
@open_to(Role.LEADER)
def request_return(number: str) -> ResponseReturnValue:
    return _page(number, Action.REQUEST_RETURN)


def _page(number: str, action: Action) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        decision = triage.decide_for(work, ticket)
        asked = returnable.returned_in_round(work, ticket)
        odds = track_record.odds(work, g.viewer.department_code or "", ticket.category_code)
        return window(
            work,
            ticket,
            action,
            template="department/request_return.html",
            reasons=list(work.city.returns.reasons.values()),
            departments=[one.name for one in work.city.departments if one.code != g.viewer.department_code],
            entries=[
                (f"{work.city.catalogue.version}:{one.line}", _words(work, one))
                for one in returnable.citable(work, ticket.category_code)
            ],
            draft=returns.draft_of(work, ticket),
            window_left=_window_left(work, ticket),
            nth=len(asked) + 1,
            refused=[one for one in asked if one.state == "refused"],
            catalogue_lead=decision.lead if decision else None,
            odds=odds,
            few=track_record.LEAST,
            days=track_record.WINDOW // timedelta(days=1),
        )


def _words(work: Work, entry: Entry) -> str:
    """Return a line as people cite it: `市容环卫 / 露天烧烤（“烧烤”）→ CG@district：某某条例`."""
    about = filters.category(entry.category, work)
    only = f"（“{'、'.join(entry.keywords)}”）" if entry.keywords else ""
    return f"{about}{only}：{entry.basis[:_BASIS_SHOWN]}"


def _window_left(work: Work, ticket: Ticket) -> str | None:
    """Return how long a return may still be asked for, in the kind of time of returns.toml."""
    closes = returnable.window_closes_at(work, ticket)
    if closes is None or closes <= work.now:
        return None
    if not parse_allowance(work.city.returns.window).is_working:
        return labels.duration(closes - work.now)
    calendar = work.city.calendars.of(work.actor.department_code)
    return labels.duration(working_time_between(calendar, work.now, closes), workday_of(calendar))


def _asked(work: Work, form: ReturnForm) -> returnable.ReturnRequest:
    suggested = _code_of(work, form.suggested) if form.suggested else None
    return returnable.ReturnRequest(
        form.reason, form.basis, form.text, suggested, evidence=form.evidence, entry=form.entry or None
    )


@pages.post("/tickets/<number>/return/draft")
@open_to(Role.HANDLER)
@forms.shown_again(draft_return)
def draft_return_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReturnForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        returns.draft_return(work, ticket, _asked(work, form))
    flash(f"退单拟稿已交分管负责人签发 {number}。签发前派单台看不到，办结时限照走", "info")
    return go_on(number)


@pages.post("/tickets/<number>/return")
@open_to(Role.LEADER)
@forms.shown_again(request_return)
def request_return_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReturnForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        returns.request_return(work, ticket, _asked(work, form))
        disputed = ticket.status == "disputed"
    if disputed:
        flash(f"退单已签发 {number}，按规定直接转会商，由督办员裁定。办结时限照走", "info")
    else:
        flash(f"退单申请已交派单台 {number}。办结时限照走，等答复时请继续准备办理", "info")
    return go_on(number)


def _code_of(work: Work, words: str) -> str:
    """Return the code of the department so called. Raises InvalidInput."""
    for department in work.city.departments:
        if words in (department.name, department.short, department.code):
            return department.code
    raise InvalidInput({"suggested": "unknown_department"})


class DropForm(forms.Form):
    text: forms.Passage = ""


@pages.get("/tickets/<number>/return/drop")
@open_to(*DEPARTMENT_ROLES)
def drop_draft(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        draft: Application | None = returns.draft_of(work, ticket)
        return window(work, ticket, Action.DROP_DRAFT, draft=draft)


@pages.post("/tickets/<number>/return/drop")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(drop_draft)
def drop_draft_post(number: str) -> ResponseReturnValue:
    form = forms.read(DropForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        returns.drop_draft(work, ticket, text=form.text)
    flash(f"退单拟稿已撤下 {number}，由本单位继续办理", "info")
    return go_on(number)
