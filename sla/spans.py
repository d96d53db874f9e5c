"""Stretches of time, and the one walk over them that both adds and measures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

Span = tuple[datetime, datetime]
FOREVER = datetime.max.replace(tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC, where differences are real time, whatever summer time does.

    Raises ValueError for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def moment_after(spans: Iterable[Span], amount: timedelta) -> datetime | None:
    """Return when `amount` of `spans` has passed, or None when they end before.

    Time that runs out at the end of a span runs out then, not where the next one begins.
    """
    remaining = amount
    for begin, end in spans:
        length = end - begin
        if remaining <= length:
            return begin + remaining
        remaining -= length
    return None


def total(spans: Iterable[Span]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time as spans in order that neither overlap nor touch."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def cut(spans: Iterable[Span], holes: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of `spans` outside `holes`, which come from `union`.

    Stops at a hole that ends at FOREVER, even where `spans` would go on without end.
    """
    for span in spans:
        begin, end = span
        for hole_begin, hole_end in holes:
            if hole_begin >= end:
                break
            if hole_end <= begin:
                continue
            if begin < hole_begin:
                yield begin, hole_begin
            begin = hole_end
        if begin < end:
            yield begin, end
        elif begin == FOREVER:
            return
