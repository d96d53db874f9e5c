"""Find the rows that are most likely mislabelled."""

from argparse import ArgumentParser, Namespace

import numpy as np

from classifier.commands import data, progress
from classifier.crossvalidation import judge
from classifier.training import score_unseen

HELP = "list the rows most likely mislabelled, likeliest first, for somebody to look at"


def configure(parser: ArgumentParser) -> None:
    data.add_columns(parser, label=True)
    parser.add_argument("--top", type=int, default=50, metavar="N", help="how many rows; 50")


def run(options: Namespace) -> dict[str, object]:
    """Judge every row by models that have not seen it: what they are sure is something else comes first."""
    labelled = data.read(options)
    readings, _ = data.to_teach(options, labelled)
    unseen = score_unseen(readings, labelled.labels, groups=labelled.groups, progress=progress.show)
    judged = judge(unseen, ())
    rows = np.arange(len(labelled.labels))
    doubt = judged.confidences - judged.probabilities[rows, judged.truth]
    suspects = [row for row in np.argsort(-doubt, kind="stable")[: options.top] if not judged.correct[row]]
    return {
        "rows": len(rows),
        "suspects": [
            {
                "row": labelled.numbers[row],
                "label": labelled.labels[row],
                "probability": float(judged.probabilities[row, judged.truth[row]]),
                "rather": judged.columns[judged.first[row]],
                "rather_probability": float(judged.confidences[row]),
            }
            for row in suspects
        ],
    }
