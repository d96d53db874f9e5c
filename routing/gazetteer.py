"""Where is it? Areas and known places in an address or a story."""

from dataclasses import dataclass, replace
from enum import StrEnum

from routing.areas import Area, AreaTree, Level
from routing.belief import Belief, believe
from routing.mentions import PLACE_RANK, Reader
from routing.names import names_in
from routing.places import read_places
from routing.questions import Question, question
from routing.rows import Rows


class MatchReason(StrEnum):
    NAMED = "named"  # the area itself is named
    PLACE = "place"  # a place that lies in it is named
    HOMONYM = "homonym"  # one name, several areas: a homonym, or a road that crosses them
    SEVERAL = "several"  # several places are named that do not lie together


@dataclass(frozen=True)
class Match:
    """What a text says about where.

    `area` is certain: with `alternatives` it is their deepest common area, never a guess between them, and
    `question` what would separate them. `span` and `matched` are the words that decided.
    """

    area: Area
    span: tuple[int, int]
    matched: str
    alternatives: tuple[Area, ...]
    reason: MatchReason
    question: Question | None = None

    @property
    def choices(self) -> tuple[tuple[str, Area], ...]:
        """The alternatives, each with the part of the road that lies in it, "" where no part tells it."""
        asked = self.question.options if self.question else ()
        if any(option.part for option in asked):
            return tuple((option.part, option.area) for option in asked)
        return tuple(("", area) for area in self.alternatives)


class Gazetteer:
    """Areas and places of one city, built once."""

    def __init__(self, tree: AreaTree, reader: Reader) -> None:
        self.tree = tree
        self._reader = reader

    @classmethod
    def parse(cls, area_rows: Rows, place_rows: Rows) -> "Gazetteer":
        """Read areas.csv and places.csv. Raises BrokenTable."""
        tree = AreaTree.parse(area_rows)
        return cls(tree, Reader(names_in(tree, read_places(tree, place_rows))))

    @property
    def city(self) -> Area:
        return self.tree.root

    @property
    def areas(self) -> tuple[Area, ...]:
        return tuple(self.tree.areas.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and alias of an area or place."""
        return self._reader.names

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
        """Return the deepest area consistent with the text, None where it names none."""
        belief = believe(self.tree, list(self._reader.mentions(text)))
        return self._match(text, belief) if belief else None

    def locate(self, address: str, text: str) -> Match | None:
        """Find the place of a ticket: the address field where it names one, else the story.

        Where the address leaves several places open, the story may tell which of them it is.
        """
        found = self.find(address)
        if found is None or not found.alternatives:
            return found or self.find(text)
        return self._told_apart(found, self.find(text))

    def _told_apart(self, found: Match, story: Match | None) -> Match:
        if story is None or story.alternatives:
            return found
        holders = self.tree.path(story.area.code)
        left = [
            area
            for area in found.alternatives
            if area.code in holders or self.tree.contains(story.area.code, area.code)
        ]
        if len(left) != 1:
            return found
        return replace(found, area=left[0], alternatives=(), question=None)

    def _match(self, text: str, belief: Belief) -> Match:
        codes, decided = belief.areas, belief.decided
        area = self.tree.areas[self.tree.common(codes)]
        span = (decided.start, decided.end)
        if len(codes) == 1:
            reason = MatchReason.PLACE if decided.rank == PLACE_RANK else MatchReason.NAMED
            return Match(area, span, text[slice(*span)], (), reason)
        return Match(
            area=area,
            span=span,
            matched=text[slice(*span)],
            alternatives=tuple(self.tree.areas[code] for code in sorted(codes)),
            reason=MatchReason.HOMONYM if belief.together else MatchReason.SEVERAL,
            question=question(self.tree, codes, decided.parts if belief.together else ()),
        )
