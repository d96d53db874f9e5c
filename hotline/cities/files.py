"""The files of a profile: decoded, split into rows, and every fault named by file and line."""

import csv
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import BrokenKeywords, BrokenTaxonomy
from hotline.cities.tables import UNSEEN, BrokenKey, Table, line_of, line_of_first
from hotline.errors import BrokenCity
from routing import BrokenTable
from sla import BrokenProfile

Rows = list[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True)
class Profile:
    """The texts of all files of a profile, by name."""

    texts: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path, names: tuple[str, ...]) -> "Profile":
        """Read the named files. Raises BrokenCity for one that is missing or no UTF-8."""
        return cls({name: _text(folder / name) for name in names})

    @property
    def hash(self) -> str:
        """Changes with any byte of any file."""
        parts = (f"{name}\0{self.texts[name]}" for name in sorted(self.texts))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def rows(self, name: str) -> Rows:
        """Return the rows of a CSV file, each with the line it begins on. Raises BrokenCity."""
        reader = csv.reader(self.texts[name].splitlines(keepends=True), strict=True)
        rows: Rows = []
        header: list[str] | None = None
        line = 1
        try:
            for fields in reader:
                if header is None:
                    header = [column.strip() for column in fields]
                    _check_columns(name, line, header)
                elif any(field.strip() for field in fields):
                    _check_width(name, line, fields, header)
                    rows.append((line, dict(zip(header, fields, strict=True))))
                line = reader.line_num + 1
        except csv.Error as error:
            raise BrokenCity(name, line, str(error)) from None
        if not rows:
            raise BrokenCity(name, None, "the file has no rows")
        return rows

    def toml(self, name: str) -> dict[str, object]:
        """Raises BrokenCity where the file is no TOML."""
        try:
            return tomllib.loads(self.texts[name])
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            raise BrokenCity(name, int(at[1]) if at else None, str(error)) from None

    def table(self, name: str) -> Table:
        return Table(self.toml(name))

    def line_of_nth(self, name: str, header: str) -> Callable[[int], int]:
        """Return what tells the line of the nth [[header]], from 0."""
        lines = [
            number
            for number, line in enumerate(self.texts[name].splitlines(), start=1)
            if line.startswith(f"[[{header}]]")
        ]
        return lambda nth: lines[nth]

    @contextmanager
    def blaming(self, name: str) -> Iterator[None]:
        """Turn what a library says about the file into BrokenCity."""
        try:
            yield
        except BrokenKey as broken:
            raise BrokenCity(name, line_of(self.texts[name], broken.place), broken.message) from broken
        except (BrokenProfile, BrokenTaxonomy, BrokenKeywords) as broken:
            line = broken.line or line_of_first(self.texts[name], broken.message)
            raise BrokenCity(name, line, broken.message) from broken

    @contextmanager
    def blaming_routing(self) -> Iterator[None]:
        """Turn what routing says into BrokenCity; it names the table, for it reads several together."""
        try:
            yield
        except BrokenTable as broken:
            kind = "toml" if f"{broken.table}.toml" in self.texts else "csv"
            raise BrokenCity(f"{broken.table}.{kind}", broken.line, broken.message) from broken


def _text(path: Path) -> str:
    try:
        return decoded(path.name, path.read_bytes())
    except OSError as error:
        raise BrokenCity(path.name, None, f"cannot be read: {error.strerror}") from None


def decoded(name: str, content: bytes) -> str:
    """Return the text of a file of this name. Raises BrokenCity."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BrokenCity(name, line, "is not encoded as UTF-8") from None
    unseen = UNSEEN.search(text)
    if unseen:
        line = text[: unseen.start()].count("\n") + 1
        raise BrokenCity(name, line, f"holds the control character {unseen[0]!r}")
    return text


def _check_columns(name: str, line: int, header: list[str]) -> None:
    for column in header:
        if header.count(column) > 1:
            raise BrokenCity(name, line, f"column {column!r} is there twice")


def _check_width(name: str, line: int, fields: list[str], header: list[str]) -> None:
    if len(fields) != len(header):
        message = f"{len(fields)} columns where the header has {len(header)}"
        raise BrokenCity(name, line, message)
