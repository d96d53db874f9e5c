"""catalogue.csv: the demo city's; in a city without districts the city's own bureaus lead."""

from collections.abc import Mapping

from hotline.cities.divisions import OfficialCity
from hotline.cities.drafts.template import Line, Template
from routing import Level

_AT_DISTRICT, _AT_CITY = f"@{Level.DISTRICT}", f"@{Level.CITY}"
_LEVELS: Mapping[str, str] = {Level.DISTRICT: Level.CITY}


def catalogue(city: OfficialCity, template: Template) -> list[Line]:
    lines = template.lines("catalogue.csv")
    if city.has_districts:
        return lines
    government = f"{template.of_a_district()[0]['duty']}{_AT_DISTRICT}"
    return [
        {
            **line,
            "lead": _raised(line["lead"]),
            "assisting": " ".join(_assisting(line, without=government)),
            "first": _raised(line["first"]),
            "minimum_level": _LEVELS.get(line["minimum_level"], line["minimum_level"]),
        }
        for line in lines
    ]


def _raised(owner: str) -> str:
    return owner.replace(_AT_DISTRICT, _AT_CITY)


def _assisting(line: Line, *, without: str) -> list[str]:
    """Return whoever still assists: no district government, and none that now leads or assists already."""
    owners = dict.fromkeys(_raised(owner) for owner in line["assisting"].split() if owner != without)
    return [owner for owner in owners if owner != _raised(line["lead"])]
