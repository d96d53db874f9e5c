"""Whether a department may still say “not mine” (退单), on which ground, and to whom it may then go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.ticket import Ticket
from hotline.tickets import applications, timeline
from hotline.work import Work
from routing import Ground, is_ping_pong
from routing.catalogue import Entry
from sla.allowance import parse as parse_allowance
from sla.clock import Clock

# What a return lacks → the code of its field.
_LACKING = {"basis": "missing_basis", "suggested": "missing_department", "evidence": "missing_evidence"}


@dataclass(frozen=True)
class ReturnRequest:
    """Why a department says “not mine”: coded reason, basis, whose it is then, and what was found.

    `basis`: a law in words; left empty, `entry`, "version:line" of the catalogue, speaks for itself.
    """

    reason: str
    basis: str
    text: str = ""
    suggested: str | None = None
    evidence: str = ""
    entry: str | None = None


@dataclass(frozen=True)
class Grounds:
    """What a return rests on, as it is stored. `entry`: version and line of the catalogue, "3f…:12"."""

    reason: str
    basis: str
    entry: str | None
    suggested_code: str | None
    evidence: str
    text: str


def returned_by(work: Work, ticket: Ticket) -> list[Application]:
    """Return every return that was asked for on this ticket, oldest first. One query."""
    return applications.asked_for(work, ticket, ApplicationKind.RETURN)


def returned_in_round(work: Work, ticket: Ticket) -> list[Application]:
    """As `returned_by`, of the present round alone. One query.

    A new round is a new handling: how often it was returned, refused or sent to and fro before, and on which
    grounds, limits nobody any more.
    """
    return [one for one in returned_by(work, ticket) if one.round == ticket.round]


def require_returnable(work: Work, ticket: Ticket) -> None:
    """Refuse what no ground could make returnable (LimitReached): ruled on, asked before, too late.

    Whose a ticket is, is ruled once and for all its rounds; what was asked counts in its own alone.
    """
    if ticket.designated:
        raise LimitReached("reason", "designated", ticket.number)
    asked_before = [one.department_code for one in returned_in_round(work, ticket)]
    if not work.city.returns.may_ask(work.actor.department_code or "", asked_before):
        raise LimitReached("reason", "asked_before", 1)
    closes = window_closes_at(work, ticket)
    if closes is not None and work.now > closes:
        raise LimitReached("reason", "window_closed", work.city.returns.window)


def window_closes_at(work: Work, ticket: Ticket) -> datetime | None:
    """Return until when this round's acceptance may be followed by a return; None before it. One query."""
    accepted = [event for event in timeline.acted(work, ticket, Action.ACCEPT) if event.round == ticket.round]
    if not accepted or ticket.status != accepted[-1].to_status:
        return None
    calendar = work.city.calendars.of(ticket.lead_code)
    return Clock(accepted[-1].at).due_at(calendar, parse_allowance(work.city.returns.window))


def grounds_of(work: Work, ticket: Ticket, request: ReturnRequest) -> Grounds:
    """Return what a return rests on. Raises InvalidInput, LimitReached.

    A ground that the desk refused cannot be raised again in its round, by whomever.
    """
    rules = work.city.returns
    if request.reason not in rules.reasons:
        raise InvalidInput({"reason": "choose"})
    entry = _cited(work, request.entry)
    basis = request.basis.strip() or (entry.basis if entry else "")
    _require_whole(work, request, basis)
    ground = Ground.of(request.reason, basis=basis, department=request.suggested)
    if ground in refused_grounds(returned_in_round(work, ticket)):
        raise LimitReached("reason", "same_ground", 1)
    return Grounds(
        reason=request.reason,
        basis=basis,
        entry=f"{work.city.catalogue.version}:{entry.line}" if entry else None,
        suggested_code=request.suggested,
        evidence=request.evidence.strip(),
        text=request.text.strip(),
    )


def citable(work: Work, category: str | None) -> Sequence[Entry]:
    """Return the entries of the catalogue to cite: the category's own, then those beside it. No query."""
    if category is None:
        return ()
    catalogue, day = work.city.catalogue, work.city.calendar.day_of(work.now)
    own = [one for one in catalogue.entries_for(category) if one.in_force(day)]
    parent = work.city.taxonomy[category].parent
    beside = [
        one
        for one in catalogue.entries
        if one.in_force(day) and one not in own and parent and one.category.startswith(parent)
    ]
    return (*own, *beside)


def refused_grounds(returns: Iterable[Application]) -> set[Ground]:
    return {
        Ground.of(one.reason, basis=one.basis, department=one.suggested_code)
        for one in returns
        if one.state is ApplicationState.REFUSED
    }


def _cited(work: Work, written: str | None) -> Entry | None:
    """Return the entry cited as "version:line": a line alone would name another one after a publication."""
    if not written:
        return None
    version, _, line = written.rpartition(":")
    if version != work.city.catalogue.version:
        raise InvalidInput({"entry": "catalogue_changed"})
    for entry in work.city.catalogue.entries:
        if str(entry.line) == line:
            return entry
    raise InvalidInput({"entry": "choice"})


def _require_whole(work: Work, request: ReturnRequest, basis: str) -> None:
    lacking = work.city.returns.reasons[request.reason].missing(
        basis=basis, department=request.suggested, evidence=request.evidence
    )
    problems = {
        name: problem for name, problem in _LACKING.items() if problem.removeprefix("missing_") in lacking
    }
    if request.suggested and request.suggested not in work.city.departments:
        problems["suggested"] = "unknown_department"
    elif request.suggested and request.suggested == work.actor.department_code:
        problems["suggested"] = "own_department"
    if problems:
        raise InvalidInput(problems)


def gave_back(returns: Iterable[Application]) -> list[str]:
    """Return which departments gave the ticket back and were believed, the first one first."""
    return [one.department_code for one in returns if one.state is ApplicationState.GRANTED]


def goes_to_and_fro(work: Work, ticket: Ticket, department: str) -> bool:
    """Tell whether dispatching it to `department` would send it round (A→B→A). One query."""
    return is_ping_pong(gave_back(returned_in_round(work, ticket)), department)


def require_not_to_and_fro(work: Work, ticket: Ticket, department: str) -> None:
    """Refuse to send a ticket back to one that gave it back before another did: only a dispute is left."""
    if ticket.hop and goes_to_and_fro(work, ticket, department):
        raise LimitReached("lead", "to_and_fro", work.city.departments[department].short)


def cause_of_dispute(work: Work, ticket: Ticket) -> str | None:
    """Return why the undecided return, the newest, is the arbiter's and not the desk's. One query."""
    returns = returned_in_round(work, ticket)
    newest = returns[-1]
    if work.city.returns.goes_to_arbitration(len(returns)):
        return "limit"
    back = [*gave_back(returns), newest.department_code]
    return "to_and_fro" if newest.suggested_code and is_ping_pong(back, newest.suggested_code) else None


def require_not_for_arbiter(work: Work, ticket: Ticket) -> None:
    """Refuse to grant what the desk may not (LimitReached)."""
    cause = cause_of_dispute(work, ticket)
    if cause == "limit":
        raise LimitReached("decision", "for_arbiter", work.city.returns.limit)
    if cause:
        raise LimitReached("decision", "would_go_round", 1)


def refusals(returns: Iterable[Application]) -> int:
    return sum(one.state is ApplicationState.REFUSED for one in returns)
