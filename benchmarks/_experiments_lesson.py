"""What an experiment learns from and is asked: five folds of real messages, each once held back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks.tipdm import table
from classifier.features import Reading, reading_of_tokens
from classifier.training import FOLDS, Unseen

# Not the product's: what was chosen by its folds must hold on others.
OTHER_SEED = 7


@dataclass(frozen=True)
class Messages:
    """Texts with their true columns and near-duplicate groups.

    `rows` say which of the file they are, -1 for none; `numbers` is what the file itself calls each.
    """

    readings: Sequence[Reading]
    truth: NDArray[np.intp]
    groups: NDArray[np.intp]
    rows: NDArray[np.intp]
    columns: tuple[str, ...]
    numbers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.readings)

    @property
    def labels(self) -> list[str]:
        return [self.columns[column] for column in self.truth]

    def part(self, places: NDArray[np.intp]) -> "Messages":
        readings = [self.readings[place] for place in places]
        return replace(
            self,
            readings=readings,
            truth=self.truth[places],
            groups=self.groups[places],
            rows=self.rows[places],
        )

    def and_also(self, readings: Sequence[Reading], truth: NDArray[np.intp]) -> "Messages":
        """With more to learn from, which is of no row and no group."""
        none = np.full(len(readings), -1, dtype=np.intp)
        return replace(
            self,
            readings=[*self.readings, *readings],
            truth=np.concatenate([self.truth, truth]),
            groups=np.concatenate([self.groups, none]),
            rows=np.concatenate([self.rows, none]),
        )


# Learns from the first, and scores the second: a row for each message, a column for each category.
Pupil = Callable[[Messages, Messages], NDArray[np.float32]]


@cache
def messages() -> Messages:
    """All of dev_segmented.csv."""
    rows = table("dev_segmented.csv")
    columns = tuple(sorted({row["label"] for row in rows}))
    return Messages(
        [reading_of_tokens(row["tokens"].split()) for row in rows],
        np.array([columns.index(row["label"]) for row in rows], dtype=np.intp),
        np.array([int(row["neardup_group"]) for row in rows], dtype=np.intp),
        np.arange(len(rows), dtype=np.intp),
        columns,
        tuple(row["row"] for row in rows),
    )


def lessons(whole: Messages, seed: int = OTHER_SEED) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the places that teach and those that are held back, groups never parted."""
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    yield from split.split(whole.truth, whole.truth, whole.groups)


def examine(pupil: Pupil, whole: Messages, seed: int = OTHER_SEED) -> Unseen:
    """Ask a pupil about every message, taught by the other folds each time."""
    scores = np.zeros((len(whole), len(whole.columns)), dtype=np.float32)
    folds = []
    for kept, held in lessons(whole, seed):
        scores[held] = pupil(whole.part(kept), whole.part(held))
        folds.append(held)
    return Unseen(whole.columns, scores, whole.truth, tuple(folds))
