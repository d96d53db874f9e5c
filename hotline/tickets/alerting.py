"""Ring when a clock runs out: yellow, red (预警、超时), and the further rungs of the city's ladder.

Detection alone: it writes what fired and promises the telling, which `hotline.jobs` does afterwards.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from hotline.lifecycle import Action
from hotline.models.alert import Alert, Severity
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import conditions, deadlines, telling, timeline
from hotline.tickets.ledger import record
from hotline.tickets.telling import Ringing
from hotline.work import Work
from sla.alerts import Level
from sla.allowance import Allowance
from sla.clock import Clock
from sla.rungs import Measure, Rung, Telling

# How long an alert that could not be raised is put off, so that it does not block the others.
POSTPONED = timedelta(hours=1)
_ACTIONS = {Level.YELLOW: Action.WARN, Level.RED: Action.BREACH}
_SEVERITIES = {Level.YELLOW: Severity.NEAR, Level.RED: Severity.OVERDUE}


def next_due_id(work: Work) -> int | None:
    """Return the clock whose alert has waited longest, or None. One query on a partial index."""
    return work.session.scalar(_due(work).limit(1))


def due_ids(work: Work, *, most: int) -> list[int]:
    """Return up to `most` clocks whose alert has fallen due, claiming none. One query."""
    return list(work.session.scalars(_due(work).limit(most)))


def claim_due(work: Work, *, most: int) -> list[int]:
    """Return up to `most` clocks whose alert has fallen due, those that waited longest first. One query.

    On PostgreSQL their tickets are locked, and left out where somebody holds them: another sweep, or a desk
    whose change may settle the clock. SQLite has one writer.
    """
    due = _due(work).join(Ticket, Ticket.id == Deadline.ticket_id).limit(most)
    return list(work.session.scalars(due.with_for_update(of=Ticket, skip_locked=True)))


def _due(work: Work) -> Select[int]:
    return (
        select(Deadline.id)
        .where(Deadline.settled_at.is_(None), Deadline.alert_at <= work.now)
        .order_by(Deadline.alert_at)
    )


def raise_alert(work: Work, deadline_id: int) -> bool:
    """As `raise_due` for one clock; tell whether anything rang."""
    return raise_due(work, [deadline_id]) > 0


def raise_due(work: Work, deadline_ids: Sequence[int]) -> int:
    """Fire whatever of these clocks has fallen due, once each. Returns of how many clocks something did.

    One WARN and one BREACH come into the ledger; further rungs are rows of `alerts` alone. Harmless to call
    twice or too early: the tickets are locked first, as whoever changes them does, and the rows asked again.
    """
    clocks = _locked(work, deadline_ids)
    if not clocks:
        return 0
    past = timeline.spells_of_each(work, [ticket.id for _, ticket in clocks])
    fired = _fired(work, [deadline.id for deadline, _ in clocks])
    rang: list[Ringing] = []
    for deadline, ticket in clocks:
        clock, allowance = deadlines.stopwatch(work, deadline, past.get(ticket.id, []))
        rang += _raise_level(work, ticket, deadline, clock, allowance)
        times = deadlines.rung_times(work, deadline, clock, allowance)
        rang += _raise_rungs(work, ticket, deadline, times, fired.get(deadline.id, set()))
        deadline.alert_at = deadlines.next_look(work, deadline, clock, allowance, after=work.now)
    telling.promise(work, rang)
    return len({one.deadline.id for one in rang})


def _locked(work: Work, deadline_ids: Sequence[int]) -> list[tuple[Deadline, Ticket]]:
    """Return the clocks that are due indeed, with their tickets. Two queries."""
    whose = select(Deadline.ticket_id).where(Deadline.id.in_(deadline_ids))
    locked = select(Ticket).where(Ticket.id.in_(whose)).order_by(Ticket.id).with_for_update()
    fresh = {"populate_existing": True}
    tickets = {one.id: one for one in work.session.scalars(locked, execution_options=fresh)}
    found = select(Deadline).where(Deadline.id.in_(deadline_ids)).order_by(Deadline.alert_at, Deadline.id)
    return [
        (deadline, tickets[deadline.ticket_id])
        for deadline in work.session.scalars(found, execution_options=fresh)
        if deadline.settled_at is None and deadline.alert_at is not None and deadline.alert_at <= work.now
    ]


def _fired(work: Work, deadline_ids: Sequence[int]) -> dict[int, set[str]]:
    """Return the names of the rungs that have fired, by clock. One query."""
    fired: dict[int, set[str]] = {}
    rows = select(Alert.deadline_id, Alert.rung).where(Alert.deadline_id.in_(deadline_ids))
    for deadline_id, rung in work.session.execute(rows):
        fired.setdefault(deadline_id, set()).add(rung)
    return fired


def _raise_level(
    work: Work, ticket: Ticket, deadline: Deadline, clock: Clock, allowance: Allowance
) -> Iterator[Ringing]:
    coming = deadlines.next_alert(work, deadline, clock, allowance)
    if coming is None or coming[1] > work.now:
        return
    due = clock.due_at(deadlines.calendar_of(work, deadline), allowance)
    # Slept through: the breach alone is told, not the warning as well.
    level = Level.RED if due is not None and due <= work.now else coming[0]
    deadline.alert_level = int(level)
    record(
        work,
        ticket,
        _ACTIONS[level],
        clock=deadline.key,
        stage=deadline.stage,
        due_at=deadline.due_at.isoformat() if deadline.due_at else None,
        department=deadline.department_code,
    )
    told = work.city.ladder.telling(level, deadline.stage, allowance)
    yield _ring(work, ticket, deadline, level.name.lower(), _SEVERITIES[level], told)


def _raise_rungs(
    work: Work,
    ticket: Ticket,
    deadline: Deadline,
    times: Iterable[tuple[datetime, Rung]],
    fired: Collection[str],
) -> Iterator[Ringing]:
    """Fire each rung whose moment has come, that has not fired yet, and whose conditions hold now.

    One before the deadline that nobody looked at in time is overtaken by red.
    """
    late = deadline.alert_level >= Level.RED
    for at, rung in times:
        overtaken = late and rung.measure is Measure.LEFT
        if at > work.now or overtaken or rung.name in fired:
            continue
        if conditions.hold(work, ticket, deadline, rung):
            severity = Severity.GRAVE if late else Severity.NEAR
            yield _ring(work, ticket, deadline, rung.name, severity, rung.telling)


def _ring(
    work: Work, ticket: Ticket, deadline: Deadline, name: str, severity: Severity, told: Telling
) -> Ringing:
    alert = Alert(
        ticket_id=ticket.id, deadline_id=deadline.id, rung=name, severity=severity, fired_at=work.now
    )
    work.session.add(alert)
    return Ringing(alert, ticket, deadline, told)


def postpone(work: Work, deadline_id: int) -> None:
    """Put off the alert of a clock that could not be raised."""
    deadline = work.session.get(Deadline, deadline_id)
    if deadline:
        deadline.alert_at = work.now + POSTPONED
