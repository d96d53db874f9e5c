"""Deliver what a rung or a digest tells: into the inbox, by text message, to another system, into a group."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotline import labels, runtime
from hotline.jobs.gateways import sms_of
from hotline.jobs.queues import MOST_STARTS
from hotline.lifecycle import Role
from hotline.models.alert import Alert, AlertDelivery, Delivery, Digest
from hotline.models.deadline import Deadline, iso
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.notify import alarms, webhook, wecom
from hotline.notify.channel import Undelivered
from hotline.settings import Settings
from hotline.tickets import accounts
from hotline.tickets.addressees import DESK_OF, Addressee, people_of
from hotline.work import SYSTEM, Work
from sla.rungs import By

# Where a person sees what his digest counted.
DIGEST_PATH = "/digest"
_LEVELS = {"yellow": labels.ACTIONS["warn"], "red": labels.ACTIONS["breach"]}


@dataclass(frozen=True)
class Parcel:
    """What goes out in one request; `to` is a telephone number or an https address, `key` drops repeats."""

    channel: By
    to: str
    text: str
    key: str


def send(payload: Mapping[str, Any]) -> None:
    """Send one delivery outside, no transaction open meanwhile, and write down that it went. Safe to repeat:
    what was written down is not sent again, what was not goes under the same key.
    """
    parcels = _started(payload["delivery"])
    if parcels is None:
        return
    try:
        for parcel in parcels:
            _hand_over(parcel, runtime.current().settings)
    except Undelivered:
        _note_failure(payload["delivery"])
        raise
    with runtime.work(SYSTEM) as work:
        delivery = work.session.get_one(AlertDelivery, payload["delivery"])
        if parcels:
            mark_sent(work, delivery)
        else:
            delivery.state = Delivery.UNADDRESSED


def mark_sent(work: Work, delivery: AlertDelivery) -> None:
    delivery.state, delivery.sent_at = Delivery.SENT, work.now


def mark_told(work: Work, message: OutboxMessage) -> None:
    """Write down that a line came into an inbox, in the transaction that puts it there."""
    delivery = work.session.get_one(AlertDelivery, message.payload["delivery"])
    delivery.tries += 1
    mark_sent(work, delivery)


def _started(delivery_id: int) -> list[Parcel] | None:
    """Count a try and return what must go out; None when it went already."""
    with runtime.work(SYSTEM) as work:
        delivery = work.session.get_one(AlertDelivery, delivery_id)
        if delivery.state is Delivery.SENT:
            return None
        delivery.tries += 1
        return list(_parcels(work, delivery, runtime.current().settings))


def _note_failure(delivery_id: int) -> None:
    with runtime.work(SYSTEM) as work:
        delivery = work.session.get_one(AlertDelivery, delivery_id)
        if delivery.tries >= MOST_STARTS:
            delivery.state = Delivery.FAILED


def _hand_over(parcel: Parcel, settings: Settings) -> None:
    if parcel.channel is By.SMS:
        sms_of(settings).send(parcel.to, parcel.text, key=parcel.key)
    elif parcel.channel is By.WECOM:
        wecom.say(parcel.to, parcel.text, key=parcel.key)
    else:
        webhook.post(parcel.to, parcel.text.encode(), key=parcel.key, secret=settings.alert_key)


def _parcels(work: Work, delivery: AlertDelivery, settings: Settings) -> Iterator[Parcel]:
    """Yield nothing where nobody has a number, or the machine no address for this channel."""
    if delivery.channel is By.SMS:
        for user in _people(work, delivery):
            if phone := accounts.phone_of(work, user):
                yield Parcel(By.SMS, phone, _words(work, delivery, settings), f"{delivery.key}-{user.id}")
    elif delivery.channel is By.WECOM and settings.wecom_url:
        words = _words(work, delivery, settings, markdown=True)
        yield Parcel(By.WECOM, settings.wecom_url, words, delivery.key)
    elif delivery.channel is By.WEBHOOK and settings.alert_url:
        facts = _facts(work, delivery)
        text = json.dumps({"key": delivery.key, **facts}, ensure_ascii=False)
        yield Parcel(By.WEBHOOK, settings.alert_url, text, delivery.key)


def _people(work: Work, delivery: AlertDelivery) -> list[User]:
    if delivery.digest_id:
        digest = work.session.get_one(Digest, delivery.digest_id)
        return [work.session.get_one(User, digest.user_id)]
    role = Role(delivery.role) if delivery.role else None
    return people_of(work, Addressee(delivery.department_code, role))


def _words(work: Work, delivery: AlertDelivery, settings: Settings, *, markdown: bool = False) -> str:
    if delivery.digest_id:
        digest = work.session.get_one(Digest, delivery.digest_id)
        return alarms.summed(
            alarms.Waiting(
                work.city.hotline.short,
                digest.counts["overdue"],
                digest.counts["near"],
                digest.counts["supervised"],
                f"{settings.site}{DIGEST_PATH}",
            )
        )
    say = alarms.told_in_markdown if markdown else alarms.told
    return say(_alarm(work, work.session.get_one(Alert, delivery.alert_id)))


def _alarm(work: Work, alert: Alert) -> alarms.Alarm:
    deadline = work.session.get_one(Deadline, alert.deadline_id)
    ticket = work.session.get_one(Ticket, alert.ticket_id)
    due = deadline.due_at
    return alarms.Alarm(
        hotline=work.city.hotline.short,
        rung=_LEVELS.get(alert.rung, alert.rung),
        severity=alert.severity,
        number=ticket.number,
        owner=_owner(work, deadline),
        clock=labels.STAGES[deadline.stage],
        due=labels.moment(due, work.now, work.city.zone) if due else labels.DUE_HELD,
    )


def _owner(work: Work, deadline: Deadline) -> str:
    code = deadline.department_code
    if code is None:
        return labels.ROLES[DESK_OF.get(deadline.stage, Role.SUPERVISOR)]
    return work.city.departments[code].short if code in work.city.departments else code


def _facts(work: Work, delivery: AlertDelivery) -> dict[str, Any]:
    """What another system is told: codes and numbers only."""
    if delivery.digest_id:
        digest = work.session.get_one(Digest, delivery.digest_id)
        return {"type": "digest", "person": digest.user_id, "shift_at": iso(digest.shift_at), **digest.counts}
    alert = work.session.get_one(Alert, delivery.alert_id)
    deadline = work.session.get_one(Deadline, alert.deadline_id)
    return {
        "type": "alert",
        "rung": alert.rung,
        "severity": alert.severity,
        "ticket": work.session.get_one(Ticket, alert.ticket_id).number,
        "clock": deadline.key,
        "department": deadline.department_code,
        "due_at": iso(deadline.due_at),
        "fired_at": iso(alert.fired_at),
    }
