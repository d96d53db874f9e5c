"""What does triage cost per ticket? python -m benchmarks.triage

Classify, find the place, route, look up the clocks, for each text of the check set; as a ratio to
bare jieba cutting the same texts in the same run.
"""

from benchmarks._town import load_average, seconds_of, town
from benchmarks.classifier import HERE
from classifier import segmenter
from classifier.corpus import read_rows
from hotline import runtime
from hotline.tickets import triage
from tests.builders import AGENT

ROUNDS = 3


def main() -> None:
    print(load_average())
    texts = [row["text"] for _, row in read_rows(HERE / "triage_check.csv", ("code", "text"))]
    jieba = segmenter("jieba")
    jieba.cut(texts[0])
    baseline = seconds_of(lambda: [jieba.cut(text) for text in texts], rounds=ROUNDS) / len(texts)
    with town(with_model=True), runtime.view(AGENT) as work:
        ours = seconds_of(lambda: [triage.suggest(work, text) for text in texts], rounds=ROUNDS) / len(texts)
    print(f"triage {ours * 1000:.2f} ms a ticket, bare jieba {baseline * 1000:.3f} ms", end="")
    print(f", ratio {ours / baseline:.1f}")


if __name__ == "__main__":
    main()
