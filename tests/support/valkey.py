"""A real Valkey on a socket in a folder of its own, from the binary that the product itself runs."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError

from hotline.processes.valkey import valkey_binary, valkey_command

START_SECONDS = 10


class Valkey:
    """A server that tests may kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        binary = valkey_binary()
        assert binary is not None, "no Valkey or Redis server is installed"
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                valkey_command(binary, self.folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """End the server in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def lose_everything(self) -> None:
        """Delete what the stopped server had kept on disk."""
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)

    def client(self) -> Redis:
        return Redis.from_url(self.url)

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        with self.client() as client:
            while True:
                try:
                    client.ping()
                    return
                except ConnectionError:
                    assert time.monotonic() < give_up, (self.folder / "log").read_text()
                    time.sleep(0.02)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, how)
            self._process.wait(START_SECONDS)
            self._process = None


@contextmanager
def running_valkey() -> Iterator[Valkey]:
    """Run a Valkey in a new folder with a short name (a socket path has 107 bytes at most)."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-vk-"))
    server = Valkey(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
