"""A second person puts a proposed calendar in force (应用), or gives it up (放弃)."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from hotline.cities import calendars
from hotline.cities.official_days import official_days
from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import Role
from hotline.models.calendar import CalendarDay, CalendarStanding, CalendarVersion
from hotline.models.mark import CALENDAR, Mark
from hotline.models.outbox import OutboxMessage
from hotline.tickets.calendars import effect, proposing, versions
from hotline.tickets.calendars.proposing import Change
from hotline.tickets.promises import FOLLOW_CALENDAR
from hotline.work import Work

# After so long whoever began under the calendar before has ended: what he dispatched follows then.
SECOND_LOOK = timedelta(minutes=1)
APPLIERS = frozenset({Role.SUPERVISOR, Role.ADMIN})


class Delivery(StrEnum):
    """What became of the calendar that a profile brings."""

    ENTERED = "entered"
    KNOWN = "known"
    PROPOSED = "proposed"


def deliver(work: Work) -> Delivery:
    """Take in the calendar of the profile: the first is in force, a later change becomes a proposal.

    What was applied since is not undone by a file. Raises InvalidInput where it fits the days no more.
    """
    work = _in_turn(work)
    present = versions.in_force(work)
    if present is None:
        _enter_days(work)
        _put_in_force(work, _first(work))
        return Delivery.ENTERED
    said = select(CalendarVersion.hours).distinct()
    if any(calendars.say_the_same(work.city.profile_hours, one) for one in work.session.scalars(said)):
        return Delivery.KNOWN
    change = Change(calendars.HOURS, "", work.city.calendar_version, hours=work.city.profile_hours)
    city = proposing.city_under(work, change)
    proposing.propose(work, change, effect.effect_of(work, city, change.touch), because="")
    return Delivery.PROPOSED


def apply(work: Work, proposal_id: int, *, seen: str | None = None) -> CalendarVersion:
    """Put a proposal in force: days, mark and the promise that every clock follows, in one transaction.

    `seen`: the stamp of what the page showed. Raises NotAllowed for the one who proposed it, InvalidInput
    where the calendar has changed since it was looked at, or its own base of hours is gone.
    """
    work = _in_turn(work)
    proposal = _undecided(work, proposal_id)
    _require_second_person(work, proposal)
    if seen is not None and seen != stamp_of(work, proposal):
        raise InvalidInput({"stamp": "calendar_changed"})
    if proposal.changes_hours and hours_changed_since(work, proposal):
        raise InvalidInput({"stamp": "hours_changed"})
    change = proposing.change_of(work, proposal)
    city = proposing.city_under(work, change, field_="stamp")
    proposal.hours = city.hours
    _write_days(work, proposal, change)
    _put_in_force(work, proposal)
    follow = {"version": proposal.id}
    work.session.add(OutboxMessage(kind=FOLLOW_CALENDAR, payload=follow))
    work.session.add(OutboxMessage(kind=FOLLOW_CALENDAR, payload=follow, due_at=work.now + SECOND_LOOK))
    return proposal


def _in_turn(work: Work) -> Work:
    """Return the work once nobody else changes the calendar, in the city as they left it."""
    versions.take_turns(work)
    mark = work.session.scalar(select(Mark.value).where(Mark.name == CALENDAR)) or ""
    return replace(work, city=versions.city_under(work.session, work.city, mark))


def drop(work: Work, proposal_id: int) -> CalendarVersion:
    """Give a proposal up; it stays on record. Whoever may apply may. Raises NotAllowed, InvalidInput."""
    versions.take_turns(work)
    proposal = _undecided(work, proposal_id)
    if work.actor.roles.isdisjoint(APPLIERS):
        raise NotAllowed("drop", "role")
    proposal.standing = CalendarStanding.DROPPED
    proposal.decided_at, proposal.decided_by_id = work.now, work.actor.user_id
    work.session.flush()
    return proposal


def stamp_of(work: Work, proposal: CalendarVersion) -> str:
    """What a page was drawn from: the proposal, and the calendar that it was held against."""
    return f"{proposal.id}-{work.city.calendar_version}"


def may_apply(work: Work, proposal: CalendarVersion) -> bool:
    """Tell whether the actor is the second person that it takes."""
    actor = work.actor
    is_other = actor.user_id is not None and actor.user_id != proposal.proposed_by_id
    return is_other and not actor.roles.isdisjoint(APPLIERS)


def _require_second_person(work: Work, proposal: CalendarVersion) -> None:
    if not may_apply(work, proposal):
        own = work.actor.user_id is not None and work.actor.user_id == proposal.proposed_by_id
        raise NotAllowed("apply", "own_proposal" if own else "role")


def _undecided(work: Work, proposal_id: int) -> CalendarVersion:
    proposal = versions.version(work, proposal_id)
    if proposal.standing is not CalendarStanding.PROPOSED:
        raise InvalidInput({"stamp": "already_decided"})
    return proposal


def hours_changed_since(work: Work, proposal: CalendarVersion) -> bool:
    """Tell whether other hours came into force after those that a proposal was made from. One query."""
    since = select(CalendarVersion.id).where(
        CalendarVersion.number > proposal.base, CalendarVersion.changes_hours.is_(True)
    )
    return work.session.scalar(since.limit(1)) is not None


def _write_days(work: Work, proposal: CalendarVersion, change: Change) -> None:
    """Change the table, and keep what each day said just before: another version may have come between."""
    for kept, one in zip(versions.changes(work, proposal), change.days, strict=True):
        before = change.before.get(one.day)
        kept.before = versions.written(before) if before else None
        work.session.merge(
            CalendarDay(day=one.day, works=one.works, name=one.name, source=one.source, official=one.official)
        )


def _put_in_force(work: Work, version: CalendarVersion) -> None:
    present = versions.in_force(work)
    version.number = (present.number or 0) + 1 if present else 1
    version.standing = CalendarStanding.APPLIED
    version.decided_at, version.decided_by_id = work.now, work.actor.user_id
    work.session.flush()
    work.session.merge(Mark(name=CALENDAR, value=str(version.id)))


def _first(work: Work) -> CalendarVersion:
    """Every day is in it, none of them a change; no clock ran before."""
    entered = CalendarVersion(
        standing=CalendarStanding.PROPOSED,
        base=0,
        hours=work.city.profile_hours,
        changes_hours=True,
        source="",
        file="",
        because="",
        proposed_at=work.now,
        proposed_by_id=work.actor.user_id,
        followed_at=work.now,
    )
    work.session.add(entered)
    return entered


def _enter_days(work: Work) -> None:
    """Fill the table with what the libraries know, unless days are there."""
    if work.session.scalar(select(CalendarDay.day).limit(1)):
        return
    days = official_days(work.now.astimezone(work.city.zone).year)
    work.session.add_all(
        CalendarDay(day=one.day, works=one.works, name=one.name, source=one.source, official=one.official)
        for one in days
    )
    work.session.flush()
