"""A catalogue as text: the entries and their examples, one table each, and what routing reads in them."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from classifier.taxonomy import Taxonomy
from hotline.cities.files import Profile
from routing import Catalogue, Contract, Departments, Gazetteer, contracts
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

ENTRIES, EXAMPLES = "catalogue.csv", "contracts.csv"

Line = Mapping[str, str]


@dataclass(frozen=True)
class CatalogueText:
    """catalogue.csv and contracts.csv as written: what a version is kept as, handed out and compared."""

    entries: str
    examples: str

    @classmethod
    def of(cls, lines: Iterable[Line], examples: Iterable[Line]) -> "CatalogueText":
        """Write lines that have some of the columns; the others are empty."""
        return cls(_written(COLUMNS, lines), _written(EXAMPLE_COLUMNS, examples))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The entries as they stand, every column of each. Raises BrokenCity."""
        return tuple(_completed(COLUMNS, line) for _, line in self._profile.rows(ENTRIES))

    @cached_property
    def example_lines(self) -> tuple[Line, ...]:
        """Raises BrokenCity."""
        return tuple(_completed(EXAMPLE_COLUMNS, line) for _, line in self._profile.rows(EXAMPLES))

    @property
    def digest(self) -> str:
        """Changes with anything that a line says, not with where it stands. Raises BrokenCity."""
        said = sorted("\0".join(line.values()) for line in (*self.lines, *self.example_lines))
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]

    def parse(
        self, categories: Taxonomy, gazetteer: Gazetteer, departments: Departments
    ) -> tuple[Catalogue, tuple[Contract, ...]]:
        """Return what it says for a city of these. Raises BrokenCity with file and line."""
        leaves = [category.code for category in categories.leaves]
        profile = self._profile
        with profile.blaming_routing():
            catalogue = Catalogue.parse(
                profile.rows(ENTRIES), categories=leaves, areas=gazetteer, departments=departments
            )
            return catalogue, contracts.parse(
                profile.rows(EXAMPLES), catalogue=catalogue, departments=departments
            )

    @property
    def _profile(self) -> Profile:
        return Profile({ENTRIES: self.entries, EXAMPLES: self.examples})


def _completed(columns: tuple[str, ...], line: Line) -> Line:
    unknown = {name: value for name, value in line.items() if name not in columns}
    return {name: (line.get(name) or "").strip() for name in columns} | unknown


def _written(columns: tuple[str, ...], lines: Iterable[Line]) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, columns, lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(lines)
    return written.getvalue()
