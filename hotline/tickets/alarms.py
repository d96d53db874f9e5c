"""What rang, for the pages: the rung that a clock reached last, and what rang beyond red."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hotline.models.alert import Alert, Severity
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.work import Work


@dataclass(frozen=True)
class Rang:
    """One alert with its ticket and clock."""

    alert: Alert
    ticket: Ticket
    deadline: Deadline


def rungs_of(work: Work, clocks: Sequence[Deadline]) -> dict[int, str]:
    """Return the name of the rung that each clock reached last, yellow and red left out. One query."""
    rows = work.session.execute(
        select(Alert.deadline_id, Alert.rung)
        .where(Alert.deadline_id.in_([one.id for one in clocks]), Alert.rung.not_in(("yellow", "red")))
        .order_by(Alert.fired_at, Alert.id)
    )
    return {row.deadline_id: row.rung for row in rows}


def gravest(work: Work, *, most: int) -> list[Rang]:
    """Return what rang beyond red and still runs, the newest first. One query."""
    rows = work.session.execute(
        select(Alert, Ticket, Deadline)
        .join(Deadline, Deadline.id == Alert.deadline_id)
        .join(Ticket, Ticket.id == Alert.ticket_id)
        .where(Alert.severity == Severity.GRAVE, Deadline.settled_at.is_(None))
        .order_by(Alert.fired_at.desc(), Alert.id.desc())
        .limit(most)
    )
    return [Rang(*row) for row in rows]
