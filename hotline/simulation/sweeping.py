"""What happens by the clock alone, at the simulated moment: alerts, resumptions, expired links."""

from datetime import datetime

from sqlalchemy import func, select

from hotline.models.deadline import Deadline
from hotline.tickets import alerting, followup, lanes, suspension
from hotline.work import Work


def next_alert(work: Work) -> datetime | None:
    """Return when the next alert falls due. One query on a partial index."""
    return work.session.scalar(select(func.min(Deadline.alert_at)).where(Deadline.settled_at.is_(None)))


def raise_alerts(work: Work) -> None:
    """Raise all that have fallen due."""
    while (deadline_id := alerting.next_due_id(work)) is not None:
        alerting.raise_alert(work, deadline_id)


def settle_due(work: Work) -> list[int]:
    """Resume what is due, close what nobody will answer any more. Returns the tickets that moved."""
    moved = [one for one in suspension.due_resumes(work) if suspension.resume_when_due(work, one)]
    return moved + [one for one in followup.expired(work) if followup.close_expired(work, one)]


def weigh_lanes(work: Work) -> None:
    """What every night weighs: which categories have proved the promise by now."""
    for category in lanes.categories(work):
        lanes.reckon(work, category)
