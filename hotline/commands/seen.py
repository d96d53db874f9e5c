"""Remember which rows of a file were read, in flat memory however many there are."""

import sqlite3
from contextlib import closing
from types import TracebackType
from typing import Self

# SQLite's integers are signed.
_HALF = 1 << 63


class Seen:
    """The first row under each identity of 64 bits, in a temporary file that goes with the process."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("CREATE TABLE seen (identity INTEGER PRIMARY KEY, row INTEGER NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def first(self, identity: int, number: int) -> int:
        """Return the number of the first row that had this identity: `number` itself when it is new."""
        key = identity - _HALF
        with closing(self._rows.cursor()) as cursor:
            cursor.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, number))
            if cursor.rowcount:
                return number
            return int(cursor.execute("SELECT row FROM seen WHERE identity = ?", (key,)).fetchone()[0])
