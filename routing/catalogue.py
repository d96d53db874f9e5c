"""The dispatch catalogue (派单目录): which duty a kind of matter falls under, and by what right."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing.areas import Level
from routing.departments import Departments, DutyAt, Fixed, Named, Owner, parse_owner
from routing.gazetteer import Gazetteer
from routing.overlaps import check_gaps, check_overlaps
from routing.rows import Row, Rows, read

COLUMNS = (
    *("category", "area", "level", "keyword", "lead", "assisting", "basis"),
    *("minimum_level", "auto", "note", "from", "to"),
    *("decides", "first"),
)


class Decides(StrEnum):
    """What decides whose a matter is."""

    DUTY = "duty"  # who has the duty (职责)
    PROPERTY = "property"  # who owns the thing, as its mark says (产权): covers, poles, pipes
    CONDUCT = "conduct"  # it is about how a body behaved (作风), which neither leads nor assists (回避)


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue.

    It speaks for categories that begin with `category`, in `area` and all that lies in it, once the place is
    known down to `level`, when the text has one of `keywords`, from the day `since` to the day `until`, both
    included. None and () do not restrict. `lead` None leaves the choice to the dispatch desk. Where property
    decides and the owner is not known, `first` makes it safe meanwhile (先行处置).
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
    decides: Decides = Decides.DUTY
    first: Owner | None = None

    @property
    def is_general(self) -> bool:
        return not (self.area or self.level or self.keywords)

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def keyword_in(self, text: str) -> str | None:
        """Return the longest keyword that the text has, of several the one that stands first in it."""
        said = [word for word in self.keywords if word in text]
        return max(said, key=lambda word: (len(word), -text.find(word)), default=None)

    @property
    def rule(self) -> tuple[str, ...]:
        """What the entry says, wherever it stands."""
        owners = (self.lead, *self.assisting)
        said = (
            self.category,
            self.area,
            self.level,
            self.keywords,
            self.basis,
            self.minimum_level,
            self.auto,
        )
        rest = (self.note, self.since, self.until, self.decides, self.first)
        return tuple(str(each) for each in (*said, " ".join(map(str, owners)), *rest))


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

    def read_entry(self, columns: Mapping[str, str], *, areas: Gazetteer, departments: Departments) -> Entry:
        """Read one more line, as if it stood at the end of the file. Raises BrokenTable."""
        line = max((entry.line for entry in self.entries), default=1) + 1
        [row] = read("catalogue", [(line, columns)], COLUMNS)
        entry = _entry(row)
        _check(row, entry, self.categories, areas, departments)
        return entry

    def entries_for(self, category: str) -> Iterable[Entry]:
        """Yield the entries whose prefix covers `category`, whatever else they ask for."""
        for length in range(len(category), -1, -1):
            yield from self._by_prefix.get(category[:length], ())


def _entry(row: Row) -> Entry:
    since, until = row.day("from"), row.day("to")
    if since and until and until < since:
        raise row.broken(f"ends on {until}, before it begins on {since}")
    lead, first = row.text("lead"), row.text("first")
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
        decides=row.choice("decides", Decides) if row.text("decides") else Decides.DUTY,
        first=_owner(row, first) if first else None,
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
    for owner in (entry.lead, *entry.assisting, entry.first):
        _check_owner(row, owner, departments)
    if entry.lead and entry.lead in entry.assisting:
        raise row.broken(f"{entry.lead} cannot assist itself")
    if len(set(entry.assisting)) != len(entry.assisting):
        raise row.broken("one owner assists twice")
    if entry.auto and entry.lead is None:
        raise row.broken("an entry without a lead cannot be dispatched automatically")
    _check_minimum(row, entry, areas, departments)
    _check_case(row, entry)


def _check_minimum(row: Row, entry: Entry, areas: Gazetteer, departments: Departments) -> None:
    """A bureau's duty may not be pushed down (国办函〔2025〕66号)."""
    for column, owner in (("lead", entry.lead), ("first", entry.first)):
        level = _level_of(owner, areas, departments)
        if level and level.depth > entry.minimum_level.depth:
            raise row.broken(f"{column} {owner} lies below the minimum level {entry.minimum_level}")


def _check_case(row: Row, entry: Entry) -> None:
    if entry.first and entry.decides is not Decides.PROPERTY:
        raise row.broken("first is only for what property decides")
    if entry.decides is Decides.CONDUCT and isinstance(entry.lead, Named):
        raise row.broken("whoever the text names cannot lead what is about its own conduct")


def _level_of(owner: Owner | None, areas: Gazetteer, departments: Departments) -> Level | None:
    """Return the lowest level at which an owner may be found, None where only the text tells."""
    if isinstance(owner, DutyAt):
        return owner.level
    return departments.level_of(owner.code, areas) if isinstance(owner, Fixed) else None


def _check_owner(row: Row, owner: Owner | None, departments: Departments) -> None:
    if isinstance(owner, Fixed) and owner.code not in departments:
        raise row.broken(f"department {owner.code!r} is not in departments.csv")
    if isinstance(owner, DutyAt) and owner.duty not in departments.duties:
        raise row.broken(f"no department has the duty {owner.duty!r}")


def _version(entries: tuple[Entry, ...]) -> str:
    """Hash what the entries say, not where they stand."""
    rules = sorted("|".join(entry.rule) for entry in entries)
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]
