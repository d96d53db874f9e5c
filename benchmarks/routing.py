"""How well is the place found, and how fast? python -m benchmarks.routing

Needs ../shared for the first part. 288 real messages were labelled by hand with the area that their problem
lies in (`benchmarks/routing_labels.csv`: codes, no text); Fuzhou and Dongguan are built as `hotline city new`
builds them. Words and exceptions were chosen over the labels of even number, counted from 0 in the file. The
texts of odd number were not opened, but their figures were seen on the way: docs/routing.md says how often.
"""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import _decisions
from benchmarks._town import load_average, seconds_of
from classifier import normalise
from hotline.cities.building import build
from hotline.cities.divisions import divisions
from routing import Gazetteer, Level

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
SOURCES: Mapping[str, tuple[str, str, str]] = {
    # the city's code, the file, and its column of ids
    "fuzhou": ("350100", "fuzhou_12345/tickets.csv", "id"),
    "dongguan": ("441900", "dongguan/messages.csv", "number"),
}
# They name a place whose area was not sure to whoever labelled them.
UNSURE: Mapping[str, frozenset[str]] = {
    "fuzhou": frozenset({"831", "888", "912", "1351", "1437"}),
    "dongguan": frozenset(
        {
            *("176107", "187487", "193528", "175854", "187693", "187561"),
            *("187750", "186429", "193537", "175922", "187696", "176154"),
        }
    ),
}
HOW = {"named": "named in the text", "known": "only known to those who live there", "none": "no place"}
AREAS = 41_000


@dataclass(frozen=True)
class Row:
    """`area` is None where the text tells no place; what lies below `level` nobody said of it."""

    source: str
    text: str
    area: str | None
    level: str
    how: str


@dataclass(frozen=True)
class Answer:
    """What was found and what is right at one level, as codes."""

    row: Row
    found: str | None
    right: str | None


@dataclass(frozen=True)
class Score:
    """Of `found` answers `right` were right; `there` texts tell the place."""

    right: int
    found: int
    there: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Score":
        found = [answer for answer in answers if answer.found]
        right = sum(answer.found == answer.right for answer in found)
        return cls(right, len(found), sum(answer.right is not None for answer in answers))

    def __str__(self) -> str:
        return f"precision {_part(self.right, self.found)}, recall {_part(self.right, self.there)}"


def main() -> None:
    print(load_average())
    if DATA.is_dir():
        quality()
    else:
        print(f"no texts to measure on: {DATA} is not here")
    speed()
    _decisions.measure()


def quality() -> None:
    gazetteers = cities()
    labelled = list(labels())
    halves = {
        "chosen over (even)": labelled[::2],
        "held out (odd)": labelled[1::2],
        "all": labelled,
    }
    for half, rows in halves.items():
        rows = [row for row in rows if row]
        print(f"{half}: {len(rows)} texts")
        for level in (Level.DISTRICT, Level.SUBDISTRICT):
            answers = [answer for row in rows if (answer := _answer(row, level, gazetteers[row.source]))]
            print(f"  {level:<12} {Score.of(answers)}{_macro(answers)}")
            for source, how in sorted({(each.row.source, each.row.how) for each in answers}):
                of_these = [each for each in answers if (each.row.source, each.row.how) == (source, how)]
                print(f"    {source:<9}{HOW[how]:<36}{Score.of(of_these)}")


def labels() -> Iterator[Row | None]:
    """Yield the labelled texts in the order of the file, None for those that do not count."""
    texts = {source: _texts(file, column) for source, (_, file, column) in SOURCES.items()}
    with open(HERE / "routing_labels.csv", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            source, row = line["source"], line["row"]
            if row in UNSURE[source]:
                yield None
            else:
                yield Row(source, texts[source][row], line["area"] or None, line["level"], line["how"])


def cities() -> dict[str, Gazetteer]:
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        return {
            source: build(divisions().city(code), Path(folder) / source).gazetteer
            for source, (code, _, _) in SOURCES.items()
        }


def _texts(name: str, column: str) -> dict[str, str]:
    with open(DATA / name, encoding="utf-8-sig", newline="") as file:
        return {row[column]: normalise(f"{row['title']}\n{row['content']}") for row in csv.DictReader(file)}


def _answer(row: Row, level: Level, gazetteer: Gazetteer) -> Answer | None:
    """Return what is found and right at `level`, None where the label says nothing about that level."""
    match = gazetteer.find(row.text)
    found = gazetteer.at_level(match.area.code, level) if match else None
    right = gazetteer.at_level(row.area, level) if row.area else None
    if not any(area.level is level for area in gazetteer.areas):
        return None  # Dongguan has no districts.
    if level is Level.SUBDISTRICT and row.level == Level.DISTRICT and row.how == "known":
        return None  # These labels stop at the district.
    return Answer(row, found.code if found else None, right.code if right else None)


def _macro(answers: Sequence[Answer]) -> str:
    """The means over the areas, which do not let the largest one speak for all."""
    found, there = defaultdict(list), defaultdict(list)
    for answer in answers:
        if answer.found:
            found[answer.found].append(answer.found == answer.right)
        if answer.right:
            there[answer.right].append(answer.found == answer.right)
    return (
        f"; macro {_mean(found.values())} over {len(found)} areas, {_mean(there.values())} over {len(there)}"
    )


def _mean(groups: Iterable[Sequence[bool]]) -> str:
    shares = [sum(group) / len(group) for group in groups]
    return f"{sum(shares) / len(shares):.3f}" if shares else "–"


def _part(some: int, whole: int) -> str:
    return f"{some / whole:.3f} of {whole:>3}" if whole else "–     of   0"


def speed() -> None:
    """Print the time of one look-up in 41,000 areas, beside one in 42 and a bare walk over the text."""
    large, small = (Gazetteer.parse(list(_tree(towns)), []) for towns in (AREAS - 41, 1))
    for name, text in _TEXTS.items():
        ours, few = (_each(partial(gazetteer.find, text)) for gazetteer in (large, small))
        bare = _each(lambda text=text: [text[at : at + 2] in _NOTHING for at in range(len(text))])
        print(f"{name}, {len(text)} characters, {len(large.areas)} areas: {ours * 1e6:.0f} µs; ", end="")
        print(f"{len(small.areas)} areas {few * 1e6:.0f} µs, ratio {ours / few:.2f}; ", end="")
        print(f"bare walk {bare * 1e6:.0f} µs, ratio {ours / bare:.1f}")


_NOTHING: frozenset[str] = frozenset()
_STORY = "楼下的店铺一直吵到半夜，老人和小孩都睡不着，打了几次电话也没有人来管。"
_TEXTS = {
    "an address": "第7区第7号街道幸福小区3号楼2单元",
    "a story": f"第7区第7号街道：{_STORY * 5}",
    "2,000 characters without an area": (_STORY * 60)[:2000],
    "2,000 characters with five areas": (_STORY * 60)[:1950]
    + "第1号街道、第2号街道、第3号街道、第4区、第5区",
}


def _tree(towns: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    areas = [("C", "试验市", "city", "")]
    areas += [(f"D{n}", f"第{n}区", "district", "C") for n in range(40)]
    areas += [(f"T{n}", f"第{n}号街道", "subdistrict", f"D{n % 40}") for n in range(towns)]
    for line, (code, name, level, parent) in enumerate(areas, start=2):
        yield line, {"code": code, "name": name, "level": level, "parent": parent, "aliases": ""}


def _each(look: Callable[[], object]) -> float:
    times = 200
    return seconds_of(lambda: [look() for _ in range(times)], rounds=5) / times


if __name__ == "__main__":
    main()
