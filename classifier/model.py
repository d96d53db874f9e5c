"""The classifier: a linear model over `features`, with calibrated probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from classifier.calibration import Calibration
from classifier.features import Features, reading
from classifier.tokens import Segmenter

_BATCH = 500


@dataclass(frozen=True)
class Scored:
    """A category and how probable it is, between 0 and 1."""

    code: str
    probability: float


@dataclass(frozen=True)
class Model:
    """What `training.train` made. `weights` has a row for each feature and a column for each of `labels`.

    `metrics` were measured out of fold. `thresholds` gives for a promised precision the least probability of
    the first category that holds it, or None when none does (see `selective`).
    """

    labels: tuple[str, ...]
    segmenter: Segmenter
    features: Features
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    calibration: Calibration
    metrics: Mapping[str, float] = field(default_factory=dict)
    thresholds: Mapping[float, float | None] = field(default_factory=dict)

    def predict(self, texts: Sequence[str], top: int = 5) -> list[tuple[Scored, ...]]:
        """The `top` likeliest categories of each text, best first.

        A text of which no feature is known gets an empty tuple: there is nothing to judge it by.
        """
        answers: list[tuple[Scored, ...]] = []
        for start in range(0, len(texts), _BATCH):
            read = [reading(text).text for text in texts[start : start + _BATCH]]
            rows = list(self.features.rows(read, self.segmenter.cut))
            scores = [row.weights @ self.weights[row.places] + self.bias for row in rows]
            probabilities = self.calibration.probabilities(np.stack(scores))
            answers += [
                self._best(shares, top) if len(row.places) else ()
                for row, shares in zip(rows, probabilities, strict=True)
            ]
        return answers

    def _best(self, row: NDArray[np.float64], top: int) -> tuple[Scored, ...]:
        order = np.argsort(-row, kind="stable")[:top]
        return tuple(Scored(self.labels[column], float(row[column])) for column in order)
