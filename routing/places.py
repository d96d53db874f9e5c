"""places.csv: roads, compounds and other places that people name, and the area of each."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from routing.areas import AreaTree, names_of
from routing.parts import Part, parse
from routing.rows import Row, Rows, read

COLUMNS = ("name", "kind", "area", "part", "aliases")


class PlaceKind(StrEnum):
    ROAD = "road"
    COMPOUND = "compound"
    SCHOOL = "school"
    MARKET = "market"
    HOSPITAL = "hospital"
    PARK = "park"
    LANDMARK = "landmark"


@dataclass(frozen=True)
class Place:
    """One row. A road that crosses two areas has two, which may say which part of it lies in which."""

    row: Row
    name: str
    area: str
    part: Part | None

    @property
    def names(self) -> tuple[str, ...]:
        return names_of(self.row, self.name)


def read_places(tree: AreaTree, rows: Rows) -> list[Place]:
    """Raises BrokenTable. The column `part` may be missing."""
    places: dict[tuple[str, str, Part | None], Place] = {}
    for row in read("places", rows, COLUMNS):
        place = _place(row)
        if place.area not in tree.areas:
            raise row.broken(f"area {place.area!r} is not in areas.csv")
        key = (place.name, place.area, place.part)
        if key in places:
            raise row.broken(f"place {place.name!r} is there twice for area {place.area}")
        places[key] = place
    for parted in _parted(places).values():
        _check_parts(tree, parted)
    return list(places.values())


def _place(row: Row) -> Place:
    kind = row.choice("kind", PlaceKind)
    text = row.text("part")
    if text and kind is not PlaceKind.ROAD:
        raise row.broken(f"only a road has parts, not a {kind}")
    try:
        part = parse(text) if text else None
    except ValueError:
        raise row.broken(f"part {text!r} is no side, stretch or house numbers of a road") from None
    return Place(row, row.required("name"), row.required("area"), part)


def _parted(places: Mapping[tuple[str, str, Part | None], Place]) -> Mapping[str, list[tuple[Place, Part]]]:
    """Return the rows of every road that tells its parts."""
    parted = defaultdict(list)
    for place in places.values():
        if place.part:
            parted[place.name].append((place, place.part))
    return parted


def _check_parts(tree: AreaTree, rows: list[tuple[Place, Part]]) -> None:
    """Refuse parts that nobody could choose between; two roads of one name lie in different districts."""
    (first, part), *_ = rows
    if len({place.area for place, _ in rows}) == 1:
        raise first.row.broken(f"part {part.text!r} of {first.name!r} has no other part in another area")
    for (one, ours), (other, theirs) in combinations(rows, 2):
        if ours.kind is not theirs.kind:
            raise other.row.broken(
                f"part {theirs.text!r} is of another kind than {ours.text!r} in line {one.row.line}"
            )
        if ours.overlaps(theirs) and tree.common(frozenset((one.area, other.area))) != tree.root.code:
            raise other.row.broken(f"part {theirs.text!r} overlaps {ours.text!r} in line {one.row.line}")
