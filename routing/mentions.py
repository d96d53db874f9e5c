"""The names of places that stand in a text, each with what it can mean there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from routing import context, parts
from routing.areas import Level
from routing.context import Trust
from routing.lexicon import Lexicon
from routing.parts import Part
from routing.variants import folded

PLACE_RANK = len(Level)  # known places speak after every named area
SHORT_RANK = PLACE_RANK + 1  # and short forms of towns after them, for they may be anything
# A word of two characters is often part of another one.
AMBIGUOUS = 2
NOTHING = frozenset[str]()


@dataclass(frozen=True)
class Name:
    """What a name can mean. A lower rank is trusted more.

    `bare`: it does not say itself what it is, as 望帆街道 does. `parts`: which part of a road lies where.
    """

    rank: int
    areas: frozenset[str]
    bare: bool
    parts: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True)
class Mention:
    """A name in a text. `behind`: what the name right before it means, as 仓山区 does in 仓山区金山."""

    start: int
    end: int
    rank: int
    areas: frozenset[str]
    trust: Trust
    behind: frozenset[str]
    parts: tuple[tuple[str, Part], ...] = ()

    def meaning(self, areas: frozenset[str], *, rank: int | None = None) -> "Mention":
        return replace(self, areas=areas, rank=self.rank if rank is None else rank)


class Reader:
    """Finds the names of a city in texts, whichever characters they are written with."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = tuple(names)
        self._lexicon = Lexicon({folded(name): meaning for name, meaning in names.items()})

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield what is named, in order; what only looks like a name is left out.

        A name that was said plainly once says nothing more when it is repeated, but for the part of a road.
        """
        text = folded(text)
        told = set()
        named_to, before = 0, NOTHING
        for start, end, name in self._lexicon.hits(text):
            behind = before if start == named_to else NOTHING
            said = text[start:end], behind
            if said not in told and _is_named(text, start, end, name, behind):
                mention = _mention(text, start, end, name, behind)
                yield mention
                if mention.trust is Trust.PLAIN and not name.parts:
                    told.add(said)
            named_to, before = end, name.areas


def _is_named(text: str, start: int, end: int, name: Name, behind: frozenset[str]) -> bool:
    if name.rank == PLACE_RANK:
        return True
    if name.bare and context.is_part_of_longer(text, end):
        return False
    if name.rank < SHORT_RANK or end - start > AMBIGUOUS or behind:
        return True
    return context.stands_alone(text, start)


def _mention(text: str, start: int, end: int, name: Name, behind: frozenset[str]) -> Mention:
    trust = context.trust(text, start, end)
    end, areas = _narrowed(text, end, name) if name.parts else (end, name.areas)
    return Mention(start, end, name.rank, areas, trust, behind, name.parts)


def _narrowed(text: str, end: int, name: Name) -> tuple[int, frozenset[str]]:
    """Return what the road means with what is said of its part, and where that ends."""
    for said in parts.said(text, end):
        parted = {code for code, _ in name.parts}
        meant = {code for code, part in name.parts if said.is_in(part)}
        if meant:
            return said.end, frozenset(meant) | (name.areas - parted)
    return end, name.areas
