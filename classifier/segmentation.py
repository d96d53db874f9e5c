"""One text cut into words in two ways, compared around a word."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

# So many pieces on either side show where a place is.
CONTEXT = 4


@dataclass(frozen=True)
class Place:
    """Where a word stands in a text, from the last cut before it to the first behind it that both ways have.

    `before` and `after` are the pieces of that stretch, which join to the same text; the word is inside.
    `lead` and `trail` are what stands on either side of it.
    """

    word: str
    lead: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    trail: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def is_whole(self) -> bool:
        """Whether the second way keeps the word in one piece."""
        return self.word in self.after


def places(word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Place]:
    """Compare how two ways cut one text wherever `word` stands in it, in order.

    Raises ValueError when the word is empty, or the pieces do not join to the same text.
    """
    text = "".join(before)
    if not word or "".join(after) != text:
        raise ValueError("no word, or not the pieces of one text")
    cuts = _cuts(before), _cuts(after)
    shared = sorted({*cuts[0]} & {*cuts[1]})
    at = text.find(word)
    while at >= 0:
        start = shared[bisect_right(shared, at) - 1]
        end = shared[bisect_left(shared, at + len(word))]
        first, last = bisect_left(cuts[0], start), bisect_left(cuts[0], end)
        yield Place(
            word,
            lead="".join(before[max(0, first - CONTEXT) : first]),
            before=tuple(before[first:last]),
            after=tuple(after[bisect_left(cuts[1], start) : bisect_left(cuts[1], end)]),
            trail="".join(before[last : last + CONTEXT]),
        )
        at = text.find(word, at + len(word))


def _cuts(pieces: Sequence[str]) -> list[int]:
    """Where each piece begins, and where the last ends."""
    return [*accumulate(map(len, pieces), initial=0)]
