"""Worker, ticker and Valkey killed in the middle of a busy day: nothing is lost, nothing done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from hotline import clock, runtime
from hotline.cities.city import City
from hotline.models.lease import Lease
from hotline.models.outbox import OutboxMessage
from hotline.settings import ROOT, Settings
from hotline.tickets import verification
from hotline.work import SYSTEM
from tests.support.promised import assert_each_kept_once, messages
from tests.support.town import started
from tests.support.valkey import Valkey, running_valkey

pytestmark = pytest.mark.slow

ENOUGH = 5
PATIENCE = 40.0


class Process:
    """One real process of the product, that a test may kill and start again."""

    def __init__(self, settings: Settings, redis_url: str, *arguments: str) -> None:
        self._arguments = arguments
        self._log = settings.instance / f"{arguments[0]}.log"
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
            "HOTLINE_INSTANCE": str(settings.instance),
            "HOTLINE_SECRET_KEY": settings.secret_key,
            "HOTLINE_VAULT_KEY": settings.vault_key,
            "HOTLINE_REDIS_URL": redis_url,
        }
        self.start()

    def start(self) -> None:
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hotline", *self._arguments],
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def keep_up(self) -> None:
        """Start it again when it ended by itself, as the supervisor of `demo` and `serve` does."""
        if self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self._process.poll() is None, self._log.read_text()
        self._process.send_signal(how)
        self._process.wait(timeout=20)


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    with started(tmp_path, city) as settings:
        yield settings


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with running_valkey() as server:
        yield server


def _until(holds: Callable[[], bool], what: str, *kept_up: Process) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, f"waited in vain: {what}"
        for process in kept_up:
            process.keep_up()
        time.sleep(0.1)


def _done_by(pid: int, since: datetime) -> int:
    """Return how many messages this worker has done since then."""
    with runtime.view(SYSTEM) as work:
        counted = select(func.count()).where(
            OutboxMessage.done_at >= since, OutboxMessage.done_by.endswith(f":{pid}")
        )
        return work.session.scalar(counted) or 0


def _offered(since: datetime) -> int:
    """Return how many messages made since then were offered to the workers."""
    with runtime.view(SYSTEM) as work:
        counted = select(func.count()).where(OutboxMessage.created_at >= since, OutboxMessage.offers > 0)
        return work.session.scalar(counted) or 0


def _leader() -> int:
    """Return the process that holds the ticker's lease, 0 for none."""
    with runtime.view(SYSTEM) as work:
        lease = work.session.scalar(select(Lease).where(Lease.until > work.now))
        return int(lease.holder.split(":")[1]) if lease else 0


def test_each_process_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    settings: Settings, valkey: Valkey
) -> None:
    with ExitStack() as ending:
        worker, ticker, people = (
            Process(settings, valkey.url, *arguments)
            for arguments in (("worker",), ("ticker",), ("simulate", "--live", "--seconds", "600"))
        )
        for process in (people, ticker, worker):
            ending.callback(process.stop)

        began = clock.now()
        _until(lambda: _done_by(worker.pid, began) >= ENOUGH, "the worker's first work")
        worker.kill()
        worker.start()
        began = clock.now()
        _until(lambda: _done_by(worker.pid, began) >= ENOUGH, "the second worker's work")

        assert _leader() == ticker.pid
        ticker.kill()
        ticker.start()
        _until(lambda: _leader() == ticker.pid, "the second ticker's lease")
        began = clock.now()
        _until(lambda: _offered(began) >= ENOUGH, "the second ticker's offers")

        valkey.kill()
        valkey.lose_everything()
        valkey.start()
        began = clock.now()
        # A worker that lost its Valkey in the middle of a job ends, and is started again.
        _until(lambda: _done_by(worker.pid, began) >= ENOUGH, "work through the new Valkey", worker, ticker)

        people.stop()
        _forget_leases()
        _until(lambda: all(one.done_at for one in messages()), "the last promises", worker, ticker)

    assert_each_kept_once(settings.sms_file)
    with runtime.view(SYSTEM) as work:
        assert list(verification.verify(work)) == []


def _forget_leases() -> None:
    """Let what was cut off be offered again at once: its lease would run out by itself within a minute."""
    with runtime.work(SYSTEM) as work:
        open_ = update(OutboxMessage).where(OutboxMessage.done_at.is_(None))
        work.session.execute(open_.values(due_at=clock.now()))
