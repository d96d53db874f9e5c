"""How right and how fast is triage? python -m benchmarks.classifier [MODEL_FOLDER]

Without a folder a model is trained from the corpus first. The check sets were written apart from the corpus
and are only measured. Time is given as a ratio to bare jieba cutting the same texts in the same run. Where
../shared is, real messages of seven classes follow (benchmarks/tipdm.py).
"""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from scipy.stats import binomtest

from benchmarks import tipdm
from classifier import Example, KeywordKind, Keywords, Model, load, read_corpus, segmenter
from classifier import taxonomy as taxonomies
from classifier.alarm import calm_of, read_emergencies
from classifier.alarm_training import teach_alarm
from classifier.corpus import read_rows
from classifier.evaluation import evaluate
from classifier.keywords import COLUMNS as KEYWORD_COLUMNS
from classifier.training import hints, train

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CITY = ROOT / "hotline" / "cities" / "binhai"
CHECKS = ("triage_check.csv", "validation_check.csv")
ROUNDS = 3


def main() -> Model:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    model = load(Path(sys.argv[1])) if len(sys.argv) > 1 else trained()
    texts: list[str] = []
    for name in CHECKS:
        rows = [row for _, row in read_rows(HERE / name, ("code", "text"))]
        texts = [row["text"] for row in rows]
        tell(f"{name}, {len(rows)} texts", evaluate(model.predict(texts), [row["code"] for row in rows]))
    tell("the corpus, out of fold", model.metrics)
    emergencies(model, texts)
    jieba = segmenter("jieba")
    baseline = fastest(lambda: [jieba.cut(text) for text in texts])
    ours = fastest(lambda: [model.predict([text]) for text in texts])
    print(f"one text at a time ({model.segmenter.name}): {ours / len(texts) * 1000:.2f} ms, ", end="")
    print(f"{ours / baseline:.1f} × bare jieba ({baseline / len(texts) * 1000:.3f} ms)")
    return model


def tell(what: str, measured: Mapping[str, float]) -> None:
    figures = "  ".join(f"{name} {measured[name]:.3f}" for name in ("top1", "top3", "macro_f1", "ece"))
    print(f"{what:<36} {figures}")


def emergencies(model: Model, everyday: Sequence[str]) -> None:
    """Print how many emergencies are noticed, by keywords and by the alarm, and how often for nothing."""
    keywords = city_keywords()
    alarm = teach_alarm(
        list(read_emergencies(ROOT / "classifier" / "emergencies")),
        calm_of(corpus()),
        segmenter=model.segmenter,
    )
    urgent = [row["text"] for _, row in read_rows(HERE / "emergency_check.csv", ("route", "text"))]
    calm = [row["text"] for _, row in read_rows(HERE / "calm_check.csv", ("text",))]
    named = partial(named_in, keywords)
    for who, notices in (
        ("keywords", named),
        ("alarm", lambda text: alarm.listen(text) is not None),
        ("either", lambda text: named(text) or alarm.listen(text) is not None),
    ):
        heard = sum(map(notices, urgent))
        low, high = exact_interval(heard, len(urgent))
        print(
            f"emergencies by {who:9} recall {heard}/{len(urgent)} (95 %: {low:.3f}–{high:.3f}), "
            f"for nothing: near ones {sum(map(notices, calm))}/{len(calm)}, "
            f"everyday {sum(map(notices, everyday))}/{len(everyday)}"
        )


def named_in(keywords: Keywords, text: str) -> bool:
    return any(hit.kind is KeywordKind.EMERGENCY for hit in keywords.hits(text))


def exact_interval(right: int, cases: int) -> tuple[float, float]:
    """The Clopper–Pearson interval at 95 %."""
    found = binomtest(right, cases).proportion_ci(0.95)
    return float(found.low), float(found.high)


def corpus() -> list[Example]:
    return list(read_corpus(ROOT / "classifier" / "corpus"))


def city_keywords() -> Keywords:
    taxonomy = taxonomies.parse(read_rows(CITY / "categories.csv", taxonomies.COLUMNS))
    return Keywords.parse(read_rows(CITY / "keywords.csv", KEYWORD_COLUMNS), taxonomy)


def trained() -> Model:
    started = time.perf_counter()
    taxonomy = taxonomies.parse(read_rows(CITY / "categories.csv", taxonomies.COLUMNS))
    keywords, examples = city_keywords(), corpus()
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
    tipdm.measure(main())
