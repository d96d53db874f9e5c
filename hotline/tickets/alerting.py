"""Warn when a clock runs out: yellow, then red (预警)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.db import Json
from hotline.lifecycle import Action
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines
from hotline.tickets.hands import chain_of
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.alerts import Level

# How long an alert that could not be raised is put off, so that it does not block the others.
POSTPONED = timedelta(hours=1)


def next_due_id(work: Work) -> int | None:
    """Return the clock whose alert has waited longest, or None. One query on a partial index."""
    due = (
        select(Deadline.id)
        .where(Deadline.settled_at.is_(None), Deadline.alert_at <= work.now)
        .order_by(Deadline.alert_at)
        .limit(1)
    )
    return work.session.scalar(due)


def raise_alert(work: Work, deadline_id: int) -> bool:
    """Write WARN or BREACH for a clock whose alert has fallen due, once each; tell whether it did.

    Harmless to call twice or too early: the ticket is locked first, as whoever changes it does, and the
    row asked again.
    """
    ticket_id = work.session.scalar(select(Deadline.ticket_id).where(Deadline.id == deadline_id))
    ticket = work.session.get(Ticket, ticket_id, with_for_update=True) if ticket_id else None
    deadline = work.session.get(Deadline, deadline_id, populate_existing=True)
    if ticket is None or deadline is None or deadline.settled_at or not _is_due(work, deadline):
        return False
    clock, allowance = deadlines.clock_of(work, ticket, deadline)
    coming = deadlines.next_alert(work, deadline, clock, allowance)
    if coming is None or coming[1] > work.now:
        deadline.alert_at = _moment(coming)
        return False
    level = coming[0]
    if clock.due_at(deadlines.calendar_of(work, deadline), allowance) <= work.now:  # type: ignore[operator]  # not paused: an alert came
        level = Level.RED
    deadline.alert_level = int(level)
    record(
        work,
        ticket,
        Action.BREACH if level is Level.RED else Action.WARN,
        clock=deadline.key,
        stage=deadline.stage,
        due_at=deadline.due_at.isoformat() if deadline.due_at else None,
        department=deadline.department_code,
        **_told_below(work, ticket, deadline),
    )
    deadline.alert_at = _moment(deadlines.next_alert(work, deadline, clock, allowance))
    return True


def _told_below(work: Work, ticket: Ticket, deadline: Deadline) -> Json:
    """Whoever handles it for the department whose clock it is hears of it too (下派，时限不变)."""
    if deadline.department_code is None or deadline.stage in deadlines.HELP_STAGES:
        return {}
    below = [one.department_code for one in chain_of(work, ticket)]
    return {"told": below[-1:]} if below else {}


def _is_due(work: Work, deadline: Deadline) -> bool:
    return deadline.alert_at is not None and deadline.alert_at <= work.now


def _moment(coming: tuple[Level, datetime] | None) -> datetime | None:
    return coming[1] if coming else None


def postpone(work: Work, deadline_id: int) -> None:
    """Put off the alert of a clock that could not be raised."""
    deadline = work.session.get(Deadline, deadline_id)
    if deadline:
        deadline.alert_at = work.now + POSTPONED
