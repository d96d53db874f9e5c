"""What keeps a promise of each kind: one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline import runtime
from hotline.jobs import alarms, calendars, letters, packages, supposing, teaching
from hotline.jobs.letters import Letter
from hotline.jobs.queues import Queue
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.tickets import addressees, anchors, drift, lanes, promises, verification
from hotline.tickets.calendars import following
from hotline.work import SYSTEM, Work

Payload = Mapping[str, Any]

# Promised by the nightly sweep, not by an action on a ticket.
CHECK_LEDGER = "check_ledger"


@dataclass(frozen=True)
class Task:
    """`read` comes first and writes nothing; a letter it returns is sent with no transaction open.
    `inside` writes, in the transaction that marks the message done. `alone` takes long and opens transactions
    of its own; it must be safe to run twice.
    """

    queue: Queue
    read: Callable[[Work, OutboxMessage], Letter | None] | None = None
    inside: Callable[[Work, OutboxMessage], None] | None = None
    alone: Callable[[Payload], None] | None = None


def put_in_inbox(work: Work, message: OutboxMessage) -> None:
    """Write one line into the inbox of the department or the desk that the message names.

    One for the leaders of a department without any is for all of it: nobody else would ever read it.
    """
    facts = dict(message.payload)
    department, role = facts.pop("department", None), facts.pop("role", None)
    if department and role and not addressees.has(work, department, Role(role)):
        role = None
    notice = Notice(
        outbox_id=message.id,
        ticket_id=facts.pop("ticket"),
        topic=facts.pop("action"),
        department_code=department,
        role=role,
        facts=facts,
        created_at=work.now,
    )
    work.session.add(notice)


def ring_in_inbox(work: Work, message: OutboxMessage) -> None:
    put_in_inbox(work, message)
    alarms.mark_told(work, message)


def check_ledger(work: Work, message: OutboxMessage) -> None:
    """Replay the whole ledger; every fault is an error in the log, for an alarm to hang on."""
    faults = 0
    for fault in verification.verify(work):
        faults += 1
        log.error(
            "ledger_fault",
            ticket=fault.number,
            row=fault.event,
            seq=fault.seq,
            what=fault.kind,
            detail=fault.detail,
        )
    log.info("ledger_checked", faults=faults)


def anchor_days(work: Work, message: OutboxMessage) -> None:
    anchors.anchor_until(work, date.fromisoformat(message.payload["day"]))


def reckon_lanes(payload: Payload) -> None:
    """Weigh the evidence of every category, one transaction each; then tell what has drifted."""
    with runtime.view(SYSTEM) as work:
        categories = lanes.categories(work)
    for category in categories:
        with runtime.work(SYSTEM) as work:
            lanes.reckon(work, category)
    with runtime.work(SYSTEM) as work:
        drift.raise_alerts(work)


def follow_on(work: Work, message: OutboxMessage) -> None:
    """Promise the next slice of the tickets that a calendar moves, until all have followed it."""
    if not following.is_done(work, message.payload["version"]):
        work.session.add(OutboxMessage(kind=promises.FOLLOW_CALENDAR, payload=message.payload))


def teach(payload: Payload) -> None:
    teaching.teach(payload["training"])


def try_rules(payload: Payload) -> None:
    supposing.try_rules(payload["what_if"])


TASKS: Mapping[str, Task] = {
    promises.TELL_CALLER: Task(Queue.NOTIFY, read=letters.to_caller),
    promises.SEND_LINK: Task(Queue.NOTIFY, read=letters.with_link),
    promises.TELL_DEPARTMENT: Task(Queue.NOTIFY, inside=put_in_inbox),
    promises.TELL_DESK: Task(Queue.NOTIFY, inside=put_in_inbox),
    promises.ALERT_INSIDE: Task(Queue.NOTIFY, inside=ring_in_inbox),
    promises.ALERT_OUTSIDE: Task(Queue.NOTIFY, alone=alarms.send),
    promises.SEND_PACKAGE: Task(Queue.NOTIFY, alone=packages.send),
    promises.TEACH: Task(Queue.REPORTS, alone=teach),
    promises.TRY_RULES: Task(Queue.REPORTS, alone=try_rules),
    promises.FOLLOW_CALENDAR: Task(Queue.REPORTS, alone=calendars.follow, inside=follow_on),
    promises.RECKON_LANES: Task(Queue.REPORTS, alone=reckon_lanes),
    CHECK_LEDGER: Task(Queue.REPORTS, read=check_ledger, inside=anchor_days),
}
