"""Remember which rows of a file were read, in flat memory: two million of them are two million small keys."""

import sqlite3
from hashlib import sha256


class Seen:
    """The first row under each identity, in a temporary file of SQLite's own that goes with the process."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE seen (identity INTEGER PRIMARY KEY, row INTEGER NOT NULL)")

    def first(self, identity: str, number: int) -> int:
        """Return the number of the first row that had this identity: `number` itself when it is new."""
        # Half a digest is enough to tell the rows of one file apart.
        key = int.from_bytes(sha256(identity.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
        added = self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, number))
        if added.rowcount:
            return number
        (first,) = self._rows.execute("SELECT row FROM seen WHERE identity = ?", (key,)).fetchone()
        return int(first)

    def close(self) -> None:
        self._rows.close()
