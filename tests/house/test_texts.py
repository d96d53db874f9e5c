"""No text is taken from another: not ours from ours, and none from real people's complaints."""

import csv
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hotline.settings import ROOT

OWN_RUN = 12
REAL_RUN = 14
CORPUS = sorted(
    file for folder in ("corpus", "emergencies") for file in (ROOT / "classifier" / folder).glob("*.csv")
)
SAMPLES = ROOT / "hotline" / "cities" / "binhai" / "samples.csv"
CHECKS = sorted((ROOT / "benchmarks").glob("*_check.csv"))
SHARED = Path(ROOT).parent / "shared" / "data"
REAL = ("tipdm", "fuzhou_12345", "dongguan")
WORDS_OF_PEOPLE = ("title", "body", "content")


def texts(file: Path, *columns: str) -> Iterator[str]:
    with open(file, encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            yield from (row[column] for column in columns if row.get(column))


def runs(text: str, length: int) -> set[str]:
    """Return every run of `length` characters of `text`, white space left out."""
    plain = "".join(text.split())
    return {plain[at : at + length] for at in range(len(plain) - length + 1)}


def runs_of_all(several: Iterable[str], length: int) -> set[str]:
    return set().union(*(runs(text, length) for text in several))


def corpus() -> Iterator[str]:
    for file in CORPUS:
        yield from texts(file, "text")


def samples() -> Iterator[str]:
    return texts(SAMPLES, "title", "text", "contact", "outcome")


def test_no_two_texts_of_the_corpus_share_a_run_of_twelve_characters():
    counted = Counter[str]()
    for text in corpus():
        counted.update(runs(text, OWN_RUN))

    assert [run for run, times in counted.items() if times > 1] == []


def test_the_samples_share_no_run_with_the_corpus():
    assert runs_of_all(samples(), OWN_RUN) & runs_of_all(corpus(), OWN_RUN) == set()


@pytest.mark.parametrize("others", [corpus, samples], ids=["corpus", "samples"])
def test_the_check_texts_share_no_run_with_what_they_check(others):
    said = [text for file in CHECKS for text in texts(file, "text", "title")]
    checks = runs_of_all(said, OWN_RUN)

    assert len(said) > 1000
    assert checks & runs_of_all(others(), OWN_RUN) == set()


def is_chinese(run: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in run)


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, those included that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        try:
            yield file, file.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real complaints to compare with: {SHARED} is not there")
def test_no_tracked_file_shares_a_run_of_fourteen_characters_with_a_real_complaint():
    ours: dict[int, Path] = {}
    for file, text in tracked_texts():
        ours.update({hash(run): file for run in runs(text, REAL_RUN) if is_chinese(run)})

    shared = [
        (str(ours[hash(run)].relative_to(ROOT)), run)
        for folder in REAL
        for file in sorted((SHARED / folder).glob("*.csv"))
        for text in texts(file, *WORDS_OF_PEOPLE)
        for run in runs(text, REAL_RUN)
        if hash(run) in ours and run in "".join(ours[hash(run)].read_text(encoding="utf-8").split())
    ]

    assert ours
    assert shared == []
