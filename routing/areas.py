"""The tree of areas (行政区划): city, district, subdistrict, community."""

from dataclasses import dataclass
from enum import StrEnum

from routing.errors import BrokenTable, UnknownCode
from routing.lexicon import SHORTEST
from routing.rows import Row, Rows, read

COLUMNS = ("code", "name", "level", "parent", "aliases")


class Level(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"

    @property
    def depth(self) -> int:
        return DEPTHS[self]


DEPTHS = {level: depth for depth, level in enumerate(Level)}


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    level: Level
    parent: str | None
    aliases: tuple[str, ...] = ()


class AreaTree:
    """All areas of one city. A tree without its city, with two cities or with a circle cannot be made."""

    def __init__(self, areas: dict[str, Area]) -> None:
        self.areas = areas
        self.paths = {code: self._walk_up(code) for code in areas}
        self.root = next(area for area in areas.values() if area.parent is None)

    @classmethod
    def parse(cls, rows: Rows) -> "AreaTree":
        """Read areas.csv. A child must lie below its parent's level; rows come in any order."""
        areas: dict[str, Area] = {}
        places: list[tuple[Row, Area]] = []
        for row in read("areas", rows, COLUMNS):
            area = _area(row)
            if area.code in areas:
                raise row.broken(f"area {area.code!r} is there twice")
            areas[area.code] = area
            places.append((row, area))
        for row, area in places:
            _check_parent(row, area, areas)
        roots = [row for row, area in places if area.parent is None]
        if len(roots) != 1:
            line = roots[1].line if roots else None
            raise BrokenTable("areas", f"one city expected, found {len(roots)}", line)
        return cls(areas)

    def __getitem__(self, code: str) -> Area:
        try:
            return self.areas[code]
        except KeyError:
            raise UnknownCode("area", code) from None

    def path(self, code: str) -> tuple[str, ...]:
        """Return the codes from `code` itself up to the city. Raises UnknownCode."""
        return self.paths[self[code].code]

    def contains(self, outer: str, inner: str) -> bool:
        """Whether `inner` is `outer` or lies in it."""
        return outer in self.paths[inner]

    def common(self, codes: frozenset[str]) -> str:
        """Return the deepest area that contains all `codes`, of which there is at least one."""
        first, *others = sorted(codes)
        return next(c for c in self.paths[first] if all(c in self.paths[other] for other in others))

    def _walk_up(self, code: str) -> tuple[str, ...]:
        path = [code]
        while (parent := self.areas[path[-1]].parent) is not None:
            path.append(parent)
        return tuple(path)


def names_of(row: Row, name: str) -> tuple[str, ...]:
    """Return a row's name and aliases, each long enough to be looked for in a text."""
    names = (name, *row.words("aliases"))
    for each in names:
        if len(each) < SHORTEST:
            raise row.broken(f"name {each!r} is too short to be found in a text")
    return names


def _area(row: Row) -> Area:
    code, name = row.required("code"), row.required("name")
    _, *aliases = names_of(row, name)
    level = row.choice("level", Level)
    parent = row.text("parent") or None
    if (parent is None) != (level is Level.CITY):
        raise row.broken("exactly the city has no parent")
    return Area(code, name, level, parent, tuple(aliases))


def _check_parent(row: Row, area: Area, areas: dict[str, Area]) -> None:
    if area.parent is None:
        return
    if area.parent not in areas:
        raise row.broken(f"parent {area.parent!r} is not in the table")
    # Levels only ever rise, so no circle can close.
    if areas[area.parent].level.depth >= area.level.depth:
        raise row.broken(f"a {area.level} cannot lie in a {areas[area.parent].level}")
