"""Is a call of several matters split, and one of a single matter left whole? python -m benchmarks.matters

Two texts of the check sets, that the catalogue sends to different leads, are joined by what callers say
between two things, and by nothing: how many are proposed to be split, where they were joined. Each text by
itself must not be. Where ../shared is, real messages follow: nobody labelled them, so only the share that is
proposed is told; with --read N so many of the proposals are written out, to be read.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tipdm
from benchmarks._town import load_average, town
from benchmarks.classifier import HERE, exact_interval
from classifier.corpus import read_rows
from hotline import runtime
from hotline.tickets import splitting, triage
from hotline.tickets.splitting import Part
from hotline.work import Work
from tests.builders import AGENT

CHECKS = ("triage_check.csv", "validation_check.csv")
PAIRS = 400
# From this many letters a text counts as a long story.
LONG = 90
SAMPLE = 10_000
# A join is found when the cut lies within its own words.
NEAR = 3
JOINS = (
    *("。另外，", "。另外还有个事，", "。还有就是", "。此外，", "。同时反映", "。再一个，", "。顺便问一下，"),
    *("。对了，", "。其次，", "\n二、", "。2、", "。"),
)
REAL: Mapping[str, tuple[Path, str]] = {
    "fuzhou_12345": (tipdm.DATA.parent / "fuzhou_12345" / "tickets.csv", "content"),
    "dongguan": (tipdm.DATA.parent / "dongguan" / "messages.csv", "content"),
    "tipdm": (tipdm.DATA / "dev_raw.csv", "body"),
}

Split = Callable[[str], Sequence[Part]]


@dataclass(frozen=True)
class Joined:
    """Two texts in one; `at`: where the second begins, `join` being the words before it."""

    text: str
    at: int
    join: str
    codes: tuple[str, str]


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--read", type=int, default=0, help="write out so many proposals on real messages")
    to_read = reading.parse_args().read
    print(load_average())
    with town(with_model=True), runtime.view(AGENT) as work:

        def split(text: str) -> Sequence[Part]:
            return splitting.parts_of(work, text)

        for name in CHECKS:
            checked(work, name, split)
        for name, (file, column) in REAL.items():
            if file.is_file():
                real(work, name, messages(file, column), split, to_read)
            else:
                print(f"{name}: not here")


def checked(work: Work, name: str, split: Split) -> None:
    rows = [(row["code"], row["text"]) for _, row in read_rows(HERE / name, ("code", "text"))]
    pairs = list(joined(work, rows, random.Random(name)))
    found, right, by_join = 0, 0, Counter[str]()
    for pair in pairs:
        parts = split(pair.text)
        found += bool(parts)
        is_right = len(parts) == 2 and -len(pair.join) <= parts[1].span.start - pair.at <= NEAR
        right += is_right
        by_join[pair.join] += is_right
    print(f"{name}: {len(pairs)} joined, split {found}, there {right}, recall {right / len(pairs):.3f}")
    each = Counter(pair.join for pair in pairs)
    print(
        "  "
        + "  ".join(f"{join.strip('。') or '(nothing)'!r} {by_join[join]}/{each[join]}" for join in JOINS)
    )
    torn = [text for _, text in rows if split(text)]
    long = [text for _, text in rows if len(text) >= LONG]
    _, most = exact_interval(len(torn), len(rows))
    print(f"  single ones torn {len(torn)} of {len(rows)} (95 %: at most {most:.4f})", end="")
    print(f", of the long {sum(text in torn for text in long)} of {len(long)}")


def joined(work: Work, rows: Sequence[tuple[str, str]], draw: random.Random) -> Iterator[Joined]:
    """Yield pairs of texts with different leads, each joined by words drawn by lot."""
    made = 0
    while made < PAIRS:
        (one, first), (other, second) = draw.sample(rows, 2)
        leads = {lead(work, one, first), lead(work, other, second)}
        if one[:2] == other[:2] or len(leads) < 2 or None in leads:
            continue
        join = draw.choice(JOINS)
        before = ("一、" if "二" in join else "1、" if "2" in join else "") + first.rstrip("。!！") + join
        yield Joined(before + second, len(before), join, (one, other))
        made += 1


def lead(work: Work, category: str, text: str) -> str | None:
    return triage.decide(work, category, None, text).lead


def real(work: Work, name: str, texts: Sequence[str], split: Split, to_read: int) -> None:
    proposed = [(text, parts) for text in texts if (parts := split(text))]
    print(
        f"{name}: of {len(texts)} real messages {len(proposed)} proposed ({len(proposed) / len(texts):.4f})"
    )
    for text, parts in proposed[:to_read]:
        print("  --")
        for part in parts:
            words = " ".join(part.span.of(text).split())
            shown = words if len(words) < 200 else f"{words[:100]} …… {words[-100:]}"
            print(f"  {work.city.taxonomy[part.category].name} → {part.owner} | {shown}")


def messages(file: Path, column: str) -> list[str]:
    texts = [row[column] for _, row in read_rows(file, (column,)) if row[column].strip()]
    return random.Random(0).sample(texts, min(len(texts), SAMPLE))


if __name__ == "__main__":
    main()
