"""Cut a text into pieces, so that a page can mark the words that were found in it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """Characters `start` up to, not including, `end`, and what they are."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True)
class Piece:
    """`tag` is empty for the text between."""

    text: str
    tag: str = ""


def pieces(text: str, found: Iterable[Found]) -> list[Piece]:
    """Return all of `text` in pieces; where findings overlap, the earlier of `found` is marked."""
    kept: list[Found] = []
    for one in found:
        inside = 0 <= one.start < one.end <= len(text)
        if inside and not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    cut: list[Piece] = []
    at = 0
    for one in sorted(kept, key=lambda mark: mark.start):
        cut += [Piece(text[at : one.start]), Piece(text[one.start : one.end], one.tag)]
        at = one.end
    cut.append(Piece(text[at:]))
    return [piece for piece in cut if piece.text]
