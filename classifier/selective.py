"""When may a prediction act without a person? When predictions as sure as it kept the promise before."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

# One-sided 95 % of the normal distribution.
Z = 1.645


def threshold_for(precision: float, confidences: Sequence[float], correct: Sequence[bool]) -> float | None:
    """The smallest confidence at and above which predictions are right as often as `precision` promises.

    `confidences` and `correct` come from texts that the model had not seen. "As often" is the Wilson lower
    bound at 95 %, so few cases never open the gate: about 55 without a fault for .95, 135 for .98. None when
    no threshold holds.
    """
    sureness = np.asarray(confidences, dtype=np.float64)
    order = np.argsort(-sureness, kind="stable")
    right = np.cumsum(np.asarray(correct, dtype=np.int64)[order])
    threshold = None
    for position, index in enumerate(order):
        is_last_of_equals = position + 1 == len(order) or sureness[order[position + 1]] < sureness[index]
        if is_last_of_equals and lower_bound(int(right[position]), position + 1) >= precision:
            threshold = float(sureness[index])
    return threshold


def pooled_threshold(
    precision: float, confidences: NDArray[np.float64], correct: NDArray[np.bool_]
) -> float | None:
    """The smallest confidence from which on `precision` of the predictions were right; None where none is.

    What it held on these texts, without a margin: to compare models by, or to act on where many texts stand
    behind it.
    """
    order = np.argsort(-confidences, kind="stable")
    held = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    last_of_equals = np.append(confidences[order][1:] < confidences[order][:-1], True)[: len(order)]
    holding = np.flatnonzero((held >= precision) & last_of_equals)
    return float(confidences[order[holding[-1]]]) if len(holding) else None


def lower_bound(right: int, cases: int, z: float = Z) -> float:
    """The Wilson score bound: a precision that `right` of `cases` let us believe in. 0 of no cases."""
    if not cases:
        return 0.0
    share = right / cases
    spread = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return (share + z * z / (2 * cases) - spread) / (1 + z * z / cases)
