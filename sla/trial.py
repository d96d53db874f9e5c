"""The trial run of a policy: every allowance of every rule gives a deadline on the calendar."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sla.allowance import Allowance
from sla.calendar import WorkCalendar
from sla.clock import Clock
from sla.errors import BrokenPolicy, CalendarExhausted
from sla.policy import Policy, Stage, Target


def try_on(calendar: WorkCalendar, policy: Policy, starts: Iterable[datetime]) -> int:
    """Reckon each distinct allowance, extended where that is allowed, from each of `starts`.

    Returns how many deadlines that made. Raises BrokenPolicy with the rule whose time never runs out.
    """
    moments, known = tuple(starts), set[Allowance]()
    for target in policy.targets:
        for name, allowance in _allowances(target):
            if allowance not in known:
                _try(calendar, target, name, allowance, moments)
                known.add(allowance)
    return len(known) * len(moments)


def _allowances(target: Target) -> Iterator[tuple[str, Allowance]]:
    yield from ((stage, one) for stage, one in target.allowances.items() if one)
    resolve = target.allowances.get(Stage.RESOLVE)
    if resolve and target.extension:
        yield "resolve with extension", resolve.extended_by(target.extension)


def _try(
    calendar: WorkCalendar, target: Target, name: str, allowance: Allowance, starts: tuple[datetime, ...]
) -> None:
    for start in starts:
        try:
            Clock(start).due_at(calendar, allowance)
        except CalendarExhausted as problem:
            message = f"{name} = {allowance} falls due on no day of the calendar: {problem}"
            rule = None if target.number is None else target.number - 1
            raise BrokenPolicy(message, rule, target.line) from problem
