"""Teach a model."""

import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from classifier.commands import data, progress
from classifier.model import Model
from classifier.neighbours import Signatures
from classifier.store import save
from classifier.training import train_on

HELP = "teach a model from labelled texts and write its folder"


def configure(parser: ArgumentParser) -> None:
    data.add_columns(parser, label=True)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model folder")


def run(options: Namespace) -> dict[str, object]:
    started = time.monotonic()
    labelled = data.read(options)
    readings, segmenter = data.to_teach(options, labelled)
    model = train_on(
        readings,
        labelled.labels,
        segmenter=segmenter,
        groups=labelled.groups,
        segmented=bool(options.segmented),
        progress=progress.show,
    )
    signatures = Signatures.of((model.features.row(one) for one in readings), labelled.numbers)
    return {
        **write(model, options.out, signatures),
        "rows": len(readings),
        "seconds": round(time.monotonic() - started, 1),
    }


def write(model: Model, folder: Path, signatures: Signatures) -> dict[str, object]:
    """Write the folder; return what to say of the model."""
    now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    save(model, folder, trained_at=now, signatures=signatures)
    thresholds = {str(promise): threshold for promise, threshold in model.pooled.items()}
    return {"labels": len(model.labels), **model.metrics, "thresholds": thresholds}
