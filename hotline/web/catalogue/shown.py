"""What differs, as a page or a command tells it: each line, what was and what will be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline import faults
from hotline.cities.catalogues import ENTRIES, Line
from hotline.models.catalogue import CatalogueChange
from hotline.tickets.catalogues.differences import Difference
from hotline.web.catalogue.book import key_of, stamp_of
from hotline.web.catalogue.words import Words

NEW, GONE, CHANGED = "新增", "删去", "修改"
# What tells an entry from the others of its category, shown beside what changed of it.
_TELLING = ("area", "level", "keyword", "from", "to")


@dataclass(frozen=True)
class Cell:
    """`before` or `after` is empty where nothing stood, or will stand, there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """One line that differs. `key` opens it where it still is; None once it is gone."""

    kind: str
    title: str
    beside: str
    cells: tuple[Cell, ...]
    key: str | None


def of_entries(words: Words, found: Iterable[Difference]) -> list[Shown]:
    return [_entry(words, one) for one in found]


def of_examples(words: Words, found: Iterable[Difference]) -> list[Shown]:
    return [_example(words, one) for one in found]


def of_change(words: Words, change: CatalogueChange) -> Shown:
    one = Difference(change.before, change.after)
    return _entry(words, one) if change.table == ENTRIES else _example(words, one)


def _entry(words: Words, one: Difference) -> Shown:
    beside = (
        f"{faults.COLUMNS[name]} {words.cell(name, one.line[name])}"
        for name in _TELLING
        if one.line.get(name) and (one.before is None or one.after is None or name not in one.columns)
    )
    cells = _cells(words, one, skipped=("category", *(_TELLING if _kind(one) != CHANGED else ())))
    return Shown(
        _kind(one),
        words.category(one.line["category"]),
        "，".join(beside),
        tuple(cells),
        key_of(one.after) if one.after is not None else None,
    )


def _example(words: Words, one: Difference) -> Shown:
    lead = _cells(words, one, skipped=("text", "address"), example=True)
    key = stamp_of(one.after) if one.after is not None else None
    return Shown(_kind(one), one.line["text"], one.line["address"], tuple(lead), key)


def _kind(one: Difference) -> str:
    if one.before is None:
        return NEW
    return GONE if one.after is None else CHANGED


def _cells(
    words: Words, one: Difference, *, skipped: tuple[str, ...], example: bool = False
) -> Iterator[Cell]:
    called = faults.EXAMPLE_COLUMNS if example else faults.COLUMNS
    for name in one.columns:
        before, after = _said(words, name, one.before, example), _said(words, name, one.after, example)
        if (before or after) and (_kind(one) == CHANGED or name not in skipped):
            yield Cell(called.get(name, name), before, after)


def _said(words: Words, name: str, line: Line | None, example: bool) -> str:
    if line is None:
        return ""
    text = line.get(name, "")
    return words.example_cell(name, text) if example else words.cell(name, text)
