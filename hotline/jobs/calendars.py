"""Have the open tickets follow a calendar that was applied: one transaction each, in slices."""

from collections.abc import Mapping
from typing import Any

from hotline import runtime
from hotline.logs import log
from hotline.tickets.calendars import following
from hotline.work import SYSTEM

# As many as one run takes on: a run that dies repeats no more, and finds them reckoned.
SLICE = 1000


def follow(payload: Mapping[str, Any]) -> None:
    """Reckon the next slice of the tickets that a version touches. Safe to run twice, also at once."""
    follow_slice(payload["version"])


def follow_slice(version_id: int, *, limit: int = SLICE) -> tuple[int, int]:
    """Return how many tickets were looked at, 0 at the end, and of how many a clock moved.

    At last come those that failed. Where all of them fail again it raises, and is promised anew.
    """
    with runtime.view(SYSTEM) as work:
        ids = following.next_tickets(work, version_id, limit=limit)
        is_last = not ids
        ids = ids or following.left_behind(work, version_id, limit=limit)
    if not ids:
        with runtime.work(SYSTEM) as work:
            following.finish(work, version_id)
        return 0, 0
    moved = failed = 0
    for ticket_id in ids:
        try:
            with runtime.work(SYSTEM) as work:
                moved += following.follow(work, ticket_id)
        except Exception:  # a poisonous row must not stop the others
            log.exception("follow_failed", version=version_id, ticket=ticket_id)
            failed += 1
    if is_last and failed == len(ids):
        raise RuntimeError(f"version {version_id} of the calendar: {failed} tickets cannot follow")
    if not is_last:
        with runtime.work(SYSTEM) as work:
            following.keep_place(work, version_id, ids[-1])
    log.info("calendar_followed", version=version_id, tickets=len(ids), moved=moved)
    return len(ids), moved
