"""Teaching a model from labelled texts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from classifier.calibration import Calibration
from classifier.errors import BrokenExamples
from classifier.evaluation import evaluate, first_choices
from classifier.features import Features, Reading, Recipe, reading
from classifier.keywords import KeywordKind, Keywords
from classifier.model import Model, Scored
from classifier.selective import pooled_threshold
from classifier.taxonomy import Taxonomy
from classifier.tokens import Segmenter

POOLED = (0.9, 0.95, 0.97, 0.98, 0.99)
FOLDS = 5
SEED = 20260101

# One hint is a word or two, yet it is surer than a sentence: it counts twice, and more for a category that
# has no text at all.
_HINT_WEIGHT = 2.0
_LONE_HINT_WEIGHT = 5.0
# A category with so many examples bears numbers of its own in the calibration, kept near the shared ones.
_APART_FROM = 100
_PULL = 0.001
# What a category scores in a fold that has no example of it: far below the margin.
UNSEEN = -2.0


@dataclass(frozen=True)
class Teaching:
    """How a model is taught. `c` is the price of a fault: the higher, the harder the margin.

    `smoothing`: each feature is first weighed by how much likelier a category makes it, so many occurrences
    being added to every count (naive-Bayes weights: Wang and Manning, 2012); None leaves that out.
    """

    recipe: Recipe
    c: float
    smoothing: float | None = None


# Found by cross-validation: docs/classifier.md has the experiments.
FEW = Teaching(Recipe(), c=0.5)
MANY = Teaching(
    Recipe(characters=3, words=2, word_weight=1.0, opening=30, opening_weight=0.5, least=2),
    c=1.5,
    smoothing=1.0,
)
_MANY_FROM = 200


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


def teaching_for(labels: Sequence[str]) -> Teaching:
    """How to teach so many examples: rich features want hundreds of them in the typical category."""
    counts = Counter(labels).values()
    return MANY if counts and median(counts) >= _MANY_FROM else FEW


def train(
    texts: Sequence[str], labels: Sequence[str], *, segmenter: Segmenter, hints: Iterable[Hint] = ()
) -> Model:
    """Teach a model by raw texts: see `train_on`. Half a minute for 6,000 texts and 142 categories."""
    _require_texts(texts)
    return train_on(
        [reading(text, segmenter.cut) for text in texts], labels, segmenter=segmenter, hints=hints
    )


def train_on(
    readings: Sequence[Reading],
    labels: Sequence[str],
    *,
    segmenter: Segmenter,
    hints: Iterable[Hint] = (),
    groups: Sequence[str] | None = None,
    segmented: bool = False,
    teaching: Teaching | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Model:
    """Fit a model, calibrate it and measure it on texts it had not seen (5 folds). Same input, same model.

    Texts of one of `groups` are never on both sides of a fold: repeats of a text would flatter the figures.
    `segmented`: see `Model`. Raises BrokenExamples when the texts cannot teach: an empty one, or fewer than
    two categories with two texts.
    """
    taught = [Taught(hint.code, reading(hint.word, segmenter.cut)) for hint in hints]
    course = teaching or teaching_for(labels)
    unseen = score_unseen(readings, labels, taught=taught, groups=groups, teaching=course, progress=progress)
    learned = teach_fold(readings, labels, taught, course)
    return Model(
        labels=learned.labels,
        segmenter=segmenter,
        features=learned.features,
        weights=learned.weights.astype(np.float16),
        bias=learned.bias,
        segmented=segmented,
        **vouch(unseen),
    )


@dataclass(frozen=True)
class Taught:
    """A hint, read: in every fold's teaching, in none's measure."""

    code: str
    read: Reading


@dataclass(frozen=True)
class Unseen:
    """What models that had not seen a text made of it: a row for each, a column for each of `columns`.

    `truth` is the column of the true label; `folds` are the rows that were held back together.
    """

    columns: tuple[str, ...]
    scores: NDArray[np.float32]
    truth: NDArray[np.intp]
    folds: tuple[NDArray[np.intp], ...]


class Vouched(TypedDict):
    """What out-of-fold scores say of a model: fields of `Model`."""

    calibration: Calibration
    metrics: Mapping[str, float]
    pooled: Mapping[float, float | None]


def vouch(unseen: Unseen) -> Vouched:
    """Calibrate by scores of texts that were not seen; measure on the same."""
    labels = [unseen.columns[column] for column in unseen.truth]
    fitted = calibrate(unseen.scores, unseen.truth)
    predictions = list(ranked(fitted.probabilities(unseen.scores), unseen.columns))
    confidences, correct = first_choices(predictions, labels)
    return Vouched(
        calibration=fitted,
        metrics=evaluate(predictions, labels),
        pooled={promise: pooled_threshold(promise, confidences, correct) for promise in POOLED},
    )


def score_unseen(
    readings: Sequence[Reading],
    labels: Sequence[str],
    *,
    taught: Sequence[Taught] = (),
    groups: Sequence[str] | None = None,
    teaching: Teaching | None = None,
    folds: int = FOLDS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Unseen:
    """Score every text by a model that has not seen it. Raises BrokenExamples as `train_on` does."""
    require_usable(readings, labels)
    columns = tuple(sorted({*labels, *(one.code for one in taught)}))
    scores = np.full((len(readings), len(columns)), UNSEEN, dtype=np.float32)
    parts, course = folds_of(labels, groups, folds), teaching or teaching_for(labels)
    for number, held in enumerate(parts):
        progress(number, len(parts))
        kept = np.setdiff1d(np.arange(len(readings)), held)
        fitted = teach_fold([readings[i] for i in kept], [labels[i] for i in kept], taught, course)
        places = np.array([columns.index(label) for label in fitted.labels])
        scores[np.ix_(held, places)] = fitted.score(readings[i] for i in held)
    progress(len(parts), len(parts))
    truth = np.array([columns.index(label) for label in labels], dtype=np.intp)
    return Unseen(columns, scores, truth, parts)


def ranked(
    probabilities: NDArray[np.float64], columns: Sequence[str], top: int = 5
) -> Iterator[tuple[Scored, ...]]:
    """Yield the likeliest categories of each row, best first."""
    for row in probabilities:
        order = np.argsort(-row, kind="stable")[:top]
        yield tuple(Scored(columns[place], float(row[place])) for place in order)


def _require_texts(texts: Sequence[str]) -> None:
    if not all(text.strip() for text in texts):
        raise BrokenExamples("a text is empty")


def require_usable(readings: Sequence[Reading], labels: Sequence[str]) -> None:
    if len(readings) != len(labels):
        raise BrokenExamples(f"{len(readings)} texts but {len(labels)} labels")
    if not all(one.text for one in readings) or not all(labels):
        raise BrokenExamples("a text or a label is empty")
    if sum(count > 1 for count in Counter(labels).values()) < 2:
        raise BrokenExamples("fewer than two categories have two texts: nothing can be learned")


@dataclass(frozen=True)
class Fitted:
    """What was learned of some texts, not calibrated yet: see `Model` for the fields."""

    labels: tuple[str, ...]
    features: Features
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def score(self, readings: Iterable[Reading]) -> NDArray[np.float32]:
        """A row of scores for each text, a column for each of `labels`."""
        scores: NDArray[np.float32] = matrix_of(self.features, readings) @ self.weights + self.bias
        return scores


def teach_fold(
    readings: Sequence[Reading], labels: Sequence[str], taught: Sequence[Taught], teaching: Teaching
) -> Fitted:
    """Learn from these texts and hints alone."""
    rows = [*readings, *(one.read for one in taught)]
    codes = np.array([*labels, *(one.code for one in taught)])
    with_texts = set(labels)
    hinted = [_HINT_WEIGHT if one.code in with_texts else _LONE_HINT_WEIGHT for one in taught]
    counts = np.array([1.0] * len(readings) + hinted)
    features = Features.fit(rows, teaching.recipe)
    matrix = matrix_of(features, rows)
    known = tuple(sorted({*labels, *(one.code for one in taught)}))
    weights = np.empty((len(features), len(known)), dtype=np.float32)
    bias = np.empty(len(known), dtype=np.float32)
    for column, code in enumerate(known):
        weights[:, column], bias[column] = one_against_rest(
            matrix, codes == code, counts, teaching.c, teaching.smoothing
        )
    return Fitted(known, features, weights, bias)


def one_against_rest(
    matrix: csr_matrix,
    of_it: NDArray[np.bool_],
    counts: NDArray[np.float64],
    c: float,
    smoothing: float | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the bias that tell a category's texts from the others; see `Teaching`."""
    machine = LinearSVC(C=c, random_state=SEED)
    if smoothing is None:
        machine.fit(matrix, of_it, sample_weight=counts)
        return machine.coef_[0], float(machine.intercept_[0])
    likelier = _log_ratios(matrix, of_it, smoothing)
    machine.fit(matrix @ diags(likelier), of_it, sample_weight=counts)
    return machine.coef_[0] * likelier, float(machine.intercept_[0])


def _log_ratios(matrix: csr_matrix, of_it: NDArray[np.bool_], smoothing: float) -> NDArray[np.float64]:
    """How much likelier, as a logarithm, each feature is in texts of the category than in others."""
    found = matrix.astype(bool).astype(np.float64)
    inside = np.asarray(found[of_it].sum(axis=0)).ravel() + smoothing
    outside = np.asarray(found[~of_it].sum(axis=0)).ravel() + smoothing
    ratios: NDArray[np.float64] = np.log((inside / inside.sum()) / (outside / outside.sum()))
    return ratios


def matrix_of(features: Features, readings: Iterable[Reading]) -> csr_matrix:
    """Sparse rows, one a text."""
    rows = [features.row(one) for one in readings]
    ends = np.cumsum([0, *(len(row.places) for row in rows)])
    weights = np.concatenate([row.weights for row in rows])
    places = np.concatenate([row.places for row in rows])
    return csr_matrix((weights, places, ends), shape=(len(rows), len(features)))


def folds_of(labels: Sequence[str], groups: Sequence[str] | None, parts: int) -> tuple[NDArray[np.intp], ...]:
    """Parts with as equal a share of every category as there can be. Raises BrokenExamples for too few."""
    kept_together = len(labels if groups is None else set(groups))
    if kept_together < parts:
        what = "texts" if groups is None else "groups"
        raise BrokenExamples(f"{kept_together} {what} cannot be parted into {parts} folds")
    if groups is not None:
        split = StratifiedGroupKFold(parts, shuffle=True, random_state=SEED)
        return tuple(held for _, held in split.split(labels, labels, groups))
    shuffled = np.random.default_rng(SEED).permutation(len(labels))
    by_label = sorted(shuffled, key=lambda index: labels[index])
    return tuple(np.sort(np.array(by_label[number::parts], dtype=np.intp)) for number in range(parts))


def calibrate(scores: NDArray[np.float32], truth: NDArray[np.intp]) -> Calibration:
    """The calibration under which the true columns `truth` of unseen texts' `scores` are likeliest.

    Where every category has examples enough, each has a slope and an offset of its own, pulled to the shared.
    """
    shared = _likeliest(scores, truth, np.array([4.0, -1.0]), pull=0.0)
    columns = scores.shape[1]
    if np.bincount(truth, minlength=columns).min() < _APART_FROM:
        return shared
    start = np.repeat([shared.slopes[0], shared.offsets[0]], columns)
    return _likeliest(scores, truth, start, pull=_PULL)


def _likeliest(
    scores: NDArray[np.float32], truth: NDArray[np.intp], start: NDArray[np.float64], pull: float
) -> Calibration:
    rows = np.arange(len(truth))

    def surprise(parameters: NDArray[np.float64]) -> float:
        likelihood = _calibration(parameters).probabilities(scores)[rows, truth]
        away = pull * ((parameters - start) ** 2).sum()
        return float(away - np.log(np.maximum(likelihood, 1e-12)).mean())

    if len(start) == 2:
        found = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 200, "xatol": 1e-3})
    else:
        found = minimize(surprise, start, method="L-BFGS-B")
    return _calibration(found.x)


def _calibration(parameters: NDArray[np.float64]) -> Calibration:
    slopes, offsets = np.split(parameters, 2)
    return Calibration(tuple(map(float, slopes)), tuple(map(float, offsets)))
