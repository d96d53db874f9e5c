"""The clocks of a ticket: open, pause, extend, settle.

One row is one clock. Nothing accumulates: pauses come from the ledger, and `reckon` recomputes a
row from its start, its allowance and its extension.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, and_, func, or_, select

from hotline.lifecycle import Status
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.work import Work
from sla import alerts
from sla.allowance import Allowance, Unit
from sla.allowance import parse as parse_allowance
from sla.calendar import WorkCalendar
from sla.clock import Clock, Pause
from sla.policy import Case, ResolveStart, Stage, Target
from sla.rungs import Rung

# Clocks that belong to the handling department; the others run at the hotline's own desks.
DEPARTMENT_STAGES = frozenset({Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE, Stage.ASSIST, Stage.ARRIVE})
# What departments owe that help the one which leads (协办、报到).
HELP_STAGES = (Stage.ASSIST, Stage.ARRIVE)
# Their time was set by who called or ordered, within what the policy allowed then.
AGREED_STAGES = frozenset({Stage.ARRIVE, Stage.SUPERVISION})


class Owned(Protocol):
    """A clock as far as it is some department's."""

    @property
    def department_code(self) -> str | None: ...


@dataclass(frozen=True)
class Terms:
    """From when a clock counts, for how long, and which rule of which version of the policy says so.

    `extension`: what it had been lengthened by, where it takes the place of another.
    """

    began: datetime
    allowance: Allowance
    rule: str
    policy: str
    extension: str | None = None


def case_of(ticket: Ticket) -> Case:
    """Return what the city's policy needs to know of `ticket`."""
    return Case(
        kind=ticket.kind,
        urgency=ticket.urgency,
        category=ticket.category_code or "",
        area=ticket.area_code or "",
        channel=ticket.channel,
        enterprise=ticket.enterprise,
        round=ticket.round,
    )


def open_stage(
    work: Work,
    ticket: Ticket,
    *stages: Stage,
    assignment_id: int | None = None,
    department: str | None = None,
    of: Terms | None = None,
) -> None:
    """Start the clock of each of `stages` on the policy's terms, or on the terms `of`. A few queries."""
    turns = _turns(work, ticket)
    for stage in stages:
        terms = of or terms_of(work, ticket, stage, case_of(ticket))
        if terms is None:
            continue
        deadline = Deadline(
            ticket_id=ticket.id,
            assignment_id=assignment_id,
            stage=stage,
            round=ticket.round,
            turn=turns.get(stage, 0) + 1,
            department_code=_owner(ticket, stage, department),
            started_at=terms.began,
            allowance=str(terms.allowance),
            rule=terms.rule,
            policy=terms.policy,
            extension=terms.extension,
            alert_level=0,
        )
        work.session.add(deadline)
        _reckon_one(work, ticket, deadline, ())
    point_to_next(work, ticket)


def _owner(ticket: Ticket, stage: Stage, department: str | None) -> str | None:
    """Whose clock it is: a department's own, whom an order names (督办), or None for the hotline's desks."""
    return department or (ticket.lead_code if stage in DEPARTMENT_STAGES else None)


def terms_of(work: Work, ticket: Ticket, stage: Stage, case: Case) -> Terms | None:
    """Return the terms of a clock of `stage` that starts now; None without one."""
    terms = policy_terms(work, stage, case)
    if terms is None or stage is not Stage.ASSIST:
        return terms
    promised = next((one for one in running(work, ticket) if one.stage is Stage.RESOLVE), None)
    if promised is None:
        return within_resolve(work, case, terms)
    lead = Terms(promised.started_at, total_allowance(promised), promised.rule, promised.policy)
    past = timeline.spells(work, ticket)
    return within_resolve(work, case, terms, lead, pauses_for(work, Stage.RESOLVE, past))


def policy_terms(work: Work, stage: Stage, case: Case) -> Terms | None:
    """As `terms_of`, whatever else runs."""
    target = work.city.policy.target_for(case)
    allowance = target.allowances.get(stage)
    if allowance is None:
        return None
    return terms_under(work, target, start_of(work, stage, allowance), allowance)


def terms_under(work: Work, target: Target, began: datetime, allowance: Allowance) -> Terms:
    """Return the terms of a clock that a rule of the policy in force gives its time."""
    return Terms(began, allowance, target.title, work.city.policy.version)


def within_resolve(
    work: Work, case: Case, terms: Terms, running: Terms | None = None, pauses: tuple[Pause, ...] = ()
) -> Terms:
    """Return the terms of an opinion: its own, or the lead's where those end earlier (协办不晚于主办).

    The lead's are those of the resolve clock that is `running` and stood still in `pauses`, else what the
    policy gives it; both ends in the hours of the hotline, for whose clock runs may change with this very
    step. What the lead has overrun already binds nobody who is called in now.
    """
    lead = running or policy_terms(work, Stage.RESOLVE, case)
    if lead is None:
        return terms
    due = Clock(lead.began, pauses).due_at(work.city.calendar, lead.allowance)
    own = ends_at(work, terms.began, terms.allowance)
    binds = due is not None and own is not None and work.now < due < own
    return lead if binds else terms


def calendar_of(work: Work, deadline: Owned) -> WorkCalendar:
    """Return the hours in which a clock runs: its department's, which may differ from the hotline's."""
    return work.city.calendars.of(deadline.department_code)


def ends_at(work: Work, began: datetime, allowance: Allowance) -> datetime | None:
    """Return when an allowance is used up that nothing pauses, in the hours of the hotline."""
    return Clock(began).due_at(work.city.calendar, allowance)


def open_at_acceptance(work: Work, ticket: Ticket, *, assignment_id: int | None) -> None:
    """Start the resolve clock where the city lets it begin with acceptance (签收), unless it runs already."""
    begins = work.city.policy.rules.resolve_starts is ResolveStart.ACCEPT
    if begins and all(one.stage is not Stage.RESOLVE for one in running(work, ticket)):
        open_stage(work, ticket, Stage.RESOLVE, assignment_id=assignment_id)


def start_of(work: Work, stage: Stage, allowance: Allowance) -> datetime:
    """Return from when a clock counts that is started now."""
    # Working days leave the starting day out by themselves; other units would count from tonight.
    next_day = work.city.policy.rules.resolve_starts is ResolveStart.NEXT_DAY
    if stage is Stage.RESOLVE and next_day and allowance.unit is not Unit.WORKDAYS:
        local = work.now.astimezone(work.city.calendar.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return work.now


def _turns(work: Work, ticket: Ticket) -> dict[str, int]:
    counted = (
        select(Deadline.stage, func.max(Deadline.turn))
        .where(Deadline.ticket_id == ticket.id, Deadline.round == ticket.round)
        .group_by(Deadline.stage)
    )
    return dict(work.session.execute(counted).all())


def running(work: Work, ticket: Ticket) -> list[Deadline]:
    """Return the clocks that have not been settled, the next to fall due first, paused ones last."""
    rows = work.session.scalars(
        select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.settled_at.is_(None))
    )
    return sorted(rows, key=nearest_first)


def due_of(work: Work, tickets: Sequence[Ticket], stage: Stage) -> dict[int, datetime]:
    """Return when the running clock of `stage` falls due, by ticket id. One query."""
    rows = work.session.execute(
        select(Deadline.ticket_id, Deadline.due_at).where(
            Deadline.ticket_id.in_([ticket.id for ticket in tickets]),
            Deadline.stage == stage,
            Deadline.settled_at.is_(None),
            Deadline.due_at.is_not(None),
        )
    )
    return {ticket_id: due_at for ticket_id, due_at in rows if due_at}


def nearest_first(deadline: Deadline) -> tuple[bool, datetime, int]:
    """Sort clocks by when they fall due, paused ones last."""
    return deadline.due_at is None, deadline.due_at or deadline.started_at, deadline.id


def nearest_of(
    work: Work, tickets: Sequence[Ticket], *, department: str | None = None
) -> dict[int, Deadline]:
    """Return the clock that a list shows for each ticket: the next to fall due, by ticket id. One query.

    Without `department` the clocks of departments that help are left out. With it, other departments' are,
    and where it does not lead also the hotline's: an assisting one is not late when the lead is. Who handles
    it for a department above has its clocks too (下派，时限不变).
    """
    ticking = select(Deadline).where(
        Deadline.ticket_id.in_([ticket.id for ticket in tickets]), Deadline.settled_at.is_(None)
    )
    if department:
        led = [ticket.id for ticket in tickets if ticket.lead_code == department]
        of_hotline = and_(Deadline.department_code.is_(None), Deadline.ticket_id.in_(led))
        inherited = and_(
            Deadline.stage.not_in(HELP_STAGES),
            Deadline.department_code.is_not(None),
            Deadline.ticket_id.in_(_handed_to(tickets, department)),
        )
        ticking = ticking.where(or_(Deadline.department_code == department, of_hotline, inherited))
    else:
        ticking = ticking.where(Deadline.stage.not_in(HELP_STAGES))
    latest_first = sorted(work.session.scalars(ticking), key=nearest_first, reverse=True)
    return {one.ticket_id: one for one in latest_first}


def _handed_to(tickets: Sequence[Ticket], department: str) -> Select[int]:
    return select(Assignment.ticket_id).where(
        Assignment.ticket_id.in_([ticket.id for ticket in tickets]),
        Assignment.department_code == department,
        Assignment.part == Part.HANDED,
        Assignment.ended_at.is_(None),
    )


def all_of(work: Work, ticket: Ticket) -> list[Deadline]:
    """Return every clock that `ticket` ever had, in the order in which they started."""
    clocks = select(Deadline).where(Deadline.ticket_id == ticket.id).order_by(Deadline.id)
    return list(work.session.scalars(clocks))


def settle(work: Work, ticket: Ticket, *stages: Stage) -> None:
    """Stop these clocks because what they waited for has happened: met, or late."""
    for deadline in running(work, ticket):
        if deadline.stage in stages:
            late = deadline.due_at is not None and work.now > deadline.due_at
            _stop(work, deadline, DeadlineOutcome.LATE if late else DeadlineOutcome.MET)
    point_to_next(work, ticket)


def belong_to(work: Work, ticket: Ticket, department: str | None) -> None:
    """Say whose time the running resolve clock is from now on; None while no department has the ticket.

    It goes on in the hours of the new one.
    """
    for deadline in running(work, ticket):
        if deadline.stage is Stage.RESOLVE:
            hours = calendar_of(work, deadline)
            deadline.department_code = department
            if calendar_of(work, deadline) is not hours:
                reckon(work, ticket)


def cancel(
    work: Work, ticket: Ticket, *stages: Stage, outcome: DeadlineOutcome = DeadlineOutcome.CANCELLED
) -> None:
    """Stop these clocks (all of them when none is named) without judging them."""
    for deadline in running(work, ticket):
        if not stages or deadline.stage in stages:
            _stop(work, deadline, outcome)
    point_to_next(work, ticket)


def give_up(work: Work, ticket: Ticket, *stages: Stage, part: int | None = None) -> None:
    """Stop these clocks because nobody waits any more: late where they were, else unjudged.

    With `part` only those of one assignment.
    """
    for deadline in running(work, ticket):
        if deadline.stage in stages and part in (None, deadline.assignment_id):
            late = deadline.due_at is not None and work.now > deadline.due_at
            _stop(work, deadline, DeadlineOutcome.LATE if late else DeadlineOutcome.CANCELLED)
    point_to_next(work, ticket)


def settle_part(work: Work, ticket: Ticket, stage: Stage, part: int, *, at: datetime | None = None) -> None:
    """Stop the clock of one assignment: what it waited for happened now, or `at` an earlier moment."""
    for deadline in running(work, ticket):
        if deadline.stage is stage and deadline.assignment_id == part:
            late = deadline.due_at is not None and (at or work.now) > deadline.due_at
            _stop(work, deadline, DeadlineOutcome.LATE if late else DeadlineOutcome.MET)
    point_to_next(work, ticket)


def replace(work: Work, ticket: Ticket, old: Deadline, *, terms: Terms | None) -> None:
    """Put another clock, or none, in the place of a running one."""
    _stop(work, old, DeadlineOutcome.CANCELLED)
    if terms is None:
        point_to_next(work, ticket)
        return
    open_stage(
        work,
        ticket,
        old.stage,
        assignment_id=old.assignment_id,
        department=old.department_code,
        of=terms,
    )


def _stop(work: Work, deadline: Deadline, outcome: DeadlineOutcome) -> None:
    deadline.settled_at = work.now
    deadline.outcome = outcome
    deadline.alert_at = None


def restore(work: Work, ticket: Ticket, stage: Stage) -> None:
    """Let this round's last clock of `stage` run on."""
    last = (
        select(Deadline)
        .where(Deadline.ticket_id == ticket.id, Deadline.stage == stage, Deadline.round == ticket.round)
        .order_by(Deadline.turn.desc())
        .limit(1)
    )
    for deadline in work.session.scalars(last):
        deadline.settled_at = deadline.outcome = None
    reckon(work, ticket)


def run_back(work: Work, ticket: Ticket, *, ran: Collection[str]) -> None:
    """Let the clocks run as before a dispatch that is taken back. `ran`: the keys of those that ran then.

    The desk's own goes on as if never settled; what the departments were given stops unjudged.
    """
    before = [clock for clock in all_of(work, ticket) if clock.key in ran]
    for clock in running(work, ticket):
        if clock.key not in ran and clock.stage in DEPARTMENT_STAGES:
            _stop(work, clock, DeadlineOutcome.CANCELLED)
    for clock in before:
        if clock.stage is Stage.DISPATCH:
            clock.settled_at = clock.outcome = None
        elif clock.stage is Stage.RESOLVE:
            clock.department_code = None
    reckon(work, ticket)


def restore_part(work: Work, ticket: Ticket, stage: Stage, part: int) -> None:
    """Let the last clock of one assignment run on: what it waited for had not happened after all."""
    last = (
        select(Deadline)
        .where(Deadline.ticket_id == ticket.id, Deadline.stage == stage, Deadline.assignment_id == part)
        .order_by(Deadline.id.desc())
        .limit(1)
    )
    for deadline in work.session.scalars(last):
        deadline.settled_at = deadline.outcome = None
    reckon(work, ticket)


def restore_merged(work: Work, ticket: Ticket) -> None:
    """Let every clock that a merge stopped run on."""
    stopped = select(Deadline).where(
        Deadline.ticket_id == ticket.id, Deadline.outcome == DeadlineOutcome.MERGED
    )
    for deadline in work.session.scalars(stopped):
        deadline.settled_at = deadline.outcome = None
    reckon(work, ticket)


def reckon(work: Work, ticket: Ticket) -> None:
    """Recompute every running clock from the ledger: after a pause began or ended, or an extension."""
    past = timeline.spells(work, ticket)
    for deadline in running(work, ticket):
        _reckon_one(work, ticket, deadline, pauses_for(work, deadline.stage, past))
    point_to_next(work, ticket)


def pauses_for(work: Work, stage: Stage, past: Sequence[timeline.Spell]) -> tuple[Pause, ...]:
    """Return when a clock of `stage` stood still, by the city's rules."""
    return tuple(Pause(spell.begin, spell.end) for spell in stops_of(work, stage, past))


def stops_of(work: Work, stage: Stage, past: Sequence[timeline.Spell]) -> list[timeline.Spell]:
    """Return the spells that hold a clock of `stage`, by the city's rules: what each of its pauses was."""
    rules = work.city.policy.rules
    stopping: set[Status] = set()
    if stage in DEPARTMENT_STAGES:
        if rules.suspension_pauses:
            stopping |= {Status.SUSPENDED, Status.DEFERRED}
        if rules.return_stops_resolve:
            stopping.add(Status.RETURN_REQUESTED)
        # A result sent back: the clock goes on from where submission stopped it.
        stopping.add(Status.RESOLVED)
    return [spell for spell in past if spell.status in stopping]


def clock_of(work: Work, ticket: Ticket, deadline: Deadline) -> tuple[Clock, Allowance]:
    """Return the stopwatch and the whole allowance behind a row, extension included. One query."""
    return stopwatch(work, deadline, timeline.spells(work, ticket))


def stopwatch(work: Work, deadline: Deadline, past: list[timeline.Spell]) -> tuple[Clock, Allowance]:
    """As `clock_of`, from the spells of its ticket. Raises ValueError for what is no allowance."""
    return Clock(deadline.started_at, pauses_for(work, deadline.stage, past)), total_allowance(deadline)


def due_by(work: Work, deadline: Deadline, past: list[timeline.Spell]) -> datetime | None:
    """Return when a clock falls due by today's calendar and the spells of its ticket; None while paused."""
    clock, allowance = stopwatch(work, deadline, past)
    return clock.due_at(calendar_of(work, deadline), allowance)


class Granted(Protocol):
    """What is read of a clock, a row or one that is told, to know how long it may run."""

    @property
    def allowance(self) -> str: ...
    @property
    def extension(self) -> str | None: ...


def total_allowance(clock: Granted) -> Allowance:
    """Return what the clock may take in all. Raises ValueError when the units differ."""
    allowance = parse_allowance(clock.allowance)
    return allowance.extended_by(parse_allowance(clock.extension)) if clock.extension else allowance


def _reckon_one(work: Work, ticket: Ticket, deadline: Deadline, pauses: tuple[Pause, ...]) -> None:
    clock, allowance = Clock(deadline.started_at, pauses), total_allowance(deadline)
    calendar = calendar_of(work, deadline)
    deadline.due_at = clock.due_at(calendar, allowance)
    deadline.calendar_version = work.city.calendar_version
    deadline.provisional = clock.is_provisional(calendar, allowance)
    pressed = bool(ticket.urged or ticket.supervised or ticket.round > 1)
    deadline.alert_at = next_look(work, deadline, clock, allowance, pressed=pressed)


def next_alert(
    work: Work, deadline: Deadline, clock: Clock, allowance: Allowance
) -> tuple[alerts.Level, datetime] | None:
    """Return the next rung that a clock has not reached, and when; None after red and while paused."""
    hours, ladder, reached = calendar_of(work, deadline), work.city.ladder, alerts.Level(deadline.alert_level)
    return alerts.next_alert(hours, clock, allowance, ladder, deadline.stage, reached)


def rung_times(
    work: Work, deadline: Deadline, clock: Clock, allowance: Allowance
) -> tuple[tuple[datetime, Rung], ...]:
    """Return the further rungs of a clock with their moments, fired or not, the earliest first."""
    return alerts.rung_times(calendar_of(work, deadline), clock, allowance, work.city.ladder, deadline.stage)


def next_look(
    work: Work,
    deadline: Deadline,
    clock: Clock,
    allowance: Allowance,
    *,
    after: datetime | None = None,
    pressed: bool = False,
) -> datetime | None:
    """Return when the sweep must look at a clock: at its next level, or at its first rung later than `after`.

    Without `after` at the first of all: a rung that has fired, or whose condition does not hold, is passed
    over by the sweep itself, and one whose moment went by unseen is not lost. Rungs of conditions alone are
    asked at the start only where somebody has `pressed`. None when nothing lies ahead.
    """
    coming = next_alert(work, deadline, clock, allowance)
    times = rung_times(work, deadline, clock, allowance)
    asked = [at for at, rung in times if pressed or rung.length is not None]
    moments = [at for at in asked if after is None or at > after]
    return min([*moments, *([coming[1]] if coming else [])], default=None)


def look_again(work: Work, ticket: Ticket) -> None:
    """Have the sweep ask once more what may hold now: somebody pressed, ordered, or was not satisfied.

    Only clocks with a rung whose moment has passed and whose condition can still come true.
    """
    past = None
    for deadline in running(work, ticket):
        rungs = [one for one in work.city.ladder.rungs if deadline.stage in one.stages]
        if not any(rung.when.may_come_true for rung in rungs):
            continue
        past = timeline.spells(work, ticket) if past is None else past
        times = rung_times(work, deadline, *stopwatch(work, deadline, past))
        passed = [at for at, rung in times if at <= work.now and rung.when.may_come_true]
        if passed and (deadline.alert_at is None or passed[0] < deadline.alert_at):
            deadline.alert_at = passed[0]


def point_to_next(work: Work, ticket: Ticket) -> None:
    """Keep on the ticket which clock falls due first, so that lists sort without a join.

    Those of departments that help are left out: their lateness is theirs, not the ticket's.
    """
    clocks = [one for one in running(work, ticket) if one.stage not in HELP_STAGES]
    ticket.next_due_at = clocks[0].due_at if clocks else None
    ticket.next_stage = clocks[0].stage if clocks else None


def extend(work: Work, ticket: Ticket, by: Allowance) -> Deadline | None:
    """Lengthen the running resolve clock, and return it; None when none runs."""
    for deadline in running(work, ticket):
        if deadline.stage is Stage.RESOLVE:
            earlier = parse_allowance(deadline.extension) if deadline.extension else None
            deadline.extension = str(earlier.extended_by(by) if earlier else by)
            reckon(work, ticket)
            return deadline
    return None
