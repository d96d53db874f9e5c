"""The catalogue as a clerk says it: who an owner is, what each column of a line means."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from hotline import labels
from hotline.cities.city import City
from hotline.errors import InvalidInput
from hotline.web import names
from routing import Department, DepartmentKind, Level
from routing.catalogue import Decides
from routing.departments import NAMED, SUPERIOR, DutyAt, Fixed, parse_owner

DESK, BY_TEXT, ABOVE = "由派单台决定", "诉求里点名的单位", "点名单位的上级"
# What decides whose a matter is; where it is left out, the duty does.
DECIDES: Mapping[str, str] = {
    Decides.DUTY: "看职责",
    Decides.PROPERTY: "看产权（井盖、杆、管线）",
    Decides.CONDUCT: "反映单位作风（被反映的回避）",
}
# Whoever stands in a place, by its kind where its own name says no more than the place.
_KINDS: Mapping[str, str] = {
    DepartmentKind.SUBDISTRICT: "街道（乡镇）",
    DepartmentKind.DISTRICT: "区县政府",
    DepartmentKind.COMMUNITY: "社区",
}
# As part of a name, where a second word in brackets would be in the way: 区县城管局.
_AT: Mapping[Level, str] = {
    Level.CITY: "市",
    Level.DISTRICT: "区县",
    Level.SUBDISTRICT: "街道",
    Level.COMMUNITY: "社区",
}
AUTO: Mapping[str, str] = {"yes": "可自动", "no": "由人派"}


@dataclass(frozen=True)
class Words:
    """What the codes of one city's catalogue are called. Make one for each page: it reads the city once."""

    city: City

    def cell(self, column: str, text: str) -> str:
        """Return what a column of an entry says; empty where it says nothing."""
        say = _CELLS.get(column)
        return say(self, text) if say else text

    def example_cell(self, column: str, text: str) -> str:
        if column == "lead":
            return self._short(text) if text else DESK
        return self.cell(column, text)

    def category(self, code: str) -> str:
        """Return `市政设施 / 路灯不亮`; for a prefix what it covers."""
        taxonomy = self.city.taxonomy
        if code not in taxonomy:
            return f"{code} 开头的各类" if code else "全部分类"
        path = taxonomy.path(code)
        return path if code in self.leaves else f"{path}（各类）"

    @cached_property
    def leaves(self) -> frozenset[str]:
        return frozenset(leaf.code for leaf in self.city.taxonomy.leaves)

    @cached_property
    def categories(self) -> dict[str, str]:
        """Every category, whole groups too, by what it is called."""
        return {self.category(one.code): one.code for one in self.city.taxonomy}

    def owner(self, written: str) -> str:
        """Return who that is, `区县城管局（按属地）` for CG@district; no two owners are called alike."""
        return self._owner_words.get(written) or self._described(written)

    def owners(self, written: str) -> str:
        return "、".join(self.owner(one) for one in written.split())

    @cached_property
    def owner_names(self) -> dict[str, str]:
        """Every owner that a line may name, by what it is called."""
        return {words: written for written, words in self._owner_words.items()}

    @cached_property
    def duties(self) -> dict[str, str]:
        """The duties by what they are called: `城管局` → CG."""
        said = {duty: self._duty(duty) for duty in self._bodies}
        alike = Counter(said.values())
        return {words if alike[words] == 1 else f"{words}（{duty}）": duty for duty, words in said.items()}

    def duty_name(self, duty: str) -> str:
        return next((words for words, one in self.duties.items() if one == duty), duty)

    def owner_of(self, said: str, field: str) -> str:
        """Return how an owner is written, for its words, a name or a code. Raises InvalidInput."""
        known = self.owner_names
        if said in known:
            return known[said]
        if said in self._owner_words:
            return said
        try:
            return names.department_of(self.city, said, field) or ""
        except InvalidInput:
            raise InvalidInput({field: f"no_such_owner:{said}"}) from None

    @cached_property
    def _bodies(self) -> dict[str, dict[Level, list[Department]]]:
        """Who has each duty, by the level of the place."""
        bodies: dict[str, dict[Level, list[Department]]] = defaultdict(lambda: defaultdict(list))
        for one in self.city.departments:
            if one.duty:
                bodies[one.duty][self.city.gazetteer.area(one.area).level].append(one)
        return bodies

    @cached_property
    def _owner_words(self) -> dict[str, str]:
        """Each owner as it is written, with its words. A duty goes before a department called the same."""
        said = {
            f"{duty}@{level}": self._on_duty(duty, level)
            for duty, levels in self._bodies.items()
            for level in Level
            if level in levels
        }
        alike = Counter(said.values())
        said = {
            written: words if alike[words] == 1 else f"{words}（{written}）"
            for written, words in said.items()
        }
        taken = set(said.values())
        for one in self.city.departments:
            words = one.short
            if words in taken:
                words = f"{one.short}（固定）"
            said[one.code] = words if words not in taken else f"{one.short}（{one.code}）"
            taken.add(said[one.code])
        return said | {NAMED: BY_TEXT, SUPERIOR: ABOVE}

    def _on_duty(self, duty: str, level: Level) -> str:
        here = self._bodies[duty][level]
        if len(here) == 1:
            return here[0].short
        if here[0].kind in _KINDS:
            return f"{_KINDS[here[0].kind]}（按属地）"
        return f"{_AT[level]}{self._bare(here)}（按属地）"

    def _duty(self, duty: str) -> str:
        levels = self._bodies[duty]
        here = levels[min(levels, key=lambda level: level.depth)]
        return _KINDS.get(here[0].kind) or self._bare(here)

    def _bare(self, bodies: list[Department]) -> str:
        """Return what bodies of several places have in common in their names: 城管局."""
        without = Counter(self._without_place(one) for one in bodies)
        return without.most_common(1)[0][0]

    def _without_place(self, one: Department) -> str:
        area = self.city.gazetteer.area(one.area)
        # A city's own bodies carry its rank alone: 市城管局, 州城管局.
        place = area.name if one.short.startswith(area.name) else area.name[-1]
        return one.short.removeprefix(place) or one.short

    def _described(self, written: str) -> str:
        """Return words for an owner that is not among those to pick: nobody answers to it there."""
        try:
            owner = parse_owner(written)
        except ValueError:
            return written
        if isinstance(owner, DutyAt) and owner.duty in self._bodies:
            return f"{self.duty_name(owner.duty)}（{_AT[owner.level]}一级）"
        return self._short(owner.code) if isinstance(owner, Fixed) else written

    def _short(self, code: str) -> str:
        departments = self.city.departments
        return departments[code].short if code in departments else code


def _area(words: Words, code: str) -> str:
    return names.area_name(words.city, code) if code in words.city.gazetteer else code


_CELLS: Mapping[str, Callable[[Words, str], str]] = {
    "category": Words.category,
    "area": lambda words, text: _area(words, text) if text else "",
    "level": lambda _, text: labels.LEVELS.get(text, text),
    "keyword": lambda _, text: "、".join(text.split()),
    "lead": lambda words, text: words.owner(text) if text else DESK,
    "assisting": Words.owners,
    "minimum_level": lambda _, text: labels.LEVELS.get(text, text),
    "auto": lambda _, text: AUTO.get(text, text),
    "decides": lambda _, text: DECIDES.get(text, text) if text else "",
    "first": lambda words, text: words.owner(text) if text else "",
}
