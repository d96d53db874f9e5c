"""Change the catalogue in a draft (拟修订): every step is proved at once and kept with who did it and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hotline.cities.catalogues import ENTRIES, EXAMPLES, CatalogueText, Line
from hotline.errors import InvalidInput, NotFound
from hotline.models.catalogue import CatalogueVersion
from hotline.models.ticket import Ticket
from hotline.tickets.catalogues import versions
from hotline.tickets.catalogues.differences import differences
from hotline.work import Work
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

Change = Callable[[CatalogueText], CatalogueText]

_SAME_CASE = ("category", "area", "level", "keyword")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Why:
    """`ticket`: the ruling that a change comes from."""

    because: str
    ticket: Ticket | None = None


def put(work: Work, line: Line, why: Why, *, replaces: Line | None = None) -> CatalogueVersion:
    """Enter an entry into the draft, opened where there is none. Raises InvalidInput, NotFound.

    `replaces` is the line that it was. An entry for the same case gives way for the days of this one, and
    for them only: it ends the day before and goes on the day after.
    """
    new = _cleaned(COLUMNS, line)

    def entered(text: CatalogueText) -> CatalogueText:
        left = _without(text, _cleaned(COLUMNS, replaces)) if replaces is not None else text
        lines = [piece for one in left.lines for piece in making_room(one, new)]
        at = next((n for n, one in enumerate(lines) if one["category"] > new["category"]), len(lines))
        return CatalogueText.of([*lines[:at], new, *lines[at:]], left.example_lines)

    return _change(work, why, entered)


def remove(work: Work, line: Line, why: Why) -> CatalogueVersion:
    """Take an entry out of the draft. Raises InvalidInput, NotFound."""
    old = _cleaned(COLUMNS, line)
    return _change(work, why, lambda text: _without(text, old))


def put_example(work: Work, example: Line, why: Why) -> CatalogueVersion:
    """Enter an example that the catalogue must route right from now on. Raises InvalidInput.

    An example of the same text and address gives way. Personal data in it is the caller's to mask before.
    """
    new = _cleaned(EXAMPLE_COLUMNS, example)

    def entered(text: CatalogueText) -> CatalogueText:
        kept = [one for one in text.example_lines if not _is_same_example(one, new)]
        return CatalogueText.of(text.lines, [*kept, new])

    return _change(work, why, entered)


def remove_example(work: Work, example: Line, why: Why) -> CatalogueVersion:
    """Raises InvalidInput, NotFound."""
    old = _cleaned(EXAMPLE_COLUMNS, example)

    def without(text: CatalogueText) -> CatalogueText:
        kept = [one for one in text.example_lines if one != old]
        if len(kept) == len(text.example_lines):
            raise NotFound("example", old["text"])
        return CatalogueText.of(text.lines, kept)

    return _change(work, why, without)


def take(
    work: Work, why: Why, *, entries: Iterable[Line] | None, examples: Iterable[Line] | None = None
) -> CatalogueVersion:
    """Have the draft say what a whole table says; None leaves a table as it is. Raises InvalidInput."""

    def taken(text: CatalogueText) -> CatalogueText:
        lines = text.lines if entries is None else _known_columns(COLUMNS, entries, ENTRIES)
        told = text.example_lines if examples is None else _known_columns(EXAMPLE_COLUMNS, examples, EXAMPLES)
        return CatalogueText.of(lines, told)

    return _change(work, why, taken)


def _change(work: Work, why: Why, change: Change) -> CatalogueVersion:
    if not why.because.strip():
        raise InvalidInput({"because": "say_why"})
    versions.take_turns(work)
    draft = versions.draft(work)
    before = versions.text_of(draft) if draft else work.city.catalogue_text
    after = change(before)
    versions.city_under(work, after)
    changed = differences(before, after)
    if not changed:
        raise InvalidInput({"because": "catalogue_same"})
    draft = draft or versions.enter_draft(work, before)
    draft.entries, draft.examples, draft.digest = after.entries, after.examples, after.digest
    versions.record_changes(
        work, draft, changed, because=why.because.strip(), ticket_id=why.ticket.id if why.ticket else None
    )
    return draft


def making_room(line: Line, new: Line) -> Iterator[Line]:
    """Yield what is left of `line` beside `new`: all of it where the two never speak for the same case."""
    if any(line[name].split() != new[name].split() for name in _SAME_CASE):
        yield line
        return
    try:
        (begins, ends), (begin, end) = _days(line), _days(new)
    except ValueError:
        # A day that is none is refused with all that the table is refused for.
        yield line
        return
    if begins > end or ends < begin:
        yield line
        return
    if begins < begin:
        yield {**line, "to": (begin - _DAY).isoformat()}
    if ends > end:
        yield {**line, "from": (end + _DAY).isoformat()}


def _days(line: Line) -> tuple[date, date]:
    first, last = line["from"], line["to"]
    return (
        date.fromisoformat(first) if first else date.min,
        date.fromisoformat(last) if last else date.max,
    )


def _without(text: CatalogueText, line: Line) -> CatalogueText:
    kept = [one for one in text.lines if one != line]
    if len(kept) == len(text.lines):
        raise NotFound("entry", line["category"])
    return CatalogueText.of(kept, text.example_lines)


def _is_same_example(one: Line, other: Line) -> bool:
    return (one["text"], one["address"]) == (other["text"], other["address"])


def _cleaned(columns: tuple[str, ...], line: Line) -> Line:
    """The columns of the table, each on one line and without blanks that say nothing."""
    return {name: " ".join((line.get(name) or "").split()) for name in columns}


def _known_columns(columns: tuple[str, ...], lines: Iterable[Line], table: str) -> list[Line]:
    taken = list(lines)
    for name in taken[0] if taken else ():
        if name not in columns:
            raise InvalidInput({"entries": f"broken_catalogue:{table}:1: unknown column {name!r}"})
    return [_cleaned(columns, line) for line in taken]
