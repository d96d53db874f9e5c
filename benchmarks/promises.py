"""How often does a lane open that is not good enough? python -m benchmarks.promises

A category whose true precision lies below the promise, whatever the confidence; twenty-five decisions come a
day, the evidence is weighed at night, and again at once after a wrong decision that went by itself.
"""

import os
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from classifier.selective import Promise, gate_for

PROMISE = Promise(precision=0.97, confidence=0.95)
TRUE_PRECISIONS = (0.94, 0.95, 0.96, 0.965)
A_DAY, DAYS, MOST, RUNS = 25, 60, 500, 200


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    print(f"{PROMISE}, {RUNS} runs of {DAYS} days, {A_DAY} decisions a day")
    chance = np.random.default_rng(1)
    for precision in TRUE_PRECISIONS:
        runs = [list(nights(chance, precision)) for _ in range(RUNS)]
        ever = np.mean([any(went or opened for opened, went, _ in run) for run in runs])
        open_nights = np.mean([opened for run in runs for opened, _, _ in run])
        went = sum(went for run in runs for _, went, _ in run)
        right = sum(right for run in runs for _, _, right in run)
        kept = f"{right / went:.3f} of {went} that went were right" if went else "nothing went"
        print(f"true precision {precision}: open in {ever:.2f} of runs, {open_nights:.2f} of nights; {kept}")


def nights(chance: np.random.Generator, precision: float) -> Iterator[tuple[bool, int, int]]:
    """Yield for each day whether its night opens the lane, and how many then went and were right."""
    sureness = chance.random(A_DAY * DAYS)
    right = chance.random(A_DAY * DAYS) < precision
    threshold: float | None = None
    for day in range(DAYS):
        today = slice(day * A_DAY, (day + 1) * A_DAY)
        went = good = 0
        for at in range(today.start, today.stop):
            if threshold is not None and sureness[at] >= threshold:
                went, good = went + 1, good + int(right[at])
                if not right[at]:
                    threshold = weighed(sureness[: at + 1], right[: at + 1])
        threshold = weighed(sureness[: today.stop], right[: today.stop])
        yield threshold is not None, went, good


def weighed(sureness: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    gate = gate_for(PROMISE, zip(sureness[-MOST:], right[-MOST:], strict=True))
    return gate.threshold if gate else None


if __name__ == "__main__":
    main()
