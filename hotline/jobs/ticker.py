"""The pulse: offers promises every second and sweeps every half minute, in one process at a time.

Alerts alone are raised by every ticker: many may fall due in the same minute, at the end of a shift.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from hotline.jobs import leadership, sweeps
from hotline.jobs.outbox import Transport, relay
from hotline.logs import log

BATCH = 100
LONGEST_REST = 15.0
_PULSE = 0.2


@dataclass
class Chore:
    """Something done every so many seconds, and less often while it fails."""

    name: str
    every: float
    do: Callable[[], object]
    next_at: float = 0.0
    failures: int = 0

    def do_when_due(self) -> None:
        if time.monotonic() < self.next_at:
            return
        try:
            self.do()
            self.failures = 0
        except Exception:  # the database or Redis is away: say so, rest, try again
            self.failures += 1
            log.exception("chore_failed", chore=self.name, failures=self.failures)
        rest = min(self.every * 2**self.failures, max(self.every, LONGEST_REST))
        self.next_at = time.monotonic() + rest


class Ticker:
    """`run` returns when `stop` is set. Of several tickers the one that holds the lease works; all ring."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._leads = False
        # The lease outlasts several renewals, and is renewed first.
        self._lead = Chore("lead", 4.0, self._take_lead)
        self._alerts = Chore("due_alerts", 30.0, sweeps.due_alerts)
        self._work = (
            Chore("relay", 1.0, self._relay),
            Chore("due_digests", 60.0, sweeps.due_digests),
            Chore("due_resumes", 30.0, sweeps.due_resumes),
            Chore("expired_links", 30.0, sweeps.expired_links),
            Chore("due_escalations", 30.0, sweeps.due_escalations),
            Chore("nightly", 300.0, sweeps.nightly),
        )

    def run(self, stop: threading.Event) -> None:
        log.info("ticker_started", holder=self._holder)
        while not stop.wait(_PULSE):
            self.tick()
        Chore("give_up", 0.0, lambda: leadership.give_up(self._holder)).do_when_due()
        log.info("ticker_stopped", holder=self._holder)

    def tick(self) -> None:
        """Do what is due now."""
        self._lead.do_when_due()
        if self._leads:
            for chore in self._work:
                chore.do_when_due()
        self._alerts.do_when_due()

    def _take_lead(self) -> None:
        had_it, self._leads = self._leads, False
        self._leads = leadership.take(self._holder)
        if self._leads != had_it:
            log.info("ticker_leads" if self._leads else "ticker_waits", holder=self._holder)

    def _relay(self) -> None:
        while relay(self._transport, limit=BATCH) == BATCH:
            self._lead.do_when_due()
