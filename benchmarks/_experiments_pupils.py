"""Ways of learning of one kind each, written in few lines; those of the product are `machine`s."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import TruncatedSVD
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize
from sklearn.svm import SVC

from benchmarks._experiments_lesson import Messages, Pupil
from classifier.features import Features, Recipe
from classifier.training import SEED, Teaching, matrix_of, one_against_rest, teach_fold

WORDS = Recipe(characters=1, words=2, word_weight=1.0)
CHARACTERS = Recipe(characters=3, words=1, word_weight=0.0)
BOTH = Recipe(characters=3, words=2, word_weight=1.0)
OPENED = Recipe(characters=3, words=2, word_weight=1.0, opening=30, opening_weight=0.5, least=2)
DIMENSIONS = 300
NEIGHBOURS = 20

Scores = NDArray[np.float32]
Dense = NDArray[np.floating[Any]]


def machine(teaching: Teaching) -> Pupil:
    """The product's linear machine."""

    def pupil(taught: Messages, asked: Messages) -> Scores:
        return teach_fold(taught.readings, taught.labels, (), teaching).score(asked.readings)

    return pupil


def svm(recipe: Recipe) -> Pupil:
    return machine(Teaching(recipe, c=1.0))


def bayes(c: float = 1.5, smoothing: float = 1.0) -> Pupil:
    return machine(Teaching(OPENED, c, smoothing))


def words_alone(taught: Messages, asked: Messages) -> Scores:
    """A recipe always has characters: of its columns take those of the words."""
    features = Features.fit(taught.readings, WORDS)
    words = slice(0, len(features.blocks[0]))
    learn, ask = (matrix_of(features, part.readings)[:, words] for part in (taught, asked))
    of_each = [taught.truth == column for column in range(len(taught.columns))]
    machines = [_taught(learn, of_it) for of_it in of_each]
    return _columns([ask @ weights + bias for weights, bias in machines])


def bayes_of_length_one(taught: Messages, asked: Messages) -> Scores:
    """Naive-Bayes weights, after which every row is brought to length 1 again."""
    features = Features.fit(taught.readings, OPENED)
    learn, ask = (matrix_of(features, part.readings) for part in (taught, asked))
    scores = []
    for column in range(len(taught.columns)):
        likelier = diags(_log_ratios(learn, taught.truth == column))
        weights, bias = _taught(normalize(learn @ likelier), taught.truth == column)
        scores.append(normalize(ask @ likelier) @ weights + bias)
    return _columns(scores)


def _taught(learn: csr_matrix, of_it: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    return one_against_rest(learn, of_it, np.ones(len(of_it)), 1.0)


def _log_ratios(matrix: csr_matrix, of_it: NDArray[np.bool_]) -> NDArray[np.float64]:
    found = matrix.astype(bool).astype(np.float64)
    inside, outside = (np.asarray(found[part].sum(axis=0)).ravel() + 1 for part in (of_it, ~of_it))
    ratios: NDArray[np.float64] = np.log((inside / inside.sum()) / (outside / outside.sum()))
    return ratios


def _columns(scores: Sequence[NDArray[np.float64]]) -> Scores:
    return np.stack(scores, axis=1).astype(np.float32)


def sum_of(*pupils: Pupil) -> Pupil:
    """The sum of scores that were not calibrated: all are margins of one kind."""

    def pupil(taught: Messages, asked: Messages) -> Scores:
        return np.asarray(np.stack([one(taught, asked) for one in pupils]).sum(axis=0), dtype=np.float32)

    return pupil


def latent(taught: Messages, asked: Messages) -> Scores:
    features = Features.fit(taught.readings, OPENED)
    reduced = TruncatedSVD(DIMENSIONS, random_state=SEED)
    learn = reduced.fit_transform(matrix_of(features, taught.readings))
    return radial(learn, reduced.transform(matrix_of(features, asked.readings)), taught.truth)


def radial(learn: Dense, ask: Dense, truth: NDArray[np.intp]) -> Scores:
    """A radial SVM over rows of length 1."""
    taught = SVC(C=5.0, random_state=SEED).fit(normalize(learn), truth)
    return np.asarray(taught.decision_function(normalize(ask)), dtype=np.float32)


def neighbours(taught: Messages, asked: Messages) -> Scores:
    """Each of the nearest votes as much as it resembles; shares of all votes."""
    features = Features.fit(taught.readings, BOTH)
    learn, ask = (normalize(matrix_of(features, part.readings)) for part in (taught, asked))
    far, which = NearestNeighbors(n_neighbors=NEIGHBOURS, metric="cosine").fit(learn).kneighbors(ask)
    votes = [
        ((1 - far) * (taught.truth[which] == column)).sum(axis=1) for column in range(len(taught.columns))
    ]
    return _columns(votes / np.sum(votes, axis=0))
