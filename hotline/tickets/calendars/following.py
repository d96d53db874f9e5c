"""After a calendar was applied every open clock that it touches is reckoned anew, a slice at a time."""

from hotline.lifecycle import UNDER_ORDER
from hotline.models.ticket import Ticket
from hotline.tickets import reckoning
from hotline.tickets.calendars import effect, proposing, versions
from hotline.work import Work


def next_tickets(work: Work, version_id: int, *, limit: int) -> list[int]:
    """Return the tickets that have yet to follow a version, by id; none once all have. Three queries."""
    version = versions.version(work, version_id)
    if version.followed_at is not None:
        return []
    touch = proposing.change_of(work, version).touch
    return effect.touched_tickets(work, touch, after=version.follows_to, limit=limit)


def left_behind(work: Work, version_id: int, *, limit: int) -> list[int]:
    """Return tickets that should have followed a version and did not: it failed, or they came meanwhile."""
    version = versions.version(work, version_id)
    touch = proposing.change_of(work, version).touch
    return effect.touched_tickets(work, touch, after=0, limit=limit, behind=version.number)


def follow(work: Work, ticket_id: int) -> bool:
    """Reckon one ticket by the calendar in force, on the record where a clock moves; tell whether one did."""
    ticket = work.session.get(Ticket, ticket_id, with_for_update=True)
    # Meanwhile it may have ended.
    return ticket is not None and ticket.status in UNDER_ORDER and bool(reckoning.recompute(work, ticket))


def keep_place(work: Work, version_id: int, ticket_id: int) -> None:
    """Remember how far the tickets have followed; whoever goes on begins behind it."""
    version = versions.version(work, version_id)
    version.follows_to = max(version.follows_to, ticket_id)


def finish(work: Work, version_id: int) -> None:
    version = versions.version(work, version_id)
    version.followed_at = version.followed_at or work.now


def is_done(work: Work, version_id: int) -> bool:
    return versions.version(work, version_id).followed_at is not None
