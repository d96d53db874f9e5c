"""Adapt a model to another scheme."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from classifier.adaptation import adapt
from classifier.commands import data, progress
from classifier.commands.training import write
from classifier.loading import load
from classifier.neighbours import Signatures

HELP = "teach a model the categories of another scheme from a few corrections"


def configure(parser: ArgumentParser) -> None:
    data.add_columns(parser, label=True)
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="the model to stand on")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR2", help="the new model folder")


def run(options: Namespace) -> dict[str, object]:
    model = load(options.model)
    corrections = data.read(options)
    readings = data.to_judge(options, corrections, model)
    adapted = adapt(model, readings, corrections.labels, progress=progress.show)
    signatures = Signatures.of(map(adapted.features.row, readings), corrections.numbers)
    return {"rows": len(readings), **write(adapted, options.out, signatures)}
