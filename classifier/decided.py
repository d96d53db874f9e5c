"""Texts whose category people decided in the course of their work: what may teach, and what may test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from classifier.features import Features, Reading, Recipe
from classifier.neighbours import Signatures

HELD_BACK = 0.2
# From here on two texts are one matter told twice: the form letter, the neighbour, the second call.
ALIKE = 0.9
_BLOCK = 1000


@dataclass(frozen=True)
class Decided:
    """One text, read (and so masked), the category that was decided, and when it came in."""

    key: int
    read: Reading
    label: str
    at: datetime


@dataclass(frozen=True)
class Split:
    """`held_back` came in later than everything that is `taught`, and nothing of it is told there too.

    `period`: all that came in since the first of `held_back`, repeats included: what the time was like.
    """

    taught: tuple[Decided, ...]
    held_back: tuple[Decided, ...]
    period: tuple[Decided, ...]
    repeats: int


def split(decided: Sequence[Decided]) -> Split:
    """Leave repeats out, the newest of them standing for all, and hold the newest fifth of the rest back.

    Quadratic in their number: seconds for 20,000.
    """
    newest = sorted(decided, key=lambda one: (one.at, one.key), reverse=True)
    kept = [one for one, first in zip(newest, first_told([one.read for one in newest]), strict=True) if first]
    held = round(len(kept) * HELD_BACK)
    since = min((one.at for one in kept[:held]), default=None)
    period = tuple(one for one in newest if since is not None and one.at >= since)
    return Split(tuple(kept[held:]), tuple(kept[:held]), period, len(newest) - len(kept))


def first_told(readings: Sequence[Reading]) -> NDArray[np.bool_]:
    """Tell of each text whether none before it is like it."""
    if not readings:
        return np.zeros(0, dtype=np.bool_)
    features = Features.fit(readings, Recipe())
    signed = Signatures.of((features.row(one) for one in readings), range(len(readings)))
    seen = signed.bytes.astype(np.float32)
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1)
    first = np.ones(len(readings), dtype=np.bool_)
    for start in range(0, len(readings), _BLOCK):
        rows = seen[start : start + _BLOCK]
        alike = rows @ seen[: start + len(rows)].T >= ALIKE
        before = np.arange(start + len(rows)) < np.arange(start, start + len(rows))[:, None]
        first[start : start + len(rows)] = ~(alike & before).any(axis=1)
    return first
