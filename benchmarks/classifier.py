"""How right and how fast is triage? python -m benchmarks.classifier [MODEL_FOLDER]

Without a folder a model is trained from the corpus first. The check set was written apart from the corpus
and is only measured. Time is given as a ratio to bare jieba cutting the same texts in the same run.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from classifier import Keywords, Model, load, read_corpus, segmenter
from classifier import taxonomy as taxonomies
from classifier.corpus import read_rows
from classifier.evaluation import evaluate
from classifier.keywords import COLUMNS as KEYWORD_COLUMNS
from classifier.training import hints, train

ROOT = Path(__file__).resolve().parent.parent
CITY = ROOT / "hotline" / "cities" / "binhai"
CHECK = ROOT / "benchmarks" / "triage_check.csv"
ROUNDS = 3


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    model = load(Path(sys.argv[1])) if len(sys.argv) > 1 else trained()
    rows = [row for _, row in read_rows(CHECK, ("code", "text"))]
    texts = [row["text"] for row in rows]
    measured = evaluate(model.predict(texts), [row["code"] for row in rows])
    for name in ("top1", "top3", "macro_f1", "ece"):
        print(f"{name:10} {measured[name]:.3f}   out of fold on the corpus {model.metrics[name]:.3f}")
    print(f"thresholds {model.thresholds}")
    jieba = segmenter("jieba")
    baseline = fastest(lambda: [jieba.cut(text) for text in texts])
    ours = fastest(lambda: [model.predict([text]) for text in texts])
    print(f"one text at a time ({model.segmenter.name}): {ours / len(texts) * 1000:.2f} ms, ", end="")
    print(f"{ours / baseline:.1f} × bare jieba ({baseline / len(texts) * 1000:.3f} ms)")


def trained() -> Model:
    started = time.perf_counter()
    taxonomy = taxonomies.parse(read_rows(CITY / "categories.csv", taxonomies.COLUMNS))
    keywords = Keywords.parse(read_rows(CITY / "keywords.csv", KEYWORD_COLUMNS), taxonomy)
    examples = list(read_corpus(ROOT / "classifier" / "corpus"))
    model = train(
        [example.text for example in examples],
        [example.code for example in examples],
        segmenter=segmenter(),
        hints=hints(taxonomy, keywords),
    )
    print(f"trained on {len(examples)} texts in {time.perf_counter() - started:.1f} s")
    return model


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the quickest of a few rounds: the one least disturbed by other load."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    main()
