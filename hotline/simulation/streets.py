"""Addresses that exist in the city's profile, with invented house numbers."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from hotline.cities.city import City
from hotline.cities.files import Profile
from routing.areas import Level

FILE = "places.csv"


@dataclass(frozen=True)
class Place:
    name: str
    kind: str
    before: str  # the district and the office that it lies in, as they stand in an address


@dataclass(frozen=True)
class Spot:
    """A place as a caller names it, and its whole address."""

    name: str
    address: str


@dataclass(frozen=True)
class Streets:
    places: tuple[Place, ...]

    def pick(self, rng: Random) -> Spot:
        place = rng.choice(self.places)
        name = place.name + _number(rng, place.kind)
        return Spot(name, place.before + name)


def _number(rng: Random, kind: str) -> str:
    if kind == "road":
        return f"{rng.randint(1, 260)}号"
    if kind == "compound":
        return f"{rng.randint(1, 28)}号楼"
    return ""


def read(folder: Path, city: City) -> Streets:
    """Read the places of a profile. Raises BrokenCity."""
    rows = Profile.read(folder, (FILE,)).rows(FILE)
    return Streets(tuple(Place(row["name"], row["kind"], _before(city, row["area"])) for _, row in rows))


def _before(city: City, area: str) -> str:
    path = reversed(city.gazetteer.ancestors(area))
    return "".join(one.name for one in path if one.level in (Level.DISTRICT, Level.SUBDISTRICT))
