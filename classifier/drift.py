"""Has what comes in moved away from what a model was taught by? Its figures by category, then and now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import gammaln, stdtr

# Of a hundred comparisons in which nothing has moved, one at most says of an aspect that something has.
CHANCE = 0.01
# Fewer tickets of a category say nothing.
FEWEST = 20
# What matters: so many points of a share, or twice as many and so many tickets more; points of the others.
SHARE, TWICE, TICKETS = 0.03, 2, 10
CONFIDENCE, OVERRIDE = 0.08, 0.10


class Aspect(StrEnum):
    """Which figure of a category: its share of all, how sure the model is of it, how often people differ."""

    SHARE = "share"
    CONFIDENCE = "confidence"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Tally:
    """What became of the tickets that a model took for one category.

    `cases`: how many; `sure`: the sum of its confidences, `squares` of their squares, None where it was not
    kept; `overruled`: how many people took for another category.
    """

    cases: int = 0
    sure: float = 0.0
    overruled: int = 0
    squares: float | None = None

    @property
    def confidence(self) -> float | None:
        return self.sure / self.cases if self.cases else None

    @property
    def override(self) -> float | None:
        return self.overruled / self.cases if self.cases else None


@dataclass(frozen=True)
class Compared:
    """One figure of one category, then and now.

    `chance`: how often nothing but chance makes so large a difference. `moved`: beyond chance, however many
    categories were compared, and by enough to matter.
    """

    category: str
    aspect: Aspect
    then: float
    now: float
    chance: float
    moved: bool = False


@dataclass(frozen=True)
class _Pair:
    """One category on both sides, each among `all_then` and `all_now` tickets."""

    category: str
    then: Tally
    now: Tally
    all_then: int
    all_now: int


@dataclass(frozen=True)
class _Look:
    """`is_enough`: there are tickets enough to judge by. `matters`: it is told where it is beyond chance."""

    seen: Compared
    is_enough: bool
    matters: bool


def compare(then: Mapping[str, Tally], now: Mapping[str, Tally]) -> list[Compared]:
    """Every figure that stands on both sides, aspect by aspect; none where a side is empty.

    Within an aspect, that of many categories none is called moved by chance is kept by Holm's procedure
    (A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979).
    """
    all_then, all_now = (sum(one.cases for one in side.values()) for side in (then, now))
    if not all_then or not all_now:
        return []
    pairs = [
        _Pair(category, then.get(category, Tally()), now.get(category, Tally()), all_then, all_now)
        for category in sorted({*then, *now})
    ]
    counted = [pair for pair in pairs if pair.then.cases and pair.now.cases]
    return [
        *_told([_share(pair) for pair in pairs]),
        *_told([_confidence(pair) for pair in counted]),
        *_told([_override(pair) for pair in counted]),
    ]


def _told(looks: list[_Look]) -> list[Compared]:
    """Call moved what passes Holm's procedure and matters."""
    by_chance = sorted((look for look in looks if look.is_enough), key=lambda look: look.seen.chance)
    passed = set()
    for rank, look in enumerate(by_chance):
        if look.seen.chance > CHANCE / (len(by_chance) - rank):
            break
        passed.add(look.seen.category)
    return [replace(look.seen, moved=look.matters and look.seen.category in passed) for look in looks]


def _share(pair: _Pair) -> _Look:
    then, now = pair.then.cases / pair.all_then, pair.now.cases / pair.all_now
    chance = rates_chance((pair.then.cases, pair.all_then), (pair.now.cases, pair.all_now))
    fewer, more = sorted((then * pair.all_now, float(pair.now.cases)))
    return _Look(
        Compared(pair.category, Aspect.SHARE, then, now, chance),
        is_enough=more >= FEWEST,
        matters=abs(now - then) >= SHARE or (more >= TWICE * fewer and more - fewer >= TICKETS),
    )


def _confidence(pair: _Pair) -> _Look:
    then, now = pair.then.sure / pair.then.cases, pair.now.sure / pair.now.cases
    return _Look(
        Compared(pair.category, Aspect.CONFIDENCE, then, now, means_chance(pair.then, pair.now)),
        is_enough=_both_enough(pair),
        matters=abs(now - then) >= CONFIDENCE,
    )


def _override(pair: _Pair) -> _Look:
    then, now = pair.then.overruled / pair.then.cases, pair.now.overruled / pair.now.cases
    chance = rates_chance((pair.then.overruled, pair.then.cases), (pair.now.overruled, pair.now.cases))
    return _Look(
        Compared(pair.category, Aspect.OVERRIDE, then, now, chance),
        is_enough=_both_enough(pair),
        matters=abs(now - then) >= OVERRIDE,
    )


def _both_enough(pair: _Pair) -> bool:
    return min(pair.then.cases, pair.now.cases) >= FEWEST


def rates_chance(first: tuple[int, int], second: tuple[int, int]) -> float:
    """How often chance alone parts two rates, each `some of all`, so far: twice the smaller tail.

    Exact also where few are counted (Fisher, The Design of Experiments, 1935: the hypergeometric test).
    """
    (some, all_), (others, all_others) = first, second
    both = some + others
    counts = np.arange(max(0, both - all_others), min(both, all_) + 1)
    log = -(
        gammaln(counts + 1)
        + gammaln(all_ - counts + 1)
        + gammaln(both - counts + 1)
        + gammaln(all_others - both + counts + 1)
    )
    weight = np.exp(log - log.max())
    tails = weight[counts <= some].sum(), weight[counts >= some].sum()
    return min(1.0, float(2 * min(tails) / weight.sum()))


def means_chance(first: Tally, second: Tally) -> float:
    """How often chance alone parts two mean confidences so far (Welch, Biometrika 34, 1947), two-sided.

    1 where a side has fewer than two tickets.
    """
    if min(first.cases, second.cases) < 2:
        return 1.0
    gap = abs(first.sure / first.cases - second.sure / second.cases)
    errors = [_variance(one) / one.cases for one in (first, second)]
    if not sum(errors):
        return float(not gap)
    freedom = sum(errors) ** 2 / sum(
        error**2 / (one.cases - 1) for error, one in zip(errors, (first, second), strict=True)
    )
    return float(2 * stdtr(freedom, -gap / np.sqrt(sum(errors))))


def _variance(tally: Tally) -> float:
    """Of the confidences; without their squares the most that their mean allows (Bhatia and Davis, 2000)."""
    mean = tally.sure / tally.cases
    if tally.squares is None:
        return max(mean * (1 - mean), 0.0)
    return max((tally.squares - tally.cases * mean**2) / (tally.cases - 1), 0.0)
