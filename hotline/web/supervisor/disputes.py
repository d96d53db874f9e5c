"""Whose is it, when departments disagree (会商、裁定): who said what, side by side, and the forms to rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, next_status
from hotline.models.application import Application
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, requested, supervision, timeline, triage, worklists
from hotline.tickets.guards import assignment_of
from hotline.web import filters, forms, names, trail
from hotline.web.access import open_to
from hotline.web.grounds import Ground, ground, grounds
from hotline.web.supervisor.blueprint import done, pages, way_back
from hotline.work import Work
from routing import Decision

# What the trail shows beside the evidence: how the ticket went to and fro.
TO_AND_FRO = frozenset(
    {
        Action.DISPATCH,
        Action.REQUEST_RETURN,
        Action.GRANT_RETURN,
        Action.REFUSE_RETURN,
        Action.OPEN_DISPUTE,
        Action.NAME_PROVISIONAL,
        Action.DESIGNATE,
    }
)


@dataclass(frozen=True)
class Candidate:
    """A department that the evidence names. `against`: it said itself that it is not its own."""

    code: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """`returns`: who said “not mine”, oldest first. `book`: the catalogue, None without a category."""

    returns: Sequence[Application]
    book: Decision | None
    book_grounds: Sequence[Ground]
    book_others: Sequence[tuple[str, Ground]]
    candidates: Sequence[Candidate]
    entries: Sequence[trail.Entry]
    provisional: str | None


class DisputeForm(forms.Form):
    text: forms.Passage = ""


class DepartmentForm(forms.Form):
    """`other`, typed, goes before the chosen `department`."""

    department: forms.Line = ""
    other: forms.Line = ""
    text: forms.Passage = ""

    def code(self, work: Work) -> str:
        """Raises InvalidInput when nothing was chosen or nobody is called so."""
        code = names.department_of(work.city, self.other, "other") or self.department
        if not code:
            raise InvalidInput({"department": "choose"})
        return code


def _page(number: str, action: Action) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        next_status(ticket.status, action)
        return render_template(
            "supervisor/dispute.html",
            work=work,
            ticket=ticket,
            action=action,
            back=way_back(number),
            clock_now=deadlines.nearest_of(work, [ticket]).get(ticket.id),
            evidence=gather(work, ticket),
            names=sorted(names.department_names(work.city)),
        )


def gather(work: Work, ticket: Ticket) -> Evidence:
    """Return what speaks for and against each department. A few queries."""
    returns = requested.returns_of(work, [ticket]).get(ticket.id, [])
    book = triage.decide_for(work, ticket)
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    events = [event for event in timeline.events_of(work, ticket) if event.action in TO_AND_FRO]
    return Evidence(
        returns=returns,
        book=book,
        book_grounds=grounds(book, work) if book else (),
        book_others=[(one.department, ground(one.reason, work)) for one in book.alternatives] if book else (),
        candidates=_candidates(work, returns, book),
        entries=trail.entries(events, work),
        provisional=provisional.department_code if provisional else None,
    )


def _candidates(work: Work, returns: Sequence[Application], book: Decision | None) -> list[Candidate]:
    """Return every department that was named, the best supported first."""
    supports: dict[str, list[str]] = {}
    if book and book.lead:
        supports.setdefault(book.lead, []).append("派单目录判给它")
    for one in returns:
        if one.suggested_code:
            said = f"{filters.department(one.department_code, work)}认为该它办"
            supports.setdefault(one.suggested_code, []).append(said)
    refusals = {one.department_code for one in returns}
    for code in sorted(refusals):
        supports.setdefault(code, [])
    found = [
        Candidate(code, tuple(_once(reasons)), ("它申请过退单",) if code in refusals else ())
        for code, reasons in supports.items()
    ]
    return sorted(found, key=lambda one: (len(one.against), -len(one.reasons)))


def _once(words: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(words)


@pages.get("/tickets/<number>/dispute")
@open_to(Role.SUPERVISOR)
def open_dispute(number: str) -> ResponseReturnValue:
    return _page(number, Action.OPEN_DISPUTE)


@pages.post("/tickets/<number>/dispute")
@open_to(Role.SUPERVISOR)
@forms.shown_again(open_dispute)
def open_dispute_post(number: str) -> ResponseReturnValue:
    form = forms.read(DisputeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        supervision.open_dispute(work, ticket, text=form.text)
    return done(number, f"{number} 已提请会商。办结时限照走，请指定先行办理的单位或直接裁定")


@pages.get("/tickets/<number>/provisional")
@open_to(Role.SUPERVISOR)
def name_provisional(number: str) -> ResponseReturnValue:
    return _page(number, Action.NAME_PROVISIONAL)


@pages.post("/tickets/<number>/provisional")
@open_to(Role.SUPERVISOR)
@forms.shown_again(name_provisional)
def name_provisional_post(number: str) -> ResponseReturnValue:
    form = forms.read(DepartmentForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = form.code(work)
        supervision.name_provisional(work, ticket, department=code, text=form.text)
        short = filters.department(code, work)
    return done(number, f"已指定{short}先行办理，裁定后再定由谁办结")


@pages.get("/tickets/<number>/designate")
@open_to(Role.SUPERVISOR)
def designate(number: str) -> ResponseReturnValue:
    return _page(number, Action.DESIGNATE)


@pages.post("/tickets/<number>/designate")
@open_to(Role.SUPERVISOR)
@forms.shown_again(designate)
def designate_post(number: str) -> ResponseReturnValue:
    form = forms.read(DepartmentForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = form.code(work)
        supervision.designate(work, ticket, department=code, text=form.text)
        short = filters.department(code, work)
    return done(number, f"{number} 已裁定由{short}承办，不能再退")
