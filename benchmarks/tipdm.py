"""The classifier on real messages of seven classes: how right, how sure, how fast, how heavy.

python -m benchmarks.tipdm: needs ../shared/data/tipdm. Folds never part texts of one near-duplicate group.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from classifier import Model, load, segmenter
from classifier.adaptation import adapt
from classifier.crossvalidation import Judged, coverage, figures, judge
from classifier.evaluation import top_accuracy
from classifier.features import Reading, reading, reading_of_tokens
from classifier.store import save
from classifier.training import FOLDS, MANY, folds_of, score_unseen, teach_fold, train_on

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "tipdm"
PROMISES = (0.95, 0.98)
LENGTH, MESSAGES = 420, 1000
CORRECTIONS, DRAWS = 200, 5
PAGE = resource.getpagesize()


def main() -> None:
    if len(sys.argv) > 1:
        weigh(Path(sys.argv[1]))
    else:
        measure()


def measure(base: Model | None = None) -> None:
    """`base`: a model of another scheme, to be adapted to this one by a few corrections."""
    if not DATA.is_dir():
        print(f"nothing to measure on: {DATA} is not here")
        return
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    rows = table("dev_segmented.csv")
    labels = [row["label"] for row in rows]
    groups = [row["neardup_group"] for row in rows]
    readings = [reading_of_tokens(row["tokens"].split()) for row in rows]
    tell("dev_segmented", judge(score_unseen(readings, labels, groups=groups), PROMISES))
    print(f"titles              top1 {by_title(table('dev_raw.csv')):.4f}")
    if base:
        adapted, alone = adapting(base, table("dev_raw.csv"))
        print(f"{CORRECTIONS} corrections     top1 {adapted:.4f} adapted, {alone:.4f} by them alone")
    model = train_on(readings, labels, segmenter=segmenter(), groups=groups, segmented=True)
    with tempfile.TemporaryDirectory() as folder:
        save(model, Path(folder), trained_at="benchmark")
        # In a process of its own: here, memory that teaching gave back would hide what loading takes.
        subprocess.run([sys.executable, "-m", "benchmarks.tipdm", folder], check=True)
    speed(model, [row["body"] for row in table("dev_raw.csv")])


def weigh(folder: Path) -> None:
    """Print what a model costs to load, segmenter included."""
    before, started = resident(), time.perf_counter()
    load(folder).predict(["路灯不亮"])
    seconds, grown = time.perf_counter() - started, resident() - before
    print(f"load                {seconds:.2f} s, {grown / 2**20:.0f} MB above the imports", flush=True)


def table(name: str) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    with open(DATA / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tell(name: str, judged: Judged) -> None:
    print(f"{name:<19} " + "  ".join(f"{key} {value:.4f}" for key, value in figures(judged).items()))
    for promise in PROMISES:
        covered = coverage(judged, promise)
        print(f"  at {promise:.2f}           coverage {covered.share:.4f}  precision {covered.precision:.4f}")


def by_title(rows: Sequence[dict[str, str]]) -> float:
    """How often the title alone is enough, for a model taught by the others' messages and titles."""
    cut = segmenter().cut
    whole = [reading(f"{row['title']}\n{row['body']}", cut) for row in rows]
    titles = [reading(row["title"], cut) if row["title"].strip() else None for row in rows]
    labels = [row["label"] for row in rows]
    course = replace(MANY, c=0.5, recipe=replace(MANY.recipe, opening=0))
    right = asked = 0
    for held in folds_of(labels, [row["neardup_group"] for row in rows], FOLDS):
        kept = np.setdiff1d(np.arange(len(rows)), held)
        taught: list[tuple[Reading, str]] = [(whole[i], labels[i]) for i in kept]
        taught += [(title, labels[i]) for i in kept if (title := titles[i])]
        fitted = teach_fold([one for one, _ in taught], [label for _, label in taught], (), course)
        wanted = [(title, labels[i]) for i in held if (title := titles[i])]
        scores = fitted.score([title for title, _ in wanted])
        said = [fitted.labels[column] for column in scores.argmax(axis=1)]
        right += sum(one == label for one, (_, label) in zip(said, wanted, strict=True))
        asked += len(wanted)
    return right / asked


def adapting(base: Model, rows: Sequence[dict[str, str]]) -> tuple[float, float]:
    """Mean accuracy over a few draws of corrections, on messages of no group that was drawn from."""
    readings = [base.read(f"{row['title']}\n{row['body']}") for row in rows]
    labels = [row["label"] for row in rows]
    groups = np.array([row["neardup_group"] for row in rows])
    drawn_figures: list[tuple[float, float]] = []
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(len(rows))
        _, first = np.unique(groups[order], return_index=True)
        drawn = order[np.sort(first)][:CORRECTIONS]
        held = np.flatnonzero(~np.isin(groups, groups[drawn]))
        taught = [readings[at] for at in drawn], [labels[at] for at in drawn]
        models = adapt(base, *taught), train_on(*taught, segmenter=base.segmenter)
        wanted = [labels[at] for at in held]
        adapted, alone = (
            top_accuracy(list(model.judge([readings[at] for at in held])), wanted, 1) for model in models
        )
        drawn_figures.append((adapted, alone))
    adapted, alone = np.mean(drawn_figures, axis=0)
    return float(adapted), float(alone)


def speed(model: Model, bodies: Sequence[str]) -> None:
    """Print seconds for a thousand messages, cut and judged by each segmenter, beside cutting alone."""
    long = [body[:LENGTH] for body in bodies if len(body) >= LENGTH]
    texts = (long * (1 + MESSAGES // len(long)))[:MESSAGES]
    jieba, rjieba = segmenter("jieba"), segmenter("rjieba")
    bare = seconds_of(lambda: [jieba.cut(text) for text in texts])
    for cutter in (rjieba, jieba):
        ours = seconds_of(partial(replace(model, segmenter=cutter).predict, texts))
        name = cutter.name.partition("-")[0]
        print(f"1,000 × {LENGTH} {name:<8} {ours:.2f} s, {ours / bare:.2f} × bare jieba ({bare:.2f} s)")


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


if __name__ == "__main__":
    main()
