"""What dies is started again; what is ended is ended with everything it started."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from hotline.processes import instance
from hotline.processes.services import all_services, is_free
from hotline.processes.supervisor import Service, Supervisor
from hotline.settings import Settings

SLEEPS = "import time; time.sleep(600)"
HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"


def sleeper(name: str = "sleeper", code: str = SLEEPS) -> Service:
    return Service(name, (sys.executable, "-c", code))


@contextmanager
def supervised(*services: Service) -> Iterator[tuple[Supervisor, list[str]]]:
    """Run services under a supervisor that another thread looks after; everything is ended afterwards."""
    reported: list[str] = []
    supervisor = Supervisor(services, reported.append)
    assert supervisor.start(within=30)
    keeper = threading.Thread(target=supervisor.run)
    keeper.start()
    try:
        yield supervisor, reported
    finally:
        supervisor.stopping.set()
        keeper.join()
        supervisor.end()


# What other tests left running in this process, such as a database.
_others: set[int] = set()


@pytest.fixture(autouse=True)
def know_the_others() -> None:
    _others.update(one.pid for one in psutil.Process().children())


def is_a_sleeper(process: psutil.Process) -> bool:
    try:
        return any(SLEEPS in word for word in process.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return False


def children() -> list[psutil.Process]:
    """Return the services started since the test began, and what they started."""
    own = [one for one in psutil.Process().children() if one.pid not in _others and is_a_sleeper(one)]
    return [*own, *(below for one in own for below in one.children(recursive=True))]


def eventually(true: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + 30
    while not true():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def test_what_dies_is_started_again() -> None:
    with supervised(sleeper()) as (_, reported):
        [first] = children()

        os.kill(first.pid, signal.SIGKILL)

        assert eventually(
            lambda: [one.pid for one in children() if one.is_running()] not in ([], [first.pid])
        )
        assert "sleeper" in reported[0]


def test_who_keeps_dying_is_started_ever_more_rarely() -> None:
    with supervised(sleeper(code="raise SystemExit(3)")) as (_, reported):
        assert eventually(lambda: len(reported) >= 3)

    assert [line.split("，")[1] for line in reported[:3]] == [
        "0.5 秒后重新启动",
        "1 秒后重新启动",
        "2 秒后重新启动",
    ]


def test_at_the_end_nothing_is_left_not_even_grandchildren() -> None:
    with supervised(sleeper("one"), sleeper("two", HAS_A_CHILD)):
        assert eventually(lambda: len(children()) == 3)
        left = children()

    assert eventually(lambda: not any(one.is_running() and one.status() != "zombie" for one in left))


def test_a_service_that_never_gets_ready_fails_the_start() -> None:
    service = Service("never", (sys.executable, "-c", SLEEPS), is_ready=lambda: False)
    supervisor = Supervisor([service], report=lambda line: None)
    try:
        assert not supervisor.start(within=0.5)
    finally:
        supervisor.end()

    assert children() == []


def test_a_service_that_only_dies_fails_the_start_early() -> None:
    service = Service("broken", (sys.executable, "-c", "raise SystemExit(3)"), is_ready=lambda: False)
    supervisor = Supervisor([service], report=lambda line: None)

    begin = time.monotonic()
    assert not supervisor.start(within=60)

    assert time.monotonic() - begin < 30


def test_a_folder_has_one_supervisor_and_the_second_hears_where_it_answers(tmp_path: Path) -> None:
    first, second = "http://127.0.0.1:8345", "http://127.0.0.1:8346"
    with instance.hold(tmp_path, first):
        with pytest.raises(instance.AlreadyRunning) as refused, instance.hold(tmp_path, second):
            pass
        assert refused.value.pid == str(os.getpid())
        assert refused.value.address == first

    with instance.hold(tmp_path, second):
        pass


def test_a_taken_port_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not is_free("127.0.0.1", taken.getsockname()[1])


def test_with_a_redis_of_its_own_no_valkey_is_started(tmp_path: Path) -> None:
    embedded = Settings(instance=tmp_path)
    elsewhere = Settings(instance=tmp_path, redis_url="redis://10.0.0.1:6379")

    assert [one.name for one in all_services(embedded)] == ["valkey", "web", "worker", "reports", "ticker"]
    assert [one.name for one in all_services(elsewhere)] == ["web", "worker", "reports", "ticker"]


def test_without_any_redis_the_ticker_keeps_the_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.processes.services.valkey_binary", lambda: None)

    services = {one.name: one for one in all_services(Settings(instance=tmp_path))}

    assert services.keys() == {"web", "ticker"}
    assert services["ticker"].command[-1] == "--inline"
