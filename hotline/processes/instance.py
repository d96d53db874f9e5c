"""One set of processes for one instance folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor works on this folder: `pid` is its process, `address` where it answers."""

    def __init__(self, pid: str, address: str) -> None:
        super().__init__(f"already running as {pid} at {address}")
        self.pid = pid
        self.address = address


@contextmanager
def hold(folder: Path, address: str) -> Iterator[None]:
    """Hold `folder` for this process, which answers at `address`. Raises AlreadyRunning.

    The lock goes with the process, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "supervisor.pid", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid, _, held = file.read().strip().partition(" ")
            raise AlreadyRunning(pid, held) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {address}\n")
        file.flush()
        yield
        file.truncate(0)
