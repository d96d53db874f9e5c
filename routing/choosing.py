"""From the entry that won to the departments that it means in this case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from routing.catalogue import Decides, Entry
from routing.contest import Case, Fit
from routing.departments import Department, Departments, DutyAt, Named, Owner, Resolved, Superior
from routing.gazetteer import Gazetteer
from routing.reasons import Candidate, Decision, Reason, ReasonCode


@dataclass(frozen=True)
class Chooser:
    """Turns entries into departments for one case."""

    case: Case
    departments: Departments
    gazetteer: Gazetteer

    def decide(self, best: Fit, others: list[Fit]) -> Decision:
        entry = best.entry
        rivals = self._rivals(best, others)
        lead, why, found = self._several(best, rivals) if rivals else self._lead(entry)
        accused = self._accused(entry)
        if lead in accused:
            lead, why, found = *self._above(lead, accused), None
        stays_out = [Reason(ReasonCode.CONDUCT, {"department": code}) for code in accused]
        return Decision(
            lead=lead,
            assisting=self._assisting(entry, lead, accused),
            entry=entry,
            reasons=(*_why_entry(best, clear=not rivals), *stays_out, *why),
            alternatives=tuple(self._alternatives(best, others, rivals, lead, accused)),
            auto=entry.auto and found is not None and not found.fell_back,
            minimum_level=entry.minimum_level,
            complained_of=accused,
        )

    def meant_by(self, entry: Entry) -> str | None:
        """Return whom an entry means as the lead, None where nobody is found."""
        found = self._resolve(entry.lead)
        return found.department.code if found else None

    def cover(self) -> tuple[str | None, list[Reason]]:
        """No clear owner: the district government covers (兜底), so that no ticket is without an address."""
        district = self.departments.covering(self.case.area, self.gazetteer)
        if district is None:
            return None, [Reason(ReasonCode.PLACE_UNKNOWN)]
        return district.code, [_covered_by(district)]

    @cached_property
    def _named(self) -> tuple[Department, ...]:
        return self.departments.named_in(self.case.text)

    def _resolve(self, owner: Owner | None) -> Resolved | None:
        if owner is None:
            return None
        return self.departments.resolve(owner, self.case.area, self.gazetteer, self.case.text)

    def _accused(self, entry: Entry) -> tuple[str, ...]:
        """Whom a matter of conduct is about: the bodies that the text names."""
        if entry.decides is not Decides.CONDUCT:
            return ()
        return tuple(department.code for department in self._named)

    def _rivals(self, best: Fit, others: list[Fit]) -> list[Fit]:
        """Return what marks the thing as another's, as plainly as the best entry marks it as somebody's."""
        if best.entry.decides is not Decides.PROPERTY or not best.keyword:
            return []
        meant = self.meant_by(best.entry)
        alike = [fit for fit in others if fit.keyword and fit.rank[:_PLAINLY] == best.rank[:_PLAINLY]]
        marks = [fit for fit in alike if fit.entry.decides is Decides.PROPERTY]
        return [fit for fit in marks if self.meant_by(fit.entry) != meant]

    def _several(self, best: Fit, rivals: list[Fit]) -> tuple[None, list[Reason], None]:
        """Marks of several owners: whose the thing is cannot be read, and guessing sends it in circles."""
        said = " ".join(fit.keyword for fit in (best, *rivals) if fit.keyword)
        why = [Reason(ReasonCode.OWNERS_DIFFER, {"keywords": said}), *self._left_to_the_desk(best.entry)]
        return None, why, None

    def _lead(self, entry: Entry) -> tuple[str | None, list[Reason], Resolved | None]:
        found = self._resolve(entry.lead)
        if found is None:
            return *self._without_owner(entry), None
        if isinstance(entry.lead, Named | Superior):
            below = pushed_down(found.department, entry, self.departments, self.gazetteer)
            if below:
                return None, [below, *self._left_to_the_desk(entry)], None
        return found.department.code, self._why(entry, found), found

    def _without_owner(self, entry: Entry) -> tuple[str | None, list[Reason]]:
        # A body to be read from the text is a fact to find out, not a duty that nobody has.
        if entry.lead is None or isinstance(entry.lead, Named | Superior):
            return None, self._left_to_the_desk(entry)
        return self.cover()

    def _left_to_the_desk(self, entry: Entry) -> list[Reason]:
        found = self._resolve(entry.first)
        first = [Reason(ReasonCode.FIRST, {"department": found.department.code})] if found else []
        return [*first, Reason(ReasonCode.DESK)]

    def _above(self, lead: str, accused: tuple[str, ...]) -> tuple[str | None, list[Reason]]:
        """Nobody judges himself: the superior of whoever would have led, the desk where there is none."""
        superior = self.departments.superior_of(lead, without=accused)
        if superior is None:
            return None, [Reason(ReasonCode.DESK)]
        return superior.code, [_above_of(lead, superior)]

    def _why(self, entry: Entry, found: Resolved) -> list[Reason]:
        department = found.department
        if isinstance(entry.lead, Named):
            return [Reason(ReasonCode.NAMED, {"department": department.code})]
        if isinstance(entry.lead, Superior):
            return [_above_of(self._named[0].code, department)]
        if not isinstance(entry.lead, DutyAt):
            return [Reason(ReasonCode.FIXED, {"department": department.code})]
        facts = {"department": department.code, "duty": department.duty, "area": department.area}
        reasons = [Reason(ReasonCode.DUTY, facts)]
        if found.fell_back:
            asked = entry.lead.level.value
            fell = {"department": department.code, "asked": asked, "found": found.level.value}
            reasons.append(Reason(ReasonCode.FELL_BACK, fell))
        return reasons

    def _assisting(self, entry: Entry, lead: str | None, accused: tuple[str, ...]) -> tuple[str, ...]:
        """Assisting departments fall back like leads, but nobody covers for them and none assists itself."""
        found = [self._resolve(owner) for owner in entry.assisting]
        codes = dict.fromkeys(each.department.code for each in found if each)
        return tuple(code for code in codes if code != lead and code not in accused)

    def _alternatives(
        self, best: Fit, others: list[Fit], rivals: list[Fit], lead: str | None, accused: tuple[str, ...]
    ) -> Iterator[Candidate]:
        """Yield who else could be meant and may lead, each once, the likeliest first."""
        seen = {lead, *accused}
        first = self._resolve(best.entry.first) if lead is None else None
        safe = [_candidate(first.department, ReasonCode.FIRST)] if first else []
        for candidate in (*self._owners(best, rivals), *safe, *self._others(best.entry, others)):
            if candidate.department not in seen:
                seen.add(candidate.department)
                yield candidate

    def _owners(self, best: Fit, rivals: list[Fit]) -> Iterator[Candidate]:
        """Yield whose the thing would be by each of the marks that the text has."""
        for fit in (best, *rivals) if rivals else ():
            yield from self._candidates(fit.entry, ReasonCode.MARK, {"keyword": fit.keyword or ""})

    def _others(self, entry: Entry, others: list[Fit]) -> Iterator[Candidate]:
        """Yield bodies that the text names, whom other entries mean, the district that covers."""
        if entry.lead is None or isinstance(entry.lead, Named):
            for department in self._named:
                if not pushed_down(department, entry, self.departments, self.gazetteer):
                    yield _candidate(department, ReasonCode.NAMED)
        for fit in others:
            facts = {"category": fit.entry.category, "line": str(fit.entry.line)}
            for other in self._candidates(fit.entry, ReasonCode.OTHER_ENTRY, facts):
                # Only what the text itself names goes against the minimum of the entry that won.
                department = self.departments[other.department]
                if fit.keyword or not pushed_down(department, entry, self.departments, self.gazetteer):
                    yield other
        district = self.departments.covering(self.case.area, self.gazetteer)
        if district and not pushed_down(district, entry, self.departments, self.gazetteer):
            yield Candidate(district.code, _covered_by(district))

    def _candidates(self, entry: Entry, code: ReasonCode, facts: Mapping[str, str]) -> Iterator[Candidate]:
        found = self._resolve(entry.lead)
        if found and not pushed_down(found.department, entry, self.departments, self.gazetteer):
            yield _candidate(found.department, code, facts)


# Keyword, area, category, level: what an entry says of a case, the length and place of the word left out.
_PLAINLY = 4


def _why_entry(fit: Fit, *, clear: bool) -> list[Reason]:
    entry = fit.entry
    facts = {"category": entry.category, "line": str(entry.line), "basis": entry.basis, "note": entry.note}
    reasons = [Reason(ReasonCode.ENTRY, facts)]
    if fit.keyword and clear:
        is_mark = entry.decides is Decides.PROPERTY
        code = ReasonCode.MARK if is_mark else ReasonCode.KEYWORD
        reasons.append(Reason(code, {"keyword": fit.keyword}))
    if entry.area:
        reasons.append(Reason(ReasonCode.AREA, {"area": entry.area}))
    return reasons


def _candidate(department: Department, code: ReasonCode, facts: Mapping[str, str] | None = None) -> Candidate:
    return Candidate(department.code, Reason(code, {"department": department.code, **(facts or {})}))


def _above_of(code: str, superior: Department) -> Reason:
    return Reason(ReasonCode.SUPERIOR, {"department": superior.code, "of": code})


def _covered_by(district: Department) -> Reason:
    return Reason(ReasonCode.COVERED, {"department": district.code, "area": district.area})


def pushed_down(
    department: Department, entry: Entry, departments: Departments, gazetteer: Gazetteer
) -> Reason | None:
    """A bureau's duty may not be pushed down to a street (国办函〔2025〕66号)."""
    minimum = entry.minimum_level
    if not departments.lies_below(department.code, minimum, gazetteer):
        return None
    level = departments.level_of(department.code, gazetteer)
    facts = {"department": department.code, "level": level.value, "minimum": minimum.value}
    return Reason(ReasonCode.BELOW_MINIMUM, {**facts, "basis": entry.basis})
