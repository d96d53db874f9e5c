"""The entries of a catalogue as a list that is searched and turned over by pages."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hotline.cities.catalogues import Line
from hotline.cities.city import City
from hotline.web.catalogue.words import Words
from routing import Entry

PAGE = 40
# By these an entry is the same one though it says something else.
_CONDITIONS = ("category", "area", "level", "keyword", "from")


@dataclass(frozen=True)
class Item:
    """One entry. `group` is its category of the first level, `searched` all that it says."""

    key: str
    line: Line
    entry: Entry
    group: str
    searched: str

    def stands(self, today: date) -> str:
        if self.entry.in_force(today):
            return "today"
        return "later" if self.entry.since and self.entry.since > today else "over"


@dataclass(frozen=True)
class Sheet:
    """One page of the list, `after` the place to go on behind."""

    items: Sequence[Item]
    found: int
    after: int | None


def key_of(line: Line) -> str:
    """Return what an entry is called in an address."""
    return _digest("\0".join(line.get(name, "") for name in _CONDITIONS))


def stamp_of(line: Line) -> str:
    """Return what changes with anything that the line says."""
    return _digest("\0".join(f"{name}={text}" for name, text in sorted(line.items())))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def items_of(city: City) -> Sequence[Item]:
    """Return the entries by group and category. Read once for each version of the catalogue."""
    return _items(_Book(city))


class _Book:
    """A city as the key of a cache: alike while nothing that an entry says or is called has changed."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._says = (city.profile_hash, city.catalogue.version)

    def __hash__(self) -> int:
        return hash(self._says)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Book):
            return NotImplemented
        return self._says == other._says and self.city.catalogue_text == other.city.catalogue_text


@lru_cache(maxsize=4)
def _items(book: _Book) -> Sequence[Item]:
    city = book.city
    words = Words(city)
    tops = {one.code: place for place, one in enumerate(city.taxonomy) if one.parent is None}
    found = [
        Item(key_of(line), line, entry, _group(city, line["category"]), _searched(words, line))
        for line, entry in zip(city.catalogue_text.lines, city.catalogue.entries, strict=True)
    ]
    return sorted(found, key=lambda one: (tops.get(one.group, -1), one.line["category"], one.entry.line))


def _group(city: City, category: str) -> str:
    return city.taxonomy.lineage(category)[0].code if category in city.taxonomy else ""


def _searched(words: Words, line: Line) -> str:
    """The codes as written, and what each is called."""
    return " ".join(f"{text} {words.cell(name, text)}" for name, text in line.items() if text).lower()


def matching(items: Iterable[Item], *, part: str, area: str | None, group: str) -> list[Item]:
    """Return the entries that say every word of `part`, of one group and one area where these are given."""
    parts = part.lower().split()
    return [
        one
        for one in items
        if (not group or one.group == group)
        and (area is None or one.line["area"] == area)
        and all(word in one.searched for word in parts)
    ]


def page_of(items: Sequence[Item], after: int) -> Sheet:
    shown = items[after : after + PAGE]
    end = after + len(shown)
    return Sheet(shown, len(items), end if end < len(items) else None)
