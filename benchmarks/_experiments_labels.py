"""Experiments with what is taught rather than how: doubted labels, own guesses, other texts, soft truth."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags, vstack
from sklearn.svm import LinearSVC

from benchmarks._experiments_lesson import Messages, Pupil, examine
from benchmarks._experiments_pupils import OPENED, Scores, bayes
from benchmarks._experiments_stack import stacked
from benchmarks.tipdm import table
from classifier.features import Features, reading
from classifier.tokens import segmenter
from classifier.training import SEED, Teaching, calibrate, matrix_of, teach_fold

SURE = 0.98
BAGS = 10


def without_doubted(share: float) -> Pupil:
    """Leave out the likeliest wrong labels."""

    def pupil(taught: Messages, asked: Messages) -> Scores:
        doubted, _ = _doubted(taught, share)
        return bayes()(taught.part(np.setdiff1d(np.arange(len(taught)), doubted)), asked)

    return pupil


def doubted_turned(share: float) -> Pupil:
    """Turn the likeliest wrong labels to what is thought instead."""

    def pupil(taught: Messages, asked: Messages) -> Scores:
        doubted, thought = _doubted(taught, share)
        truth = taught.truth.copy()
        truth[doubted] = thought
        return bayes()(replace(taught, truth=truth), asked)

    return pupil


def _doubted(taught: Messages, share: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places whose labels fall furthest behind what an unseeing machine chooses, and what that is."""
    seen = examine(bayes(), taught)
    likely = calibrate(seen.scores, seen.truth).probabilities(seen.scores)
    behind = likely.max(axis=1) - likely[np.arange(len(taught)), taught.truth]
    doubted = np.argsort(-behind, kind="stable")[: int(share * len(taught))]
    return doubted, likely[doubted].argmax(axis=1)


def own_guesses(taught: Messages, asked: Messages) -> Scores:
    """Teach it also what it is surest of among the unlabelled messages."""
    cut = segmenter("jieba").cut
    others = [reading(f"{row['title']}\n{row['body']}", cut) for row in table("unlabelled_2792.csv")]
    scores = teach_fold(taught.readings, taught.labels, (), Teaching(OPENED, 1.5, 1.0)).score(others)
    seen = examine(bayes(), taught)
    likely = calibrate(seen.scores, seen.truth).probabilities(scores)
    sure = np.flatnonzero(likely.max(axis=1) >= SURE)
    more = taught.and_also([others[place] for place in sure], likely[sure].argmax(axis=1))
    return bayes()(more, asked)


def raw_too(taught: Messages, asked: Messages) -> Scores:
    """Teach it also the raw texts of the rows that it is taught: what the thinning out took away."""
    cut = segmenter("jieba").cut
    known = {taught.numbers[row]: place for place, row in enumerate(taught.rows)}
    rows = [row for row in table("dev_raw.csv") if row["seg_row"] in known]
    readings = [reading(f"{row['title']}\n{row['body']}", cut) for row in rows]
    truth = taught.truth[[known[row["seg_row"]] for row in rows]]
    return bayes()(taught.and_also(readings, truth), asked)


def bags(taught: Messages, asked: Messages) -> Scores:
    """The mean of ten machines, each taught by four of five messages: still one linear machine."""
    chance = np.random.default_rng(SEED)
    parts = [chance.permutation(len(taught))[: len(taught) * 4 // 5] for _ in range(BAGS)]
    scores = [bayes()(taught.part(np.sort(part)), asked) for part in parts]
    return np.asarray(np.stack(scores).mean(axis=0), dtype=np.float32)


def distilled(members: Sequence[Pupil], of_stack: float) -> Pupil:
    """Teach one linear machine what a stack, unseeing, makes of the taught, mixed with their labels."""

    def pupil(taught: Messages, asked: Messages) -> Scores:
        said = stacked([examine(member, taught) for member in members])
        likely = np.exp(said.scores) / np.exp(said.scores).sum(axis=1, keepdims=True)
        wanted = of_stack * likely + (1 - of_stack) * np.eye(len(taught.columns))[taught.truth]
        return _soft(taught, asked, wanted)

    return pupil


def _soft(taught: Messages, asked: Messages, wanted: NDArray[np.float64]) -> Scores:
    """Each text counts as of the category, and as not of it, by how likely either is."""
    features = Features.fit(taught.readings, OPENED)
    learn, ask = (matrix_of(features, part.readings) for part in (taught, asked))
    found = learn.astype(bool).astype(np.float64)
    sides = np.repeat([True, False], len(taught))
    scores = []
    for column in range(len(taught.columns)):
        likely = wanted[:, column]
        inside, outside = found.T @ likely + 1, found.T @ (1 - likely) + 1
        likelier = diags(np.log((inside / inside.sum()) / (outside / outside.sum())))
        rows = learn @ likelier
        soft = LinearSVC(C=1.5, random_state=SEED)
        soft.fit(vstack([rows, rows]), sides, sample_weight=np.concatenate([likely, 1 - likely]))
        scores.append(soft.decision_function(ask @ likelier))
    return np.stack(scores, axis=1).astype(np.float32)
