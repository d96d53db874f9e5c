"""The classifier: a linear model over `features`, with calibrated probabilities."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from classifier.calibration import Calibration
from classifier.features import Features, Reading, reading
from classifier.tokens import Segmenter

_BATCH = 500
LEAST_SAID = 2


@dataclass(frozen=True)
class Scored:
    """A category and how probable it is, between 0 and 1."""

    code: str
    probability: float


def says_something(text: str) -> bool:
    """Tell whether it has the two letters that are the least a word has."""
    return sum(sign.isalpha() for sign in text) >= LEAST_SAID


@dataclass(frozen=True)
class Model:
    """What `training.train` made. `weights` has a row for each feature and a column for each of `labels`.

    `metrics` were measured out of fold. `pooled` gives for a precision the least probability of the first
    category that just held it on all texts together, None where none did (`selective.pooled_threshold`).
    `segmented`: it was taught by texts that others had cut and thinned out, and drops what words of a raw
    text it does not know. `version` is that of the card it was loaded by, empty before it is saved.
    """

    labels: tuple[str, ...]
    segmenter: Segmenter
    features: Features
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    calibration: Calibration
    metrics: Mapping[str, float] = field(default_factory=dict)
    pooled: Mapping[float, float | None] = field(default_factory=dict)
    segmented: bool = False
    version: str = ""

    def read(self, text: str) -> Reading:
        """Read a raw text as this model takes it."""
        one = reading(text, self.segmenter.cut)
        if not self.segmented:
            return one
        known = self.features.knows(one.words)
        words = tuple(word for word, kept in zip(one.words, known, strict=True) if kept)
        return Reading("".join(words), words)

    def predict(self, texts: Iterable[str], top: int = 5) -> list[tuple[Scored, ...]]:
        """The `top` likeliest categories of each raw text, best first.

        A text of which no feature is known, or that has fewer than two letters, gets an empty tuple: there is
        nothing to judge it by.
        """
        return list(self.judge(map(self.read, texts), top))

    def judge(self, readings: Iterable[Reading], top: int = 5) -> Iterator[tuple[Scored, ...]]:
        """Like `predict`, for what was read before, one by one as they come."""
        coming = iter(readings)
        while batch := list(islice(coming, _BATCH)):
            rows = [self.features.row(one) for one in batch]
            scores = np.stack([row.weights @ self.weights[row.places] + self.bias for row in rows])
            for one, row, shares in zip(batch, rows, self.calibration.probabilities(scores), strict=True):
                yield self._best(shares, top) if len(row.places) and says_something(one.text) else ()

    def _best(self, row: NDArray[np.float64], top: int) -> tuple[Scored, ...]:
        order = np.argsort(-row, kind="stable")[:top]
        return tuple(Scored(self.labels[column], float(row[column])) for column in order)
