"""From the texts that somebody hands in to what is asked of past tickets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from hotline.cities import other_rules
from hotline.cities.calendars import HOURS
from hotline.cities.city import City
from hotline.cities.other_rules import TARGETS
from hotline.errors import BrokenCity, InvalidInput
from hotline.tickets.calendars import versions
from hotline.tickets.whatif.replaying import Question
from hotline.work import Work
from sla import CalendarExhausted

_NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Asked:
    """As `Question`; `targets` and `hours` are the texts of two files, empty for what is in force."""

    first: date
    last: date
    whole: bool = False
    targets: str = ""
    hours: str = ""


def question_of(work: Work, asked: Asked, *, called: Mapping[str, str] = _NO_NAMES) -> Question:
    """Return what to replay. One query.

    Raises InvalidInput: days in the wrong order, rules that are those in force, and, with file and line, what
    is no rule; `called` says what the files are named, by TARGETS and HOURS.
    """
    if asked.last < asked.first:
        raise InvalidInput({"last": "days_turned"})
    city = work.city
    if asked.targets:
        with _broken("targets"):
            city = other_rules.with_targets(city, asked.targets, called=called.get(TARGETS, TARGETS))
    if asked.hours:
        with _broken("hours"):
            days = versions.known(versions.days_in_force(work).values())
            city = other_rules.with_hours(city, asked.hours, days, called=called.get(HOURS, HOURS))
    if is_same(work.city, city):
        raise InvalidInput({"targets": "same_rules"})
    return Question(asked.first, asked.last, city, asked.whole)


@contextmanager
def _broken(field: str) -> Iterator[None]:
    try:
        yield
    except BrokenCity as broken:
        raise InvalidInput({field: f"broken_rules:{broken}"}) from broken


def is_same(city: City, other: City) -> bool:
    """Tell whether two cities set every clock alike."""
    mine, its = city.policy, other.policy
    return (mine.rules, mine.targets, city.calendars) == (its.rules, its.targets, other.calendars)


@contextmanager
def refusing_empty_calendars() -> Iterator[None]:
    """Turn a calendar without working days ahead into InvalidInput."""
    try:
        yield
    except CalendarExhausted as exhausted:
        raise InvalidInput({"hours": "no_workdays"}) from exhausted
