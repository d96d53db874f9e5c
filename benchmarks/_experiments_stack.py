"""What is made of scores that are there: by each fold from what the other folds say of their texts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.training import Unseen, calibrate

Dense = NDArray[np.floating[Any]]
# How near the parameters of a category stay to those that all share.
_PULL = 0.001
_STEEPEST = 30.0


def stacked(members: Sequence[Unseen]) -> Unseen:
    """Several scores made one by a logistic regression; members are of the same folds."""

    def fit(scores: Dense, truth: NDArray[np.intp]) -> Callable[[Dense], Dense]:
        judge = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)).fit(scores, truth)
        return lambda asked: np.asarray(judge.predict_log_proba(asked))

    return _crossed(members[0], np.hstack([member.scores for member in members]), fit)


def calibrated_apart(member: Unseen) -> Unseen:
    """As the product calibrates, but with a slope and an offset a category, pulled to the shared ones."""

    def fit(scores: Dense, truth: NDArray[np.intp]) -> Callable[[Dense], Dense]:
        shared = calibrate(np.asarray(scores, dtype=np.float32), truth)
        start = np.repeat([shared.slope, shared.offset], scores.shape[1])
        rows = np.arange(len(truth))

        def surprise(parameters: Dense) -> float:
            likelihood = _log_shares(parameters, scores)[rows, truth]
            return float(_PULL * ((parameters - start) ** 2).sum() - likelihood.mean())

        found = minimize(surprise, start, method="L-BFGS-B").x
        return lambda asked: _log_shares(found, asked)

    return _crossed(member, member.scores, fit)


def _log_shares(parameters: Dense, scores: Dense) -> Dense:
    slopes, offsets = np.split(parameters, 2)
    evidence = -np.exp(np.minimum(offsets - slopes * scores, _STEEPEST))
    evidence -= evidence.max(axis=1, keepdims=True)
    return np.asarray(np.maximum(evidence - np.log(np.exp(evidence).sum(axis=1, keepdims=True)), -30.0))


def _crossed(
    one: Unseen, scores: Dense, fit: Callable[[Dense, NDArray[np.intp]], Callable[[Dense], Dense]]
) -> Unseen:
    """New scores are logarithms of shares."""
    said = np.zeros_like(one.scores)
    for held in one.folds:
        others = np.setdiff1d(np.arange(len(one.truth)), held)
        said[held] = fit(scores[others], one.truth[others])(scores[held])
    return replace(one, scores=said)
