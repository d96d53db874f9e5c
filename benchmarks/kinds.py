"""How right are kind, urgency and risk flags? python -m benchmarks.kinds [MODEL_FOLDER]

benchmarks/validation_kinds.csv labels 710 texts of validation_check.csv, which were read before the words of
the kinds were written, and every second of triage_check.csv, which were not read until those were fixed.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.classifier import CITY, HERE, city_keywords, corpus, trained
from classifier import Example, Risk, Suggestion, load, suggest
from classifier import taxonomy as taxonomies
from classifier.corpus import read_rows
from classifier.evaluation import macro_f1
from classifier.kind_training import teach_kinds
from classifier.kinds import KINDS, judge, plain
from classifier.taxonomy import Urgency
from classifier.training import FOLDS, folds_of

COLUMNS = ("source", "row", "kind", "urgency", "risks")


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    examples = corpus()
    tell("the corpus, kind", unseen_kinds(examples), [one.kind for one in examples], KINDS)
    labelled = [row for _, row in read_rows(HERE / "validation_kinds.csv", COLUMNS)]
    texts = {source: texts_of(source) for source in dict.fromkeys(row["source"] for row in labelled)}
    suggestions = suggested([texts[row["source"]][int(row["row"]) - 1] for row in labelled])
    for source in texts:
        pairs = [
            (row, said) for row, said in zip(labelled, suggestions, strict=True) if row["source"] == source
        ]
        rows, said = [row for row, _ in pairs], [one for _, one in pairs]
        tell(f"{source}, kind", [one.kind for one in said], [row["kind"] for row in rows], KINDS)
        urgencies = [one.urgency for one in said]
        tell(f"{source}, urgency", urgencies, [row["urgency"] for row in rows], tuple(Urgency))
        tell_risks(said, [row["risks"].split() for row in rows])


def unseen_kinds(examples: Sequence[Example]) -> list[str]:
    """What weights that were taught by the other folds say of each example."""
    said = [""] * len(examples)
    for held in folds_of([one.kind for one in examples], None, FOLDS):
        apart = set(held.tolist())
        weights = teach_kinds([one for place, one in enumerate(examples) if place not in apart])
        for place in held:
            said[place] = judge(plain(examples[place].text), weights)
    return said


def texts_of(source: str) -> list[str]:
    return [row["text"] for _, row in read_rows(HERE / f"{source}.csv", ("code", "text"))]


def suggested(texts: Sequence[str]) -> list[Suggestion]:
    taxonomy, keywords = (
        taxonomies.parse(read_rows(CITY / "categories.csv", taxonomies.COLUMNS)),
        city_keywords(),
    )
    model = load(Path(sys.argv[1])) if len(sys.argv) > 1 else trained()
    return [suggest(text, taxonomy=taxonomy, keywords=keywords, model=model) for text in texts]


def tell(what: str, said: Sequence[str], truth: Sequence[str], values: Sequence[str]) -> None:
    right = sum(one == other for one, other in zip(said, truth, strict=True)) / len(truth)
    print(f"{what}: {len(truth)} texts, accuracy {right:.3f}, macro-F1 {macro_f1(said, truth):.3f}")
    hits = Counter(one for one, other in zip(said, truth, strict=True) if one == other)
    for value, named, real in ((value, said.count(value), truth.count(value)) for value in values):
        print(f"  {value:<12} {ratio(hits[value], named)} precision  {ratio(hits[value], real)} recall")


def tell_risks(said: Sequence[Suggestion], truth: Sequence[Sequence[str]]) -> None:
    for risk in Risk:
        named = [risk in one.risks for one in said]
        real = [risk in one for one in truth]
        both = sum(one and other for one, other in zip(named, real, strict=True))
        print(f"  {risk:<12} {ratio(both, sum(named))} precision  {ratio(both, sum(real))} recall")


def ratio(part: int, whole: int) -> str:
    return f"{part / whole:5.3f} of {whole:3}" if whole else "    – of   0"


if __name__ == "__main__":
    main()
