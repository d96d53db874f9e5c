"""Lists are paged by the place of their last row, never by offset."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 50


def key_of(at: datetime | None, row_id: int) -> str:
    """Return the place of a row as an address carries it: its moment, None for one without, and its id."""
    return f"{at.isoformat() if at else ''}|{row_id}"


def read_key(text: str | None) -> tuple[datetime | None, int] | None:
    """Return the place behind a key; a broken one counts as none."""
    written, _, number = (text or "").partition("|")
    try:
        at, row_id = (datetime.fromisoformat(written) if written else None), int(number)
    except ValueError:
        return None
    sound = (at is None or at.tzinfo is not None) and 0 < row_id < 2**63
    return (at, row_id) if sound else None


def beyond(
    moment: ColumnElement[Any] | InstrumentedAttribute[datetime],
    row: InstrumentedAttribute[int],
    at: datetime | None,
    row_id: int,
) -> ColumnElement[bool]:
    """Return what stands after a place, the earliest moment first, rows without one last."""
    if at is None:
        return and_(moment.is_(None), row > row_id)
    return or_(tuple_(moment, row) > tuple_(at, row_id), moment.is_(None))
