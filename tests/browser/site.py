"""The product really running: its web process on a port of its own, over a database that tests can fill."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from hotline import clock, db
from hotline.cities.city import City
from hotline.commands import migrating
from hotline.crypto import Vault
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.settings import ROOT
from hotline.tickets import worklists
from hotline.work import SYSTEM, Work
from tests.builders import AGENT, enrol, fill_profile_tables

PASSWORD = "correct-horse-battery"
SECRET_KEY, VAULT_KEY = "s" * 64, "00" * 32
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running product. Everyone of tests.builders signs in with his login and PASSWORD."""

    port: int
    engine: Engine
    city: City

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Open a unit of work beside the running product, in which an agent acts now."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield Work(session, AGENT, clock.now(), self.city, Vault(VAULT_KEY))

    def ticket(self, number: str) -> Ticket:
        """Return the ticket as the database has it now."""
        with self.work() as work:
            return worklists.ticket_for(Work(work.session, SYSTEM, work.now, work.city, work.vault), number)


@contextmanager
def running_site(folder: Path, city: City) -> Iterator[Site]:
    engine = db.open_engine(f"sqlite:///{folder / 'hotline.db'}")
    port = _free_port()
    with open(folder / "web.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "web"],
            cwd=ROOT, env=_environment(folder, port), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _fill(engine, city)  # while the process loads its libraries
        _wait_until_ready(process, port, folder / "web.log")
        yield Site(port, engine, city)
    finally:
        process.terminate()
        process.wait(30)
        engine.dispose()


def _fill(engine: Engine, city: City) -> None:
    migrating.upgrade(engine)
    # As weak as argon2 can be: the pages are tested, not how long guessing takes.
    password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with Session(engine) as session, session.begin():
        fill_profile_tables(session, city)
        enrol(session)
        session.flush()
        session.execute(update(User).values(password_hash=password_hash))


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return kept | {
        "HOTLINE_INSTANCE": str(folder),
        "HOTLINE_PORT": str(port),
        "HOTLINE_SECRET_KEY": SECRET_KEY,
        "HOTLINE_VAULT_KEY": VAULT_KEY,
        # One process: its throttles and sessions are counted in one memory.
        "HOTLINE_WEB_WORKERS": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not _is_ready(port):
        is_starting = process.poll() is None and time.monotonic() < give_up
        assert is_starting, log.read_text(errors="replace")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
