"""Whose is it, when departments disagree (会商): who said what, side by side, and what the arbiter does.

How it ends is in `rulings`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, Status, next_status
from hotline.models.application import Application
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, disputes, requested, timeline, triage, worklists
from hotline.tickets.assigned import assignment_of
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
        Action.CONVENE,
        Action.GIVE_OPINION,
        Action.WRITE_MINUTES,
        Action.DESIGNATE,
    }
)


GIVEN = Action.GIVE_OPINION


@dataclass(frozen=True)
class Candidate:
    """A department that the evidence names. `against`: it said itself that it is not its own."""

    code: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """A unit that is to be heard. `opinion` None: it has not spoken yet."""

    code: str
    opinion: str | None


@dataclass(frozen=True)
class Evidence:
    """`returns`: who said “not mine”, oldest first. `book`: the catalogue, None without a category.

    `meets_at`: when the units meet; None while none are called.
    """

    returns: Sequence[Application]
    book: Decision | None
    book_grounds: Sequence[Ground]
    book_others: Sequence[tuple[str, Ground]]
    candidates: Sequence[Candidate]
    entries: Sequence[trail.Entry]
    provisional: str | None
    opened_at: datetime | None
    meets_at: datetime | None
    units: Sequence[Unit]
    minutes: str | None


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


class ConveneForm(forms.Form):
    """`more`: further units, typed. `meets_at`: local, as the browser writes it."""

    units: tuple[str, ...] = ()
    more: forms.Line = ""
    meets_at: forms.Line = ""
    text: forms.Passage = ""

    def codes(self, work: Work) -> list[str]:
        typed = [one for one in re.split(r"[、,，;；\s]+", self.more) if one]
        more = [names.department_of(work.city, one, "more") for one in typed]
        return [*self.units, *(one for one in more if one)]

    def moment(self, work: Work) -> datetime:
        try:
            return datetime.fromisoformat(self.meets_at.replace(" ", "T")).replace(
                tzinfo=work.city.calendar.zone
            )
        except ValueError:
            raise InvalidInput({"meets_at": "moment" if self.meets_at else "missing"}) from None


class SpokenForm(forms.Form):
    department: forms.Line = ""
    opinion: forms.Passage = ""


class MinutesForm(forms.Form):
    text: forms.Passage = ""


# What the arbiter does to a dispute, in the order of a hearing.
STEPS = (
    Action.NAME_PROVISIONAL,
    Action.CONVENE,
    Action.GIVE_OPINION,
    Action.WRITE_MINUTES,
    Action.DESIGNATE,
)


def page(number: str, action: Action, **shown: object) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        next_status(ticket.status, action)
        if action is Action.OPEN_DISPUTE:
            disputes.require_disputed(work, ticket)
        return drawn(work, ticket, action, **shown)


def drawn(work: Work, ticket: Ticket, action: Action, **shown: object) -> str:
    """Draw the dispute with the form of `action` beside it. A few queries."""
    return render_template(
        "supervisor/dispute.html",
        work=work,
        ticket=ticket,
        action=action,
        steps=STEPS if ticket.status is Status.DISPUTED else (),
        back=way_back(ticket.number),
        clock_now=deadlines.nearest_of(work, [ticket]).get(ticket.id),
        evidence=gather(work, ticket),
        names=sorted(names.department_names(work.city)),
        **shown,
    )


def gather(work: Work, ticket: Ticket) -> Evidence:
    """Return what speaks for and against each department. A few queries."""
    returns = requested.returns_of(work, [ticket]).get(ticket.id, [])
    book = triage.decide_for(work, ticket)
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    events = [event for event in timeline.events_of(work, ticket) if event.action in TO_AND_FRO]
    called = [one for one in events if one.action is Action.CONVENE]
    opened = [one for one in events if one.action is Action.OPEN_DISPUTE]
    said = {one.details["unit"]: one.details["opinion"] for one in events if one.action is GIVEN}
    return Evidence(
        returns=returns,
        book=book,
        book_grounds=grounds(book, work) if book else (),
        book_others=[(one.department, ground(one.reason, work)) for one in book.alternatives] if book else (),
        candidates=_candidates(work, returns, book),
        entries=trail.entries(events, work),
        provisional=provisional.department_code if provisional else None,
        opened_at=opened[-1].at if opened else None,
        meets_at=datetime.fromisoformat(called[-1].details["meets_at"]) if called else None,
        units=[
            Unit(one.department_code, said.get(one.department_code))
            for one in disputes.convened(work, ticket)
        ],
        minutes=disputes.minutes_of(work, ticket),
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


@pages.get("/disputes", endpoint="disputes")
@open_to(Role.SUPERVISOR)
def listed() -> ResponseReturnValue:
    """List what waits for a ruling, the one with the least time left first."""
    with runtime.view(g.viewer) as work:
        found = worklists.page(work, worklists.Filter(tab="disputed"), after=request.args.get("after"))
        returns = requested.returns_of(work, found.tickets)
        return render_template(
            "supervisor/disputes.html",
            work=work,
            page=found,
            clocks=deadlines.nearest_of(work, found.tickets),
            returns=returns,
            rows=[_row(work, ticket) for ticket in found.tickets],
        )


@dataclass(frozen=True)
class Row:
    """A dispute in the list: since when, who works on, and what is still to be done."""

    ticket: Ticket
    opened_at: datetime | None
    provisional: str | None
    units: int
    heard: int
    next: Action


def _row(work: Work, ticket: Ticket) -> Row:
    """Four queries: few tickets are ever in dispute."""
    opened = timeline.acted(work, ticket, Action.OPEN_DISPUTE)
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    units = disputes.convened(work, ticket)
    if provisional is None:
        coming = Action.NAME_PROVISIONAL
    elif not units:
        coming = Action.CONVENE
    else:
        coming = Action.DESIGNATE if disputes.minutes_of(work, ticket) else Action.WRITE_MINUTES
    return Row(
        ticket,
        opened[-1].at if opened else None,
        provisional.department_code if provisional else None,
        len(units),
        sum(one.answered_at is not None for one in units),
        coming,
    )


@pages.get("/tickets/<number>/dispute")
@open_to(Role.SUPERVISOR, Role.DISPATCHER)
def open_dispute(number: str) -> ResponseReturnValue:
    return page(number, Action.OPEN_DISPUTE)


@pages.post("/tickets/<number>/dispute")
@open_to(Role.SUPERVISOR, Role.DISPATCHER)
@forms.shown_again(open_dispute)
def open_dispute_post(number: str) -> ResponseReturnValue:
    form = forms.read(DisputeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        disputes.open_dispute(work, ticket, text=form.text)
    if Role.SUPERVISOR in g.viewer.roles:
        return done(number, f"{number} 已提请会商。办结时限照走，请指定先行办理的单位")
    return done(number, f"{number} 已提请会商，由督办员裁定。办结时限照走")


@pages.get("/tickets/<number>/provisional")
@open_to(Role.SUPERVISOR)
def name_provisional(number: str) -> ResponseReturnValue:
    return page(number, Action.NAME_PROVISIONAL)


@pages.post("/tickets/<number>/provisional")
@open_to(Role.SUPERVISOR)
@forms.shown_again(name_provisional)
def name_provisional_post(number: str) -> ResponseReturnValue:
    form = forms.read(DepartmentForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = form.code(work)
        disputes.name_provisional(work, ticket, department=code, text=form.text)
        short = filters.department(code, work)
    return done(number, f"已指定{short}先行办理，裁定后再定由谁办结")


@pages.get("/tickets/<number>/convene")
@open_to(Role.SUPERVISOR)
def convene(number: str) -> ResponseReturnValue:
    return page(number, Action.CONVENE)


@pages.post("/tickets/<number>/convene")
@open_to(Role.SUPERVISOR)
@forms.shown_again(convene)
def convene_post(number: str) -> ResponseReturnValue:
    form = forms.read(ConveneForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        units, meets_at = form.codes(work), form.moment(work)
        disputes.convene(work, ticket, units=units, meets_at=meets_at, text=form.text)
        when = filters.local_time(meets_at, work)
    return done(number, f"已通知 {len(units)} 个单位 {when} 会商，意见交来会提醒您")


@pages.get("/tickets/<number>/opinion")
@open_to(Role.SUPERVISOR)
def give_opinion(number: str) -> ResponseReturnValue:
    return page(number, Action.GIVE_OPINION)


@pages.post("/tickets/<number>/opinion")
@open_to(Role.SUPERVISOR)
@forms.shown_again(give_opinion)
def give_opinion_post(number: str) -> ResponseReturnValue:
    """The arbiter writes down what a unit said at the table."""
    form = forms.read(SpokenForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        disputes.give_opinion(work, ticket, opinion=form.opinion, department=form.department or None)
        short = filters.department(form.department, work)
    return done(number, f"已记下{short}的意见")


@pages.get("/tickets/<number>/minutes")
@open_to(Role.SUPERVISOR)
def write_minutes(number: str) -> ResponseReturnValue:
    return page(number, Action.WRITE_MINUTES)


@pages.post("/tickets/<number>/minutes")
@open_to(Role.SUPERVISOR)
@forms.shown_again(write_minutes)
def write_minutes_post(number: str) -> ResponseReturnValue:
    form = forms.read(MinutesForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        disputes.write_minutes(work, ticket, text=form.text)
    return done(number, f"{number} 会商纪要已记，可以裁定了")
