"""The city's model, untouched, on real messages of another scheme.

python -m benchmarks.city_on_tipdm [MODEL_FOLDER]

benchmarks/tipdm_mapping.csv says to which of the seven classes a category belongs: the longest prefix of its
code counts, no class means that the seven have no place for it. Made of the names of both schemes alone. What
is probable of the categories adds up to what is of their class. Needs ../shared/data/tipdm.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.classifier import HERE, trained
from benchmarks.tipdm import DATA, table
from classifier import Scored, load
from classifier.corpus import read_rows
from classifier.evaluation import macro_f1, top_accuracy

NOWHERE = ""


def main() -> None:
    if not DATA.is_dir():
        print(f"nothing to measure on: {DATA} is not here")
        return
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    model = load(Path(sys.argv[1])) if len(sys.argv) > 1 else trained()
    rows = table("dev_raw.csv")
    found = model.predict((f"{row['title']}\n{row['body']}" for row in rows), top=len(model.labels))
    classes = classes_of(model.labels)
    said, truth = [summed(scored, classes) for scored in found], [row["label"] for row in rows]
    top1, top3 = (top_accuracy(said, truth, top) for top in (1, 3))
    first = [scored[0].code if scored else NOWHERE for scored in said]
    print(
        f"{len(rows)} messages: accuracy {top1:.4f}  macro-F1 {macro_f1(first, truth):.4f}  top-3 {top3:.4f}"
    )
    outside = [
        row["label"] for row, one in zip(rows, found, strict=True) if not one or not classes[one[0].code]
    ]
    print(f"{len(outside)} whose likeliest category has no class: {dict(Counter(outside).most_common())}")
    for label, often in Counter(truth).most_common():
        taken = Counter(one for one, other in zip(first, truth, strict=True) if other == label)
        print(f"  {label:<8} {often:4}: {dict(taken.most_common(3))}")


def classes_of(codes: Iterable[str]) -> dict[str, str]:
    """The class of each category, `NOWHERE` for one that has none."""
    rows = (row for _, row in read_rows(HERE / "tipdm_mapping.csv", ("prefix", "class")))
    by_prefix = {row["prefix"]: row["class"] for row in rows}
    return {code: next(by_prefix[code[:end]] for end in (4, 2) if code[:end] in by_prefix) for code in codes}


def summed(scored: Iterable[Scored], classes: Mapping[str, str]) -> tuple[Scored, ...]:
    """The classes, likeliest first."""
    sums: dict[str, float] = defaultdict(float)
    for one in scored:
        if classes[one.code] != NOWHERE:
            sums[classes[one.code]] += one.probability
    return tuple(Scored(name, sums[name]) for name in sorted(sums, key=lambda name: -sums[name]))


if __name__ == "__main__":
    main()
