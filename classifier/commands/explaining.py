"""Say why: the words for and against, and the examples most alike."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from classifier.errors import BrokenExamples
from classifier.explanation import moves
from classifier.loading import load, load_signatures
from classifier.tables import open_table

HELP = "say which words spoke for and against the first category, and which examples are most alike"
TOP = 8
ALIKE = 5


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="the model folder")
    parser.add_argument("--text", required=True, metavar="T", help="what was said")
    parser.add_argument("--label", metavar="CODE", help="explain this category instead of the first")
    parser.add_argument(
        "--examples", type=Path, metavar="DATA", help="the table it was taught from: shows their texts too"
    )


def run(options: Namespace) -> dict[str, object]:
    model = load(options.model)
    [scored] = model.predict([options.text])
    label = options.label or (scored[0].code if scored else None)
    if label is not None and label not in model.labels:
        raise BrokenExamples(f"the model knows no category {label}")
    found: dict[str, object] = {"categories": {one.code: one.probability for one in scored}, "label": label}
    if label is None:
        return found
    moved = moves(model, options.text, label)
    found["for"] = {one.word: one.weight for one in moved[:TOP] if one.weight > 0}
    found["against"] = {one.word: one.weight for one in moved[::-1][:TOP] if one.weight < 0}
    signatures = load_signatures(options.model)
    if signatures is None:
        return found
    alike = signatures.nearest(model.features.row(model.read(options.text)), ALIKE)
    rows = dict(open_table(options.examples).rows()) if options.examples else {}
    found["alike"] = [
        {"row": one.number, "likeness": one.likeness, **rows.get(one.number, {})} for one in alike
    ]
    return found
