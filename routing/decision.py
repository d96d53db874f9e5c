"""Whose is it? The most specific entry of the catalogue that fits, and the departments that it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from routing.areas import Level
from routing.catalogue import Catalogue, Entry
from routing.departments import Department, Departments, DutyAt, Named, Resolved
from routing.errors import UnknownCode
from routing.gazetteer import Gazetteer


@dataclass(frozen=True)
class Case:
    """What routing asks about a ticket. `area` is the deepest certain one, the city when nothing is known."""

    category: str
    area: str
    text: str
    day: date


class ReasonCode(StrEnum):
    """Why a department was chosen; the facts of each are named beside it."""

    ENTRY = "entry"  # category, line, basis, note: the catalogue's entry for this category
    KEYWORD = "keyword"  # keyword: the entry asks for this word and the text has it
    AREA = "area"  # area: the entry holds only in this area
    DUTY = "duty"  # department, duty, area: who has the duty in this place
    FIXED = "fixed"  # department: the entry names the department itself
    NAMED = "named"  # department: the text names this body
    FELL_BACK = (
        "fell_back"  # department, asked, found: nobody at the level asked for, or place not that precise
    )
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
    `minimum_level`: nobody below this level may lead.
    """

    lead: str | None
    assisting: tuple[str, ...]
    entry: Entry | None
    reasons: tuple[Reason, ...]
    alternatives: tuple[Candidate, ...]
    auto: bool
    minimum_level: Level


@dataclass(frozen=True)
class Fit:
    """An entry that fits a case, its keyword in the text and the depth of its area, -1 without one."""

    entry: Entry
    keyword: str | None
    depth: int

    @property
    def rank(self) -> tuple[bool, int, int, int, int, int]:
        """Most specific first: keyword, area, category, level; then longer keyword, then earlier line."""
        entry = self.entry
        level = entry.level.depth if entry.level else -1
        said = len(self.keyword or "")
        return (not said, -self.depth, -len(entry.category), -level, -said, entry.line)


def route(case: Case, catalogue: Catalogue, departments: Departments, gazetteer: Gazetteer) -> Decision:
    """Decide whose the case is. Costs no more than the entries of its category.

    Raises UnknownCode for a category or area that the city does not have, nothing else.
    """
    if case.category not in catalogue.categories:
        raise UnknownCode("category", case.category)
    fits = sorted(fitting(case, catalogue, gazetteer), key=lambda fit: fit.rank)
    who = Chooser(case, departments, gazetteer)
    if not fits:
        lead, reasons = who.cover()
        reasons = [Reason(ReasonCode.NO_ENTRY, {"category": case.category}), *reasons]
        return Decision(lead, (), None, tuple(reasons), (), False, Level.DISTRICT)
    return who.decide(fits[0], fits[1:])


def fitting(case: Case, catalogue: Catalogue, gazetteer: Gazetteer) -> Iterator[Fit]:
    """Yield the entries that fit the case, in no order."""
    path = gazetteer.ancestors(case.area)
    holders = {area.code: area.level.depth for area in path}
    known_to = path[0].level.depth
    for entry in catalogue.entries_for(case.category):
        if not entry.in_force(case.day) or (entry.area and entry.area not in holders):
            continue
        if entry.level and entry.level.depth > known_to:
            continue
        keyword = entry.keyword_in(case.text)
        if keyword or not entry.keywords:
            yield Fit(entry, keyword, holders[entry.area] if entry.area else -1)


@dataclass(frozen=True)
class Chooser:
    """Turns entries into departments for one case."""

    case: Case
    departments: Departments
    gazetteer: Gazetteer

    def decide(self, best: Fit, others: list[Fit]) -> Decision:
        entry = best.entry
        found = self._resolve(entry)
        lead, why = (found.department.code, self._why(entry, found)) if found else self._without_owner(entry)
        return Decision(
            lead=lead,
            assisting=self._assisting(entry, lead),
            entry=entry,
            reasons=(*_why_entry(best), *why),
            alternatives=self._alternatives(lead, entry, others),
            auto=entry.auto and found is not None and not found.fell_back,
            minimum_level=entry.minimum_level,
        )

    def cover(self) -> tuple[str | None, list[Reason]]:
        """No clear owner: the district government covers (兜底), so that no ticket is without an address."""
        district = self.departments.covering(self.case.area, self.gazetteer)
        if district is None:
            return None, [Reason(ReasonCode.PLACE_UNKNOWN)]
        return district.code, [_covered_by(district)]

    def _resolve(self, entry: Entry) -> Resolved | None:
        if entry.lead is None:
            return None
        return self.departments.resolve(entry.lead, self.case.area, self.gazetteer, self.case.text)

    def _without_owner(self, entry: Entry) -> tuple[str | None, list[Reason]]:
        # A body to be read from the text is a fact to find out, not a duty that nobody has.
        if entry.lead is None or isinstance(entry.lead, Named):
            return None, [Reason(ReasonCode.DESK)]
        return self.cover()

    def _why(self, entry: Entry, found: Resolved) -> list[Reason]:
        department = found.department
        if isinstance(entry.lead, Named):
            return [Reason(ReasonCode.NAMED, {"department": department.code})]
        if not isinstance(entry.lead, DutyAt):
            return [Reason(ReasonCode.FIXED, {"department": department.code})]
        facts = {"department": department.code, "duty": department.duty, "area": department.area}
        reasons = [Reason(ReasonCode.DUTY, facts)]
        if found.fell_back:
            asked = entry.lead.level.value
            fell = {"department": department.code, "asked": asked, "found": found.level.value}
            reasons.append(Reason(ReasonCode.FELL_BACK, fell))
        return reasons

    def _assisting(self, entry: Entry, lead: str | None) -> tuple[str, ...]:
        """Assisting departments fall back like leads, but nobody covers for them and none assists itself."""
        resolve, case = self.departments.resolve, self.case
        found = [resolve(owner, case.area, self.gazetteer, case.text) for owner in entry.assisting]
        codes = dict.fromkeys(each.department.code for each in found if each)
        return tuple(code for code in codes if code != lead)

    def _alternatives(self, lead: str | None, entry: Entry, others: list[Fit]) -> tuple[Candidate, ...]:
        """Who else could be meant: bodies the text names, other entries that fit, the covering district."""
        candidates: dict[str, Candidate] = {}
        if lead is None or isinstance(entry.lead, Named):
            for department in self.departments.named_in(self.case.text):
                reason = Reason(ReasonCode.NAMED, {"department": department.code})
                candidates.setdefault(department.code, Candidate(department.code, reason))
        for fit in others:
            if found := self._resolve(fit.entry):
                facts = {"category": fit.entry.category, "line": str(fit.entry.line)}
                reason = Reason(ReasonCode.OTHER_ENTRY, facts)
                candidates.setdefault(found.department.code, Candidate(found.department.code, reason))
        if district := self.departments.covering(self.case.area, self.gazetteer):
            candidates.setdefault(district.code, Candidate(district.code, _covered_by(district)))
        return tuple(each for code, each in candidates.items() if code != lead)


def _why_entry(fit: Fit) -> list[Reason]:
    entry = fit.entry
    facts = {"category": entry.category, "line": str(entry.line), "basis": entry.basis, "note": entry.note}
    reasons = [Reason(ReasonCode.ENTRY, facts)]
    if fit.keyword:
        reasons.append(Reason(ReasonCode.KEYWORD, {"keyword": fit.keyword}))
    if entry.area:
        reasons.append(Reason(ReasonCode.AREA, {"area": entry.area}))
    return reasons


def _covered_by(district: Department) -> Reason:
    return Reason(ReasonCode.COVERED, {"department": district.code, "area": district.area})
