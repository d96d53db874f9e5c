"""Which calendar is in force, and what every earlier one said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, defer

from hotline.cities import calendars
from hotline.cities.city import City
from hotline.cities.official_days import NamedDay
from hotline.db import Json, insert_into
from hotline.errors import NotFound
from hotline.models.calendar import CalendarChange, CalendarDay, CalendarStanding, CalendarVersion
from hotline.models.mark import CALENDAR, Mark
from hotline.models.user import User
from hotline.work import Work
from sla import Calendars, OfficialDay

Days = Mapping[date, NamedDay]
_REBUILT = "calendars of earlier versions"


@dataclass(frozen=True)
class Overview:
    """A version with who proposed and who decided it (None: the profile), and how many days it changes."""

    version: CalendarVersion
    proposed_by: str | None
    decided_by: str | None
    days: int


def city_under(session: Session, city: City, mark: str) -> City:
    """Return the city on the days of the table, in the hours of the version that the mark names.

    The profile's own hours where it names none. Two queries.
    """
    columns = select(CalendarDay.day, CalendarDay.works, CalendarDay.official, CalendarDay.name)
    days = [OfficialDay(*row) for row in session.execute(columns)]
    found = session.get(CalendarVersion, int(mark)) if mark.isdecimal() else None
    hours = found.hours if found else city.profile_hours
    number = found.number if found and found.number else 0
    return replace(city, hours=hours, calendars=calendars.parse(hours, days), calendar_version=number)


def in_force(work: Work) -> CalendarVersion | None:
    """The version that counts now; None before a profile was loaded. One query."""
    last = select(CalendarVersion).where(CalendarVersion.number.is_not(None))
    return work.session.scalar(last.order_by(CalendarVersion.number.desc()).limit(1))


def version(work: Work, version_id: int) -> CalendarVersion:
    """Raises NotFound."""
    found = work.session.get(CalendarVersion, version_id)
    if found is None:
        raise NotFound("version", version_id)
    return found


def proposed(work: Work) -> list[Overview]:
    """What waits for a second person, oldest first. One query."""
    waiting = _overviews().where(CalendarVersion.standing == CalendarStanding.PROPOSED)
    return [Overview(*row) for row in work.session.execute(waiting.order_by(CalendarVersion.id))]


def waiting(work: Work) -> int:
    """Return how many proposals wait for the actor as the second person. One query."""
    others = select(func.count()).where(
        CalendarVersion.standing == CalendarStanding.PROPOSED,
        CalendarVersion.proposed_by_id.is_distinct_from(work.actor.user_id),
    )
    return work.session.scalar(others) or 0


def history(work: Work) -> list[Overview]:
    """What was applied or dropped, newest first. One query."""
    decided = _overviews().where(CalendarVersion.standing != CalendarStanding.PROPOSED)
    return [Overview(*row) for row in work.session.execute(decided.order_by(CalendarVersion.id.desc()))]


def overview(work: Work, version_id: int) -> Overview:
    """Raises NotFound. One query."""
    row = work.session.execute(_overviews().where(CalendarVersion.id == version_id)).one_or_none()
    if row is None:
        raise NotFound("version", version_id)
    return Overview(*row)


def _overviews() -> Select[CalendarVersion, str, str, int]:
    proposer, decider = aliased(User), aliased(User)
    days = (
        select(func.count())
        .select_from(CalendarChange)
        .where(CalendarChange.version_id == CalendarVersion.id)
        .scalar_subquery()
    )
    return (
        select(CalendarVersion, proposer.name, decider.name, days)
        .outerjoin(proposer, proposer.id == CalendarVersion.proposed_by_id)
        .outerjoin(decider, decider.id == CalendarVersion.decided_by_id)
        .options(defer(CalendarVersion.hours))
    )


def changes(work: Work, of: CalendarVersion) -> list[CalendarChange]:
    """The days that a version changes, in order. One query."""
    rows = select(CalendarChange).where(CalendarChange.version_id == of.id).order_by(CalendarChange.day)
    return list(work.session.scalars(rows))


def hours_before(work: Work, number: int) -> str:
    """Return the calendar.toml that the version `number` took the place of. Raises NotFound. One query."""
    found = work.session.scalar(select(CalendarVersion.hours).where(CalendarVersion.number == number - 1))
    if found is None:
        raise NotFound("version", number - 1)
    return found


def days_in_force(work: Work) -> dict[date, NamedDay]:
    """Every day of the table. One query."""
    columns = select(
        CalendarDay.day, CalendarDay.works, CalendarDay.name, CalendarDay.source, CalendarDay.official
    )
    return {row.day: NamedDay(*row) for row in work.session.execute(columns)}


def calendars_at(work: Work, number: int) -> Calendars:
    """Return the calendars as the version `number` had them. Raises NotFound.

    No query for the version in force, else three for the first asked of each number in a session.
    """
    if number == work.city.calendar_version:
        return work.city.calendars
    rebuilt: dict[int, Calendars] = work.session.info.setdefault(_REBUILT, {})
    if number not in rebuilt:
        hours = work.session.scalar(select(CalendarVersion.hours).where(CalendarVersion.number == number))
        if hours is None:
            raise NotFound("version", number)
        rebuilt[number] = calendars.parse(hours, known(_days_at(work, number).values()))
    return rebuilt[number]


def _days_at(work: Work, number: int) -> dict[date, NamedDay]:
    """Undo what later versions changed, the last one first."""
    days = days_in_force(work)
    later = (
        select(CalendarChange.day, CalendarChange.before)
        .join(CalendarVersion, CalendarVersion.id == CalendarChange.version_id)
        .where(CalendarVersion.number > number)
        .order_by(CalendarVersion.number.desc())
    )
    for day, before in work.session.execute(later):
        if before is None:
            days.pop(day, None)
        else:
            days[day] = read(day, before)
    return days


def known(days: Iterable[NamedDay]) -> list[OfficialDay]:
    """Return the days as arithmetic needs them."""
    return [OfficialDay(one.day, one.works, one.official, one.name) for one in days]


def written(day: NamedDay) -> Json:
    return {"works": day.works, "name": day.name, "source": day.source, "official": day.official}


def read(day: date, said: Json) -> NamedDay:
    return NamedDay(day, said["works"], said["name"], said["source"], said["official"])


def take_turns(work: Work) -> None:
    """Wait for whoever else changes the calendar, until the end of the transaction."""
    new = insert_into(work.session, Mark).values(name=CALENDAR, value="")
    work.session.execute(new.on_conflict_do_nothing())
    work.session.execute(select(Mark).where(Mark.name == CALENDAR).with_for_update())
