"""areas.csv and places.csv: the official divisions, and what people call them."""

from collections import Counter
from collections.abc import Iterator, Mapping

from hotline.cities.divisions import Division, OfficialCity
from hotline.cities.drafts.template import Line
from hotline.cities.naming import (
    bare,
    everyday_words,
    everyday_words_of_towns,
    government,
    short_names,
    short_town,
)
from routing import Level


def areas(city: OfficialCity) -> list[Line]:
    """Return the city, then each district with its subdistricts."""
    ours = short_names(city.name)
    lines = [_line(city, Level.CITY, "", ours)]
    towns = _aliases_of_towns(city)
    if not city.has_districts:
        return [*lines, *(_town(part, city.code, towns) for part in city.parts)]
    aliases = _aliases(city)
    for district in city.parts:
        lines.append(_line(district, Level.DISTRICT, city.code, aliases[district.code]))
        lines += [_town(part, district.code, towns) for part in district.parts]
    return lines


def places(city: OfficialCity) -> list[Line]:
    """Return the seats of government: all that is known of places before the city adds its own."""
    seats = [(f"{city.name}人民政府", f"{city.name}政府", city.code)]
    if city.has_districts:
        seats += [(*government(part.code, part.name), part.code) for part in city.parts]
    return [
        {
            "name": name,
            "kind": "landmark",
            "area": code,
            "part": "",
            "aliases": short if short != name else "",
        }
        for name, short, code in seats
    ]


def _aliases(city: OfficialCity) -> dict[str, tuple[str, ...]]:
    """Return the short names of each district that mean nothing else here, and are no everyday words."""
    said = Counter(short for district in city.parts for short in short_names(district.name))
    once = {short for short, times in said.items() if times == 1} - everyday_words()
    return {
        district.code: tuple(
            short for short in short_names(district.name) if short in once - set(_others(city, district))
        )
        for district in city.parts
    }


def _aliases_of_towns(city: OfficialCity) -> dict[str, str]:
    """Return the short form of each subdistrict that means nothing else in the city, and is no everyday word.

    A district comes before a town of its name: 仓山 is not 仓山镇.
    """
    towns = [town for part in city.parts for town in (part.parts or (part,))]
    said = Counter(bare(town.name) for town in towns)
    taken = {short for one in (city, *city.parts) for short in (one.name, *short_names(one.name))}
    taken |= everyday_words_of_towns()
    return {
        town.code: short
        for town in towns
        if (short := short_town(town.name)) and said[short] == 1 and short not in taken
    }


def _others(city: OfficialCity, district: Division) -> Iterator[str]:
    """Yield what else is called so: the city, other districts and what lies in them."""
    yield from (*short_names(city.name), city.name)
    for other in city.parts:
        yield other.name
        if other is not district:
            yield from (word for part in other.parts for word in (part.name, bare(part.name)))


def _town(town: Division, parent: str, aliases: Mapping[str, str]) -> Line:
    short = aliases.get(town.code)
    return _line(town, Level.SUBDISTRICT, parent, (short,) if short else ())


def _line(part: Division, level: Level, parent: str, aliases: tuple[str, ...] = ()) -> Line:
    return {
        "code": part.code,
        "name": part.name,
        "level": level.value,
        "parent": parent,
        "aliases": " ".join(aliases),
    }
