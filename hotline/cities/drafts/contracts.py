"""contracts.csv: the demo city's examples, each moved to a place of the new city and its body there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from hotline.cities.divisions import Division, OfficialCity
from hotline.cities.drafts.template import Line, Template
from routing import Department, Departments, Gazetteer, Level

Some = TypeVar("Some")


@dataclass(frozen=True)
class Spot:
    """A place of the new city whose written address is read without doubt."""

    code: str
    address: str


@dataclass(frozen=True)
class Examples:
    """`gazetteer` and `departments` are the new city's, where the examples are moved to."""

    city: OfficialCity
    template: Template
    gazetteer: Gazetteer
    departments: Departments

    def lines(self) -> list[Line]:
        return [self._moved(line) for line in self.template.lines("contracts.csv")]

    def _moved(self, line: Line) -> Line:
        text = line["text"]
        for theirs in self.template.offices:
            if theirs["short"] in text:
                text = text.replace(theirs["short"], self._body_of(theirs).short)
        lead = self._theirs[line["lead"]] if line["lead"] else None
        return {
            **line,
            "text": text,
            "address": self._address(line["address"]),
            "lead": self._body_of(lead).code if lead else "",
        }

    def _address(self, theirs: str) -> str:
        found = self._old.find(theirs) if theirs else None
        return self._spot(found.area.code).address if found else ""

    def _body_of(self, theirs: Line) -> Department:
        """Return who has the same duty in the place that theirs was moved to."""
        if theirs["area"] == self.template.city["code"]:
            return self._ours[theirs["duty"], self.city.code]
        return self._ours[theirs["duty"], self._spot(theirs["area"]).code]

    def _spot(self, theirs: str) -> Spot:
        """Return where a place of the demo city is moved to: districts and subdistricts in their order."""
        district = self._old.at_level(theirs, Level.DISTRICT)
        subdistrict = self._old.at_level(theirs, Level.SUBDISTRICT)
        if district is None:
            return Spot(self.city.code, self.city.name)
        itself, *offices = _nth(self._spots, self._order.index(district.code))
        return _nth(offices, self._order.index(subdistrict.code)) if subdistrict else itself

    @cached_property
    def _spots(self) -> list[list[Spot]]:
        """Each district that can be written, and then its subdistricts; those without any are left out."""
        if not self.city.has_districts:
            return [[Spot(self.city.code, self.city.name), *self._readable(self.city.parts, "")]]
        spots = [
            [district, *self._readable(part.parts, part.name)]
            for part in self.city.parts
            for district in self._readable((part,), "")
        ]
        return [within for within in spots if len(within) > 1]

    def _readable(self, parts: Sequence[Division], within: str) -> Iterator[Spot]:
        for part in parts:
            address = f"{within}{part.name}"
            found = self.gazetteer.find(address)
            if found and found.area.code == part.code and not self._says_more(address):
                yield Spot(part.code, address)

    def _says_more(self, address: str) -> bool:
        """Whether an address names a body, or by chance a word that decides in the catalogue."""
        return bool(self.departments.named_in(address)) or any(word in address for word in self._words)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(
            word for line in self.template.lines("catalogue.csv") for word in line["keyword"].split()
        )

    @cached_property
    def _old(self) -> Gazetteer:
        rows = self.template.profile.rows
        return Gazetteer.parse(rows("areas.csv"), rows("places.csv"))

    @cached_property
    def _order(self) -> list[str]:
        """The demo city's districts, then its subdistricts."""
        of_levels = (Level.DISTRICT, Level.SUBDISTRICT)
        return [area.code for level in of_levels for area in self._old.areas if area.level is level]

    @cached_property
    def _theirs(self) -> Mapping[str, Line]:
        return {line["code"]: line for line in self.template.departments}

    @cached_property
    def _ours(self) -> Mapping[tuple[str, str], Department]:
        return {(body.duty, body.area): body for body in self.departments}


def _nth(several: Sequence[Some], number: int) -> Some:
    return several[number % len(several)]
