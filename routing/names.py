"""Every name of a city and what it can mean."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from routing.areas import Area, AreaTree, Level
from routing.mentions import PLACE_RANK, SHORT_RANK, Name
from routing.parts import Part
from routing.places import Place

# A name that ends so says itself that it is an area: no road or river is called 望帆街道路.
_SUFFIXES = ("街道", "社区", "民族乡", "苏木", "地区", *"市区县旗镇乡村")
_TOWNS = (Level.SUBDISTRICT, Level.COMMUNITY)


def names_in(tree: AreaTree, places: Iterable[Place]) -> Mapping[str, Name]:
    """Return what each name means, the names of areas first.

    The short form of a town means it only where nothing else is called so: 仓山 is the district.
    """
    ranked: dict[str, set[tuple[int, str]]] = defaultdict(set)
    parts: dict[str, list[tuple[str, Part]]] = defaultdict(list)
    for area in tree.areas.values():
        for name in (area.name, *area.aliases):
            ranked[name].add((_rank(area, name), area.code))
    for place in places:
        for name in place.names:
            ranked[name].add((PLACE_RANK, place.area))
            if place.part:
                parts[name].append((place.area, place.part))
    return {name: _meaning(tree, name, several, parts.get(name, ())) for name, several in ranked.items()}


def _rank(area: Area, name: str) -> int:
    is_short = area.level in _TOWNS and any(area.name == name + suffix for suffix in _SUFFIXES)
    return SHORT_RANK if is_short else area.level.depth


def _meaning(
    tree: AreaTree, name: str, several: set[tuple[int, str]], parts: Iterable[tuple[str, Part]]
) -> Name:
    """A name that is both an area's and a place's speaks with the area's rank and may mean either."""
    rank = min(rank for rank, _ in several)
    codes = {code for each, code in several if each < SHORT_RANK or rank == SHORT_RANK}
    # Of two areas of which one lies in the other, only the outer one is sure.
    outermost = {code for code in codes if not codes.intersection(tree.path(code)[1:])}
    return Name(rank, frozenset(outermost), not name.endswith(_SUFFIXES), tuple(parts))
