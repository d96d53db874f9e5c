"""Reading one TOML file completely: every key that is there is asked for, every key asked for is there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sla import Allowance, allowance

Place = tuple[str | int, ...]
# Nobody can read these, and PostgreSQL refuses the first.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class BrokenKey(Exception):
    """A key of a TOML file is missing, unknown or has the wrong kind of value."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place, self.message = place, message


@dataclass
class Table:
    """A table that remembers which of its keys were read.

    `place` leads to it from the top of the file: names of tables, and the place in a list of tables from 0.
    """

    values: Mapping[str, object]
    place: Place = ()
    _read: set[str] = field(default_factory=set)

    def text(self, key: str, *, empty: bool = False) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not (value or empty):
            raise self.broken(key, "must be text in quotes")
        if UNSEEN.search(value):
            raise self.broken(key, "holds a control character")
        return value

    def optional_text(self, key: str) -> str:
        """Return the text, empty where the key is absent."""
        return self.text(key, empty=True) if key in self.values else ""

    def truth(self, key: str) -> bool:
        value = self._get(key)
        if not isinstance(value, bool):
            raise self.broken(key, "must be true or false")
        return value

    def whole(self, key: str, *, least: int = 0, most: int = 9999) -> int:
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.broken(key, f"must be a whole number from {least} to {most}")
        return value

    def share(self, key: str) -> float:
        """Return a part of 1, both ends included."""
        value = self._get(key)
        if not isinstance(value, float) or not 0 <= value <= 1:
            raise self.broken(key, "must be a part of one, from 0.0 to 1.0")
        return value

    def allowance(self, key: str) -> Allowance:
        try:
            return allowance.parse(self.text(key))
        except ValueError as problem:
            raise self.broken(key, f"is no length of time: {problem}") from None

    def words(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self.broken(key, "must be a list of words")
        return tuple(value)

    def optional_words(self, key: str) -> tuple[str, ...]:
        """Return the words, none where the key is absent."""
        return self.words(key) if key in self.values else ()

    def table(self, key: str) -> "Table":
        value = self._get(key)
        if not isinstance(value, Mapping):
            raise self.broken(key, "must be a table")
        return Table(value, (*self.place, key))

    def tables(self, key: str) -> list["Table"]:
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.broken(key, f"must be given as [[{key}]]")
        return [Table(each, (*self.place, key, number)) for number, each in enumerate(value)]

    def done(self) -> None:
        """Refuse keys that nobody asked for: a misspelt rule must not be silently without effect."""
        for key in self.values:
            if key not in self._read:
                raise self.broken(key, "is not known here")

    def broken(self, key: str, problem: str) -> BrokenKey:
        return BrokenKey((*self.place, key), f"{key} {problem}")

    def _get(self, key: str) -> object:
        self._read.add(key)
        if key not in self.values:
            raise self.broken(key, "is missing")
        return self.values[key]


def line_of(text: str, place: Place) -> int | None:
    """Return the line of a key, of the table that should have it, else None. The text is valid TOML."""
    *table, key = place
    lines = text.splitlines()
    header = _header(lines, tuple(table)) if table else 0
    if header is None:
        return None
    for number, line in enumerate(lines[header:], start=header + 1):
        if re.match(rf"\s*\[*{re.escape(str(key))}\]*\s*(=|$|#)", line):
            return number
        if line.startswith("[") and table:
            break
    return header or None


def line_of_first(text: str, message: str) -> int | None:
    """Return the line of the key with which `message` begins, or that is its second word; else None."""
    for word in re.findall(r"\w+", message)[:2]:
        found = line_of(text, (word,))
        if found:
            return found
    return None


def _header(lines: list[str], table: Place) -> int | None:
    """Return the line, from 1, of [a.b], or of the nth [[a]]."""
    *names, last = table
    nth = last if isinstance(last, int) else 0
    name = ".".join(str(part) for part in (names if isinstance(last, int) else table))
    found = [
        number for number, line in enumerate(lines, start=1) if re.match(rf"\[+{re.escape(name)}\]", line)
    ]
    return found[nth] if nth < len(found) else None
