"""Two things a catalogue must not have: two entries of one rank for one case, and a category without one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from routing.errors import BrokenTable

DAY = timedelta(days=1)


class Dated(Protocol):
    """What an entry is asked here; `catalogue.Entry` is one."""

    @property
    def category(self) -> str: ...
    @property
    def area(self) -> str | None: ...
    @property
    def level(self) -> str | None: ...
    @property
    def keywords(self) -> tuple[str, ...]: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def is_general(self) -> bool: ...
    @property
    def line(self) -> int: ...


def check_overlaps(entries: Iterable[Dated]) -> None:
    """Refuse two entries for the same category, area, level and keyword on the same day."""
    rivals: dict[tuple[str, str | None, str | None, str], list[Dated]] = defaultdict(list)
    for entry in entries:
        for keyword in entry.keywords or ("",):
            rivals[entry.category, entry.area, entry.level, keyword].append(entry)
    for group in rivals.values():
        group.sort(key=_begins)
        for earlier, later in pairwise(group):
            if _begins(later) <= _ends(earlier):
                first, second = sorted((earlier.line, later.line))
                raise BrokenTable("catalogue", f"says the same case as line {first} on the same days", second)


def check_gaps(entries: Sequence[Dated], categories: Collection[str]) -> None:
    """Refuse a category that, from its first general entry on, is ever without one."""
    general: dict[str, list[Dated]] = defaultdict(list)
    for entry in entries:
        if entry.is_general:
            general[entry.category].append(entry)
    for category in sorted(categories):
        covering = [e for length in range(len(category) + 1) for e in general.get(category[:length], ())]
        if not covering:
            special = [entry.line for entry in entries if category.startswith(entry.category)]
            message = f"category {category} has no general entry"
            raise BrokenTable("catalogue", message, min(special, default=None))
        _check_no_gap(category, sorted(covering, key=_begins))


def _check_no_gap(category: str, covering: list[Dated]) -> None:
    last = covering[0]
    for entry in covering[1:]:
        if _ends(last) != date.max and _begins(entry) > _ends(last) + DAY:
            break
        last = max(last, entry, key=_ends)
    if _ends(last) != date.max:
        message = f"category {category} has no general entry after {_ends(last)}"
        raise BrokenTable("catalogue", message, last.line)


def _begins(entry: Dated) -> date:
    return entry.since or date.min


def _ends(entry: Dated) -> date:
    return entry.until or date.max
