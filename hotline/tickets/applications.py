"""What a department asks for and another decides: one table, one set of limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from hotline.errors import InvalidInput, LimitReached, NotFound
from hotline.lifecycle import Action, Status, acting_role
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.guards import require_lead, require_other_side
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.clock import Clock, Pause
from sla.policy import Stage

# Field of the form → what is missing in it.
_LACKING = {"basis": "missing_basis", "suggested": "missing_department"}
UNDECIDED = (ApplicationState.PENDING, ApplicationState.SECONDED)


@dataclass(frozen=True)
class ReturnRequest:
    """Why a department says “not mine”: coded reason, legal or mandate basis, and whose it is then."""

    reason: str
    basis: str
    text: str = ""
    suggested: str | None = None


def pending(work: Work, ticket: Ticket, kind: ApplicationKind) -> Application:
    """Return the undecided application of this kind. Raises NotFound. One query."""
    waiting = (
        select(Application)
        .where(
            Application.ticket_id == ticket.id,
            Application.kind == kind,
            Application.state.in_(UNDECIDED),
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
    application = work.session.scalar(waiting)
    if application is None:
        raise NotFound("application", f"{ticket.number}/{kind}")
    return application


def close(work: Work, application: Application, *, granted: bool, text: str) -> None:
    application.state = ApplicationState.GRANTED if granted else ApplicationState.REFUSED
    application.decided_at = work.now
    application.decided_by_id = work.actor.user_id
    application.decision = text.strip()


def lapse(work: Work, ticket: Ticket) -> None:
    """Close what nobody decided because the ticket moved on meanwhile."""
    undecided = select(Application).where(
        Application.ticket_id == ticket.id, Application.state.in_(UNDECIDED)
    )
    for application in work.session.scalars(undecided):
        application.state = ApplicationState.LAPSED
        application.decided_at = work.now


def ask_return(work: Work, ticket: Ticket, request: ReturnRequest) -> Application:
    """Check a return against the city's rules and file it. Raises InvalidInput, LimitReached.

    Not twice by one department on one ticket, not after a ruling, and once accepted only inside
    the window of returns.toml.
    """
    require_lead(work, ticket, Action.REQUEST_RETURN)
    _require_grounds(work, request)
    require_returnable(work, ticket)
    return _file(
        work,
        ticket,
        ApplicationKind.RETURN,
        reason=request.reason,
        basis=request.basis,
        text=request.text,
        suggested_code=request.suggested,
    )


def require_returnable(work: Work, ticket: Ticket) -> None:
    """Refuse what no ground could make returnable (LimitReached): ruled on, asked before, too late."""
    if ticket.designated:
        raise LimitReached("reason", "designated", ticket.number)
    mine = [one for one in _asked(work, ticket, ApplicationKind.RETURN) if _is_own(work, one)]
    if mine and work.city.returns.once_per_department:
        raise LimitReached("reason", "asked_before", 1)
    _require_window(work, ticket)


def _require_grounds(work: Work, request: ReturnRequest) -> None:
    rules = work.city.returns
    if request.reason not in rules.reasons:
        raise InvalidInput({"reason": "choose"})
    lacking = rules.reasons[request.reason].missing(basis=request.basis, department=request.suggested)
    problems = {
        name: problem for name, problem in _LACKING.items() if problem.removeprefix("missing_") in lacking
    }
    if request.suggested and request.suggested not in work.city.departments:
        problems["suggested"] = "unknown_department"
    elif request.suggested and request.suggested == work.actor.department_code:
        problems["suggested"] = "own_department"
    if problems:
        raise InvalidInput(problems)


def _require_window(work: Work, ticket: Ticket) -> None:
    closes = window_closes_at(work, ticket)
    if closes is not None and work.now > closes:
        raise LimitReached("reason", "window_closed", work.city.returns.window)


def window_closes_at(work: Work, ticket: Ticket) -> datetime | None:
    """Return until when this round's acceptance may be followed by a return; None before it. One query."""
    accepted = [event for event in timeline.acted(work, ticket, Action.ACCEPT) if event.round == ticket.round]
    if not accepted or ticket.status != accepted[-1].to_status:
        return None
    return Clock(accepted[-1].at).due_at(work.city.calendar, parse_allowance(work.city.returns.window))


def returns_asked(work: Work, ticket: Ticket) -> int:
    return len(list(_asked(work, ticket, ApplicationKind.RETURN)))


def require_not_for_arbiter(work: Work, ticket: Ticket) -> None:
    if work.city.returns.goes_to_arbitration(returns_asked(work, ticket)):
        raise LimitReached("decision", "for_arbiter", work.city.returns.limit)


def require_extensible(work: Work, ticket: Ticket) -> tuple[Deadline, Allowance]:
    """Return the clock that may be lengthened, and by how much at most.

    Raises LimitReached: no clock runs, the city allows no extension here, or its time is already up.
    """
    clock = _resolve_clock(work, ticket)
    cap = work.city.policy.extension(deadlines.case_of(ticket))
    if cap is None:
        raise LimitReached("amount", "no_extension", 0)
    if clock.due_at is not None and work.now > clock.due_at:
        raise LimitReached("amount", "extension_too_late", str(cap))
    return clock, cap


def request_extension(work: Work, ticket: Ticket, *, amount: str, reason: str, text: str) -> Application:
    """Ask for more time (申请延期), before the deadline passes. Raises InvalidInput, LimitReached.

    `amount` is an allowance in the unit of the clock, at most what the city's policy allows.
    """
    require_lead(work, ticket, Action.REQUEST_EXTENSION)
    _require_text(reason=reason, text=text)
    clock, cap = require_extensible(work, ticket)
    asked = _read_amount(amount)
    own_unit = parse_allowance(clock.allowance).unit
    if asked.unit is not own_unit or asked.unit is not cap.unit or asked.amount > cap.amount:
        raise LimitReached("amount", "extension_too_long", str(cap))
    _require_count(work, ticket, ApplicationKind.EXTENSION, work.city.extension.times, round_=ticket.round)
    application = _file(work, ticket, ApplicationKind.EXTENSION, reason=reason, text=text, amount=str(asked))
    record(
        work,
        ticket,
        Action.REQUEST_EXTENSION,
        application=application.id,
        amount=str(asked),
        reason=reason,
        text=text,
    )
    return application


def decide_extension(work: Work, ticket: Ticket, *, granted: bool, text: str) -> None:
    """Grant or refuse more time. Granted, the resolve clock grows and the caller is told."""
    action = Action.GRANT_EXTENSION if granted else Action.REFUSE_EXTENSION
    require_other_side(work, ticket, action)
    _require_reason_to_refuse(granted=granted, text=text)
    application = pending(work, ticket, ApplicationKind.EXTENSION)
    clock = deadlines.extend(work, ticket, _read_amount(application.amount or "")) if granted else None
    record(
        work,
        ticket,
        action,
        application=application.id,
        amount=application.amount,
        due_at=clock.due_at.isoformat() if clock and clock.due_at else None,
        text=text.strip(),
    )
    close(work, application, granted=granted, text=text)


def request_exclusion(work: Work, ticket: Ticket, *, reason: str, basis: str, text: str) -> Application:
    """Ask to leave this round out of the scorecard (申请剔除), with the ground and its proof."""
    acting_role(Action.REQUEST_EXCLUSION, work.actor.roles)
    require_lead(work, ticket, Action.REQUEST_EXCLUSION)
    _require_text(reason=reason, basis=basis, text=text)
    _require_count(work, ticket, ApplicationKind.EXCLUSION, 1, round_=ticket.round)
    application = _file(work, ticket, ApplicationKind.EXCLUSION, reason=reason, basis=basis, text=text)
    record(
        work,
        ticket,
        Action.REQUEST_EXCLUSION,
        application=application.id,
        reason=reason,
        basis=basis,
        text=text,
    )
    return application


def decide_exclusion(work: Work, ticket: Ticket, *, granted: bool, text: str) -> Application:
    """Grant or refuse an exclusion. It takes two different reviewers to grant one."""
    action = Action.GRANT_EXCLUSION if granted else Action.REFUSE_EXCLUSION
    require_other_side(work, ticket, action)
    _require_reason_to_refuse(granted=granted, text=text)
    application = pending(work, ticket, ApplicationKind.EXCLUSION)
    if granted and application.seconded_by_id == work.actor.user_id:
        raise InvalidInput({"decision": "second_person"})
    final = not granted or application.state is ApplicationState.SECONDED
    record(work, ticket, action, application=application.id, final=final, text=text.strip())
    if final:
        close(work, application, granted=granted, text=text)
    else:
        application.state = ApplicationState.SECONDED
        application.seconded_by_id = work.actor.user_id
    return application


def is_excluded(work: Work, ticket: Ticket) -> bool:
    """Tell whether two reviewers left the present round out of the scorecard (剔除). One query."""
    asked = _asked(work, ticket, ApplicationKind.EXCLUSION)
    return any(one.round == ticket.round and one.state is ApplicationState.GRANTED for one in asked)


def ask_suspension(work: Work, ticket: Ticket, *, reason: str, text: str, until: date | None) -> Application:
    """File a suspension. `until` None or outside the city's cap is refused."""
    require_lead(work, ticket, Action.REQUEST_SUSPENSION)
    _require_text(reason=reason, text=text)
    caps = work.city.suspension
    if reason not in caps.reasons:
        raise InvalidInput({"reason": "choose"})
    today = work.city.calendar.day_of(work.now)
    if until is None or until <= today:
        raise InvalidInput({"until": "future_day"})
    if until > last_suspension_day(work, ticket):
        raise LimitReached("until", "suspension_too_long", str(caps.total))
    _require_count(work, ticket, ApplicationKind.SUSPENSION, caps.times)
    return _file(work, ticket, ApplicationKind.SUSPENSION, reason=reason, text=text, until=until)


def last_suspension_day(work: Work, ticket: Ticket) -> date:
    """Return the last day that suspensions of `ticket` may reach, those it has had counted."""
    total = work.city.suspension.total
    had = tuple(
        Pause(spell.begin, spell.end)
        for spell in timeline.spells(work, ticket)
        if spell.status is Status.SUSPENDED
    )
    calendar = work.city.calendar
    used = sum(
        (Clock(one.begin).elapsed(calendar, total, one.end or work.now) for one in had), start=timedelta()
    )
    latest = Clock(work.now).moment_when(calendar, total, Clock(work.now).granted(calendar, total) - used)
    return calendar.day_of(latest or work.now)


def _require_count(
    work: Work, ticket: Ticket, kind: ApplicationKind, limit: int, *, round_: int | None = None
) -> None:
    """Neither more than `limit` granted (in this round, where one is named), nor two waiting at once."""
    asked = [one for one in _asked(work, ticket, kind) if round_ in (None, one.round)]
    if any(one.state in UNDECIDED for one in asked):
        raise LimitReached("reason", "already_asked", 1)
    if sum(one.state is ApplicationState.GRANTED for one in asked) >= limit:
        raise LimitReached("reason", "limit_reached", limit)


def _asked(work: Work, ticket: Ticket, kind: ApplicationKind) -> Iterable[Application]:
    return work.session.scalars(
        select(Application).where(Application.ticket_id == ticket.id, Application.kind == kind)
    )


def _is_own(work: Work, application: Application) -> bool:
    return application.department_code == work.actor.department_code


def _resolve_clock(work: Work, ticket: Ticket) -> Deadline:
    for deadline in deadlines.running(work, ticket):
        if deadline.stage is Stage.RESOLVE:
            return deadline
    raise LimitReached("amount", "no_clock", 0)


def _read_amount(text: str) -> Allowance:
    try:
        return parse_allowance(text)
    except ValueError:
        raise InvalidInput({"amount": "amount"}) from None


def _require_text(**fields: str) -> None:
    problems = {name: "missing" for name, text in fields.items() if not text.strip()}
    if problems:
        raise InvalidInput(problems)


def _require_reason_to_refuse(*, granted: bool, text: str) -> None:
    if not granted and not text.strip():
        raise InvalidInput({"decision": "say_why"})


def _file(
    work: Work,
    ticket: Ticket,
    kind: ApplicationKind,
    *,
    reason: str,
    basis: str = "",
    text: str = "",
    suggested_code: str | None = None,
    amount: str | None = None,
    until: date | None = None,
) -> Application:
    application = Application(
        ticket_id=ticket.id,
        kind=kind,
        state=ApplicationState.PENDING,
        round=ticket.round,
        department_code=work.actor.department_code,
        reason=reason,
        basis=basis.strip(),
        text=text.strip(),
        suggested_code=suggested_code,
        amount=amount,
        until=until,
        asked_at=work.now,
        asked_by_id=work.actor.user_id,
    )
    work.session.add(application)
    work.session.flush()
    return application


def waiting_counts(work: Work) -> dict[ApplicationKind, int]:
    """Return how many applications of each kind wait for a decision. One query."""
    counted = (
        select(Application.kind, func.count())
        .where(Application.state.in_(UNDECIDED))
        .group_by(Application.kind)
    )
    return dict(work.session.execute(counted).all())
