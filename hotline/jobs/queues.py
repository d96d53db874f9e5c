"""The queues of RQ, by how long their work lasts; a worker empties them in this order."""

from datetime import timedelta
from enum import StrEnum


class Queue(StrEnum):
    TRIAGE = "triage"
    NOTIFY = "notify"
    REPORTS = "reports"


# After so many starts a promise is parked, for the administrator to see.
MOST_STARTS = 10
# How long one job of a queue may run before RQ stops it. The outbox waits longer than that.
LONGEST_RUN = {
    Queue.TRIAGE: timedelta(seconds=30),
    Queue.NOTIFY: timedelta(seconds=30),
    Queue.REPORTS: timedelta(hours=1),
}
