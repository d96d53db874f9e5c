"""Text as it is compared: folded to one form, with the way back to the places in the original.

Traditional characters are left as they are: folding them needs a dictionary that is not here.
"""

import unicodedata
from dataclasses import dataclass


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
        self[codepoint] = folded
        return folded


_FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """A normalised text; `origins[i]` is where its character i stood in the original."""

    text: str
    origins: list[int]

    def original(self, span: Span) -> Span:
        """The same characters in the original. The span must not be empty."""
        return Span(self.origins[span.start], self.origins[span.end - 1] + 1)


def fold(text: str) -> Folded:
    """Normalise `text` and remember where each character came from. Linear."""
    characters: list[str] = []
    origins: list[int] = []
    after_space = True
    for index, character in enumerate(text):
        for piece in _FOLDS[ord(character)]:
            if piece == " " and after_space:
                continue
            after_space = piece == " "
            characters.append(piece)
            origins.append(index)
    if characters and characters[-1] == " ":
        del characters[-1], origins[-1]
    return Folded("".join(characters), origins)


def normalise(text: str) -> str:
    """Fold width and compatibility forms, case and white space; drop control characters. Idempotent."""
    return " ".join(text.translate(_FOLDS).split())
