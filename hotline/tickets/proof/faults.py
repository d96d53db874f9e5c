"""What a proof finds."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What does not agree with what; docs/operations.md says what each means."""

    MISSING = "missing"
    SLIPPED_IN = "slipped_in"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    ILLEGAL = "illegal"
    STATUS = "status"
    LAST_HASH = "last_hash"
    ROW = "row"
    ASSIGNMENT = "assignment"
    APPLICATION = "application"
    ORDER = "order"
    FOLLOW_UP = "follow_up"
    CLOCK = "clock"
    ORPHAN = "orphan"
    ANCHOR = "anchor"


@dataclass(frozen=True)
class Fault:
    """What does not agree. `seq` is the first event at fault, None when it is not one event's.

    `event` is the id of its row; where none is at fault or the row is gone, of the one behind the gap or the
    last of the ticket, None when it has none at all. `number` is the day for an anchor, and "?" for what
    belongs to no ticket that is known.
    """

    number: str
    kind: FaultKind
    seq: int | None = None
    detail: str = ""
    event: int | None = None
