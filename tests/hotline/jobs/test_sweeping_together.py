"""Many alerts due at once: several sweeps share them; one killed half-way loses and doubles nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update

from hotline import runtime
from hotline.jobs import sweeps
from hotline.lifecycle import Action
from hotline.models.alert import Alert, AlertDelivery
from hotline.models.deadline import Deadline
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.settings import ROOT, Settings
from hotline.tickets import alerting, verification
from hotline.work import SYSTEM
from tests.builders import AGENT, DAY, a_dispatched_ticket, by

TICKETS = 20
# In batches of two, so that there is a half-way.
SWEEP = """
import sys
from hotline import runtime
from hotline.jobs import sweeps
from hotline.settings import Settings
from pathlib import Path
runtime.start(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="s" * 32,
                       vault_key="00" * 32), with_model=False)
sweeps.BATCH = 2
sweeps.due_alerts()
"""


@pytest.fixture
def overdue(settings: Settings) -> Iterator[int]:
    """How many clocks have run out, of tickets dispatched a month ago."""
    with runtime.work(AGENT) as work:
        past = by(work, AGENT, after=-30 * DAY)
        for _ in range(TICKETS):
            a_dispatched_ticket(past)
    with runtime.view(SYSTEM) as work:
        yield len(alerting.due_ids(work, most=1000))


def reds(work_count: int) -> tuple[Counter[int], int]:
    """How often red rang for each clock, and how many entries tell of a breach."""
    with runtime.view(SYSTEM) as work:
        rang = Counter(work.session.scalars(select(Alert.deadline_id).where(Alert.rung == "red")))
        entries = select(func.count()).where(TicketEvent.action == Action.BREACH)
        assert len(rang) <= work_count
        return rang, work.session.execute(entries).scalar_one()


def assert_each_rang_once(overdue: int) -> None:
    rang, entries = reds(overdue)
    assert set(rang.values()) == {1}
    assert len(rang) == entries == overdue
    with runtime.view(SYSTEM) as work:
        assert alerting.next_due_id(work) is None
        per_alert = select(AlertDelivery.alert_id, AlertDelivery.department_code, AlertDelivery.role)
        told = Counter(
            tuple(row) for row in work.session.execute(per_alert.add_columns(AlertDelivery.channel))
        )
        assert set(told.values()) == {1}
        assert list(verification.verify(work)) == []


def test_two_sweeps_at_once_share_the_work(overdue: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 3)
    raised: list[int] = []
    both = [threading.Thread(target=lambda: raised.append(sweeps.due_alerts())) for _ in range(2)]

    for one in both:
        one.start()
    for one in both:
        one.join()
    sweeps.due_alerts()

    assert_each_rang_once(overdue)


def test_a_sweep_killed_half_way_loses_and_doubles_nothing(overdue: int, settings: Settings) -> None:
    command = [sys.executable, "-c", SWEEP, str(settings.instance), settings.database]
    sweep = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    while sum(reds(overdue)[0].values()) < 4:
        assert sweep.poll() is None, "the sweep ended before it could be killed"
        time.sleep(0.005)
    sweep.send_signal(signal.SIGKILL)
    sweep.wait(timeout=20)
    half = sum(reds(overdue)[0].values())
    assert 0 < half < overdue

    sweeps.due_alerts()

    assert_each_rang_once(overdue)


def test_a_ticket_that_a_desk_holds_is_left_to_the_next_sweep(overdue: int, settings: Settings) -> None:
    if not settings.database.startswith("postgresql"):
        pytest.skip("SQLite has one writer: the sweep waits for it")
    with runtime.work(SYSTEM) as work:
        held = work.session.scalars(select(Ticket).with_for_update().limit(1)).one()

        sweeps.due_alerts()

        rang = set(work.session.scalars(select(Alert.ticket_id)))
        assert held.id not in rang
        assert len(rang) == TICKETS - 1

    sweeps.due_alerts()

    assert_each_rang_once(overdue)


def test_one_poisonous_clock_in_a_batch_stops_no_other(overdue: int) -> None:
    with runtime.work(SYSTEM) as work:
        first = alerting.due_ids(work, most=1)[0]
        work.session.execute(update(Deadline).where(Deadline.id == first).values(allowance="poison"))

    sweeps.due_alerts()

    rang, entries = reds(overdue)
    assert len(rang) == entries == overdue - 1
