"""Which of the texts that taught a model are most like another? By signatures that cannot be read back.

A signature is a row of features seen from 256 directions drawn by chance, a byte each (random projection:
Achlioptas, 2003). Likeness of signatures is about that of the rows; words and characters are gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features import Row

_LANES = 4
DIRECTIONS = _LANES * 64
_FIRST_MIX, _SECOND_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Neighbour:
    """A text that taught the model, by the number of its row, and how alike it is, 1 being the same."""

    number: int
    likeness: float


@dataclass(frozen=True)
class Signatures:
    """A row of bytes for each text; `numbers` are those of their rows in the file, the header being 1."""

    numbers: NDArray[np.int64]
    bytes: NDArray[np.int8]

    @classmethod
    def of(cls, rows: Iterable[Row], numbers: Sequence[int]) -> "Signatures":
        signed = [_signature(row) for row in rows]
        return cls(np.array(numbers, dtype=np.int64), np.array(signed, dtype=np.int8).reshape(-1, DIRECTIONS))

    def state(self) -> dict[str, NDArray[np.int64] | NDArray[np.int8]]:
        """The arrays that make it again."""
        return {"numbers": self.numbers, "bytes": self.bytes}

    def nearest(self, row: Row, top: int = 5) -> list[Neighbour]:
        """The likest texts first. Linear in their number."""
        own = _signature(row).astype(np.float32)
        theirs = self.bytes.astype(np.float32)
        lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(own)
        likeness = np.divide(theirs @ own, lengths, out=np.zeros(len(theirs), np.float32), where=lengths > 0)
        best = np.argsort(-likeness, kind="stable")[:top]
        return [Neighbour(int(self.numbers[at]), float(likeness[at])) for at in best]


def _signature(row: Row) -> NDArray[np.int8]:
    signs = np.where(_bits(row.places.astype(np.uint64)), np.float32(1), np.float32(-1))
    seen = row.weights @ signs if len(row.places) else np.zeros(DIRECTIONS, dtype=np.float32)
    longest = np.abs(seen).max()
    return np.asarray(np.rint(seen * (127 / longest)) if longest else seen).astype(np.int8)


def _bits(places: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """The same 256 bits for the same place, as if thrown (SplitMix64: Steele et al., 2014)."""
    lanes = places[:, None] * np.uint64(_LANES) + np.arange(_LANES, dtype=np.uint64) + np.uint64(1)
    mixed = np.asarray(lanes * _STEP, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST_MIX
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND_MIX
    mixed ^= mixed >> np.uint64(31)
    return np.unpackbits(mixed.view(np.uint8), axis=1).astype(bool)
