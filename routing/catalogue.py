"""The dispatch catalogue (派单目录): which duty a kind of matter falls under, and by what right."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import date

from routing.areas import Level
from routing.departments import Departments, DutyAt, Fixed, Owner, parse_owner
from routing.gazetteer import Gazetteer
from routing.overlaps import check_gaps, check_overlaps
from routing.rows import Row, Rows, read

COLUMNS = (
    *("category", "area", "level", "keyword", "lead", "assisting", "basis"),
    *("minimum_level", "auto", "note", "from", "to"),
)


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue.

    It speaks for categories that begin with `category`, in `area` and all that lies in it, once the place is
    known down to `level`, when the text has one of `keywords`, from the day `since` to the day `until`, both
    included. None and () do not restrict. `lead` None leaves the choice to the dispatch desk.
    """

    category: str
    area: str | None
    level: Level | None
    keywords: tuple[str, ...]
    lead: Owner | None
    assisting: tuple[Owner, ...]
    basis: str
    minimum_level: Level
    auto: bool
    note: str
    since: date | None
    until: date | None
    line: int

    @property
    def is_general(self) -> bool:
        return not (self.area or self.level or self.keywords)

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def keyword_in(self, text: str) -> str | None:
        """Return the longest keyword that the text has."""
        return max((word for word in self.keywords if word in text), key=len, default=None)


class Catalogue:
    """One version of the catalogue. `version` changes with any rule, not with the order of the file."""

    def __init__(self, entries: Iterable[Entry], categories: Iterable[str]) -> None:
        self.entries = tuple(entries)
        self.categories = frozenset(categories)
        self.version = _version(self.entries)
        self._by_prefix: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._by_prefix[entry.category].append(entry)

    @classmethod
    def parse(
        cls, rows: Rows, *, categories: Collection[str], areas: Gazetteer, departments: Departments
    ) -> "Catalogue":
        """Read catalogue.csv for the leaf `categories`. Raises BrokenTable."""
        entries = []
        for row in read("catalogue", rows, COLUMNS):
            entry = _entry(row)
            _check(row, entry, categories, areas, departments)
            entries.append(entry)
        check_overlaps(entries)
        check_gaps(entries, categories)
        return cls(entries, categories)

    def entries_for(self, category: str) -> Iterable[Entry]:
        """Yield the entries whose prefix covers `category`, whatever else they ask for."""
        for length in range(len(category), -1, -1):
            yield from self._by_prefix.get(category[:length], ())


def _entry(row: Row) -> Entry:
    since, until = row.day("from"), row.day("to")
    if since and until and until < since:
        raise row.broken(f"ends on {until}, before it begins on {since}")
    lead = row.text("lead")
    return Entry(
        category=row.text("category"),
        area=row.text("area") or None,
        level=row.choice("level", Level) if row.text("level") else None,
        keywords=row.words("keyword"),
        lead=_owner(row, lead) if lead else None,
        assisting=tuple(_owner(row, each) for each in row.words("assisting")),
        basis=row.required("basis"),
        minimum_level=row.choice("minimum_level", Level),
        auto=row.yes("auto"),
        note=row.text("note"),
        since=since,
        until=until,
        line=row.line,
    )


def _owner(row: Row, text: str) -> Owner:
    try:
        return parse_owner(text)
    except ValueError:
        raise row.broken(f"{text!r} names no level after the @") from None


def _check(
    row: Row, entry: Entry, categories: Collection[str], areas: Gazetteer, departments: Departments
) -> None:
    if not any(category.startswith(entry.category) for category in categories):
        raise row.broken(f"no category begins with {entry.category!r}")
    if entry.area and entry.area not in areas:
        raise row.broken(f"area {entry.area!r} is not in areas.csv")
    for owner in (entry.lead, *entry.assisting):
        _check_owner(row, owner, departments)
    if entry.lead and entry.lead in entry.assisting:
        raise row.broken(f"{entry.lead} cannot assist itself")
    if entry.auto and entry.lead is None:
        raise row.broken("an entry without a lead cannot be dispatched automatically")
    if isinstance(entry.lead, DutyAt) and entry.lead.level.depth > entry.minimum_level.depth:
        # A bureau's duty may not be pushed down (国办函〔2025〕66号).
        raise row.broken(f"lead {entry.lead} lies below the minimum level {entry.minimum_level}")


def _check_owner(row: Row, owner: Owner | None, departments: Departments) -> None:
    if isinstance(owner, Fixed) and owner.code not in departments:
        raise row.broken(f"department {owner.code!r} is not in departments.csv")
    if isinstance(owner, DutyAt) and owner.duty not in departments.duties:
        raise row.broken(f"no department has the duty {owner.duty!r}")


def _version(entries: tuple[Entry, ...]) -> str:
    """Hash what the entries say, not where they stand."""
    rules = sorted("|".join(str(value) for value in astuple(entry)[:-1]) for entry in entries)
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]
