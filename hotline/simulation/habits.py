"""What people are like: drawn once for each ticket and each department, never by the moment.

A fate is drawn from the seed and the ticket's number, so that it needs no memory: a simulation that
goes on from a database meets every ticket as it was meant.
"""

from dataclasses import dataclass
from functools import cached_property
from random import Random


def chance(*parts: object) -> Random:
    """Return the dice for one purpose: the same parts, the same throws."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - a play, not a secret


@dataclass(frozen=True)
class Diligence:
    """How a department works: 1 is ordinary; a slow one takes longer, a careless one answers worse."""

    slowness: float
    care: float
    readiness_to_return: float


def diligence_of(seed: int, department: str) -> Diligence:
    rng = chance(seed, "department", department)
    return Diligence(
        slowness=rng.choice((0.65, 0.8, 0.9, 1.0, 1.0, 1.1, 1.3)),
        care=rng.uniform(0.82, 0.97),
        readiness_to_return=rng.uniform(0.005, 0.03),
    )


@dataclass(frozen=True)
class Fate:
    """What one ticket meets in one round of handling."""

    seed: int
    number: str
    round: int

    @cached_property
    def wrong_turns(self) -> int:
        """How many departments it reaches before the right one; after three it goes to the arbiter."""
        return self._rng("turns").choices((0, 1, 2, 3), (960, 28, 4, 8))[0]

    @cached_property
    def stubborn(self) -> float:
        """Against a department's readiness to return what is its own."""
        return self._rng("stubborn").random()

    @cached_property
    def share(self) -> float:
        """Which part of the time allowed the work takes; above 1 it is late."""
        rng = self._rng("share")
        return rng.uniform(1.05, 1.5) if rng.random() < 0.03 else rng.triangular(0.1, 1.0, 0.55)

    def meets(self, what: str, chance: float) -> bool:
        """Tell whether this befalls the ticket; the same answer whenever it is asked."""
        return self._rng(what).random() < chance

    def _rng(self, what: str) -> Random:
        return chance(self.seed, self.number, self.round, what)
