"""Text as it is compared: folded to one form, with the way back to the places in the original."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from classifier.markup import marks, may_hold_markup
from classifier.traditional import ALWAYS, settle

# Markup that was escaped (&lt;p&gt;) is markup once it is read, and so on; nobody escapes four times.
_LAYERS = 4


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` up to, not including, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class _Folds(dict[int, str]):
    """What each character becomes; filled as characters turn up.

    Character by character, never the whole text: `unicodedata.normalize` is quadratic on long runs of
    combining marks, and one character's result is what the way back to the original needs.
    """

    def __missing__(self, codepoint: int) -> str:
        folded = chr(codepoint)
        if folded.isspace():
            folded = " "
        elif unicodedata.category(folded) in ("Cc", "Cf", "Cs") or 0xFE00 <= codepoint <= 0xFE0F:
            folded = ""
        else:
            # Twice: lower-casing may yield a character that has a compatibility form, and the reverse.
            for _ in range(2):
                folded = unicodedata.normalize("NFKC", folded).lower()
            folded = "".join(ALWAYS.get(character, character) for character in folded)
        self[codepoint] = folded
        return folded


_FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """A normalised text; its character i stood in the original from `origins[i]` up to `ends[i]`."""

    text: str
    origins: list[int]
    ends: list[int]

    def original(self, span: Span) -> Span:
        """The same characters in the original. The span must not be empty."""
        return Span(self.origins[span.start], self.ends[span.end - 1])


def fold(text: str) -> Folded:
    """Normalise `text` and remember where each character came from. Linear."""
    plain, origins = _spaced(map(_FOLDS.__getitem__, map(ord, text)))
    folded = Folded(plain, origins, [at + 1 for at in origins])
    if may_hold_markup(plain):
        folded = _without_markup(folded)
    return replace(folded, text=settle(folded.text, text))


def normalise(text: str) -> str:
    """Fold what is the same to a reader. Idempotent.

    Width and compatibility forms, case, white space and traditional characters become one form; control
    characters and the markup of web pages go.
    """
    plain = " ".join(text.translate(_FOLDS).split())
    return fold(text).text if may_hold_markup(plain) else settle(plain, text)


def _spaced(pieces: Iterable[str]) -> tuple[str, list[int]]:
    """Put pieces together, and say of each character in which of them it was.

    White space becomes one space, and none at the edges.
    """
    characters: list[str] = []
    sources: list[int] = []
    after_space = True
    for number, piece in enumerate(pieces):
        for character in piece:
            if character == " " and after_space:
                continue
            after_space = character == " "
            characters.append(character)
            sources.append(number)
    if characters and characters[-1] == " ":
        del characters[-1], sources[-1]
    return "".join(characters), sources


def _without_markup(folded: Folded) -> Folded:
    for _ in range(_LAYERS):
        read = _read(folded, marks(folded.text))
        if read.text == folded.text:
            return read
        folded = read
    left = ((at, at + 1, " ") for at, character in enumerate(folded.text) if character in "&<")
    return _read(folded, left)


def _read(folded: Folded, instead: Iterable[tuple[int, int, str]]) -> Folded:
    """Put other text in some places, which rise."""
    pieces: list[str] = []
    origins: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, text in (*instead, (len(folded.text), len(folded.text), "")):
        pieces += folded.text[done:start]
        origins += folded.origins[done:start]
        ends += folded.ends[done:start]
        if start < end:
            place = folded.original(Span(start, end))
            pieces.append(text.translate(_FOLDS))
            origins.append(place.start)
            ends.append(place.end)
        done = end
    plain, sources = _spaced(pieces)
    return Folded(plain, [origins[at] for at in sources], [ends[at] for at in sources])
