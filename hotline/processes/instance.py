"""One set of processes for one instance folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor works on this folder; `pid` is its process."""

    def __init__(self, pid: str) -> None:
        super().__init__(f"already running as {pid}")
        self.pid = pid


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process. The lock goes with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "supervisor.pid", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(file.read().strip()) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)
