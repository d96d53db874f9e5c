"""Promise the telling of what rang: a delivery for each addressee and channel, all of a sweep together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.models.alert import Alert, AlertDelivery
from hotline.models.deadline import Deadline
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import promises
from hotline.tickets.addressees import CITY, OF_THE_CITY, addressees, below_of
from hotline.work import Work
from sla.rungs import By, Telling

# What a line in an inbox is about; all further rungs go by their own name.
_TOPICS = {"yellow": "warn", "red": "breach"}
RUNG = "rung"


@dataclass(frozen=True)
class Ringing:
    """One rung that has just fired for a clock."""

    alert: Alert
    ticket: Ticket
    deadline: Deadline
    telling: Telling


def promise(work: Work, rang: Sequence[Ringing]) -> None:
    """Write the deliveries of what rang and promise each. One query, and rows of each table in one go.

    Nothing where the work is silent; what is told by digest alone waits for the next.
    """
    loud = [] if work.silent else [one for one in rang if By.DIGEST not in one.telling.by]
    if not loud:
        return
    work.session.flush()
    below = below_of(work, [one.ticket for one in loud])
    deliveries = [
        (one, delivery) for one in loud for delivery in _deliveries(work, one, below.get(one.ticket.id))
    ]
    work.session.add_all(delivery for _, delivery in deliveries)
    work.session.flush()
    work.session.add_all(_message(one, delivery) for one, delivery in deliveries)


def _deliveries(work: Work, one: Ringing, below: str | None) -> Iterator[AlertDelivery]:
    told = addressees(work, one.deadline, one.telling.tell, below=below)
    for by in one.telling.by:
        for addressee in [CITY] if by in OF_THE_CITY else told:
            yield AlertDelivery(
                alert_id=one.alert.id,
                department_code=addressee.department,
                role=addressee.role,
                channel=by,
            )


def _message(one: Ringing, delivery: AlertDelivery) -> OutboxMessage:
    if delivery.channel is not By.INBOX:
        return OutboxMessage(kind=promises.ALERT_OUTSIDE, payload={"delivery": delivery.id})
    payload = {
        "ticket": one.ticket.id,
        "action": _TOPICS.get(one.alert.rung, RUNG),
        "rung": one.alert.rung,
        "stage": one.deadline.stage,
        "delivery": delivery.id,
    }
    addressed = {"department": delivery.department_code, "role": delivery.role}
    payload |= {name: value for name, value in addressed.items() if value}
    return OutboxMessage(kind=promises.ALERT_INSIDE, payload=payload)
