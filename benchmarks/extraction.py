"""How well are the fields found that an agent would fill in? python -m benchmarks.extraction

Needs ../shared. 220 real texts were labelled by hand; the labels are offsets and hold no text. A span is
right when it overlaps a labelled one of its field, or says the same words elsewhere in the text.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
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
FIELDS = {"who": "who", "when": "when", "where": "where", "wish": "wanted"}

Labels = dict[str, list[Span]]


def main() -> None:
    if not DATA.is_dir():
        print(f"nothing to measure on: {DATA} is not here")
        return
    labelled = labels()
    texts = {key: text for key, text in texts_of(labelled).items() if key in labelled}
    print(f"{len(texts)} texts")
    for field, element in FIELDS.items():
        found = right = there = hit = 0
        for key, text in texts.items():
            span: Span | None = getattr(extract(text), element)
            wanted = labelled[key].get(field, [])
            there += bool(wanted)
            found += span is not None
            good = span is not None and any(is_same(text, span, one) for one in wanted)
            right += good
            hit += good
        precision = f"{right / found:.3f}" if found else "–"
        print(f"{field:<6} precision {precision} of {found}, recall {hit / max(there, 1):.3f} of {there}")


def is_same(text: str, found: Span, labelled: Span) -> bool:
    overlaps = found.start < labelled.end and labelled.start < found.end
    return overlaps or found.of(text).strip() == labelled.of(text).strip()


def labels() -> dict[tuple[str, str], Labels]:
    read: dict[tuple[str, str], Labels] = defaultdict(dict)
    with open(HERE / "extraction_labels.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            span = Span(int(row["start"]), int(row["end"]))
            read[row["source"], row["row"]].setdefault(row["field"], []).append(span)
    return read


def texts_of(labelled: Mapping[tuple[str, str], Labels]) -> dict[tuple[str, str], str]:
    """The texts as they were labelled. Raises ValueError where one has another length than then."""
    texts: dict[tuple[str, str], str] = {}
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
