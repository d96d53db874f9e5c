"""Where is it? Areas and known places in an address or a story."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import groupby

from routing.areas import Area, AreaTree, Level, names_of
from routing.lexicon import Lexicon
from routing.rows import Rows, read

PLACE_COLUMNS = ("name", "kind", "area", "aliases")
PLACE_RANK = len(Level)  # known places speak after every named area


class PlaceKind(StrEnum):
    ROAD = "road"
    COMPOUND = "compound"
    SCHOOL = "school"
    MARKET = "market"
    HOSPITAL = "hospital"
    PARK = "park"
    LANDMARK = "landmark"


class MatchReason(StrEnum):
    NAMED = "named"  # the area itself is named
    PLACE = "place"  # a place that lies in it is named
    HOMONYM = "homonym"  # one name, several areas: a homonym, or a road that crosses them
    SEVERAL = "several"  # several places are named that do not lie together


@dataclass(frozen=True)
class Match:
    """What a text says about where.

    `area` is certain: with `alternatives` it is their deepest common area, never a guess between them.
    `span` and `matched` are the words that decided.
    """

    area: Area
    span: tuple[int, int]
    matched: str
    alternatives: tuple[Area, ...]
    reason: MatchReason


@dataclass(frozen=True)
class Mention:
    """A name in the text and the areas it can mean. A lower rank is trusted more."""

    start: int
    end: int
    rank: int
    areas: frozenset[str]


class Gazetteer:
    """Areas and places of one city, built once."""

    def __init__(self, tree: AreaTree, names: Lexicon[tuple[int, frozenset[str]]]) -> None:
        self.tree = tree
        self._names = names

    @classmethod
    def parse(cls, area_rows: Rows, place_rows: Rows) -> "Gazetteer":
        """Read areas.csv and places.csv. Raises BrokenTable."""
        tree = AreaTree.parse(area_rows)
        meanings: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for area in tree.areas.values():
            for name in (area.name, *area.aliases):
                meanings[name].add((area.level.depth, area.code))
        for name, code in _places(tree, place_rows):
            meanings[name].add((PLACE_RANK, code))
        return cls(tree, Lexicon({name: _meaning(several) for name, several in meanings.items()}))

    @property
    def city(self) -> Area:
        return self.tree.root

    @property
    def areas(self) -> tuple[Area, ...]:
        return tuple(self.tree.areas.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and alias of an area or place."""
        return self._names.words

    def __contains__(self, code: str) -> bool:
        return code in self.tree.areas

    def area(self, code: str) -> Area:
        """Raises UnknownCode."""
        return self.tree[code]

    def ancestors(self, code: str) -> tuple[Area, ...]:
        """Return the area itself and what it lies in, up to the city. Raises UnknownCode."""
        return tuple(self.tree.areas[each] for each in self.tree.path(code))

    def at_level(self, code: str, level: Level) -> Area | None:
        """Return the area of `level` that holds `code`, None where the place is not known so precisely."""
        return next((area for area in self.ancestors(code) if area.level is level), None)

    def find(self, text: str) -> Match | None:
        """Return the deepest area consistent with the text, None where it names none.

        A named area outranks places: a road known only from another district is then not believed. Names of
        equal rank that fit together narrow each other; those that do not become alternatives.
        """
        mentions = sorted(self._mentions(text), key=lambda mention: mention.rank)
        belief = frozenset[str]()
        decided: Mention | None = None
        together = True
        for _, group in groupby(mentions, key=lambda mention: mention.rank):
            credible = [narrowed for mention in group if (narrowed := self._within(belief, mention))]
            if credible:
                agreed = reduce(self._meet, (mention.areas for mention in credible))
                together = bool(agreed)
                belief = agreed or self._deepest(*(mention.areas for mention in credible))
                decided = next(m for m in credible if m.areas & belief)
        return self._match(text, decided, belief, together) if decided else None

    def locate(self, address: str, text: str) -> Match | None:
        """Find the place of a ticket: the address field where it names one, else the story."""
        return self.find(address) or self.find(text)

    def _mentions(self, text: str) -> Iterable[Mention]:
        for start, end, (rank, areas) in self._names.hits(text):
            yield Mention(start, end, rank, areas)

    def _within(self, belief: frozenset[str], mention: Mention) -> Mention | None:
        """Return the mention read in the light of what is already believed, None where they contradict."""
        areas = self._meet(belief, mention.areas) if belief else mention.areas
        return Mention(mention.start, mention.end, mention.rank, areas) if areas else None

    def _meet(self, some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
        """Return the deeper area of every pair where one lies in the other."""
        contains = self.tree.contains
        return frozenset(
            one if contains(other, one) else other
            for one in some
            for other in others
            if contains(other, one) or contains(one, other)
        )

    def _deepest(self, *sets: frozenset[str]) -> frozenset[str]:
        """Return the union without areas that only contain another of it."""
        union = frozenset[str]().union(*sets)
        holders = {outer for code in union for outer in self.tree.path(code)[1:]}
        return union - holders

    def _match(self, text: str, decided: Mention, belief: frozenset[str], together: bool) -> Match:
        areas = self.tree.areas
        if len(belief) == 1:
            reason = MatchReason.PLACE if decided.rank == PLACE_RANK else MatchReason.NAMED
            alternatives: tuple[Area, ...] = ()
        else:
            reason = MatchReason.HOMONYM if together else MatchReason.SEVERAL
            alternatives = tuple(areas[code] for code in sorted(belief))
        return Match(
            area=areas[self.tree.common(belief)],
            span=(decided.start, decided.end),
            matched=text[decided.start : decided.end],
            alternatives=alternatives,
            reason=reason,
        )


def _places(tree: AreaTree, rows: Rows) -> Iterable[tuple[str, str]]:
    """Yield each name of each place with the code of its area. A road that crosses two areas has two rows."""
    seen = set()
    for row in read("places", rows, PLACE_COLUMNS):
        name, code = row.required("name"), row.required("area")
        row.choice("kind", PlaceKind)
        if code not in tree.areas:
            raise row.broken(f"area {code!r} is not in areas.csv")
        if (name, code) in seen:
            raise row.broken(f"place {name!r} is there twice for area {code}")
        seen.add((name, code))
        for each in names_of(row, name):
            yield each, code


def _meaning(several: set[tuple[int, str]]) -> tuple[int, frozenset[str]]:
    """A name that is both an area's and a place's speaks with the area's rank and may mean either."""
    return min(rank for rank, _ in several), frozenset(code for _, code in several)
