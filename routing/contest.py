"""Which entries of the catalogue fit a case, which of them wins, and by what each of the others lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from routing.areas import Area
from routing.catalogue import Catalogue, Entry
from routing.gazetteer import Gazetteer


@dataclass(frozen=True)
class Case:
    """What routing asks about a ticket. `area` is the deepest certain one, the city when nothing is known."""

    category: str
    area: str
    text: str
    day: date


class Loss(StrEnum):
    """Why an entry of the category did not decide; the facts of each are named beside it."""

    NOT_YET = "not_yet"  # since: in force from this day only
    EXPIRED = "expired"  # until: in force up to this day only
    OTHER_AREA = "other_area"  # area: holds there, and the place is elsewhere
    AREA_UNSURE = "area_unsure"  # area, known: the place may lie there, but is known no deeper than this
    LEVEL_UNSURE = "level_unsure"  # level, known: asks for a place known down to this level
    NO_KEYWORD = "no_keyword"  # keywords: the text has none of them
    LESS_SPECIFIC = "less_specific"  # criterion, line: fits as well, and this line says it more specifically


class Criterion(StrEnum):
    """What makes one entry more specific than another, the strongest first."""

    KEYWORD = "keyword"  # asks for a word that the text has
    AREA = "area"  # holds in a smaller area
    CATEGORY = "category"  # speaks of fewer categories
    LEVEL = "level"  # asks for a place known more precisely
    LONGER = "longer"  # its word is longer
    EARLIER = "earlier"  # its word stands earlier in the text


CRITERIA = tuple(Criterion)


@dataclass(frozen=True)
class Fit:
    """An entry that fits a case: its keyword and where that stands, the depth of its area, -1 without one."""

    entry: Entry
    keyword: str | None
    at: int
    depth: int

    @property
    def rank(self) -> tuple[int, ...]:
        """The lowest wins; a number for each of CRITERIA.

        No two are alike: `overlaps` refuses what is alike in all but the word, and two words of one length
        do not begin at the same place. So the order of the file decides nothing.
        """
        entry = self.entry
        level = entry.level.depth if entry.level else -1
        said = len(self.keyword or "")
        return (int(not said), -self.depth, -len(entry.category), -level, -said, self.at)


@dataclass(frozen=True)
class Considered:
    """An entry that speaks for the category. `loss` None: it fits, and none that fits is more specific.

    `keyword` is its word that the text has.
    """

    entry: Entry
    keyword: str | None
    loss: Loss | None
    facts: Mapping[str, str] = field(default_factory=dict)


class Contest:
    """Weighs the entries for one case. Raises UnknownCode for an area that the city does not have."""

    def __init__(self, case: Case, catalogue: Catalogue, gazetteer: Gazetteer) -> None:
        self.case, self.gazetteer = case, gazetteer
        self._path = gazetteer.ancestors(case.area)
        self._depths = {area.code: area.level.depth for area in self._path}
        self._entries = tuple(catalogue.entries_for(case.category))

    @property
    def place(self) -> Area:
        return self._path[0]

    def fits(self) -> list[Fit]:
        """Return the entries that fit, the winner first."""
        fitting = [fit for entry in self._entries if isinstance(fit := self._weighed(entry), Fit)]
        return sorted(fitting, key=lambda fit: fit.rank)

    def considered(self) -> tuple[Considered, ...]:
        """Return every entry of the category: the winner, what else fits, what does not."""
        fits = self.fits()
        weighed = [(entry, self._weighed(entry)) for entry in self._entries]
        unfit = [self._lost(entry, loss) for entry, loss in weighed if isinstance(loss, Loss)]
        return (*(_standing(fit, fits[0]) for fit in fits), *unfit)

    def _weighed(self, entry: Entry) -> Fit | Loss:
        case = self.case
        if entry.since and case.day < entry.since:
            return Loss.NOT_YET
        if entry.until and entry.until < case.day:
            return Loss.EXPIRED
        if entry.area and entry.area not in self._depths:
            # The place may still lie in it where it is known less deeply than the entry asks.
            within = self.place in self.gazetteer.ancestors(entry.area)
            return Loss.AREA_UNSURE if within else Loss.OTHER_AREA
        if entry.level and entry.level.depth > self.place.level.depth:
            return Loss.LEVEL_UNSURE
        keyword = entry.keyword_in(case.text)
        if entry.keywords and not keyword:
            return Loss.NO_KEYWORD
        at = case.text.find(keyword) if keyword else -1
        return Fit(entry, keyword, at, self._depths[entry.area] if entry.area else -1)

    def _lost(self, entry: Entry, loss: Loss) -> Considered:
        facts = {
            "since": entry.since.isoformat() if entry.since else "",
            "until": entry.until.isoformat() if entry.until else "",
            "area": entry.area or "",
            "level": entry.level or "",
            "known": self.place.level.value,
            "keywords": " ".join(entry.keywords),
        }
        return Considered(entry, None, loss, {name: facts[name] for name in _FACTS[loss]})


_FACTS: Mapping[Loss, tuple[str, ...]] = {
    Loss.NOT_YET: ("since",),
    Loss.EXPIRED: ("until",),
    Loss.OTHER_AREA: ("area",),
    Loss.AREA_UNSURE: ("area", "known"),
    Loss.LEVEL_UNSURE: ("level", "known"),
    Loss.NO_KEYWORD: ("keywords",),
}


def _standing(fit: Fit, winner: Fit) -> Considered:
    if fit is winner:
        return Considered(fit.entry, fit.keyword, None)
    facts = {"criterion": _decisive(fit, winner).value, "line": str(winner.entry.line)}
    return Considered(fit.entry, fit.keyword, Loss.LESS_SPECIFIC, facts)


def _decisive(fit: Fit, winner: Fit) -> Criterion:
    """Return the first criterion that told the two apart."""
    ranks = zip(CRITERIA, fit.rank, winner.rank, strict=True)
    return next(criterion for criterion, theirs, best in ranks if theirs != best)
