"""Long lists that are searched by typing: the words shown for each code, and the code of the words picked."""

from collections.abc import Iterable

from hotline import labels
from hotline.cities.city import City
from hotline.errors import InvalidInput, NotFound
from routing import Match


def category_names(city: City) -> dict[str, str]:
    """Return every category a ticket may have: `市政设施 / 路灯照明` → its code."""
    return {city.taxonomy.path(leaf.code): leaf.code for leaf in city.taxonomy.leaves}


def area_names(city: City) -> dict[str, str]:
    """Return every area below the city: `海澜区望潮街道` → its code."""
    return {area_name(city, area.code): area.code for area in city.gazetteer.areas if area.parent}


def area_name(city: City, code: str) -> str:
    """Return an area from the district down, the city's own name for the city itself."""
    lineage = [one.name for one in city.gazetteer.ancestors(code) if one.parent]
    return "".join(reversed(lineage)) or city.name


def which_place(city: City, place: Match) -> str:
    """Return what to ask where a text leaves several places open, "" where it does not."""
    if place.question is None:
        return ""
    options = [option.part or area_name(city, option.area.code) for option in place.question.options]
    return labels.which_place(place.question.kind, place.matched, options)


def department_names(city: City) -> dict[str, str]:
    return {department.short: department.code for department in city.departments}


def category_of(city: City, text: str) -> str | None:
    """Return the code for a path, a code, or a name that only one category has; None for an empty text.

    Raises InvalidInput.
    """
    leaves = ((leaf.name, leaf.code) for leaf in city.taxonomy.leaves)
    return _code(text, "category", category_names(city), leaves, "unknown_category")


def area_of(city: City, text: str) -> str | None:
    """Return the code for a full name, a code, or a name that only one area has. Raises InvalidInput."""
    short = ((area.name, area.code) for area in city.gazetteer.areas)
    return _code(text, "area", area_names(city), short, "unknown_area")


def department_of(city: City, text: str, field: str) -> str | None:
    """Return the code for a short name, a full name or a code. Raises InvalidInput for `field`."""
    full = ((department.name, department.code) for department in city.departments)
    return _code(text, field, department_names(city), full, "unknown_department")


def _code(
    text: str, field: str, names: dict[str, str], others: Iterable[tuple[str, str]], problem: str
) -> str | None:
    if not text:
        return None
    if text in names:
        return names[text]
    meant = {code for name, code in others if text in (name, code)}
    if len(meant) != 1:
        raise InvalidInput({field: problem})
    return meant.pop()


def require_leaf(city: City, code: str) -> None:
    """Raises NotFound for what no ticket of this city can be about."""
    if code not in {leaf.code for leaf in city.taxonomy.leaves}:
        raise NotFound("category", code)
