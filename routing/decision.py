"""Whose is it? The most specific entry of the catalogue that fits, and the departments that it means."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.areas import Level
from routing.catalogue import Catalogue
from routing.choosing import Chooser, pushed_down
from routing.contest import Case, Considered, Contest
from routing.departments import Departments
from routing.errors import UnknownCode
from routing.gazetteer import Gazetteer
from routing.reasons import Decision, Reason, ReasonCode


@dataclass(frozen=True)
class Explanation:
    """A decision, and every entry of the category with why it won or lost: the winner first.

    `leads`: for the line of each, the department that it would mean in this case, None where it finds none.
    """

    decision: Decision
    considered: tuple[Considered, ...]
    leads: Mapping[int, str | None]


def route(case: Case, catalogue: Catalogue, departments: Departments, gazetteer: Gazetteer) -> Decision:
    """Decide whose the case is. Costs no more than the entries of its category.

    Raises UnknownCode for a category or area that the city does not have, nothing else.
    """
    contest = _contest(case, catalogue, gazetteer)
    return _decide(contest, Chooser(case, departments, gazetteer))


def explain(case: Case, catalogue: Catalogue, departments: Departments, gazetteer: Gazetteer) -> Explanation:
    """Decide as `route` does, and tell what became of every entry. Raises UnknownCode."""
    contest = _contest(case, catalogue, gazetteer)
    who = Chooser(case, departments, gazetteer)
    considered = contest.considered()
    leads = {one.entry.line: who.meant_by(one.entry) for one in considered}
    return Explanation(_decide(contest, who), considered, leads)


def objection(decision: Decision, code: str, departments: Departments, gazetteer: Gazetteer) -> Reason | None:
    """Return why the department `code` may not lead what `decision` is about, None when it may.

    What the catalogue itself says stands: its lead, and whoever another entry names that fits as well.
    """
    if code in decision.complained_of:
        return Reason(ReasonCode.CONDUCT, {"department": code})
    stands = {decision.lead, *(candidate.department for candidate in decision.alternatives)}
    if decision.entry is None or code in stands:
        return None
    return pushed_down(departments[code], decision.entry, departments, gazetteer)


def _contest(case: Case, catalogue: Catalogue, gazetteer: Gazetteer) -> Contest:
    if case.category not in catalogue.categories:
        raise UnknownCode("category", case.category)
    return Contest(case, catalogue, gazetteer)


def _decide(contest: Contest, who: Chooser) -> Decision:
    fits = contest.fits()
    if fits:
        return who.decide(fits[0], fits[1:])
    lead, reasons = who.cover()
    reasons = [Reason(ReasonCode.NO_ENTRY, {"category": contest.case.category}), *reasons]
    return Decision(lead, (), None, tuple(reasons), (), False, Level.DISTRICT)
