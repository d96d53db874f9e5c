"""How well are the fields found that an agent would fill in? python -m benchmarks.extraction

Needs ../shared. 220 real texts were labelled by hand; the labels are offsets and hold no text. A span is
right when it overlaps a labelled one of its field, or says the same words elsewhere in the text.

The patterns were written over one half of the texts (development), never over the other (held out). Which
half a text is in, the hash of its id says.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from classifier import Span, extract

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
SOURCES: Mapping[str, tuple[str, str | None, str]] = {
    # file, its column of ids (None: the number of the row), and the column of the body
    "dongguan": ("dongguan/messages.csv", "number", "content"),
    "fuzhou": ("fuzhou_12345/tickets.csv", "id", "content"),
    "tipdm": ("tipdm/dev_raw.csv", None, "body"),
}
READ = 600
# Labelled field by the element of `extract`.
FIELDS = {
    "when": "when",
    "where": "where",
    "accused": "accused",
    "wish": "wanted",
    "phone": "phone",
    "who": "who",
}
# What stands in the texts for a number; no pattern of numbers finds it.
MASKED = "<PHONE>"

Key = tuple[str, str]
Labels = dict[str, list[Span]]


@dataclass(frozen=True)
class Score:
    """Of `found` spans `right` were right; `there` texts have a label of the field."""

    right: int
    found: int
    there: int

    def __str__(self) -> str:
        precision = f"{self.right / self.found:.3f}" if self.found else "–"
        recall = f"{self.right / self.there:.3f}" if self.there else "–"
        return f"precision {precision} of {self.found:>3}, recall {recall} of {self.there:>3}"


def main() -> None:
    if not DATA.is_dir():
        print(f"nothing to measure on: {DATA} is not here")
        return
    labelled = labels()
    texts = {key: text for key, text in texts_of(labelled).items() if key in labelled}
    found = {key: extract(text) for key, text in texts.items()}
    halves = {
        "development": [key for key in texts if not is_held_out(key)],
        "held out": [key for key in texts if is_held_out(key)],
        "all": list(texts),
    }
    for half, keys in halves.items():
        print(f"{half}: {len(keys)} texts")
        for field, element in FIELDS.items():
            spans = {key: getattr(found[key], element) for key in keys}
            print(f"  {field:<8}{score(field, spans, texts, labelled)}")


def is_held_out(key: Key) -> bool:
    return sha256(":".join(key).encode()).digest()[0] % 2 == 1


def score(
    field: str,
    found: Mapping[Key, Span | None],
    texts: Mapping[Key, str],
    labelled: Mapping[Key, Labels],
) -> Score:
    right = there = 0
    for key, span in found.items():
        wanted = list(unmasked(texts[key], labelled[key].get(field, [])))
        there += bool(wanted)
        right += span is not None and any(is_same(texts[key], span, one) for one in wanted)
    return Score(right, sum(span is not None for span in found.values()), there)


def unmasked(text: str, spans: Iterable[Span]) -> Iterable[Span]:
    return (span for span in spans if span.of(text) != MASKED)


def is_same(text: str, found: Span, labelled: Span) -> bool:
    overlaps = found.start < labelled.end and labelled.start < found.end
    return overlaps or found.of(text).strip() == labelled.of(text).strip()


def labels() -> dict[Key, Labels]:
    read: dict[Key, Labels] = defaultdict(dict)
    with open(HERE / "extraction_labels.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            span = Span(int(row["start"]), int(row["end"]))
            read[row["source"], row["row"]].setdefault(row["field"], []).append(span)
    return read


def texts_of(labelled: Mapping[Key, Labels]) -> dict[Key, str]:
    """The texts as they were labelled. Raises ValueError where one has another length than then."""
    texts: dict[Key, str] = {}
    for source, (name, identity, body) in SOURCES.items():
        with open(DATA / name, encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):
                key = source, row[identity] if identity else str(number)
                texts[key] = f"{row['title']}\n{row[body]}"[:READ]
    for key, spans in labelled.items():
        if len(texts[key]) != spans["text"][0].end:
            raise ValueError(f"{key} is not the text that was labelled")
    return texts


if __name__ == "__main__":
    main()
