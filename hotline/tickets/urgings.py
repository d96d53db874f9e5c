"""Who pressed for a ticket (催办), how often, and when it may be done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from hotline.errors import LimitReached
from hotline.lifecycle import Action, Role
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.holders import Holder
from hotline.work import Work


@dataclass(frozen=True)
class Urging:
    """One of them. `by_name` is of a person of the hotline; `told`: who had the ticket in hand."""

    at: datetime
    by: Role
    by_name: str
    told: Holder


@dataclass(frozen=True)
class Urgings:
    """All of one ticket, oldest first. `again_at`: from when a caller's next is taken, None when it is now.

    `is_used_up`: callers have urged as often as the city lets them.
    """

    all: tuple[Urging, ...]
    again_at: datetime | None
    is_used_up: bool

    @property
    def by_source(self) -> Mapping[Role, int]:
        """Return how often each pressed, in the order of the roles."""
        return {role: n for role in Role if (n := sum(one.by is role for one in self.all))}

    @property
    def last(self) -> Urging | None:
        return self.all[-1] if self.all else None


def urgings_of(work: Work, ticket: Ticket) -> Urgings:
    """Return who pressed for `ticket`. One query. What supervisors do uses up nothing of the caller's."""
    found = [_urging(event) for event in timeline.acted(work, ticket, Action.URGE)]
    of_caller = [one for one in found if one.by is not Role.SUPERVISOR]
    again = of_caller[-1].at + work.city.urging.quiet if of_caller else None
    return Urgings(
        tuple(found),
        again if again is not None and work.now < again else None,
        len(of_caller) >= work.city.urging.in_all,
    )


def _urging(event: timeline.Named) -> Urging:
    desk = event.details.get("desk")
    told = Holder(Role(desk) if desk else None, event.details.get("department"))
    return Urging(event.at, event.role, event.actor_name, told)


def require_may_urge(work: Work, ticket: Ticket) -> None:
    """Refuse an urging past the city's limits (LimitReached).

    A caller waits for the quiet time and has so many in all, whoever takes them down; supervisors have so
    many a day.
    """
    rules, had = work.city.urging, urgings_of(work, ticket)
    if Role.SUPERVISOR in work.actor.roles:
        midnight = datetime.combine(work.city.calendar.day_of(work.now), time.min, work.city.zone)
        if sum(one.by is Role.SUPERVISOR and one.at >= midnight for one in had.all) >= rules.per_day:
            raise LimitReached("text", "urged_today", rules.per_day)
    elif had.is_used_up:
        raise LimitReached("text", "urged_enough", rules.in_all)
    elif had.again_at is not None:
        raise LimitReached("text", "urged_already", str(rules.quiet))
