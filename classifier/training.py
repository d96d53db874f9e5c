"""Teaching a model from labelled texts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifier.calibration import Calibration
from classifier.errors import BrokenExamples
from classifier.evaluation import evaluate, first_choices
from classifier.features import Features, reading
from classifier.keywords import KeywordKind, Keywords
from classifier.model import Model, Scored
from classifier.selective import threshold_for
from classifier.taxonomy import Taxonomy
from classifier.tokens import Segmenter

PROMISES = (0.95, 0.98)
FOLDS = 5
SEED = 20260101

# Found by cross-validation on the corpus: few, short examples want a soft margin.
_C = 0.1
# One hint is a word or two, yet it is surer than a sentence: it counts twice.
_HINT_WEIGHT = 2.0
# What a category scores in a fold that has no example of it: far below the margin.
_UNSEEN = -2.0


@dataclass(frozen=True)
class Hint:
    """A word or name that stands for a category: teaching material beside the texts, never measured on."""

    code: str
    word: str


def hints(taxonomy: Taxonomy, keywords: Keywords) -> tuple[Hint, ...]:
    """The terms of every leaf, and the category rules of `keywords`."""
    found = {Hint(leaf.code, term): None for leaf in taxonomy.leaves for term in leaf.terms}
    leaves = {leaf.code for leaf in taxonomy.leaves}
    for rule in keywords.rules:
        if rule.kind is KeywordKind.CATEGORY and rule.value in leaves:
            found[Hint(rule.value, rule.word)] = None
    return tuple(found)


def train(
    texts: Sequence[str], labels: Sequence[str], *, segmenter: Segmenter, hints: Iterable[Hint] = ()
) -> Model:
    """Fit a model, calibrate it and measure it on texts it had not seen (5 folds). Same input, same model.

    About ten seconds for 2,000 texts and 142 categories. Raises BrokenExamples when the texts cannot teach:
    an empty one, or fewer than two categories with two texts.
    """
    _require_usable(texts, labels)
    prepared = [reading(text).text for text in texts]
    taught = tuple(hints)
    columns = tuple(sorted({*labels, *(hint.code for hint in taught)}))
    truth = np.array([columns.index(label) for label in labels])
    scores = _unseen_scores(prepared, labels, columns, segmenter, taught)
    fitted = _calibrate(scores, truth)
    model = replace(_fit(prepared, labels, segmenter, taught), calibration=fitted)
    predictions = list(_ranked(fitted.probabilities(scores), columns))
    confidences, correct = first_choices(predictions, labels)
    return replace(
        model,
        metrics=evaluate(predictions, labels),
        thresholds={
            promise: threshold_for(promise, confidences.tolist(), correct.tolist()) for promise in PROMISES
        },
    )


def _require_usable(texts: Sequence[str], labels: Sequence[str]) -> None:
    if len(texts) != len(labels):
        raise BrokenExamples(f"{len(texts)} texts but {len(labels)} labels")
    if not all(text.strip() for text in texts) or not all(labels):
        raise BrokenExamples("a text or a label is empty")
    if sum(count > 1 for count in Counter(labels).values()) < 2:
        raise BrokenExamples("fewer than two categories have two texts: nothing can be learned")


def _fit(texts: Sequence[str], labels: Sequence[str], segmenter: Segmenter, taught: Sequence[Hint]) -> Model:
    """A model that is not calibrated yet."""
    rows = [*texts, *(reading(hint.word).text for hint in taught)]
    codes = [*labels, *(hint.code for hint in taught)]
    counts = np.array([1.0] * len(texts) + [_HINT_WEIGHT] * len(taught))
    seen = Features.fit(rows, segmenter.cut)
    machine = LinearSVC(C=_C, random_state=SEED)
    machine.fit(_matrix(seen, rows, segmenter), codes, sample_weight=counts)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn gives one column, for the second class
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return Model(
        labels=tuple(str(code) for code in machine.classes_),
        segmenter=segmenter,
        features=seen,
        weights=np.ascontiguousarray(weights, dtype=np.float32),
        bias=bias.astype(np.float32),
        calibration=Calibration(1.0, 0.0),
    )


def _matrix(features: Features, texts: Sequence[str], segmenter: Segmenter) -> csr_matrix:
    """Sparse rows, one a text."""
    rows = list(features.rows(texts, segmenter.cut))
    ends = np.cumsum([0, *(len(row.places) for row in rows)])
    weights, places = (
        np.concatenate([row.weights for row in rows]),
        np.concatenate([row.places for row in rows]),
    )
    return csr_matrix((weights, places, ends), shape=(len(rows), len(features)))


def _unseen_scores(
    texts: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[str],
    segmenter: Segmenter,
    taught: Sequence[Hint],
) -> NDArray[np.float32]:
    """Each text's scores by a model that has not seen it. Hints are in every fold's teaching."""
    scores = np.full((len(texts), len(columns)), _UNSEEN, dtype=np.float32)
    for held in _folds(labels):
        kept = np.setdiff1d(np.arange(len(texts)), held)
        model = _fit([texts[i] for i in kept], [labels[i] for i in kept], segmenter, taught)
        rows = _matrix(model.features, [texts[i] for i in held], segmenter)
        places = np.array([columns.index(label) for label in model.labels])
        scores[np.ix_(held, places)] = rows @ model.weights + model.bias
    return scores


def _folds(labels: Sequence[str]) -> list[NDArray[np.intp]]:
    """Five parts with as equal a share of every category as there can be."""
    shuffled = np.random.default_rng(SEED).permutation(len(labels))
    by_label = sorted(shuffled, key=lambda index: labels[index])
    return [np.sort(np.array(by_label[number::FOLDS], dtype=np.intp)) for number in range(FOLDS)]


def _ranked(probabilities: NDArray[np.float64], columns: Sequence[str]) -> Iterator[tuple[Scored, ...]]:
    for row in probabilities:
        order = np.argsort(-row, kind="stable")[:5]
        yield tuple(Scored(columns[place], float(row[place])) for place in order)


def _calibrate(scores: NDArray[np.float32], truth: NDArray[np.intp]) -> Calibration:
    """The calibration under which the true columns `truth` of unseen texts' `scores` are likeliest."""
    rows = np.arange(len(truth))

    def surprise(parameters: NDArray[np.float64]) -> float:
        likelihood = Calibration(parameters[0], parameters[1]).probabilities(scores)[rows, truth]
        return float(-np.log(np.maximum(likelihood, 1e-12)).mean())

    found = minimize(surprise, x0=(4.0, -1.0), method="Nelder-Mead", options={"maxiter": 200, "xatol": 1e-3})
    slope, offset = (float(value) for value in found.x)
    return Calibration(slope, offset)
