"""Does the same complaint in another guise get the same first answer? python -m benchmarks.robustness

Guises: traditional characters as OpenCC writes them for Taiwan, Hong Kong and in general, full-width forms,
the text pasted three times, markup of a web page, capitals. On the check set and, where ../shared is, on
real messages; they need not be labelled: each answer is compared with the one on the plain text.
"""

import html
import random
from collections.abc import Callable, Mapping, Sequence

from opencc import OpenCC

from benchmarks import tipdm
from benchmarks.classifier import HERE, city_keywords, trained
from classifier import Model
from classifier.corpus import read_rows

AIM = 0.98
SAMPLE = 1_000
# Printable ASCII and its full-width forms (U+FF01 to U+FF5E) lie this far apart.
_WIDER = 0xFEE0
FULL_WIDTH = {code: code + _WIDER for code in range(0x21, 0x7F)}


def main(model: Model | None = None) -> None:
    model = model or trained()
    guises = all_guises()
    samples = {"check set": check_texts(), "real messages": real_texts()}
    for name, texts in samples.items():
        if not texts:
            print(f"{name}: not here")
            continue
        for guise, share in same_answers(model, texts, guises).items():
            verdict = "" if share >= AIM else f"  below {AIM}"
            print(f"{name}, {len(texts)} texts: {guise:<24} same first answer {share:.4f}{verdict}")
    urgent = [row["text"] for _, row in read_rows(HERE / "emergency_check.csv", ("route", "text"))]
    for guise, share in same_hits(urgent, guises).items():
        print(f"emergencies, {len(urgent)} texts: {guise:<24} same keywords {share:.4f}")


def all_guises() -> dict[str, Callable[[str], str]]:
    return {
        **{f"traditional ({name})": OpenCC(name).convert for name in ("s2t", "s2twp", "s2hk")},
        "full-width": lambda text: text.translate(FULL_WIDTH),
        "three times": lambda text: "\n".join([text] * 3),
        "web page": as_web_page,
        "upper case": str.upper,
        "lower case": str.lower,
    }


def as_web_page(text: str) -> str:
    """The text as an editor of a web form hands it over, script and style included."""
    lines = "</p>\n<p>&nbsp;&nbsp;".join(html.escape(line) for line in text.splitlines())
    return (
        '<style type="text/css">p { margin: 0 }</style><div class="content"><p style="font-family:宋体">'
        f"&nbsp;{lines}</p><br/></div><script>track(1 < 2 && 'page')</script>"
    )


def same_answers(
    model: Model, texts: Sequence[str], guises: Mapping[str, Callable[[str], str]]
) -> dict[str, float]:
    """For each guise, the share of texts with the first answer that the plain text got."""
    plain = first_answers(model, texts)
    found: dict[str, float] = {}
    for name, guise in guises.items():
        answers = first_answers(model, [guise(text) for text in texts])
        same = sum(one == other for one, other in zip(plain, answers, strict=True))
        found[name] = same / len(texts)
    return found


def first_answers(model: Model, texts: Sequence[str]) -> list[str | None]:
    return [scored[0].code if scored else None for scored in model.predict(texts, top=1)]


def same_hits(texts: Sequence[str], guises: Mapping[str, Callable[[str], str]]) -> dict[str, float]:
    """For each guise, the share of texts in which the same keywords are found."""
    keywords = city_keywords()

    def values(text: str) -> set[str]:
        return {hit.value for hit in keywords.hits(text)}

    return {
        name: sum(values(text) == values(guise(text)) for text in texts) / len(texts)
        for name, guise in guises.items()
    }


def check_texts() -> list[str]:
    return [row["text"] for _, row in read_rows(HERE / "validation_check.csv", ("code", "text"))]


def real_texts() -> list[str]:
    """A sample of real messages, none where they are not at hand."""
    if not tipdm.DATA.is_dir():
        return []
    rows = tipdm.table("dev_raw.csv")
    return [f"{row['title']}\n{row['body']}" for row in random.Random(0).sample(rows, SAMPLE)]


if __name__ == "__main__":
    main()
