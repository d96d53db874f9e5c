"""Rows of a table as the caller has read them: the line in the file, and the columns by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from routing.errors import BrokenTable

Rows = Iterable[tuple[int, Mapping[str, str]]]
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Row:
    """One row with its place, so that every complaint about a value names table and line."""

    table: str
    line: int
    columns: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return the column stripped; a missing column reads as empty."""
        return (self.columns.get(column) or "").strip()

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise self.broken(f"{column} is empty")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """Return the words of a column that holds several, separated by spaces."""
        return tuple(self.text(column).split())

    def choice(self, column: str, choices: type[Choice]) -> Choice:
        value = self.required(column)
        try:
            return choices(value)
        except ValueError:
            allowed = ", ".join(choices)
            raise self.broken(f"{column} {value!r} is none of {allowed}") from None

    def yes(self, column: str) -> bool:
        value = self.required(column)
        if value not in ("yes", "no"):
            raise self.broken(f"{column} {value!r} is neither yes nor no")
        return value == "yes"

    def day(self, column: str) -> date | None:
        """Return an ISO date, None where the column is empty."""
        value = self.text(column)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.broken(f"{column} {value!r} is not a date like 2026-01-31") from None

    def broken(self, message: str) -> BrokenTable:
        return BrokenTable(self.table, message, self.line)


def read(table: str, rows: Rows, columns: tuple[str, ...]) -> list[Row]:
    """Give each row its place. Raises BrokenTable for a column the table does not have."""
    known = frozenset(columns)
    result = []
    for line, row in rows:
        for column in row:
            if column not in known:
                raise BrokenTable(table, f"unknown column {column!r}", line)
        result.append(Row(table, line, row))
    return result
