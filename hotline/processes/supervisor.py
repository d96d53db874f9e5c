"""Runs several processes as one: starts them, restarts what dies, ends all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

SHORTEST_REST, LONGEST_REST = 0.5, 30.0
# Who ran this long was well: after it, a death counts as the first.
WELL_AFTER = 60.0
ENDS_WITHIN = 12.0
# Who died so often before it was ever ready will not come up.
HOPELESS_AFTER = 4
_PULSE = 0.2


@dataclass(frozen=True)
class Service:
    """`log`: the file for what it prints; None: the supervisor's own output. `is_ready`: None: at once."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    is_ready: Callable[[], bool] | None = None


class _Child:
    def __init__(self, service: Service) -> None:
        self.service = service
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.deaths = 0
        self.restart_at = 0.0

    def start(self) -> None:
        output = _open(self.service.log)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - the commands of `services`
                self.service.command,
                env={**os.environ, **self.service.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own: Ctrl-C reaches only the supervisor, which ends its children in order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        finally:
            if output is not None:
                output.close()
        self.started_at = time.monotonic()

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def rest(self) -> float:
        """Note a death; return how long to wait before the next start."""
        well = time.monotonic() - self.started_at > WELL_AFTER
        self.deaths = 1 if well else self.deaths + 1
        wait = min(SHORTEST_REST * (1 << min(self.deaths - 1, 10)), LONGEST_REST)
        self.restart_at = time.monotonic() + wait
        self.process = None
        return wait

    def signal(self, number: signal.Signals) -> None:
        """Signal the whole group, what the child itself started included."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """`report` hears a line for people whenever something starts again or ends."""

    def __init__(self, services: Sequence[Service], report: Callable[[str], None]) -> None:
        self._children = [_Child(service) for service in services]
        self._report = report
        self.stopping = threading.Event()

    def start(self, *, within: float) -> bool:
        """Start one after the other, each when the one before is ready; tell whether all came up in time."""
        give_up = time.monotonic() + within
        for child in self._children:
            child.start()
            while not self._is_ready(child):
                hopeless = child.deaths >= HOPELESS_AFTER or time.monotonic() > give_up
                if self.stopping.wait(_PULSE / 2) or hopeless:
                    return False
                self._restart_dead()
        return True

    def run(self) -> None:
        """Keep all running until `stopping` is set."""
        while not self.stopping.wait(_PULSE):
            self._restart_dead()

    def end(self) -> None:
        """End every process, in the reverse order: first those that lean on the others."""
        for child in reversed(self._children):
            child.signal(signal.SIGTERM)
            if child.process is not None:
                try:
                    child.process.wait(ENDS_WITHIN)
                except subprocess.TimeoutExpired:
                    self._report(f"{child.service.name} 没有及时结束，强行结束")
            # Also what outlived its parent.
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def _is_ready(self, child: _Child) -> bool:
        if child.process is None or child.is_dead():
            return False
        return child.service.is_ready is None or child.service.is_ready()

    def _restart_dead(self) -> None:
        for child in self._children:
            if child.is_dead() and child.process is not None:
                code = child.process.returncode
                child.signal(signal.SIGKILL)
                wait = child.rest()
                where = f"，原因见 {child.service.log}" if child.service.log else ""
                self._report(f"{child.service.name} 意外结束（{code}），{wait:g} 秒后重新启动{where}")
            elif child.process is None and child.started_at and time.monotonic() >= child.restart_at:
                child.start()


def _open(log: Path | None) -> IO[bytes] | None:
    if log is None:
        return None
    log.parent.mkdir(parents=True, exist_ok=True)
    return open(log, "ab")


def _end_with_parent() -> None:
    """Have Linux end this child when the supervisor is killed outright (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
