"""The text messages of the demo: one JSON object a line in a file, instead of a gateway."""

import fcntl
import json
from io import BufferedRandom
from pathlib import Path

from hotline.notify.channel import Undelivered

_SHOWN_AT_END = 4


class ConsoleSms:
    """Writes what a gateway would send, numbers masked. Drops a repeated key, whoever wrote it first."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: set[str] = set()
        self._read = 0

    def send(self, to: str, text: str, *, key: str) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with open(self._file, "a+b") as out:
                fcntl.flock(out, fcntl.LOCK_EX)
                self._learn_keys(out)
                if key not in self._keys:
                    out.write(_line(to, text, key))
        except OSError as error:
            raise Undelivered(str(error)) from error

    def _learn_keys(self, out: BufferedRandom) -> None:
        """Read what was written since the last time, by this process or another."""
        if out.seek(0, 2) < self._read:  # emptied or replaced by an operator
            self._keys.clear()
            self._read = 0
        out.seek(self._read)
        self._keys.update(json.loads(line)["key"] for line in out)
        self._read = out.tell()


def _line(to: str, text: str, key: str) -> bytes:
    masked = "*" * (len(to) - _SHOWN_AT_END) + to[-_SHOWN_AT_END:]
    return json.dumps({"key": key, "to": masked, "text": text}, ensure_ascii=False).encode() + b"\n"
