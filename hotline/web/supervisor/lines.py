"""The small lines beside a figure: fourteen days as the points of a polyline."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, TOP, BOTTOM = 64.0, 2.0, 16.0


@dataclass(frozen=True)
class Spark:
    """`points` as SVG wants them; `x`, `y`: the last one, marked by a dot."""

    points: str
    x: float
    y: float


def spark(values: Sequence[float | None]) -> Spark | None:
    """Return the line through what is known of `values`, days without a value left out; None below two."""
    step = WIDTH / max(len(values) - 1, 1)
    known = [(round(day * step, 1), value) for day, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    reach = (high - low) or 1
    placed = [(x, round(BOTTOM - (value - low) / reach * (BOTTOM - TOP), 1)) for x, value in known]
    return Spark(" ".join(f"{x},{y}" for x, y in placed), *placed[-1])
