"""What one version of the catalogue says otherwise than another, line by line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline.cities.catalogues import CatalogueText, Line

# By these a line is known again, the most exact first: an entry that got other words or another first day is
# the same entry changed.
_CONDITIONS = (("category", "area", "level", "keyword", "from"), ("category", "area", "level"))
_EXAMPLE = (("text", "address"),)


@dataclass(frozen=True)
class Difference:
    """`before` None: new. `after` None: gone. `columns`: where the two differ, in the order of the table."""

    before: Line | None
    after: Line | None

    @property
    def columns(self) -> tuple[str, ...]:
        if self.before is None or self.after is None:
            return tuple(self.line)
        before, after = self.before, self.after
        return tuple(name for name in after if after[name] != before.get(name, ""))

    @property
    def line(self) -> Line:
        """The line as it will be, or as it was where it is gone."""
        line = self.after if self.after is not None else self.before
        return line or {}


@dataclass(frozen=True)
class Differences:
    entries: tuple[Difference, ...]
    examples: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.entries or self.examples)


def differences(before: CatalogueText, after: CatalogueText) -> Differences:
    """Compare what two versions say; lines that only moved do not differ. Raises BrokenCity."""
    return Differences(
        tuple(_compared(before.lines, after.lines, _CONDITIONS)),
        tuple(_compared(before.example_lines, after.example_lines, _EXAMPLE)),
    )


def _compared(
    before: Iterable[Line], after: Iterable[Line], keys: tuple[tuple[str, ...], ...]
) -> Iterator[Difference]:
    """Pair each new line with the one that it replaces: the same first, then by ever fewer columns."""
    gone, new = _without_common(list(before), list(after))
    pairs: list[Difference] = []
    for columns in keys:
        waiting: dict[tuple[str, ...], list[Line]] = defaultdict(list)
        for line in gone:
            waiting[tuple(line[name] for name in columns)].append(line)
        left = []
        for line in new:
            candidates = waiting[tuple(line[name] for name in columns)]
            if candidates:
                pairs.append(Difference(candidates.pop(0), line))
            else:
                left.append(line)
        gone, new = [line for lines in waiting.values() for line in lines], left
    pairs += [Difference(line, None) for line in gone]
    pairs += [Difference(None, line) for line in new]
    return iter(sorted(pairs, key=lambda pair: tuple(pair.line.values())))


def _without_common(before: list[Line], after: list[Line]) -> tuple[list[Line], list[Line]]:
    left: dict[tuple[tuple[str, str], ...], list[Line]] = defaultdict(list)
    for line in before:
        left[tuple(line.items())].append(line)
    new = []
    for line in after:
        same = left.get(tuple(line.items()))
        if same:
            same.pop()
        else:
            new.append(line)
    return [line for lines in left.values() for line in lines], new
