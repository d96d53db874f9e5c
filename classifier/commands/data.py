"""Labelled texts from a table: which columns say them, and how they are read."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.errors import BrokenExamples
from classifier.features import Reading, reading, reading_of_tokens
from classifier.model import Model
from classifier.tables import Row, Table, open_table
from classifier.tokens import Segmenter, segmenter


@dataclass(frozen=True)
class Data:
    """The rows of a table that say something, each with its number in the file. Lists go side by side."""

    numbers: Sequence[int]
    rows: Sequence[Row]
    texts: Sequence[str]
    labels: Sequence[str]
    groups: Sequence[str] | None


def add_columns(parser: ArgumentParser, *, label: bool) -> None:
    """Let the command say which file and columns to read."""
    parser.add_argument("data", type=Path, metavar="DATA", help="csv (UTF-8 or GB18030) or xlsx")
    texts = parser.add_mutually_exclusive_group(required=True)
    texts.add_argument(
        "--text", metavar="COL[,COL]", help="raw text; several columns are joined by line breaks"
    )
    texts.add_argument("--segmented", metavar="COL", help="text that was cut before, words apart by spaces")
    if label:
        parser.add_argument("--label", metavar="COL", required=True, help="the true category")
        parser.add_argument("--group", metavar="COL", help="rows of one group stay on one side of every fold")


def read(options: Namespace, *, label: bool = True) -> Data:
    """Raises BrokenTable or BrokenExamples, with file and row, for what cannot be used."""
    table = open_table(options.data)
    columns = [name.strip() for name in (options.segmented or options.text).split(",")]
    label_column = options.label if label else None
    group_column = options.group if label else None
    _require(table, [*columns, *filter(None, (label_column, group_column))])
    numbered = list(table.rows())
    if not numbered:
        raise BrokenExamples("has no rows", str(options.data))
    rows = [row for _, row in numbered]
    data = Data(
        numbers=[number for number, _ in numbered],
        rows=rows,
        texts=["\n".join(row.get(name, "") for name in columns).strip() for row in rows],
        labels=[row.get(label_column, "").strip() for row in rows] if label_column else [],
        groups=[row.get(group_column, "") for row in rows] if group_column else None,
    )
    if data.groups is None and len(set(data.texts)) < len(data.texts):
        # The same text on both sides of a fold would flatter every figure.
        data = replace(data, groups=data.texts)
    if label:
        _require_said(data, str(options.data))
    return data


def _require(table: Table, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in table.headers]
    if missing:
        there = ", ".join(table.headers)
        raise BrokenExamples(f"column missing: {', '.join(missing)}; there are {there}", str(table.path), 1)


def _require_said(data: Data, file: str) -> None:
    for number, text, label in zip(data.numbers, data.texts, data.labels, strict=True):
        if not text or not label:
            raise BrokenExamples("text or label is empty", file, number)


def to_teach(options: Namespace, data: Data) -> tuple[list[Reading], Segmenter]:
    """Read the texts for a new model, and say with which segmenter."""
    cutter = segmenter()
    if options.segmented:
        return [reading_of_tokens(text.split()) for text in data.texts], cutter
    return [reading(text, cutter.cut) for text in data.texts], cutter


def to_judge(options: Namespace, data: Data, model: Model) -> list[Reading]:
    """Read the texts as `model` takes them."""
    if options.segmented:
        return [reading_of_tokens(text.split()) for text in data.texts]
    return [model.read(text) for text in data.texts]
