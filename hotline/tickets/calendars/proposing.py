"""What a new calendar would change (拟改), proved before it is kept for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hotline.cities import calendars
from hotline.cities.calendar_files import Handed
from hotline.cities.calendars import LocalException
from hotline.cities.city import City
from hotline.cities.official_days import NamedDay
from hotline.errors import BrokenCity, InvalidInput
from hotline.models.calendar import CalendarChange, CalendarStanding, CalendarVersion
from hotline.tickets.calendars import versions
from hotline.tickets.calendars.effect import Effect, Touch
from hotline.work import Work
from sla import BrokenPolicy, trial
from sla.calendars import LONGEST_EXCEPTION

ONE_DAY = timedelta(days=1)
# A moment a month for more than a year: where an office rests too long, some allowance ends nowhere.
_TRIED = [n * timedelta(days=30) for n in range(14)]


@dataclass(frozen=True)
class Change:
    """What is to be changed. `days`: those that differ from the table. `hours`: None where they stay.

    `base`: the version in force when it was made.
    """

    called: str
    source: str
    base: int
    days: tuple[NamedDay, ...] = ()
    hours: str | None = None
    before: Mapping[date, NamedDay] = field(default_factory=dict)

    @property
    def touch(self) -> Touch:
        """The days by which clocks may move; other hours may move any."""
        if self.hours is not None or not self.days:
            return Touch()
        return Touch(self.days[0].day, self.days[-1].day)


def of_file(work: Work, handed: Handed) -> Change:
    """Return what a file would change. Raises InvalidInput with the file, the line and the fault."""
    base = work.city.calendar_version
    if handed.hours is not None:
        if handed.hours == work.city.hours:
            raise InvalidInput({"file": "calendar_same"})
        change = Change(handed.called, handed.source, base, hours=handed.hours)
    else:
        before = versions.days_in_force(work)
        days = tuple(one for one in handed.days or () if not _says_the_same(before.get(one.day), one))
        if not days:
            raise InvalidInput({"file": "calendar_same"})
        change = Change(handed.called, handed.source, base, days=days, before=before)
        _require_no_gap(change)
    city_under(work, change)
    return change


def of_exception(work: Work, exception: LocalException) -> Change:
    """Return what a local exception would change (本地例外). Raises InvalidInput."""
    if not exception.reason.strip():
        raise InvalidInput({"reason": "missing"})
    if exception.last < exception.first:
        raise InvalidInput({"until": "ends_before"})
    if exception.last - exception.first > LONGEST_EXCEPTION:
        raise InvalidInput({"until": "exception_too_long"})
    for code in exception.departments:
        if code not in work.city.departments:
            raise InvalidInput({"departments": "unknown_department"})
    text = calendars.with_exception(work.city.hours, exception)
    change = Change("", "", work.city.calendar_version, hours=text)
    city_under(work, change, field_="from")
    return change


def _says_the_same(before: NamedDay | None, after: NamedDay) -> bool:
    return before is not None and (before.works, before.name, before.official) == (
        after.works,
        after.name,
        after.official,
    )


def _require_no_gap(change: Change) -> None:
    """Refuse official days that leave unknown ones between them and the rest: those would count as known."""
    official = {day for day, one in change.before.items() if one.official}
    official |= {one.day for one in change.days}
    first, last = min(official), max(official)
    missing = (day for day in _days_between(first, last) if day not in official)
    if (gap := next(missing, None)) is not None:
        raise InvalidInput({"file": f"calendar_gap:{gap}"})


def _days_between(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def city_under(work: Work, change: Change, *, field_: str = "file") -> City:
    """Return the city as it would be. Raises InvalidInput where the calendar cannot be."""
    hours = work.city.hours if change.hours is None else change.hours
    days = dict(change.before or versions.days_in_force(work))
    days |= {one.day: one for one in change.days}
    try:
        parsed = calendars.parse(hours, versions.known(days.values()), work.city.departments)
        for office in (parsed.city, *parsed.offices.values()):
            trial.try_on(office, work.city.policy, [work.now + wait for wait in _TRIED])
    except BrokenCity as broken:
        said = BrokenCity(change.called or calendars.HOURS, broken.line, broken.message)
        raise InvalidInput({field_: f"broken_calendar:{said}"}) from broken
    except BrokenPolicy:
        raise InvalidInput({field_: "calendar_never_open"}) from None
    return replace(work.city, hours=hours, calendars=parsed)


def change_of(work: Work, proposal: CalendarVersion) -> Change:
    """Return what a proposal changes in the calendar as it is now. Two queries."""
    days = tuple(versions.read(one.day, one.after) for one in versions.changes(work, proposal))
    hours = proposal.hours if proposal.changes_hours else None
    return Change(proposal.file, proposal.source, proposal.base, days, hours, versions.days_in_force(work))


def propose(work: Work, change: Change, effect: Effect, *, because: str) -> CalendarVersion:
    """Keep a change for a second person to apply (提出). Nothing moves yet."""
    entered = CalendarVersion(
        standing=CalendarStanding.PROPOSED,
        base=change.base,
        hours=work.city.hours if change.hours is None else change.hours,
        changes_hours=change.hours is not None,
        source=change.source,
        file=change.called,
        because=because.strip(),
        open=effect.open,
        moved=effect.moved,
        overdue=effect.overdue,
        relieved=effect.relieved,
        proposed_at=work.now,
        proposed_by_id=work.actor.user_id,
    )
    work.session.add(entered)
    work.session.flush()
    for one in change.days:
        before = change.before.get(one.day)
        work.session.add(
            CalendarChange(
                version_id=entered.id,
                day=one.day,
                before=versions.written(before) if before else None,
                after=versions.written(one),
            )
        )
    work.session.flush()
    return entered
