"""The sweep: a million open clocks and none due; ten thousand due at once. python -m benchmarks.sweep

On SQLite as it is run (every commit on the disk) and on a throw-away PostgreSQL (without fsync, so its writes
cost less than those of a server that is kept).
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select, text, update

from benchmarks._town import load_average, seconds_of
from hotline import clock, db, runtime
from hotline.jobs import sweeps
from hotline.lifecycle import Action, Role, Status
from hotline.models.alert import Alert
from hotline.models.caller import Caller
from hotline.models.deadline import Deadline
from hotline.models.event import TicketEvent
from hotline.models.ticket import CategorySource, Channel, Kind, Ticket, Urgency
from hotline.settings import Settings
from hotline.tickets import alerting
from hotline.work import SYSTEM
from sla import Stage
from tests.builders import enrol, fill_profile_tables
from tests.support.postgres import PostgresUnavailable, running_postgres

OPEN, DUE, TICKERS = 1_000_000, 10_000, 2
# One clock of each for a ticket.
STAGES = (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE, Stage.REVIEW)
AT_ONCE = 5_000


@dataclass(frozen=True)
class Figures:
    """`idle`: seconds of the question whether anything is due. `raised`: seconds until all had fired.

    `fired` clocks have an alert, `entries` of the ledger tell of it; `shares`: what each ticker raised.
    """

    open: int
    idle: float
    due: int
    raised: float
    fired: int
    entries: int
    shares: tuple[int, ...]


def main() -> None:
    """Print both figures for SQLite and for PostgreSQL."""
    print(load_average())
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        report("SQLite", measure(f"sqlite:///{folder}/sweep.db", Path(folder)))
        try:
            with running_postgres() as server:
                report("PostgreSQL", measure(server.create("sweep"), Path(folder)))
        except PostgresUnavailable as reason:
            print(f"PostgreSQL: not measured, {reason}")
    print(load_average())


def report(name: str, found: Figures) -> None:
    print(f"{name}: {found.open:,} open clocks, none due: {found.idle * 1000:.2f} ms")
    shares = " + ".join(f"{share:,}" for share in found.shares)
    print(
        f"{name}: {found.due:,} due at once, {TICKERS} tickers: {found.raised:.1f} s, "
        f"{found.fired:,} fired ({shares}), {found.entries:,} entries"
    )


def measure(url: str, folder: Path, *, clocks: int = OPEN, due: int = DUE) -> Figures:
    """Fill an empty database and sweep it. Minutes, most of them for the filling."""
    with _started(url, folder):
        now = clock.now()
        _fill(clocks // len(STAGES), len(STAGES))
        with db.transaction() as session:
            session.execute(text("ANALYZE"))
        idle = seconds_of(_ask)
        with db.transaction() as session:
            first = session.scalars(select(Deadline.id).order_by(Deadline.id).limit(due)).all()
            fallen = {"due_at": now - timedelta(minutes=1), "alert_at": now - timedelta(minutes=1)}
            session.execute(update(Deadline).where(Deadline.id.in_(first)).values(**fallen))
            session.execute(
                update(Deadline)
                .where(Deadline.id.in_(first))
                .values(started_at=now - timedelta(hours=24, minutes=1))
            )
    raised, shares = _race(url, folder)
    with _started(url, folder, fresh=False), db.snapshot() as session:
        reds = select(func.count(), func.count(Alert.deadline_id.distinct())).where(Alert.rung == "red")
        rang, fired = session.execute(reds).one()
        entries = session.scalar(select(func.count()).where(TicketEvent.action == Action.BREACH)) or 0
    if not rang == fired == entries == due:
        raise AssertionError(f"{fired} fired {rang} times, {entries} entries for {due} due")
    return Figures(clocks, idle, due, raised, fired, entries, shares)


def _ask() -> None:
    with runtime.view(SYSTEM) as work:
        if alerting.next_due_id(work) is not None:
            raise AssertionError("nothing should be due")


@contextmanager
def _started(url: str, folder: Path, *, fresh: bool = True) -> Iterator[None]:
    runtime.start(_settings(url, folder), with_model=False)
    try:
        if fresh:
            running = runtime.current()
            db.Base.metadata.create_all(running.engine)
            with db.transaction() as session:
                fill_profile_tables(session, running.city)
                enrol(session)
        yield
    finally:
        runtime.stop()


def _settings(url: str, folder: Path) -> Settings:
    return Settings(instance=folder, database_url=url, secret_key="s" * 32, vault_key="00" * 32)


def _fill(tickets: int, clocks: int) -> None:
    """Write tickets that lie with departments, each with two entries and `clocks` running clocks."""
    now = clock.now()
    leads = [one.code for one in runtime.current().city.departments]
    with db.transaction() as session:
        session.add(caller := Caller(created_at=now))
        session.flush()
        caller_id = caller.id
    for start in range(1, tickets + 1, AT_ONCE):
        ids = range(start, min(start + AT_ONCE, tickets + 1))
        with db.transaction() as session:
            session.execute(insert(Ticket), [_ticket(one, caller_id, leads[one % len(leads)]) for one in ids])
            # The rest is only there to be passed over: it needs no history.
            told = [one for one in ids if one <= DUE]
            if told:
                session.execute(insert(TicketEvent), [_entry(one, seq) for one in told for seq in (1, 2)])
            rows = [_clock(one, stage, leads[one % len(leads)]) for one in ids for stage in STAGES[:clocks]]
            session.execute(insert(Deadline), rows)


def _ticket(number: int, caller: int, lead: str) -> dict[str, object]:
    now = clock.now()
    return {
        "id": number,
        "number": f"sweep{number:09d}",
        "request_key": f"sweep-{number}",
        "retrieval_hash": "-",
        "version": 1,
        "status": Status.ACCEPTED,
        "kind": Kind.COMPLAINT,
        "urgency": Urgency.URGENT,
        "channel": Channel.PHONE,
        **dict.fromkeys(("title", "content", "wish", "occurred", "subject", "address"), ""),
        "category_code": "0204",
        "category_source": CategorySource.PERSON,
        "risks": [],
        "caller_id": caller,
        "logged_at": now,
        "changed_at": now,
        "lead_code": lead,
        "hop": 1,
        "events": 2,
        "last_hash": f"{number}-2",
    }


def _entry(ticket: int, seq: int) -> dict[str, object]:
    action, status = ((Action.LOG, Status.LOGGED), (Action.DISPATCH, Status.DISPATCHED))[seq - 1]
    return {
        "ticket_id": ticket,
        "seq": seq,
        "at": clock.now() - timedelta(days=1),
        "action": action,
        "role": Role.SYSTEM,
        "actor_name": "bench",
        "from_status": None if seq == 1 else Status.LOGGED,
        "to_status": status,
        "round": 1,
        "details": {},
        "previous_hash": f"{ticket}-{seq - 1}",
        "hash": f"{ticket}-{seq}",
    }


def _clock(ticket: int, stage: Stage, lead: str) -> dict[str, object]:
    """A clock of 24 hours that falls due some time in the year to come."""
    now = clock.now()
    ahead = timedelta(days=2, minutes=ticket % 500_000)
    return {
        "ticket_id": ticket,
        "stage": stage,
        "round": 1,
        "turn": 1,
        "department_code": None if stage is Stage.REVIEW else lead,
        "started_at": now,
        "allowance": "24h",
        "due_at": now + ahead,
        "alert_at": now + ahead,
    }


def _race(url: str, folder: Path) -> tuple[float, tuple[int, ...]]:
    """Let several processes sweep from one moment on; return the slowest's seconds and what each did."""
    command = [sys.executable, "-m", "benchmarks.sweep", url, str(folder)]
    tickers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(TICKERS)
    ]
    for ticker in tickers:
        if ticker.stdout is None or ticker.stdout.readline().strip() != "ready":
            raise AssertionError("a ticker did not start")
    started = time.perf_counter()
    for ticker in tickers:
        if ticker.stdin:
            ticker.stdin.write("go\n")
            ticker.stdin.flush()
    shares = tuple(int(ticker.communicate()[0].split()[-1]) for ticker in tickers)
    return time.perf_counter() - started, shares


def ticker(url: str, folder: str) -> None:
    """One of the processes of the race."""
    runtime.start(_settings(url, Path(folder)), with_model=False)
    print("ready", flush=True)
    sys.stdin.readline()
    print(sweeps.due_alerts(), flush=True)
    runtime.stop()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        ticker(sys.argv[1], sys.argv[2])
    else:
        main()
