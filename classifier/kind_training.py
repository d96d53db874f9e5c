"""Learning from the corpus how much each run of characters speaks for each kind of request.

python -m classifier.kind_training writes classifier/kinds.csv again, after the corpus has changed.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifier.corpus import Example, read_corpus
from classifier.kinds import ALWAYS, KINDS, WEIGHTS, Kind, Weights, plain, runs_of
from classifier.training import SEED

# A run of fewer texts says nothing; found, as the price of a fault, by cross-validation.
_LEAST = 10
_C = 0.5
# Complaints too end in a plea (希望管一管): help must be likelier than they by this much. Found likewise.
_PLEA = 0.1
# Weights are kept as whole numbers: this many make one.
_UNIT = 100


def teach_kinds(examples: Sequence[Example]) -> Weights:
    """Return for each run, `ALWAYS` included, what it adds to each of `KINDS`. Seconds."""
    texts = [runs_of(plain(one.text)) for one in examples]
    often = Counter(run for text in texts for run in text)
    known = sorted(run for run, count in often.items() if count >= _LEAST)
    matrix = _matrix(texts, {run: place for place, run in enumerate(known)})
    columns = np.stack([_column(matrix, [one.kind == kind for one in examples]) for kind in KINDS], axis=1)
    columns[0, KINDS.index(Kind.HELP)] -= _PLEA
    rows = np.rint(columns * _UNIT).astype(int)
    return {run: tuple(map(int, row)) for run, row in zip([ALWAYS, *known], rows, strict=True)}


def _column(matrix: csr_matrix, of_it: Sequence[bool]) -> NDArray[np.float64]:
    """What `ALWAYS` and each run add to one kind; a kind without an example is never likely."""
    if not any(of_it):
        return np.array([-1.0, *np.zeros(matrix.shape[1])])
    machine = LinearSVC(C=_C, random_state=SEED).fit(matrix, of_it)
    return np.concatenate([machine.intercept_, machine.coef_[0]])


def _matrix(texts: Sequence[frozenset[str]], places: dict[str, int]) -> csr_matrix:
    """Rows of length 1, in which every known run of a text weighs the same."""
    found = [sorted(places[run] for run in text if run in places) for text in texts]
    values = [1 / sqrt(len(row)) for row in found for _ in row]
    ends = np.cumsum([0, *map(len, found)])
    return csr_matrix((values, [place for row in found for place in row], ends), (len(texts), len(places)))


def write(weights: Weights, file: Path = WEIGHTS) -> None:
    """Write them as `kinds` reads them, in an order that shows what changed."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows: Iterable[tuple[object, ...]] = ((run, *weights[run]) for run in sorted(weights))
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("run", *KINDS))
        writer.writerows(rows)


if __name__ == "__main__":
    write(teach_kinds(list(read_corpus(Path(__file__).parent / "corpus"))))
