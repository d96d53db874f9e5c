"""The demo city's profile, as what a new city is drafted from: rows and texts, and the names to replace."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hotline.cities.files import Profile
from hotline.cities.naming import bare
from hotline.cities.reading import FILES
from routing import DepartmentKind, Level

FOLDER = Path(__file__).parent.parent / "binhai"
Line = Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """`lines` are the rows of a table without their place in the file."""

    profile: Profile

    @classmethod
    def read(cls) -> "Template":
        """Raises BrokenCity."""
        return cls(Profile.read(FOLDER, FILES))

    def lines(self, name: str) -> list[Line]:
        return [line for _, line in self.profile.rows(name)]

    def text(self, name: str) -> str:
        return self.profile.texts[name]

    @cached_property
    def city(self) -> Line:
        return next(line for line in self.lines("areas.csv") if not line["parent"])

    @property
    def name(self) -> str:
        return self.city["name"]

    @property
    def bare(self) -> str:
        """What people call the city, its first alias."""
        return self.city["aliases"].split()[0]

    def renamed(self, text: str, city: str) -> str:
        """Return a text about the demo city as one about `city`."""
        return text.replace(self.name, city).replace(self.bare, bare(city))

    @cached_property
    def departments(self) -> list[Line]:
        return self.lines("departments.csv")

    @cached_property
    def districts(self) -> list[Line]:
        return [line for line in self.lines("areas.csv") if line["level"] == Level.DISTRICT]

    @cached_property
    def offices(self) -> list[Line]:
        return [line for line in self.departments if line["kind"] == DepartmentKind.SUBDISTRICT]

    def of_city(self) -> list[Line]:
        """Return the departments of the whole city."""
        return [line for line in self.departments if line["area"] == self.city["code"]]

    def of_a_district(self) -> list[Line]:
        """Return the departments of one district, its government first; all districts have the same."""
        return [line for line in self.departments if line["area"] == self.districts[0]["code"]]


def table(lines: Iterable[Line]) -> str:
    """Return the text of a CSV file. There is at least one line."""
    rows = list(lines)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
