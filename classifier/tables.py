"""Read a table from a file: csv in UTF-8 or GB18030, or xlsx, row by row in flat memory."""

import codecs
import csv
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from classifier.errors import BrokenTable, TableFault

MOST_XLSX_ROWS = 1_000_000
_CHUNK = 1 << 20
_LONGEST_CELL = 16 << 20
_DELIMITERS = ",\t;"
_UNREADABLE = (BadZipFile, InvalidFileException, ParseError, ValueError, KeyError, OSError, zlib.error)

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file that holds one table, or one sheet of an xlsx. `encoding` is None for xlsx."""

    path: Path
    headers: tuple[str, ...]
    encoding: str | None
    delimiter: str = ","
    sheet: int = 0

    def rows(self, *, empty: bool = False) -> Iterator[tuple[int, Row]]:
        """Yield each row with its number in the file, the header being 1.

        Rows of empty cells are left out unless `empty`; then only lines without any cell are.
        """
        for number, cells in self.cells():
            if number > 1 and (cells if empty else any(cell.strip() for cell in cells)):
                yield number, dict(zip(self.headers, cells, strict=False))

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every row with its number, the header too, and as many cells as it has."""
        if self.encoding is None:
            return _xlsx_rows(self.path, self.sheet)
        return _csv_rows(self.path, self.encoding, self.delimiter)


def sheets(path: Path) -> int:
    """Return how many sheets an xlsx has; a csv is one. Raises BrokenTable."""
    if path.suffix.lower() != ".xlsx":
        return 1
    try:
        with closing(load_workbook(path, read_only=True)) as book:
            return len(book.worksheets)
    except _UNREADABLE as error:
        raise BrokenTable(path, TableFault.BROKEN_XLSX) from error


def open_table(path: Path, *, sheet: int = 0) -> Table:
    """Read it once to its end, so that its rows can be relied on. Raises BrokenTable.

    `sheet` counts those of an xlsx, of which there must be so many.
    """
    if not path.is_file():
        raise BrokenTable(path, TableFault.MISSING)
    if path.stat().st_size == 0:
        raise BrokenTable(path, TableFault.EMPTY)
    if path.suffix.lower() == ".xlsx":
        _read_to_the_end(_xlsx_rows(path, sheet))
        return Table(path, _headers(path, _xlsx_rows(path, sheet)), None, sheet=sheet)
    if path.suffix.lower() in {".xls", ".et", ".doc", ".docx", ".pdf", ".zip"}:
        raise BrokenTable(path, TableFault.OTHER_KIND)
    encoding = _encoding_of(path)
    delimiter = _delimiter_of(path, encoding)
    _read_to_the_end(_csv_rows(path, encoding, delimiter))
    return Table(path, _headers(path, _csv_rows(path, encoding, delimiter)), encoding, delimiter)


def _read_to_the_end(rows: Iterator[object]) -> None:
    """What is broken or too long shows before the first row is taken."""
    for _ in rows:
        pass


def _headers(path: Path, rows: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    first = next(rows, None)
    names = tuple(cell.strip() for cell in first[1]) if first else ()
    if not any(names):
        raise BrokenTable(path, TableFault.NO_HEADER)
    return names


def _encoding_of(path: Path) -> str:
    """Return utf-8-sig or gb18030, whichever the whole file is. Raises BrokenTable for neither."""
    with open(path, "rb") as file:
        beginning = file.read(_CHUNK)
    # In UTF-16 every second byte of a letter, a digit or a comma is NUL.
    marked = beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or beginning.count(0) > len(beginning) // 8:
        raise BrokenTable(path, TableFault.UTF_16)
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise BrokenTable(path, TableFault.ENCODING)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(path, "rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter_of(path: Path, encoding: str) -> str:
    with open(path, encoding=encoding) as file:
        first = file.readline(_CHUNK)
    return max(_DELIMITERS, key=first.count)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    with open(path, encoding=encoding, newline="") as file:
        # csv stops at a NUL; nobody wrote one on purpose. Not strict, it would take all that follows an
        # unclosed quotation mark for one cell.
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                yield number, cells
        except csv.Error as error:
            raise BrokenTable(path, TableFault.QUOTES, row=number + 1, detail=str(error)) from error


def _xlsx_rows(path: Path, sheet: int) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        with closing(book):
            yield from _rows_of(path, book.worksheets[sheet])
    except _UNREADABLE as error:
        raise BrokenTable(path, TableFault.BROKEN_XLSX) from error


def _rows_of(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    # Many programs write a wrong size: what lies beyond it would be lost without a sign.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_XLSX_ROWS + 1 and any(cells):
            raise BrokenTable(path, TableFault.TOO_LONG, row=MOST_XLSX_ROWS)
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """Write a cell as a csv would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
