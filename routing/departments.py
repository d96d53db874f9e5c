"""Who there is (承办单位), and who has a duty in a place."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from routing.areas import Level, names_of
from routing.errors import BrokenTable, UnknownCode
from routing.gazetteer import Gazetteer
from routing.lexicon import Lexicon
from routing.rows import Row, Rows, read

COLUMNS = ("code", "name", "short", "kind", "duty", "area", "parent", "evaluated", "aliases")


class DepartmentKind(StrEnum):
    BUREAU = "bureau"
    SUBDISTRICT = "subdistrict"
    UTILITY = "utility"
    ENTERPRISE = "enterprise"
    DISTRICT = "district"  # the district government, which covers what nobody else owns (兜底)
    COMMUNITY = "community"


@dataclass(frozen=True)
class Department:
    """`duty` says what it does, the same word in every district; `area` where it does it."""

    code: str
    name: str
    short: str
    kind: DepartmentKind
    duty: str
    area: str
    parent: str | None
    evaluated: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class DutyAt:
    """`CG@district`: whoever has the duty there, at this level or the next one above that has someone."""

    duty: str
    level: Level

    def __str__(self) -> str:
        return f"{self.duty}@{self.level}"


@dataclass(frozen=True)
class Fixed:
    """`U-SHUI`: this department, wherever it happens."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Named:
    """`named`: the one body that the text names, as for praise; nobody when it names none or several."""

    def __str__(self) -> str:
        return NAMED


@dataclass(frozen=True)
class Superior:
    """`superior`: who stands above the one body that the text names, as for its conduct; else nobody."""

    def __str__(self) -> str:
        return SUPERIOR


Owner = DutyAt | Fixed | Named | Superior
NAMED, SUPERIOR = "named", "superior"


def parse_owner(text: str) -> Owner:
    """Read an owner as the catalogue writes it. Raises ValueError for an unknown level."""
    if text == NAMED:
        return Named()
    if text == SUPERIOR:
        return Superior()
    duty, at, level = text.partition("@")
    return DutyAt(duty, Level(level)) if at else Fixed(text)


@dataclass(frozen=True)
class Resolved:
    """`level` is where the department was found; `fell_back` when that is above the level asked for."""

    department: Department
    level: Level
    fell_back: bool = False


class Departments:
    """All departments of one city."""

    def __init__(self, departments: dict[str, Department]) -> None:
        self._by_code = departments
        self._on_duty = {(d.duty, d.area): d for d in departments.values() if d.duty}
        self._covering = {d.area: d for d in departments.values() if d.kind is DepartmentKind.DISTRICT}
        self.duties = frozenset(duty for duty, _ in self._on_duty)
        names = {
            name: department.code
            for department in reversed(departments.values())
            for name in (*department.aliases, department.short, department.name)
        }
        self._names = Lexicon(names)

    @classmethod
    def parse(cls, rows: Rows, areas: Gazetteer) -> "Departments":
        """Read departments.csv. Raises BrokenTable."""
        parsed = [(row, _department(row, areas)) for row in read("departments", rows, COLUMNS)]
        _check(parsed)
        return cls({department.code: department for _, department in parsed})

    def __iter__(self) -> Iterator[Department]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Department:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCode("department", code) from None

    def resolve(self, owner: Owner, area: str, gazetteer: Gazetteer, text: str = "") -> Resolved | None:
        """Return who that is in `area`, None when nobody up to the city has the duty.

        A `named` or `superior` owner is None unless the text names exactly one body.
        """
        if isinstance(owner, Fixed):
            return self._resolved(self[owner.code], gazetteer)
        if isinstance(owner, Named | Superior):
            named = self.named_in(text)
            meant = named[0] if len(named) == 1 else None
            if meant and isinstance(owner, Superior):
                meant = self.superior_of(meant.code)
            return self._resolved(meant, gazetteer) if meant else None
        for place in gazetteer.ancestors(area):
            department = self._on_duty.get((owner.duty, place.code))
            if department and place.level.depth <= owner.level.depth:
                return Resolved(department, place.level, fell_back=place.level is not owner.level)
        return None

    def covering(self, area: str, gazetteer: Gazetteer) -> Department | None:
        """Return the district government (兜底) of an area, None when not even the district is known."""
        district = gazetteer.at_level(area, Level.DISTRICT)
        return self._covering.get(district.code) if district else None

    def below(self, code: str, area: str, gazetteer: Gazetteer) -> tuple[Department, ...]:
        """Return whom a department may hand a matter in `area` down to (下派), in the table's order.

        Below it stand its subordinates, and in a smaller part of its area whoever has the same duty there or
        governs the place. Of these, whoever works where the matter is.
        """
        own, here = self[code], {place.code for place in gazetteer.ancestors(area)}
        return tuple(
            other
            for other in self
            if self._is_below(own, other, gazetteer)
            and (other.area in here or area in _path(gazetteer, other.area))
        )

    def around(self, code: str, gazetteer: Gazetteer) -> tuple[Department, ...]:
        """Return whom a subdistrict may call to the spot (吹哨): bodies of its area and of those above."""
        here = _path(gazetteer, self[code].area)
        return tuple(
            other for other in self if other.kind in _CALLED and other.area in here and other.code != code
        )

    def _is_below(self, own: Department, other: Department, gazetteer: Gazetteer) -> bool:
        if own.code in self._superiors(other):
            return True
        lies_within = other.area != own.area and own.area in _path(gazetteer, other.area)
        governs = other.kind in _GOVERNING and own.kind in _HANDS_TO_GOVERNING
        return lies_within and (governs or (bool(own.duty) and own.duty == other.duty))

    def _superiors(self, department: Department) -> set[str]:
        found: set[str] = set()
        while department.parent is not None:
            found.add(department.parent)
            department = self[department.parent]
        return found

    def named_in(self, text: str) -> tuple[Department, ...]:
        """Return the departments that a text names, in order, each once."""
        codes = dict.fromkeys(hit.meaning for hit in self._names.hits(text))
        return tuple(self._by_code[code] for code in codes)

    def superior_of(self, code: str, *, without: Collection[str] = ()) -> Department | None:
        """Return the next body above `code` that is not `without`, None where there is none."""
        superior = self[code].parent
        while superior and superior in without:
            superior = self[superior].parent
        return self[superior] if superior else None

    def level_of(self, code: str, gazetteer: Gazetteer) -> Level:
        """Return the level of the area that a department is for."""
        return gazetteer.area(self[code].area).level

    def lies_below(self, code: str, minimum: Level, gazetteer: Gazetteer) -> bool:
        """Tell whether it would be pushing down to give this department a duty of that minimum level.

        A bureau does itself what is a bureau's (国办函〔2025〕66号).
        """
        return self.level_of(code, gazetteer).depth > minimum.depth

    def _resolved(self, department: Department, gazetteer: Gazetteer) -> Resolved:
        return Resolved(department, gazetteer.area(department.area).level)


# Who governs a place, and who works for it.
_GOVERNING = frozenset({DepartmentKind.DISTRICT, DepartmentKind.SUBDISTRICT, DepartmentKind.COMMUNITY})
_HANDS_TO_GOVERNING = _GOVERNING | {DepartmentKind.BUREAU}
_CALLED = frozenset({DepartmentKind.BUREAU, DepartmentKind.UTILITY, DepartmentKind.ENTERPRISE})


def _path(gazetteer: Gazetteer, area: str) -> set[str]:
    """Return the codes of an area and of all that it lies in."""
    return {place.code for place in gazetteer.ancestors(area)}


def _department(row: Row, areas: Gazetteer) -> Department:
    name = row.required("name")
    _, *aliases = names_of(row, name)
    area = row.required("area")
    if area not in areas:
        raise row.broken(f"area {area!r} is not in areas.csv")
    short = row.text("short") or name
    names_of(row, short)
    return Department(
        code=row.required("code"),
        name=name,
        short=short,
        kind=row.choice("kind", DepartmentKind),
        duty=row.text("duty"),
        area=area,
        parent=row.text("parent") or None,
        evaluated=row.yes("evaluated"),
        aliases=tuple(aliases),
    )


def _check(parsed: list[tuple[Row, Department]]) -> None:
    """Refuse codes or posts taken twice, unknown parents and circles of parents."""
    codes: dict[str, Department] = {}
    posts: dict[tuple[str, str], str] = {}
    for row, department in parsed:
        if "@" in department.code or department.code in (NAMED, SUPERIOR):
            raise row.broken(f"code {department.code!r} would be read as a duty")
        if department.code in codes:
            raise row.broken(f"department {department.code!r} is there twice")
        codes[department.code] = department
        post = (department.duty, department.area)
        if department.duty and post in posts:
            raise row.broken(f"duty {post[0]} in {post[1]} is already {posts[post]}'s")
        posts[post] = department.code
    for row, department in parsed:
        if department.parent and department.parent not in codes:
            raise row.broken(f"parent {department.parent!r} is not in the table")
        if _goes_in_circles(department, codes):
            raise row.broken(f"{department.code!r} is its own superior")
    if not parsed:
        raise BrokenTable("departments", "no department at all")


def _goes_in_circles(start: Department, codes: dict[str, Department]) -> bool:
    seen = {start.code}
    superior = start.parent
    while superior in codes:
        if superior in seen:
            return True
        seen.add(superior)
        superior = codes[superior].parent
    return False
