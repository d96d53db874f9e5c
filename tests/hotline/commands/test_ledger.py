"""Proving the ledger from outside: a line for each fault, the tally last, 1 when there is any."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hotline import runtime
from hotline.cities.city import City
from hotline.work import SYSTEM
from tests.builders import an_accepted_ticket
from tests.conftest import NOW
from tests.support.machine import Machine
from tests.support.town import started

LAST = re.compile(r"\d+ tickets, \d+ events, \d+ faults")
FAULT = re.compile(r"ticket \d+ event \d+: .+")


@pytest.fixture
def kept(tmp_path: Path, city: City) -> Machine:
    """A machine with two tickets of four entries each."""
    machine = Machine(tmp_path)
    machine.instance.mkdir()
    with started(machine.instance, city):
        for _ in range(2):
            with runtime.work(SYSTEM, now=NOW) as work:
                an_accepted_ticket(work)
    return machine


def tamper(machine: Machine, statement: str) -> None:
    engine = create_engine(f"sqlite:///{machine.instance / 'hotline.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def verify(machine: Machine, *arguments: str, code: int = 0) -> list[str]:
    done = machine.run("verify-ledger", *arguments, HOTLINE_VAULT_KEY="00" * 32)
    assert done.code == code, done.stderr
    return done.stdout.splitlines()


def test_a_whole_ledger_says_only_how_much_there_is(kept: Machine) -> None:
    assert verify(kept) == ["2 tickets, 6 events, 0 faults"]


@pytest.mark.parametrize(
    ("statement", "event"),
    [
        ("UPDATE ticket_events SET actor_name = 'nobody' WHERE id = 2", 2),
        ("UPDATE ticket_events SET actor_name = 'nobody' WHERE id = 6", 6),
        ("DELETE FROM ticket_events WHERE id = 5", 6),
        ("DELETE FROM ticket_events WHERE id = 6", 5),
        ("UPDATE tickets SET status = 'closed' WHERE id = 1", 3),
    ],
)
def test_a_fault_names_the_ticket_and_the_row(kept: Machine, statement: str, event: int) -> None:
    tamper(kept, statement)

    *faults, last = verify(kept, code=1)

    assert f" event {event}: " in faults[0]
    assert all(FAULT.fullmatch(fault) for fault in faults)
    assert LAST.fullmatch(last)
    assert last.endswith(f"{len(faults)} faults")


def test_what_was_slipped_in_is_named_by_its_own_row(kept: Machine) -> None:
    columns = "ticket_id, at, action, role, actor_name, from_status, to_status, round, details"
    tamper(
        kept,
        f"INSERT INTO ticket_events (id, seq, {columns}, previous_hash, hash) "
        f"SELECT 99, 4, {columns}, hash, 'f' FROM ticket_events WHERE id = 3",
    )

    *faults, last = verify(kept, code=1)

    assert " event 99: slipped_in" in faults[0]
    assert "7 events" in last


def test_figures_come_as_one_object(kept: Machine) -> None:
    tamper(kept, "UPDATE ticket_events SET actor_name = 'nobody' WHERE id = 2")

    figures = json.loads("".join(verify(kept, "--json", "--digest", code=1)))

    assert figures.keys() == {"tickets", "events", "faults", "digest"}
    assert (figures["tickets"], figures["events"]) == (2, 6)
    assert figures["faults"][0]["event"] == 2


def test_a_digest_stays_until_something_happens(kept: Machine) -> None:
    before = verify(kept, "--digest")

    assert verify(kept, "--digest") == before
    tamper(kept, "UPDATE tickets SET last_hash = 'f' WHERE id = 2")
    assert verify(kept, "--digest", code=1)[-2] != before[-2]


def test_one_ticket_is_proved_alone(kept: Machine) -> None:
    engine = create_engine(f"sqlite:///{kept.instance / 'hotline.db'}")
    with engine.connect() as connection:
        numbers = connection.scalars(text("SELECT number FROM tickets ORDER BY id")).all()
    engine.dispose()
    tamper(kept, "UPDATE tickets SET status = 'closed' WHERE id = 1")

    assert verify(kept, "--ticket", numbers[1]) == ["1 tickets, 3 events, 0 faults"]
    assert len(verify(kept, "--ticket", numbers[0], code=1)) > 1


def test_an_unknown_ticket_is_not_called_sound(kept: Machine) -> None:
    refused = kept.run("verify-ledger", "--ticket", "20261124999999", HOTLINE_VAULT_KEY="00" * 32)

    assert (refused.code, refused.stdout) == (2, "")
    assert "没有工单 20261124999999" in refused.stderr
