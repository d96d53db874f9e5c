"""Hold rows against the story that the ledger tells of them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from hotline.models.ticket import Ticket
from hotline.tickets.proof.faults import FaultKind
from hotline.tickets.proof.rows import Rows
from hotline.tickets.proof.story import Story

# What people said is not repeated in a fault: faults are logged.
_WORDS = frozenset(
    {
        "words",
        "address",
        "answer",
        "basis",
        "text",
        "evidence",
        "decision",
        "comment",
        "handed_to",
        "reply",
        "verdict",
        "leader",
    }
)


def contradictions(ticket: Ticket, rows: Rows, story: Story) -> Iterator[tuple[FaultKind, str]]:
    """Yield in words what the rows say otherwise. What the calendar makes of clocks is for `clocks`."""
    yield from ((FaultKind.ROW, text) for text in _differences(ticket, story.row))
    yield from _unlike(FaultKind.ASSIGNMENT, dict(enumerate(rows.parts, 1)), dict(enumerate(story.parts, 1)))
    yield from _unlike(FaultKind.APPLICATION, {one.id: one for one in rows.applications}, story.applications)
    yield from _unlike(FaultKind.ORDER, {one.id: one for one in rows.orders}, story.orders)
    yield from _unlike(FaultKind.FOLLOW_UP, _by_attempt(rows.attempts), _by_attempt(story.attempts))
    clocks = {one.key: one for one in rows.clocks}
    yield from _unlike(FaultKind.CLOCK, clocks, {one.key: one for one in story.clocks})


def _by_attempt(attempts: Any) -> dict[str, Any]:
    return {f"{one.round}/{one.attempt}": one for one in attempts}


def _unlike(
    kind: FaultKind, rows: Mapping[Any, object], told: Mapping[Any, Any]
) -> Iterator[tuple[FaultKind, str]]:
    yield from ((kind, f"{key}: no row") for key in told if key not in rows)
    yield from ((kind, f"{key}: no entry") for key in rows if key not in told)
    for key in told:
        if key in rows:
            yield from ((kind, f"{key}: {text}") for text in _differences(rows[key], told[key]))


def _differences(row: object, told: Any) -> Iterator[str]:
    for name in (one.name for one in fields(told) if one.compare):
        stands, must = getattr(row, name), getattr(told, name)
        if stands != must:
            yield f"{name} rewritten" if name in _WORDS else f"{name}: row {stands}, ledger {must}"
