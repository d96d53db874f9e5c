"""What was decided, and every reason for it as a code with its facts: the words are made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.areas import Level
from routing.catalogue import Entry


class ReasonCode(StrEnum):
    """Why a department was chosen; the facts of each are named beside it."""

    ENTRY = "entry"  # category, line, basis, note: the catalogue's entry for this category
    KEYWORD = "keyword"  # keyword: the entry asks for this word and the text has it
    MARK = "mark"  # keyword, and department of a candidate: the text tells by this word whose the thing is
    AREA = "area"  # area: the entry holds only in this area
    DUTY = "duty"  # department, duty, area: who has the duty in this place
    FIXED = "fixed"  # department: the entry names the department itself
    NAMED = "named"  # department: the text names this body
    FELL_BACK = (
        "fell_back"  # department, asked, found: nobody at the level asked for, or place not that precise
    )
    OWNERS_DIFFER = "owners_differ"  # keywords: the text has the marks of several owners
    FIRST = "first"  # department: makes it safe while the owner is looked for (先行处置)
    CONDUCT = "conduct"  # department: it is about this one's conduct, which stays out of it (回避)
    SUPERIOR = "superior"  # department, of: stands above the one whose conduct it is
    BELOW_MINIMUM = "below_minimum"  # department, level, minimum, basis: may not be pushed down so far
    COVERED = "covered"  # department, area: no clear owner, the district government covers (兜底)
    DESK = "desk"  # the owner cannot be read from the text; the dispatch desk decides
    NO_ENTRY = "no_entry"  # category: no entry in force that day
    PLACE_UNKNOWN = "place_unknown"  # not even the district is known, so nobody can cover
    OTHER_ENTRY = "other_entry"  # category, line: a less specific entry of the catalogue says this


@dataclass(frozen=True)
class Reason:
    code: ReasonCode
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A department that was not chosen, and what speaks for it."""

    department: str
    reason: Reason


@dataclass(frozen=True)
class Decision:
    """Departments are codes. `lead` None: the desk decides, with `alternatives` to choose from.

    `auto` is true only when the entry allows it and its lead was found exactly where the entry looks for it.
    `minimum_level`: nobody below this level may lead. `complained_of`: whose conduct it is about; nobody of
    them may lead or assist.
    """

    lead: str | None
    assisting: tuple[str, ...]
    entry: Entry | None
    reasons: tuple[Reason, ...]
    alternatives: tuple[Candidate, ...]
    auto: bool
    minimum_level: Level
    complained_of: tuple[str, ...] = ()
