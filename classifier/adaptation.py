"""A model for another city's scheme from a few of its decisions, standing on what a model knows already."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from classifier.features import Reading
from classifier.model import Model
from classifier.training import (
    FOLDS,
    UNSEEN,
    Unseen,
    folds_of,
    matrix_of,
    one_against_rest,
    require_usable,
    vouch,
)

_C = 0.5
# How much longer than a row what the old model says is made: a few examples teach little of words, and much
# of which old category is which new one. Found by trying 1 to 40.
_LOUDER = 8.0


def adapt(
    model: Model,
    readings: Sequence[Reading],
    labels: Sequence[str],
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Model:
    """Teach the categories of `labels`, from the texts and from what `model` makes of them.

    As both are linear, so is what comes of it: it costs what `model` costs. Raises BrokenExamples.
    """
    require_usable(readings, labels)
    columns = tuple(sorted(set(labels)))
    truth = np.array([columns.index(label) for label in labels], dtype=np.intp)
    rows = matrix_of(model.features, readings)
    said, size = _said(model, rows)
    seen = hstack([rows, csr_matrix(said)]).tocsr()
    scores = np.full((len(readings), len(columns)), UNSEEN, dtype=np.float32)
    parts = folds_of(labels, None, min(FOLDS, len(labels)))
    for number, held in enumerate(parts):
        progress(number, len(parts))
        kept = np.setdiff1d(np.arange(len(labels)), held)
        weights, bias = _fit(seen[kept], truth[kept], len(columns))
        scores[held] = np.asarray(seen[held] @ weights + bias)
    progress(len(parts), len(parts))
    weights, bias = _fit(seen, truth, len(columns))
    own, of_said = weights[: rows.shape[1]], weights[rows.shape[1] :] / size
    return replace(
        model,
        labels=columns,
        weights=(own + model.weights.astype(np.float32) @ of_said).astype(np.float16),
        bias=(bias + model.bias @ of_said).astype(np.float32),
        **vouch(Unseen(columns, scores, truth, parts)),
    )


def _said(model: Model, rows: csr_matrix) -> tuple[NDArray[np.float32], float]:
    """What the model scores, made `_LOUDER` than a row, and by what it was divided for that."""
    scores = np.asarray(rows @ model.weights.astype(np.float32) + model.bias, dtype=np.float32)
    size = (float(np.linalg.norm(scores, axis=1).mean()) or 1.0) / _LOUDER
    return scores / size, size


def _fit(
    seen: csr_matrix, truth: NDArray[np.intp], categories: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weights = np.zeros((seen.shape[1], categories), dtype=np.float32)
    bias = np.full(categories, -1.0, dtype=np.float32)
    for column in range(categories):
        of_it = truth == column
        if of_it.any() and not of_it.all():
            weights[:, column], bias[column] = one_against_rest(seen, of_it, np.ones(len(truth)), _C)
    return weights, bias
