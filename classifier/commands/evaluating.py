"""Measure: a model on texts it has not seen, or the way of teaching by cross-validation."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifier.commands import data, progress
from classifier.crossvalidation import Judged, confusion, coverage, figures, judge, per_category
from classifier.errors import BrokenExamples
from classifier.features import Reading
from classifier.loading import load
from classifier.model import Model
from classifier.plots import reliability, risk_coverage
from classifier.training import FOLDS, score_unseen

HELP = "measure a model, or with --folds the way of teaching, on labelled texts"
PROMISES = (0.95, 0.98)


def configure(parser: ArgumentParser) -> None:
    data.add_columns(parser, label=True)
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--model", type=Path, metavar="DIR", help="the model folder")
    by.add_argument("--folds", type=int, default=FOLDS, metavar="N", help=f"cross-validate; usually {FOLDS}")
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="write reliability.svg and risk-coverage.svg"
    )


def run(options: Namespace) -> dict[str, object]:
    labelled = data.read(options)
    if options.model:
        model = load(options.model)
        judged = _by_model(model, data.to_judge(options, labelled, model), labelled.labels)
    else:
        if not 2 <= options.folds <= len(labelled.labels):
            raise BrokenExamples(f"{len(labelled.labels)} rows cannot be parted into {options.folds} folds")
        readings, _ = data.to_teach(options, labelled)
        judged = judge(
            score_unseen(
                readings,
                labelled.labels,
                groups=labelled.groups,
                folds=options.folds,
                progress=progress.show,
            ),
            PROMISES,
        )
    if options.plots:
        options.plots.mkdir(parents=True, exist_ok=True)
        (options.plots / "reliability.svg").write_text(reliability(judged), encoding="utf-8")
        (options.plots / "risk-coverage.svg").write_text(risk_coverage(judged), encoding="utf-8")
    return {"rows": len(labelled.labels), **_report(judged)}


def _report(judged: Judged) -> dict[str, object]:
    found: dict[str, object] = dict(figures(judged))
    for promise in PROMISES:
        covered = coverage(judged, promise)
        found[f"coverage_{promise:.0%}"[:-1]] = covered.share
        found[f"precision_{promise:.0%}"[:-1]] = covered.precision
    return {**found, "per_category": per_category(judged), "confusion": confusion(judged)}


def _by_model(model: Model, readings: Sequence[Reading], labels: Sequence[str]) -> Judged:
    """Judge by a model, whose thresholds were fixed when it was taught; labels it never saw are missed."""
    columns = (*model.labels, *sorted(set(labels) - set(model.labels)))
    probabilities = np.zeros((len(readings), len(columns)))
    for row, scored in enumerate(model.judge(readings, top=len(model.labels))):
        for one in scored:
            probabilities[row, columns.index(one.code)] = one.probability
    limits = {promise: model.pooled.get(promise) for promise in PROMISES}
    return Judged(
        columns,
        probabilities,
        np.array([columns.index(label) for label in labels], dtype=np.intp),
        {
            promise: np.full(len(readings), np.inf if limit is None else limit)
            for promise, limit in limits.items()
        },
    )
