"""How good is a way of teaching? Every text is judged by a model that had not seen it, or one like it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation import calibration_error, macro_f1, weighted_f1
from classifier.selective import pooled_threshold
from classifier.training import Unseen, calibrate

TOP = 3


@dataclass(frozen=True)
class Judged:
    """Probabilities of texts, a row each, and what is true of them.

    `confident_from`: for each promised precision the confidence from which a row acts alone, as fixed on
    other rows than itself; infinite where no confidence kept the promise.
    """

    columns: tuple[str, ...]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.intp]
    confident_from: dict[float, NDArray[np.float64]]

    @property
    def first(self) -> NDArray[np.intp]:
        """The likeliest column of each row."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.intp)

    @property
    def confidences(self) -> NDArray[np.float64]:
        return np.asarray(self.probabilities.max(axis=1), dtype=np.float64)

    @property
    def correct(self) -> NDArray[np.bool_]:
        return np.asarray(self.first == self.truth)


def judge(unseen: Unseen, promises: Sequence[float]) -> Judged:
    """Calibrate and set thresholds for each fold by all the others."""
    probabilities = np.zeros(unseen.scores.shape)
    confident_from = {promise: np.full(len(unseen.truth), np.inf) for promise in promises}
    fitted = []
    for held in unseen.folds:
        others = np.setdiff1d(np.arange(len(unseen.truth)), held)
        calibration = calibrate(unseen.scores[others], unseen.truth[others])
        probabilities[held] = calibration.probabilities(unseen.scores[held])
        fitted.append((held, others))
    correct = probabilities.argmax(axis=1) == unseen.truth
    confidences = probabilities.max(axis=1)
    for held, others in fitted:
        for promise, limits in confident_from.items():
            threshold = pooled_threshold(promise, confidences[others], correct[others])
            limits[held] = np.inf if threshold is None else threshold
    return Judged(unseen.columns, probabilities, unseen.truth, confident_from)


@dataclass(frozen=True)
class Coverage:
    """Which share of the texts acts alone, and which share of those is right; None of no texts."""

    share: float
    precision: float | None


def coverage(judged: Judged, promise: float) -> Coverage:
    """Measure a promise on rows that had no part in fixing its threshold."""
    alone = judged.confidences >= judged.confident_from[promise]
    right = float(judged.correct[alone].mean()) if alone.any() else None
    return Coverage(float(alone.mean()) if len(alone) else 0.0, right)


def figures(judged: Judged) -> dict[str, float]:
    """Return the measures of a whole: accuracy, F1 scores, top-3, calibration error."""
    truth = [judged.columns[column] for column in judged.truth]
    first = [judged.columns[column] for column in judged.first]
    best = np.argsort(-judged.probabilities, axis=1, kind="stable")[:, :TOP]
    return {
        "accuracy": float(judged.correct.mean()),
        "macro_f1": macro_f1(first, truth),
        "weighted_f1": weighted_f1(first, truth),
        "top3": float((best == judged.truth[:, None]).any(axis=1).mean()),
        "ece": calibration_error(judged.confidences, judged.correct),
    }


def confusion(judged: Judged) -> dict[str, dict[str, int]]:
    """Return how often texts of each true category were taken for each, zeros left out."""
    counts: dict[str, dict[str, int]] = {}
    for true, taken in zip(judged.truth, judged.first, strict=True):
        row = counts.setdefault(judged.columns[true], {})
        row[judged.columns[taken]] = row.get(judged.columns[taken], 0) + 1
    return {true: dict(sorted(counts[true].items())) for true in sorted(counts)}


def per_category(judged: Judged) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and support of each category that occurs or was taken."""
    found: dict[str, dict[str, float]] = {}
    for column, name in enumerate(judged.columns):
        of_it, taken = judged.truth == column, judged.first == column
        right = int((of_it & taken).sum())
        if not of_it.any() and not taken.any():
            continue
        found[name] = {
            "precision": right / taken.sum() if taken.any() else 0.0,
            "recall": right / of_it.sum() if of_it.any() else 0.0,
            "f1": 2 * right / (of_it.sum() + taken.sum()),
            "support": int(of_it.sum()),
        }
    return found
