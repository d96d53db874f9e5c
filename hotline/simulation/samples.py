"""What the simulated callers say, and where: texts of samples.csv, put into places of the city."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path
from random import Random

from hotline.cities.files import Profile
from hotline.errors import BrokenCity
from hotline.models.ticket import Kind, Urgency

FILE = "samples.csv"
COLUMNS = ("code", "title", "text", "kind", "urgency", "contact", "outcome", "weight")
SLOT = "{place}"

# Heating trouble comes with the cold (供暖季), standing water with the summer rain.
_SEASONS = {"0306": (11, 12, 1, 2, 3), "0307": (10, 11, 12), "0205": (6, 7, 8, 9)}
_SHARED = frozenset({"0301", "0303", "0306"})
_IN_SEASON, _OUT_OF_SEASON = 5.0, 0.15


@dataclass(frozen=True)
class Sample:
    """One matter: its true category, what is said, and what a good department would write about it.

    `weight`: how often people call about it, 1 being usual.
    """

    code: str
    title: str
    text: str
    kind: Kind
    urgency: Urgency
    contact: str
    outcome: str
    weight: float

    @property
    def has_place(self) -> bool:
        return SLOT in self.text

    def said_at(self, spot: str) -> str:
        return self.text.replace(SLOT, spot)


@dataclass(frozen=True)
class Samples:
    rows: tuple[Sample, ...]

    def pick(self, rng: Random, day: date) -> Sample:
        """Return what someone calls about on this day: the season has a say."""
        return rng.choices(self.rows, [row.weight * _season(row.code, day.month) for row in self.rows])[0]

    def shared(self) -> list[Sample]:
        """Return what can strike a whole neighbourhood at once: water, power, heat."""
        return [row for row in self.rows if row.has_place and row.code in _SHARED] or list(self.rows)


def _season(code: str, month: int) -> float:
    months = _SEASONS.get(code)
    return 1.0 if months is None else _IN_SEASON if month in months else _OUT_OF_SEASON


def read(folder: Path, known: Collection[str]) -> Samples:
    """Read samples.csv of a city's profile. Raises BrokenCity; `known` are the city's categories."""
    rows = Profile.read(folder, (FILE,)).rows(FILE)
    return Samples(tuple(_sample(row, line, known) for line, row in rows))


def _sample(row: Mapping[str, str], line: int, known: Collection[str]) -> Sample:
    if missing := [column for column in COLUMNS if column not in row]:
        raise BrokenCity(FILE, 1, f"has no column {missing[0]!r}")
    if row["code"] not in known:
        raise BrokenCity(FILE, line, f"no category {row['code']!r}")
    try:
        kind, urgency, weight = Kind(row["kind"]), Urgency(row["urgency"]), float(row["weight"])
    except ValueError as error:
        raise BrokenCity(FILE, line, str(error)) from None
    if not 0 < weight < inf:
        raise BrokenCity(FILE, line, f"weight {row['weight']!r} is not above 0")
    return Sample(
        row["code"], row["title"], row["text"], kind, urgency, row["contact"], row["outcome"], weight
    )
