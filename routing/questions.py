"""What to ask where a text leaves several places open. The words of the question are the caller's."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from routing.areas import Area, AreaTree
from routing.parts import Part, PartKind


class QuestionKind(StrEnum):
    SIDE = PartKind.SIDE.value  # on which side of the road?
    STRETCH = PartKind.STRETCH.value  # on which stretch of it?
    NUMBERS = PartKind.NUMBERS.value  # at which house number?
    AREA = "area"  # in which area?


@dataclass(frozen=True)
class Option:
    """One answer. `part` is how the profile calls the part of the road, empty for an area as a whole."""

    area: Area
    part: str = ""


@dataclass(frozen=True)
class Question:
    """`options` are at least two, and an answer leaves fewer places open."""

    kind: QuestionKind
    options: tuple[Option, ...]


def question(tree: AreaTree, open_areas: Iterable[str], parts: Iterable[tuple[str, Part]]) -> Question:
    """Return what separates two or more areas: the part of a road, else the areas below their common one."""
    codes = frozenset(open_areas)
    known = [(code, part) for code, part in parts if code in codes]
    if {code for code, _ in known} == codes and len({part.text for _, part in known}) > 1:
        options = tuple(Option(tree.areas[code], part.text) for code, part in known)
        return Question(QuestionKind(known[0][1].kind.value), options)
    common = tree.common(codes)
    below = dict.fromkeys(_below(tree, common, code) for code in sorted(codes))
    return Question(QuestionKind.AREA, tuple(Option(tree.areas[code]) for code in below))


def _below(tree: AreaTree, outer: str, code: str) -> str:
    """Return what holds `code` directly below `outer`, which is not `code` itself."""
    path = tree.path(code)
    return path[path.index(outer) - 1]
