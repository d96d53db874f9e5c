"""Reading labelled texts from csv files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from classifier.errors import BrokenExamples

COLUMNS = ("code", "text", "kind", "urgency")


class Example(NamedTuple):
    """A complaint and what it should be taken for; kind and urgency as their English codes."""

    code: str
    text: str
    kind: str
    urgency: str


def read_corpus(folder: Path) -> Iterator[Example]:
    """All examples of the csv files in `folder`, file by file in the order of their names.

    Raises BrokenExamples with file and line.
    """
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise BrokenExamples("no csv file in this folder", str(folder))
    for file in files:
        for line, row in read_rows(file, COLUMNS):
            if not row["code"].strip() or not row["text"].strip():
                raise BrokenExamples("code or text is empty", str(file), line)
            yield Example(*(row[column].strip() for column in COLUMNS))


def read_rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a csv file in UTF-8, each with its line number. Other columns are left out.

    Raises BrokenExamples when the file cannot be read, is empty or lacks one of `columns`.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield from _rows(csv.DictReader(stream, strict=True), columns, file)
    except OSError as error:
        raise BrokenExamples(error.strerror or "cannot be read", str(file)) from error
    except UnicodeDecodeError as error:
        raise BrokenExamples("is not in UTF-8", str(file)) from error


def _rows(
    reader: "csv.DictReader[str]", columns: tuple[str, ...], file: Path
) -> Iterator[tuple[int, dict[str, str]]]:
    is_empty = True
    try:
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise BrokenExamples(f"column missing: {', '.join(missing)}", str(file), 1)
        for row in reader:
            if any(row[column] is None for column in columns):
                raise BrokenExamples("this row is too short", str(file), reader.line_num)
            is_empty = False
            yield reader.line_num, {column: row[column] for column in columns}
    except csv.Error as error:
        raise BrokenExamples(str(error), str(file), reader.reader.line_num) from error
    if is_empty:
        raise BrokenExamples("has no rows", str(file))
