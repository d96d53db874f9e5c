"""Two pictures of how far probabilities can be trusted, as SVG, without a plotting library."""

from collections.abc import Iterable

import numpy as np

from classifier.crossvalidation import Judged
from classifier.evaluation import ECE_BINS

_SIZE, _EDGE = 400, 48
_INK, _ACCENT, _FAINT = "#222", "#0a6", "#bbb"


def reliability(judged: Judged) -> str:
    """Bars: how often predictions of each confidence were right. On the diagonal they keep their word."""
    bins = np.minimum((judged.confidences * ECE_BINS).astype(int), ECE_BINS - 1)
    bars = []
    for number in range(ECE_BINS):
        inside = bins == number
        if inside.any():
            left, right = _x(number / ECE_BINS), _x((number + 1) / ECE_BINS)
            top = _y(float(judged.correct[inside].mean()))
            bars.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left - 1:.1f}" '
                f'height="{_y(0) - top:.1f}" fill="{_ACCENT}"><title>{int(inside.sum())}</title></rect>'
            )
    diagonal = _line([(0, 0), (1, 1)], _INK)
    return _picture("confidence", "share that was right", [*bars, diagonal])


def risk_coverage(judged: Judged) -> str:
    """A line: which share was wrong when only so many of the surest predictions acted."""
    order = np.argsort(-judged.confidences, kind="stable")
    wrong = np.cumsum(~judged.correct[order]) / np.arange(1, len(order) + 1)
    steps = np.unique(np.linspace(0, len(order) - 1, 200).astype(int))
    scale = 1 / max(float(wrong.max()), 1e-9)
    points = [((at + 1) / len(order), float(wrong[at]) * scale) for at in steps]
    return _picture(
        "share that acts alone", f"share that is wrong, top = {1 / scale:.3f}", [_line(points, _ACCENT)]
    )


def _x(share: float) -> float:
    return _EDGE + share * (_SIZE - 2 * _EDGE)


def _y(share: float) -> float:
    return _SIZE - _EDGE - share * (_SIZE - 2 * _EDGE)


def _line(points: Iterable[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _picture(across: str, up: str, shapes: Iterable[str]) -> str:
    middle = _SIZE / 2
    frame = _SIZE - 2 * _EDGE
    ticks = "".join(
        f'<text x="{_x(share):.0f}" y="{_y(0) + 16:.0f}" text-anchor="middle">{share:g}</text>'
        f'<text x="{_x(0) - 6:.0f}" y="{_y(share) + 4:.0f}" text-anchor="end">{share:g}</text>'
        for share in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" font-family="sans-serif" '
        f'font-size="12" fill="{_INK}">\n<rect width="100%" height="100%" fill="#fff"/>'
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{frame}" height="{frame}" fill="none" stroke="{_FAINT}"/>\n'
        + "\n".join(shapes)
        + f'\n{ticks}<text x="{middle}" y="{_SIZE - 10}" text-anchor="middle">{across}</text>'
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{up}</text>\n'
        "</svg>\n"
    )
