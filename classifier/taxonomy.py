"""The tree of categories (事项分类) that a city sorts its tickets into."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from classifier.errors import BrokenTaxonomy
from classifier.text import normalise

COLUMNS = ("code", "name", "parent", "urgency", "words")

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_NAME_SEPARATORS = re.compile(r"[、，,/（）()]+")


class Urgency(StrEnum):
    """In rising order."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return tuple(Urgency).index(self)


@dataclass(frozen=True)
class Category:
    """One node of the tree; `parent` is None on the first level, `urgency` where the city set none."""

    code: str
    name: str
    parent: str | None
    urgency: Urgency | None
    words: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """What the category is called: its name, the matters in it ("停水、水压" has two), its words."""
        parts = (part for part in _NAME_SEPARATORS.split(self.name) if part)
        return tuple(dict.fromkeys((self.name, *parts, *self.words)))


@dataclass(frozen=True)
class Taxonomy:
    """All categories by code. Made by `parse`, which proves that every parent exists."""

    categories: Mapping[str, Category]

    def __contains__(self, code: object) -> bool:
        return code in self.categories

    def __getitem__(self, code: str) -> Category:
        return self.categories[code]

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories.values())

    def __len__(self) -> int:
        return len(self.categories)

    @cached_property
    def leaves(self) -> tuple[Category, ...]:
        """The categories a ticket may have: those that are nobody's parent, in the order of the file."""
        parents = {category.parent for category in self}
        return tuple(category for category in self if category.code not in parents)

    @cached_property
    def terms(self) -> Mapping[str, frozenset[str]]:
        """The leaves that each term names, by the term in normalised form."""
        found: dict[str, set[str]] = {}
        for leaf in self.leaves:
            for term in leaf.terms:
                found.setdefault(normalise(term), set()).add(leaf.code)
        return {term: frozenset(codes) for term, codes in found.items() if term}

    def lineage(self, code: str) -> tuple[Category, ...]:
        """From the first level down to `code` itself. Raises KeyError for an unknown code."""
        line = [self[code]]
        while (parent := line[-1].parent) is not None:
            line.append(self[parent])
        return tuple(reversed(line))

    def path(self, code: str) -> str:
        """Names from the first level down, as "市容环卫 / 暴露垃圾"."""
        return " / ".join(category.name for category in self.lineage(code))


def parse(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Taxonomy:
    """Read the rows of categories.csv, each with its line number. Parents may come after their children.

    Raises BrokenTaxonomy with the line of the first fault.
    """
    categories: dict[str, Category] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        category = _category(row, line)
        if category.code in categories:
            raise BrokenTaxonomy(f"code {category.code} is already on line {lines[category.code]}", line)
        categories[category.code] = category
        lines[category.code] = line
    if not categories:
        raise BrokenTaxonomy("there is no category")
    for category in categories.values():
        _require_root(category, categories, lines[category.code])
    return Taxonomy(categories)


def _category(row: Mapping[str, str], line: int) -> Category:
    code, name, parent, urgency, words = (_field(row, column, line) for column in COLUMNS)
    if not _CODE.fullmatch(code):
        raise BrokenTaxonomy(f"bad code {code!r}: letters, digits, dots and dashes only", line)
    if not name:
        raise BrokenTaxonomy(f"category {code} has no name", line)
    if urgency and urgency not in tuple(Urgency):
        raise BrokenTaxonomy(f"unknown urgency {urgency!r}", line)
    return Category(code, name, parent or None, Urgency(urgency) if urgency else None, tuple(words.split()))


def _field(row: Mapping[str, str], column: str, line: int) -> str:
    value = row.get(column)
    if value is None:
        raise BrokenTaxonomy(f"column {column} is missing", line)
    return value.strip()


def _require_root(category: Category, categories: Mapping[str, Category], line: int) -> None:
    """Every category must lead up to the first level, through parents that exist, without a circle."""
    seen = {category.code}
    above = category.parent
    while above is not None:
        if above not in categories:
            raise BrokenTaxonomy(f"unknown parent {above!r}", line)
        if above in seen:
            raise BrokenTaxonomy(f"category {category.code} is its own ancestor", line)
        seen.add(above)
        above = categories[above].parent
