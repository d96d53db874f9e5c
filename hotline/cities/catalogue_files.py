"""A catalogue as files to work on: csv as the profile has it, xlsx with the words of people beside it.

A cell that a spreadsheet would take for a formula is text in xlsx, and has an apostrophe before it in csv,
which reading takes away again (csv injection, CWE-1236).
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from classifier.errors import BrokenTable, TableFault
from classifier.tables import Table, open_table, sheets
from hotline import faults, labels
from hotline.cities.catalogues import CatalogueText, Line
from hotline.errors import BrokenCity, InvalidInput
from routing import Level
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

# Of an xlsx once it is unpacked, in MB: a thousand times as much fits into a small file.
MOST_UNPACKED = 32
MOST_ROWS = 20_000
SHEETS = ("派单目录", "样例", "主办写法")
# What stands in an xlsx to be read by people; handed in again, it is left out.
FOR_EYES = "（只供查看）"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
# As the pages call them, and shorter.
_LEVELS: Mapping[str, str] = {
    **{word: level for level, word in labels.LEVELS.items()},
    "区": Level.DISTRICT,
    "街道": Level.SUBDISTRICT,
    "社区": Level.COMMUNITY,
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "auto": {"是": "yes", "否": "no", "可自动": "yes", "由人派": "no"},
    "level": _LEVELS,
    "minimum_level": _LEVELS,
}

Numbered = tuple[int, Line]
Say = Callable[[str, str], str]


@dataclass(frozen=True)
class Handed:
    """What a file says: each line with the number of its row. None for a table that it does not hold."""

    called: str
    entries: tuple[Numbered, ...] | None
    examples: tuple[Numbered, ...] | None


def read(path: Path, called: str) -> Handed:
    """Read a file that was handed in under the name `called`.

    Raises classifier.errors.BrokenTable where it is no table, BrokenCity with the row where its columns are
    not those of a catalogue, InvalidInput where it unpacks to too much.
    """
    _require_bearable(path)
    entries = examples = None
    for sheet in range(min(sheets(path), 2)):
        table = _opened(path, sheet)
        if table is None:
            continue
        if _is_of_examples(table):
            examples = tuple(_lines(table, called, EXAMPLE_COLUMNS, faults.EXAMPLE_COLUMNS.items()))
        elif sheet == 0:
            entries = tuple(_lines(table, called, COLUMNS, faults.COLUMNS.items()))
    return Handed(called, entries, examples)


def standing_at(columns: tuple[str, ...], lines: Iterable[Numbered]) -> str:
    """Write lines as csv, each on the line of the row that it came from, so that faults name that row."""
    written, at = io.StringIO(), 2
    table = csv.DictWriter(written, columns, lineterminator="\n", restval="")
    table.writeheader()
    for number, line in lines:
        written.write("\n" * (number - at))
        table.writerow(line)
        at = number + 1
    return written.getvalue()


def as_csv(columns: tuple[str, ...], lines: Iterable[Line]) -> bytes:
    """Write one table; with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    table = csv.DictWriter(written, columns, lineterminator="\r\n", restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows({name: _harmless(text) for name, text in line.items()} for line in lines)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(text: CatalogueText, say: Say, say_example: Say, owners: Iterable[tuple[str, str]]) -> bytes:
    """Write both tables, and how each owner is written. `say`: the words for a column's code."""
    book = Workbook(write_only=True)
    entries = Sheet(COLUMNS, tuple(faults.COLUMNS.items()), ("category", "area", "lead", "assisting"))
    examples = Sheet(EXAMPLE_COLUMNS, tuple(faults.EXAMPLE_COLUMNS.items()), ("category", "lead"))
    for title, rows in (
        (SHEETS[0], entries.rows(text.lines, say)),
        (SHEETS[1], examples.rows(text.example_lines, say_example)),
        (SHEETS[2], [("写法", "意思"), *owners]),
    ):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@dataclass(frozen=True)
class Sheet:
    """`names`: each column with its word. `shown`: the columns that are said in words as well."""

    columns: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]

    def rows(self, lines: Iterable[Line], say: Say) -> Iterator[Sequence[str]]:
        named = dict(self.names)
        yield [
            *(named.get(name, name) for name in self.columns),
            *(f"{named[name]}{FOR_EYES}" for name in self.shown),
        ]
        for line in lines:
            yield [
                *(line.get(name, "") for name in self.columns),
                *(say(name, line.get(name, "")) for name in self.shown),
            ]


def _cell(sheet: object, value: str, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    # Said to be text, it stays 0101 and 2026-01-31, and is never reckoned as a formula.
    cell.data_type, cell.number_format = "s", "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _require_bearable(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        return
    try:
        with ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, OSError):
        # Refused with its own words when it is opened.
        return
    if size > MOST_UNPACKED << 20:
        raise InvalidInput({"file": f"file_too_large:{MOST_UNPACKED}"})


def _opened(path: Path, sheet: int) -> Table | None:
    """Return a sheet; None for a second one that is as empty as new books have it."""
    try:
        return open_table(path, sheet=sheet)
    except BrokenTable as broken:
        if sheet and broken.fault is TableFault.NO_HEADER:
            return None
        raise


def _is_of_examples(table: Table) -> bool:
    return not {"text", faults.EXAMPLE_COLUMNS["text"]}.isdisjoint(table.headers)


def _lines(
    table: Table, called: str, columns: tuple[str, ...], words: Iterable[tuple[str, str]]
) -> Iterator[Numbered]:
    names = {word: name for name, word in words}
    header = [names.get(one, one) for one in table.headers]
    _require_columns(called, header, columns)
    for number, cells in table.cells():
        if number == 1 or not any(cell.strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            raise BrokenCity(called, number, f"more than {MOST_ROWS} rows")
        if table.encoding is None:
            cells = (cells + [""] * len(header))[: max(len(header), _filled(cells))]
        if len(cells) != len(header):
            message = f"{len(cells)} columns where the header has {len(header)}"
            raise BrokenCity(called, number, message)
        kept = (pair for pair in zip(header, cells, strict=True) if not _is_for_eyes(pair[0]))
        yield number, {name: _meant(name, cell) for name, cell in kept}


def _filled(cells: Sequence[str]) -> int:
    """Return how many cells there are up to the last that holds something."""
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _require_columns(called: str, header: list[str], columns: tuple[str, ...]) -> None:
    named = [name for name in header if not _is_for_eyes(name)]
    for name in named:
        if name not in columns:
            raise BrokenCity(called, 1, f"unknown column {name!r}")
        if named.count(name) > 1:
            raise BrokenCity(called, 1, f"column {name!r} is there twice")
    for name in columns:
        # A table without it would take what it says out of every line.
        if name not in named:
            raise BrokenCity(called, 1, f"column {name!r} is missing")


def _is_for_eyes(name: str) -> bool:
    return not name or name.endswith(FOR_EYES)


def _meant(name: str, cell: str) -> str:
    """Return a cell as the catalogue writes it: on one line, days and closed words in their own form."""
    text = " ".join(cell.split())
    if text.startswith("'") and text[1:].startswith(_FORMULA):
        text = text[1:]
    day = _DAY.fullmatch(text) if name in {"from", "to"} else None
    if day:
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"
    return _WORDS.get(name, {}).get(text, text)
