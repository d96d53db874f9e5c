"""How good are predictions? Figures between 0 and 1."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.model import Scored
from classifier.selective import pooled_threshold

ECE_BINS = 15


def evaluate(predictions: Sequence[Sequence[Scored]], truth: Sequence[str]) -> dict[str, float]:
    """All measures at once. `predictions` are best first; an empty one is wrong with confidence 0."""
    confidences, correct = first_choices(predictions, truth)
    return {
        "top1": top_accuracy(predictions, truth, 1),
        "top3": top_accuracy(predictions, truth, 3),
        "top5": top_accuracy(predictions, truth, 5),
        "macro_f1": macro_f1([scored[0].code if scored else "" for scored in predictions], truth),
        "ece": calibration_error(confidences, correct),
        "coverage_95": coverage_at(0.95, confidences, correct),
        "coverage_98": coverage_at(0.98, confidences, correct),
    }


def first_choices(
    predictions: Sequence[Sequence[Scored]], truth: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How sure each first choice was, and whether it was right."""
    confidences = [scored[0].probability if scored else 0.0 for scored in predictions]
    correct = [
        bool(scored) and scored[0].code == code for scored, code in zip(predictions, truth, strict=True)
    ]
    return np.array(confidences, dtype=np.float64), np.array(correct, dtype=np.bool_)


def top_accuracy(predictions: Sequence[Sequence[Scored]], truth: Sequence[str], top: int) -> float:
    """The share of texts whose true category is among the first `top`; 0 of no texts."""
    hits = [
        code in [choice.code for choice in scored[:top]]
        for scored, code in zip(predictions, truth, strict=True)
    ]
    return float(np.mean(hits)) if hits else 0.0


def macro_f1(predicted: Sequence[str], truth: Sequence[str]) -> float:
    """The mean F1 over the categories that occur in `truth`."""
    scores = list(_f1_of_each(predicted, truth).values())
    return float(np.mean(scores)) if scores else 0.0


def weighted_f1(predicted: Sequence[str], truth: Sequence[str]) -> float:
    """The mean F1 over the categories that occur in `truth`, each as heavy as it is frequent."""
    scores, often = _f1_of_each(predicted, truth), Counter(truth)
    return sum(scores[code] * often[code] for code in scores) / len(truth) if scores else 0.0


def _f1_of_each(predicted: Sequence[str], truth: Sequence[str]) -> dict[str, float]:
    right = Counter(a for a, b in zip(predicted, truth, strict=True) if a == b)
    said, often = Counter(predicted), Counter(truth)
    return {code: 2 * right[code] / (said[code] + often[code]) for code in sorted(often)}


def calibration_error(confidences: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """Expected calibration error: how far confidence and truth lie apart, over bins of equal width."""
    if not len(confidences):
        return 0.0
    bins = np.minimum((confidences * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        abs(confidences[bins == number].sum() - correct[bins == number].sum()) for number in range(ECE_BINS)
    ]
    return float(sum(gaps) / len(confidences))


def coverage_at(precision: float, confidences: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """The largest share of texts, surest first, that is still right in `precision` of the cases.

    The limit is found on the texts it is measured on: compare models by it, promise nothing.
    """
    threshold = pooled_threshold(precision, confidences, correct)
    return 0.0 if threshold is None else float((confidences >= threshold).mean())
