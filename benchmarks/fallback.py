"""Is a category without a single example found by its name, its words and its keywords?

python -m benchmarks.fallback: takes the examples of one category after another out of the corpus, teaches the
rest with the hints, and asks about that category's texts of the check set. A few minutes.
"""

import os
from collections.abc import Sequence

from benchmarks.classifier import CITY, HERE, city_keywords, corpus
from classifier import Taxonomy, segmenter
from classifier import taxonomy as taxonomies
from classifier.corpus import read_rows
from classifier.features import Reading, reading
from classifier.training import FEW, Taught, hints, teach_fold

CATEGORIES = 12


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    taxonomy = taxonomies.parse(read_rows(CITY / "categories.csv", taxonomies.COLUMNS))
    cut, examples = segmenter().cut, corpus()
    taught = [Taught(hint.code, reading(hint.word, cut)) for hint in hints(taxonomy, city_keywords())]
    readings, labels = [reading(one.text, cut) for one in examples], [one.code for one in examples]
    asked = [row for _, row in read_rows(HERE / "validation_check.csv", ("code", "text"))]
    ranks: list[int] = []
    for code in spread(taxonomy):
        texts = [reading(row["text"], cut) for row in asked if row["code"] == code]
        ranks += (of_it := ranks_of(code, texts, readings, labels, taught))
        print(f"{code} {taxonomy[code].name:<16} {' '.join(map(str, of_it))}", flush=True)
    top1, top3 = (sum(rank <= top for rank in ranks) / len(ranks) for top in (1, 3))
    print(
        f"{len(ranks)} texts of {CATEGORIES} categories without an example: top1 {top1:.3f}  top3 {top3:.3f}"
    )


def spread(taxonomy: Taxonomy) -> list[str]:
    """Categories from all over the tree."""
    leaves = taxonomy.leaves
    return [leaves[place * len(leaves) // CATEGORIES].code for place in range(CATEGORIES)]


def ranks_of(
    code: str,
    texts: Sequence[Reading],
    readings: Sequence[Reading],
    labels: Sequence[str],
    taught: Sequence[Taught],
) -> list[int]:
    """Which place `code` takes for each of its texts when it has hints only."""
    kept = [place for place, label in enumerate(labels) if label != code]
    fitted = teach_fold([readings[i] for i in kept], [labels[i] for i in kept], taught, FEW)
    scores = fitted.score(texts)
    own = scores[:, fitted.labels.index(code)]
    return [int(rank) + 1 for rank in (scores > own[:, None]).sum(axis=1)]


if __name__ == "__main__":
    main()
