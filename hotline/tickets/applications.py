"""What a department asks for and another decides: one table, one set of limits."""

from datetime import date, timedelta

from sqlalchemy import func, select

from hotline.errors import InvalidInput, LimitReached, NotFound
from hotline.lifecycle import Action, Status, acting_role
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.guards import require_filled, require_lead, require_other_side
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.clock import Clock, Pause
from sla.policy import Stage

UNDECIDED = (ApplicationState.PENDING, ApplicationState.SECONDED)


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


def require_extensible(work: Work, ticket: Ticket) -> tuple[Deadline, Allowance]:
    """Return the clock that may be lengthened, and by how much at most.

    Raises LimitReached: no clock runs, the city allows no extension here, or its time is already up.
    """
    clock = _resolve_clock(work, ticket)
    cap = _longest_extension(work, ticket, clock)
    if cap is None:
        raise LimitReached("amount", "no_extension", 0)
    if clock.due_at is not None and work.now > clock.due_at:
        raise LimitReached("amount", "extension_too_late", str(cap))
    return clock, cap


def _longest_extension(work: Work, ticket: Ticket, clock: Deadline) -> Allowance | None:
    """Return what the policy adds at most; where the city says so, no more than the clock itself had."""
    cap, own = work.city.policy.extension(deadlines.case_of(ticket)), parse_allowance(clock.allowance)
    is_bound = work.city.policy.rules.extension_within_original and cap and cap.unit is own.unit
    return min(cap, own, key=lambda one: one.amount) if cap and is_bound else cap


def request_extension(work: Work, ticket: Ticket, *, amount: str, reason: str, text: str) -> Application:
    """Ask for more time (申请延期), before the deadline passes. Raises InvalidInput, LimitReached.

    `amount` is an allowance in the unit of the clock, at most what the city's policy allows.
    """
    require_lead(work, ticket, Action.REQUEST_EXTENSION)
    require_filled(reason=reason, text=text)
    clock, cap = require_extensible(work, ticket)
    asked = _read_amount(amount)
    own_unit = parse_allowance(clock.allowance).unit
    if asked.unit is not own_unit or asked.unit is not cap.unit or asked.amount > cap.amount:
        raise LimitReached("amount", "extension_too_long", str(cap))
    _require_count(work, ticket, ApplicationKind.EXTENSION, work.city.extension.times, round_=ticket.round)
    application = file(work, ticket, ApplicationKind.EXTENSION, reason=reason, text=text, amount=str(asked))
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
    require_filled(reason=reason, basis=basis, text=text)
    _require_count(work, ticket, ApplicationKind.EXCLUSION, 1, round_=ticket.round)
    application = file(work, ticket, ApplicationKind.EXCLUSION, reason=reason, basis=basis, text=text)
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
    asked = asked_for(work, ticket, ApplicationKind.EXCLUSION)
    return any(one.round == ticket.round and one.state is ApplicationState.GRANTED for one in asked)


def ask_suspension(work: Work, ticket: Ticket, *, reason: str, text: str, until: date | None) -> Application:
    """File a suspension. `until` None or outside the city's cap is refused."""
    require_lead(work, ticket, Action.REQUEST_SUSPENSION)
    require_filled(reason=reason, text=text)
    caps = work.city.suspension
    if reason not in caps.reasons:
        raise InvalidInput({"reason": "choose"})
    today = work.city.calendar.day_of(work.now)
    if until is None or until <= today:
        raise InvalidInput({"until": "future_day"})
    if until > last_suspension_day(work, ticket):
        raise LimitReached("until", "suspension_too_long", str(caps.total))
    _require_count(work, ticket, ApplicationKind.SUSPENSION, caps.times)
    return file(work, ticket, ApplicationKind.SUSPENSION, reason=reason, text=text, until=until)


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
    asked = [one for one in asked_for(work, ticket, kind) if round_ in (None, one.round)]
    if any(one.state in UNDECIDED for one in asked):
        raise LimitReached("reason", "already_asked", 1)
    if sum(one.state is ApplicationState.GRANTED for one in asked) >= limit:
        raise LimitReached("reason", "limit_reached", limit)


def asked_for(work: Work, ticket: Ticket, kind: ApplicationKind) -> list[Application]:
    """Return every application of this kind on the ticket, oldest first. One query."""
    asked = select(Application).where(Application.ticket_id == ticket.id, Application.kind == kind)
    return list(work.session.scalars(asked.order_by(Application.id)))


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


def _require_reason_to_refuse(*, granted: bool, text: str) -> None:
    if not granted and not text.strip():
        raise InvalidInput({"decision": "say_why"})


def file(
    work: Work,
    ticket: Ticket,
    kind: ApplicationKind,
    *,
    reason: str,
    text: str = "",
    amount: str | None = None,
    until: date | None = None,
    basis: str = "",
    entry: str | None = None,
    suggested_code: str | None = None,
    evidence: str = "",
) -> Application:
    """Enter what the actor's department asks for."""
    application = Application(
        ticket_id=ticket.id,
        kind=kind,
        state=ApplicationState.PENDING,
        round=ticket.round,
        department_code=work.actor.department_code,
        reason=reason,
        text=text.strip(),
        amount=amount,
        until=until,
        asked_at=work.now,
        asked_by_id=work.actor.user_id,
        basis=basis.strip(),
        entry=entry,
        suggested_code=suggested_code,
        evidence=evidence,
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
