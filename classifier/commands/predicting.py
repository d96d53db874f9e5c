"""Say the likeliest categories of every row, and whether the first may act alone."""

import csv
from argparse import ArgumentParser, Namespace
from pathlib import Path

from classifier.commands import data, progress
from classifier.errors import ModelRefused
from classifier.loading import load
from classifier.model import Model, Scored

HELP = "write the likeliest categories of every row beside it"
TOP = 5
_SHOW_EVERY = 500


def configure(parser: ArgumentParser) -> None:
    data.add_columns(parser, label=False)
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="the model folder")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.csv", help="the rows, with answers")
    parser.add_argument(
        "--precision", type=float, default=0.95, metavar="P", help="the precision that auto promises; 0.95"
    )


def run(options: Namespace) -> dict[str, object]:
    model = load(options.model)
    threshold = _threshold(model, options.precision)
    asked = data.read(options, label=False)
    readings = data.to_judge(options, asked, model)
    alone = 0
    with open(options.out, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        names = list(asked.rows[0])
        answers = [*(f"label{n}" for n in range(1, TOP + 1)), *(f"p{n}" for n in range(1, TOP + 1))]
        writer.writerow([*names, *answers, "auto", "threshold"])
        for number, (row, scored) in enumerate(zip(asked.rows, model.judge(readings, TOP), strict=True)):
            auto = threshold is not None and bool(scored) and scored[0].probability >= threshold
            alone += auto
            said = [row.get(name, "") for name in names]
            writer.writerow([*said, *_columns(scored), str(auto).lower(), _written(threshold)])
            if number % _SHOW_EVERY == 0:
                progress.show(number, len(asked.rows))
    progress.show(1, 1)
    return {"rows": len(asked.rows), "auto": alone, "threshold": threshold, "out": str(options.out)}


def _threshold(model: Model, precision: float) -> float | None:
    if precision not in model.pooled:
        stored = ", ".join(map(str, sorted(model.pooled)))
        raise ModelRefused(f"it stores thresholds for a precision of {stored}, not of {precision}")
    return model.pooled[precision]


def _columns(scored: tuple[Scored, ...]) -> list[str]:
    missing = [""] * (TOP - len(scored))
    return [
        *(one.code for one in scored),
        *missing,
        *(repr(one.probability) for one in scored),
        *missing,
    ]


def _written(threshold: float | None) -> str:
    return "" if threshold is None else repr(threshold)
