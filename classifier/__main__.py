"""python -m classifier train | evaluate"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from classifier import taxonomy as taxonomies
from classifier.corpus import read_corpus, read_rows
from classifier.errors import BrokenExamples, BrokenKeywords, BrokenTaxonomy, ClassifierError
from classifier.evaluation import evaluate
from classifier.keywords import COLUMNS as KEYWORD_COLUMNS
from classifier.keywords import Keywords
from classifier.loading import load
from classifier.store import save
from classifier.taxonomy import Taxonomy
from classifier.tokens import segmenter
from classifier.training import hints, train


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        figures = options.run(options)
    except ClassifierError as error:
        print(f"python -m classifier: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"python -m classifier: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name:20} {_shown(value)}" for name, value in figures.items()))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m classifier", description="What is a complaint about?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    teach = commands.add_parser("train", help="teach a model from labelled texts and write its folder")
    teach.add_argument(
        "--corpus", type=Path, required=True, help="folder of csv files: code,text,kind,urgency"
    )
    teach.add_argument("--categories", type=Path, required=True, help="csv: code,name,parent,urgency,words")
    teach.add_argument("--keywords", type=Path, help="csv: kind,word,value,unless")
    teach.add_argument("--out", type=Path, required=True, help="the model folder")
    teach.set_defaults(run=_train)
    measure = commands.add_parser("evaluate", help="measure a model on labelled texts")
    measure.add_argument("check", type=Path, metavar="CHECK.csv", help="csv: code,text")
    measure.add_argument("--model", type=Path, required=True, help="the model folder")
    measure.set_defaults(run=_evaluate)
    for command in (teach, measure):
        command.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    return parser


def _train(options: argparse.Namespace) -> dict[str, object]:
    started = time.monotonic()
    taxonomy = _taxonomy(options.categories)
    keywords = _keywords(options.keywords, taxonomy) if options.keywords else Keywords()
    examples = list(read_corpus(options.corpus))
    _require_known(
        (example.code for example in examples), {leaf.code for leaf in taxonomy.leaves}, options.corpus
    )
    model = train(
        [example.text for example in examples],
        [example.code for example in examples],
        segmenter=segmenter(),
        hints=hints(taxonomy, keywords),
    )
    save(
        model, options.out, trained_at=datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    )
    thresholds = {f"threshold_{promise}": threshold for promise, threshold in model.thresholds.items()}
    seconds = round(time.monotonic() - started, 1)
    return {"texts": len(examples), **model.metrics, **thresholds, "seconds": seconds}


def _evaluate(options: argparse.Namespace) -> dict[str, object]:
    model = load(options.model)
    rows = [row for _, row in read_rows(options.check, ("code", "text"))]
    truth = [row["code"] for row in rows]
    _require_known(truth, set(model.labels), options.check)
    return {"texts": len(rows), **evaluate(model.predict([row["text"] for row in rows]), truth)}


def _taxonomy(file: Path) -> Taxonomy:
    try:
        return taxonomies.parse(read_rows(file, taxonomies.COLUMNS))
    except BrokenTaxonomy as broken:
        raise BrokenExamples(broken.message, str(file), broken.line) from broken


def _keywords(file: Path, taxonomy: Taxonomy) -> Keywords:
    try:
        return Keywords.parse(read_rows(file, KEYWORD_COLUMNS), taxonomy)
    except BrokenKeywords as broken:
        raise BrokenExamples(broken.message, str(file), broken.line) from broken


def _require_known(codes: Iterable[str], known: set[str], place: Path) -> None:
    unknown = sorted(set(codes) - known)
    if unknown:
        raise BrokenExamples(f"unknown codes: {', '.join(unknown[:10])}", str(place))


def _shown(value: object) -> str:
    if value is None:
        return "none holds"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
