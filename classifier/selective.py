"""When may a prediction act without a person? When predictions as sure as it kept the promise before."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv


@dataclass(frozen=True)
class Promise:
    """So large a share of what passes is right, which the evidence shows with so much confidence."""

    precision: float
    confidence: float


@dataclass(frozen=True)
class Gate:
    """What is at least as sure as `threshold` may pass; of the `cases` that were, `right` were right."""

    threshold: float
    cases: int
    right: int


def gate_for(promise: Promise, decisions: Iterable[tuple[float, bool]]) -> Gate | None:
    """The widest gate that `decisions` prove to hold `promise`; None where they prove none.

    Each decision is how sure the model was and whether it was right; they must be as new to the model as what
    will pass. The walk goes from the surest down, begins where a faultless record first proves the promise,
    and ends before the first bound that breaks it: the order does not look at who was right, so that trying
    many thresholds costs no confidence (fixed-sequence testing: Angelopoulos et al., Learn then Test, 2021).
    """
    found = sorted(decisions, key=lambda decision: -decision[0])
    sureness = np.array([sure for sure, _ in found], dtype=np.float64)
    right = np.cumsum(np.array([good for _, good in found], dtype=np.int64))
    passed = None
    for at in np.flatnonzero(_last_of_equals(sureness)):
        cases = int(at) + 1
        if lower_bound(cases, cases, promise.confidence) < promise.precision:
            continue
        if lower_bound(int(right[at]), cases, promise.confidence) < promise.precision:
            break
        passed = Gate(float(sureness[at]), cases, int(right[at]))
    return passed


def lower_bound(right: int, cases: int, confidence: float) -> float:
    """The precision that `right` of `cases` prove with `confidence` (Clopper and Pearson, 1934)."""
    return float(betaincinv(right, cases - right + 1, 1 - confidence)) if right else 0.0


def pooled_threshold(
    precision: float, confidences: NDArray[np.float64], correct: NDArray[np.bool_]
) -> float | None:
    """The smallest confidence from which on `precision` of the predictions were right; None where none is.

    What it held on these texts, without a margin: to compare models by, not to act on.
    """
    order = np.argsort(-confidences, kind="stable")
    held = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    holding = np.flatnonzero((held >= precision) & _last_of_equals(confidences[order]))
    return float(confidences[order[holding[-1]]]) if len(holding) else None


def _last_of_equals(falling: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.append(falling[1:] < falling[:-1], True)[: len(falling)]
