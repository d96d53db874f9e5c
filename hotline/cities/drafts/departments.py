"""departments.csv: the demo city's bodies under the names of another city.

Codes tell where a body is: `Q02-D-CG` is the bureau with the duty CG in the district 350102, `J02001` the
office of the subdistrict 350102001. So they stay when a division is added between two others.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from hotline.cities.divisions import Division, OfficialCity
from hotline.cities.drafts.template import Line, Template
from hotline.cities.naming import government, office, rank
from routing import DepartmentKind

# In a municipality (直辖市) the forces stand one rank higher in name.
_HIGHER = {"支队": "总队", "大队": "支队"}


def district_code(code: str) -> str:
    return f"Q{code[4:6]}"


def office_code(city: OfficialCity, code: str) -> str:
    return f"J{code[4:] if city.has_districts else code[6:]}"


@dataclass(frozen=True)
class Bodies:
    """All bodies of `city`, drafted after those of `template`."""

    city: OfficialCity
    template: Template

    def lines(self) -> list[Line]:
        lines = [self._of_city(line) for line in self.template.of_city()]
        if not self.city.has_districts:
            return [*lines, *(self._office(part, self.city.name, "") for part in self.city.parts)]
        for district in self.city.parts:
            superior = district_code(district.code)
            lines += [self._of_district(line, district) for line in self.template.of_a_district()]
            lines += [self._office(part, district.name, superior) for part in district.parts]
        return lines

    def _of_city(self, line: Line) -> Line:
        drafted = {
            column: self._ranked(self.template.renamed(text, self.city.name)) for column, text in line.items()
        }
        short = drafted["short"].replace(rank(self.template.name), rank(self.city.name), 1)
        return {**drafted, "short": short, "area": self.city.code}

    def _ranked(self, text: str) -> str:
        if not self.city.is_municipality:
            return text
        return next((text.replace(low, high) for low, high in _HIGHER.items() if low in text), text)

    def _of_district(self, line: Line, district: Division) -> Line:
        theirs = self.template.districts[0]["name"]
        drafted = {column: self._ranked(text.replace(theirs, district.name)) for column, text in line.items()}
        first, ours = self.template.of_a_district()[0]["code"], district_code(district.code)
        if line["kind"] == DepartmentKind.DISTRICT:
            drafted["name"], drafted["short"] = government(district.code, district.name)
        return {
            **drafted,
            "code": line["code"].replace(first, ours, 1),
            "parent": line["parent"].replace(first, ours, 1),
            "area": district.code,
        }

    def _office(self, part: Division, within: str, superior: str) -> Line:
        name, short = office(part.name)
        alone = self._shorts[short] == 1 and short not in self._taken
        return {
            **self.template.offices[0],
            "code": office_code(self.city, part.code),
            "name": f"{within}{name}",
            "short": short if alone else f"{within}{short}",
            "area": part.code,
            "parent": superior,
            "aliases": name if alone and name != short else "",
        }

    @cached_property
    def _shorts(self) -> Counter[str]:
        """How many offices would have each short name: there is a 城关镇 in many counties."""
        return Counter(office(part.name)[1] for part in self._subdistricts())

    @cached_property
    def _taken(self) -> frozenset[str]:
        """The names of the city's own bodies and of the districts'."""
        lines = map(self._of_city, self.template.of_city())
        ours = {name for line in lines for name in (line["name"], line["short"], *line["aliases"].split())}
        return frozenset(ours.union(*(government(part.code, part.name) for part in self.city.parts)))

    def _subdistricts(self) -> Iterator[Division]:
        for part in self.city.parts:
            yield from part.parts if self.city.has_districts else (part,)
