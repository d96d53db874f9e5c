"""The ticket page that all desks share, and the lists behind every number."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    assigned,
    callers,
    deadlines,
    exchange,
    merging,
    options,
    ordered,
    orders,
    splitting,
    timeline,
    urgings,
    worklists,
)
from hotline.tickets.custody.account import account
from hotline.tickets.worklists import Filter
from hotline.web import custody, forms, passports, shell, together, trail
from hotline.web.access import DEPARTMENT_ROLES, HOTLINE_ROLES, may, open_to
from hotline.web.lists import DEPARTMENT_TABS, HOTLINE_TABS, TABS, ListQuery
from hotline.work import Work
from sla.policy import Stage

pages = Blueprint("tickets", __name__, url_prefix="/tickets")

DESKS = HOTLINE_ROLES | DEPARTMENT_ROLES
AUDIENCES = {"public": "公开", "internal": "内部", "system": "系统"}
# So few digits call nobody: an extension, a house, a year.
SHORTEST_PHONE = 5


@pages.get("")
@open_to(*DESKS)
def list_page() -> ResponseReturnValue:
    query = forms.read(ListQuery, request.args)
    tabs = DEPARTMENT_TABS if g.viewer.department_code else HOTLINE_TABS
    with runtime.view(g.viewer) as work:
        narrowed = query.narrowed(work)
        page = worklists.page(work, narrowed, after=query.after or None)
        return render_template(
            "tickets/list.html",
            work=work,
            query=query,
            narrowed=narrowed,
            asked=query.asked(work),
            page=page,
            clocks=deadlines.nearest_of(work, page.tickets),
            tabs=[(name, TABS[name]) for name in tabs],
            tab_name=TABS.get(narrowed.tab, narrowed.tab),
            tab_counts=worklists.counts(work, list(tabs), narrowed),
            args=request.args.to_dict(),
        )


@pages.get("/search")
@open_to(*DESKS)
def search() -> ResponseReturnValue:
    """Find by number or by words of the title."""
    words = _asked_for(request.args)
    with runtime.view(g.viewer) as work:
        return _found(work, words, _titled(words), request.args.get("after"))


@pages.post("/search")
@open_to(*DESKS)
def search_post() -> ResponseReturnValue:
    """Find, at the hotline's own desks also by the number that calls. Only words come into an address.

    Addresses are kept in histories and logs, where a caller's number must not be.
    """
    words, after = _asked_for(request.form), request.form.get("after")
    if sum(character.isdecimal() for character in words) < SHORTEST_PHONE:
        return redirect(url_for(".search", q=words, after=after), 303)
    with runtime.view(g.viewer) as work:
        return _found(work, words, _called_from(work, words) or _titled(words), after)


def _asked_for(fields: MultiDict[str, str]) -> str:
    return str(forms.one_line(fields.get("q", "")))[: forms.LINE_LENGTH]


def _found(work: Work, words: str, narrowed: Filter | None, after: str | None) -> ResponseReturnValue:
    """Show one page of what was found; a whole number leads straight to its ticket."""
    page = worklists.page(work, narrowed, after=after) if narrowed else worklists.Page([], None)
    if [one.number for one in page.tickets] == [words.replace(" ", "")]:
        return redirect(url_for(".ticket", number=page.tickets[0].number), 303)
    return render_template(
        "tickets/search.html",
        work=work,
        words=words,
        page=page,
        number=worklists.counts(work, ["all"], narrowed)["all"] if narrowed else 0,
        is_first=not after,
        clocks=deadlines.nearest_of(work, page.tickets),
    )


def _titled(words: str) -> Filter | None:
    digits = words.replace(" ", "")
    return Filter(words=digits if digits.isdecimal() else words) if words else None


def _called_from(work: Work, words: str) -> Filter | None:
    if not shell.finds_callers(g.viewer):
        return None
    try:
        caller = callers.find_by_phone(work, words)
    except InvalidInput:
        return None
    return Filter(caller=caller.id) if caller else None


@dataclass(frozen=True)
class Parts:
    """Who acts for the ticket now: the lead and whom inside it, in a dispute the provisional one."""

    lead: Assignment | None
    provisional: Assignment | None


@pages.get("/<number>")
@open_to(*DESKS)
def ticket(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        shown = worklists.ticket_for(work, number)
        possible = options.options(work, shown)
        had_clocks = deadlines.all_of(work, shown)
        clocks = _clocks_on_top(had_clocks, shown)
        events = timeline.events_of(work, shown)
        entries = trail.entries(events, work)
        told = account(work, events)
        had = assigned.assignments_of(work, shown)
        of_ticket = orders.orders_of(work, shown)
        wanted = AUDIENCES.get(request.args.get("trail", ""))
        return render_template(
            "tickets/ticket.html",
            work=work,
            ticket=shown,
            steps=shell.steps_for(possible.legal, number),
            why=shell.conditions_of(possible.legal),
            blocked=[(labels.ACTIONS[action], why_not(code)) for action, code in possible.blocked.items()],
            clocks=clocks,
            main_clock=_main_of(clocks),
            other_clocks=[one for one in had_clocks if one not in clocks],
            passports=passports.passports(work, shown, clocks),
            entries=[one for one in entries if wanted in (None, one.audience)],
            trail_counts=_counts_of(entries),
            trail_wanted=request.args.get("trail", ""),
            parts=_parts_of(had),
            together=together.together(work, shown, had, told.shares),
            custody=custody.shown(work, told),
            children=merging.children_of(work, shown),
            parent=work.session.get(Ticket, shown.parent_id) if shown.parent_id else None,
            others=_others_of(work, shown),
            of_call=worklists.of_same_call(work, shown),
            exchanged=exchange.target_of(work, shown),
            split_off=splitting.split_off(work, shown),
            is_excluded=applications.is_excluded(work, shown),
            urged=urgings.urgings_of(work, shown) if shown.urged else None,
            orders=of_ticket,
            order_clocks=ordered.clocks_of(work, of_ticket),
        )


@pages.post("/<number>/package")
@may(Action.TRANSFER)
def package(number: str) -> ResponseReturnValue:
    """Hand out the package for another city's hotline; that it names the caller goes on the record."""
    with runtime.work(g.viewer) as work:
        shown = worklists.ticket_for(work, number)
        made = exchange.package_of(work, shown)
        if made["caller"]:
            callers.reveal(work, shown, labels.PACKAGE_MADE)
    response = make_response(exchange.written(made, runtime.current().settings.exchange_key))
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def why_not(code: str) -> str:
    """Return the sentence for a reason of either kind."""
    return labels.refusal(code) if code in labels.REFUSALS else labels.problem(code)


def _clocks_on_top(clocks: Sequence[Deadline], ticket: Ticket) -> list[Deadline]:
    """Return the clocks to show: the last of each stage in this round that was not called off."""
    latest = {
        one.stage: one
        for one in clocks
        if one.round == ticket.round and one.outcome is not DeadlineOutcome.CANCELLED
    }
    mine = [one for one in latest.values() if one.department_code or one.settled_at is None]
    return (mine or list(latest.values()))[-6:]


def _main_of(clocks: Sequence[Deadline]) -> int | None:
    """Return the id of the clock that is asked about first: the result's, else the last one."""
    results = [one for one in clocks if one.stage is Stage.RESOLVE] or clocks
    return results[-1].id if results else None


def _counts_of(entries: Sequence[trail.Entry]) -> list[tuple[str, str, int]]:
    counted = [("", "全部", len(entries))]
    for name, words in AUDIENCES.items():
        counted.append((name, words, sum(one.audience == words for one in entries)))
    return counted


def _parts_of(assignments: Sequence[Assignment]) -> Parts:
    held = [one for one in assignments if one.ended_at is None]
    return Parts(
        lead=next((one for one in held if one.part is Part.LEAD), None),
        provisional=next((one for one in held if one.part is Part.PROVISIONAL), None),
    )


def _others_of(work: Work, ticket: Ticket) -> list[Ticket]:
    """Return the caller's other tickets; an anonymous caller has none, a department sees its own.

    No department learns from them who stands behind a confidential one.
    """
    if ticket.anonymous or Role.ADMIN in work.actor.roles or not callers.may_know(work, ticket):
        return []
    others = worklists.tickets_of_caller(work, ticket.caller_id)
    return [one for one in others if one.id != ticket.id and callers.may_know(work, one)]
