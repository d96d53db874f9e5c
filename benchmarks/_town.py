"""A throw-away instance of the demo city for the benchmarks: database, model, people, many tickets."""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from benchmarks.classifier import trained
from classifier.store import save
from hotline import clock, db, runtime
from hotline.app import create_app
from hotline.lifecycle import Status
from hotline.models.caller import Caller
from hotline.models.ticket import CategorySource, Channel, Kind, Ticket, Urgency
from hotline.settings import Settings
from hotline.work import Actor
from tests.builders import enrol, fill_profile_tables

DEPARTMENT = "D-CG"
# Of a hundred tickets of a running hotline about this many are open.
OPEN_SHARE = 0.1
OPEN_STATUSES = (Status.DISPATCHED, Status.ACCEPTED, Status.ACCEPTED, Status.RESOLVED)


@contextmanager
def town(*, with_model: bool = False) -> Iterator[Settings]:
    """A new SQLite instance with the city's tables and one person of each role, started in this process."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        settings = Settings.from_env({"HOTLINE_INSTANCE": folder, "HOTLINE_LOG_LEVEL": "ERROR"})
        if with_model:
            save(trained(), settings.model_folder, trained_at="benchmark")
        runtime.start(settings, with_model=with_model)
        running = runtime.current()
        db.Base.metadata.create_all(running.engine)
        with db.transaction() as session:
            fill_profile_tables(session, running.city)
            enrol(session)
        try:
            yield settings
        finally:
            runtime.stop()


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    """A client in whose session `actor` has signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["user"], session["epoch"] = actor.user_id, 0
    return client


def application(settings: Settings) -> Flask:
    return create_app(settings, start_runtime=False)


def fill(count: int, *, department: str | None = None) -> None:
    """Write `count` plain tickets, spread over the departments, or all with one. By bulk: no ledger."""
    draw = random.Random(count)
    leads = [department] if department else [one.code for one in runtime.current().city.departments]
    now = clock.now()
    with db.transaction() as session:
        session.add(caller := Caller(created_at=now))
        session.flush()
        first = session.scalar(text("SELECT coalesce(max(id), 0) FROM tickets")) or 0
        rows = [_row(first + number, caller.id, draw.choice(leads), draw) for number in range(1, count + 1)]
        for start in range(0, count, 5000):
            session.execute(insert(Ticket), rows[start : start + 5000])
    with db.transaction() as session:
        session.execute(text("ANALYZE"))


def _row(number: int, caller: int, lead: str, draw: random.Random) -> dict[str, object]:
    is_open = draw.random() < OPEN_SHARE
    logged = clock.now() - timedelta(minutes=draw.randrange(60 * 24 * (10 if is_open else 700)))
    return {
        "number": f"bench{number:09d}",
        "request_key": f"bench-{number}",
        "retrieval_hash": "-",
        "version": 1,
        "status": draw.choice(OPEN_STATUSES) if is_open else Status.CLOSED,
        "kind": Kind.COMPLAINT,
        "urgency": Urgency.NORMAL,
        "channel": Channel.PHONE,
        "title": f"第 {number} 件测试工单",
        "content": "仅供测速。",
        "wish": "",
        "occurred": "",
        "subject": "",
        "address": "",
        "category_code": "0204",
        "category_source": CategorySource.PERSON,
        "risks": [],
        "caller_id": caller,
        "logged_at": logged,
        "changed_at": logged,
        "lead_code": lead,
        "hop": 1,
        "closed_at": None if is_open else logged + timedelta(days=3),
        "next_due_at": logged + timedelta(days=9) if is_open else None,
        "next_stage": "resolve" if is_open else None,
        "events": 0,
        "last_hash": "",
    }


def seconds_of(work: Callable[[], object], *, rounds: int = 30) -> float:
    """Return the median seconds of one call."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return sorted(taken)[len(taken) // 2]


def load_average() -> str:
    return f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"
