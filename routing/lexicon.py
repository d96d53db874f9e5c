"""Finding known names in running text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")

SHORTEST = 2  # one character would be found inside almost every sentence


class Hit(NamedTuple, Generic[Meaning]):
    start: int
    end: int
    meaning: Meaning


class Lexicon(Generic[Meaning]):
    """Names and what they mean.

    A look-up costs one dictionary access per character and a few more where a name may begin, however many
    names there are: 41,000 areas are found as fast as forty.
    """

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = dict(meanings)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._meanings:
            if len(name) < SHORTEST:
                raise ValueError(f"name too short to be looked for: {name!r}")
            lengths[name[:SHORTEST]].add(len(name))
        self._lengths = {head: sorted(several, reverse=True) for head, several in lengths.items()}

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._meanings)

    def hits(self, text: str) -> Iterator[Hit[Meaning]]:
        """Yield what is named, in order: leftmost, then longest, never overlapping."""
        start = 0
        while start <= len(text) - SHORTEST:
            end = self._longest(text, start)
            if end is None:
                start += 1
            else:
                yield Hit(start, end, self._meanings[text[start:end]])
                start = end

    def _longest(self, text: str, start: int) -> int | None:
        for length in self._lengths.get(text[start : start + SHORTEST], ()):
            if text[start : start + length] in self._meanings:
                # A slice at the end of the text may be shorter than asked for.
                return min(start + length, len(text))
        return None
