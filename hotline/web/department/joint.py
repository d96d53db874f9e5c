"""What departments do together: opinions, who is called in and let go, whistles and arrivals."""

from datetime import date, datetime, time, timedelta

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import assigned, triage, whistling, worklists
from hotline.tickets import joint as use
from hotline.web import filters, forms, names
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import go_on, pages
from hotline.web.department.window import window
from hotline.work import Work

# What a subdistrict may ask for where the city allows longer (到场时限).
SOONER = ("30m", "1h")


class AssistForm(forms.Form):
    opinion: forms.Passage


@pages.get("/tickets/<number>/assist")
@open_to(*DEPARTMENT_ROLES)
def assist(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return window(work, worklists.ticket_for(work, number), Action.ASSIST)


@pages.post("/tickets/<number>/assist")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(assist)
def assist_post(number: str) -> ResponseReturnValue:
    form = forms.read(AssistForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.assist(work, ticket, opinion=form.opinion)
        lead = filters.department(ticket.lead_code, work)
    flash(f"协办意见已交主办单位 {lead}", "met")
    return go_on(number)


class DeclineForm(forms.Form):
    text: forms.Passage = ""
    basis: forms.Line = ""


@pages.get("/tickets/<number>/decline")
@open_to(*DEPARTMENT_ROLES)
def decline(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return window(work, worklists.ticket_for(work, number), Action.DECLINE_PART)


@pages.post("/tickets/<number>/decline")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(decline)
def decline_post(number: str) -> ResponseReturnValue:
    form = forms.read(DeclineForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.decline(work, ticket, reason=form.text, basis=form.basis)
        lead = filters.department(ticket.lead_code, work)
    flash(f"已告知主办单位 {lead} 和派单台，本单位不再协办", "met")
    return go_on(number)


class AddAssistingForm(forms.Form):
    """`department`: a name as people write it, or a code."""

    department: forms.Line = ""
    text: forms.Passage = ""


@pages.get("/tickets/<number>/add-assisting")
@open_to(*DEPARTMENT_ROLES)
def add_assisting(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        has_part = assigned.taking_part(work, ticket)
        return window(
            work,
            ticket,
            Action.ADD_ASSISTING,
            opinions=use.opinions(work, ticket),
            departments=[one.short for one in work.city.departments if one.code not in has_part],
        )


@pages.post("/tickets/<number>/add-assisting")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(add_assisting)
def add_assisting_post(number: str) -> ResponseReturnValue:
    form = forms.read(AddAssistingForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = names.department_of(work.city, form.department, "department") or ""
        use.add_assisting(work, ticket, department=code, text=form.text)
        helper = filters.department(code, work)
    flash(f"已请 {helper} 协办，派单台已知会", "met")
    return go_on(number)


class ReleaseForm(forms.Form):
    department: forms.Line = ""
    text: forms.Passage = ""


@pages.get("/tickets/<number>/release")
@open_to(*DEPARTMENT_ROLES)
def release(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        owing = [one for one in use.opinions(work, ticket) if one.standing in use.AWAITED]
        codes = [one.part.department_code for one in owing]
        choices = [(code, filters.department(code, work)) for code in codes]
        return window(work, ticket, Action.RELEASE, owing=choices)


@pages.post("/tickets/<number>/release")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(release)
def release_post(number: str) -> ResponseReturnValue:
    form = forms.read(ReleaseForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        use.release(work, ticket, department=form.department, text=form.text)
        helper = filters.department(form.department, work)
    flash(f"已解除 {helper} 的协办", "met")
    return go_on(number)


class WhistleForm(forms.Form):
    """`called` are picked by code, `more` typed by name; `within` empty means the longest allowed."""

    called: tuple[forms.Line, ...] = ()
    more: tuple[forms.Line, ...] = ()
    text: forms.Passage = ""
    place: forms.Line = ""
    within: forms.Line = ""


@pages.get("/tickets/<number>/whistle")
@open_to(*DEPARTMENT_ROLES)
def whistle(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return window(
            work,
            ticket,
            Action.WHISTLE,
            likely=_likely(work, ticket),
            departments=[one.short for one in whistling.callable_by(work)],
            withins=_withins(work, ticket),
            called=whistling.called_to(work, ticket),
        )


def _likely(work: Work, ticket: Ticket) -> list[tuple[str, str]]:
    """Return whom the catalogue names for this matter and the subdistrict may call, for picking."""
    decision = triage.decide_for(work, ticket)
    if decision is None:
        return []
    meant = [decision.lead, *decision.assisting, *(one.department for one in decision.alternatives)]
    known = {one.code: one.short for one in whistling.callable_by(work)}
    has_part = assigned.taking_part(work, ticket)
    return [(code, known[code]) for code in dict.fromkeys(meant) if code in known and code not in has_part]


def _withins(work: Work, ticket: Ticket) -> list[tuple[str, str]]:
    """Return for how soon may be asked: the city's longest, and what is sooner."""
    most = whistling.longest(work, ticket)
    usual = [] if most is None else [("", f"{labels.allowance(str(most))}内")]
    sooner = [
        (one, f"{labels.allowance(one)}内") for one in SOONER if whistling.is_allowed(work, ticket, one)
    ]
    return [*sooner, *usual]


@pages.post("/tickets/<number>/whistle")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(whistle)
def whistle_post(number: str) -> ResponseReturnValue:
    form = forms.read(WhistleForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        typed = [names.department_of(work.city, name, "more") or "" for name in form.more]
        call = whistling.Whistle((*form.called, *typed), form.text, form.place, form.within)
        whistling.whistle(work, ticket, call)
        called = "、".join(filters.department(code, work) for code in dict.fromkeys(call.departments))
    flash(f"已吹哨，{called}已收到通知，到场时限现在起算", "met")
    return go_on(number)


class ArriveForm(forms.Form):
    """`at`: the time of day, of today or, where that is still to come, of yesterday; empty for now."""

    who: forms.Line = ""
    at: time | None = None


@pages.get("/tickets/<number>/arrive")
@open_to(*DEPARTMENT_ROLES)
def arrive(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        mine = [
            one
            for one in whistling.called_to(work, ticket)
            if one.part.department_code == work.actor.department_code
        ]
        orders = whistling.orders(work, ticket)
        return window(
            work,
            ticket,
            Action.ARRIVE,
            mine=mine[-1] if mine else None,
            order=orders.get(work.actor.department_code or ""),
            clock_now=f"{work.now.astimezone(work.city.zone):%H:%M}",
        )


@pages.post("/tickets/<number>/arrive")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(arrive)
def arrive_post(number: str) -> ResponseReturnValue:
    form = forms.read(ArriveForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        part = whistling.part_called(work, ticket)
        whistling.arrive(work, ticket, who=form.who, at=_last(work, form.at))
        caller = filters.department(part.from_code, work)
    flash(f"已报到，等 {caller} 确认", "met")
    return go_on(number)


def _last(work: Work, at: time | None) -> datetime | None:
    """Return when it was last this time of day."""
    if at is None:
        return None
    local = work.now.astimezone(work.city.zone)
    today: date = local.date()
    moment = datetime.combine(today, at, work.city.zone)
    # The present minute has begun: what is typed of it is now, not yesterday.
    if moment > local:
        moment -= timedelta(days=1)
    return moment


class ConfirmForm(forms.Form):
    department: forms.Line = ""
    granted: forms.Line = ""
    text: forms.Passage = ""


@pages.get("/tickets/<number>/arrivals")
@open_to(*DEPARTMENT_ROLES)
def confirm_arrival(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        waiting = {one.id for one in whistling.to_confirm(work, ticket)}
        said = [one for one in whistling.called_to(work, ticket) if one.part.id in waiting]
        return window(work, ticket, Action.CONFIRM_ARRIVAL, said=said)


@pages.post("/tickets/<number>/arrivals")
@open_to(*DEPARTMENT_ROLES)
@forms.shown_again(confirm_arrival)
def confirm_arrival_post(number: str) -> ResponseReturnValue:
    form = forms.read(ConfirmForm, request.form)
    if form.granted not in {"1", "0"}:
        raise InvalidInput({"granted": "choose"})
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        if form.granted == "1":
            whistling.confirm_arrival(work, ticket, department=form.department)
        else:
            whistling.deny_arrival(work, ticket, department=form.department, text=form.text)
        who = filters.department(form.department, work)
    if form.granted == "1":
        flash(f"已确认 {who} 到场", "met")
    else:
        flash(f"已否认 {who} 的报到，到场时限接着走", "near")
    return go_on(number)
