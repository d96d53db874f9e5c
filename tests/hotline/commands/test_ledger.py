"""Proving the ledger from outside: a line for each fault, the tally last, 1 when there is any."""

import json
import re
import sqlite3
from contextlib import closing
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
FAULT = re.compile(r"ticket (\d+|\?) event \d+: .+")


@pytest.fixture
def kept(tmp_path: Path, city: City) -> Machine:
    """A machine with two tickets of three entries each."""
    machine = Machine(tmp_path)
    machine.instance.mkdir()
    with started(machine.instance, city):
        for _ in range(2):
            with runtime.work(SYSTEM, now=NOW) as work:
                an_accepted_ticket(work)
    return machine


def tamper(machine: Machine, statement: str) -> None:
    """Write past the product, and past what the tables themselves refuse."""
    with closing(sqlite3.connect(machine.instance / "hotline.db")) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()


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


@pytest.mark.parametrize(
    ("statement", "event", "row"),
    [
        ("UPDATE ticket_events SET details = '{' WHERE id = 2", 2, "ticket_events 2"),
        ("UPDATE ticket_events SET at = 'garbage' WHERE id = 2", 2, "ticket_events 2"),
        ("UPDATE ticket_events SET action = 'none of them' WHERE id = 2", 2, "ticket_events 2"),
        ("UPDATE ticket_events SET actor_name = CAST(x'ff' AS TEXT) WHERE id = 2", 2, "ticket_events 2"),
        ("UPDATE deadlines SET started_at = 'xx' WHERE id = 1", 3, "deadlines 1"),
        ("UPDATE assignments SET assigned_at = 7 WHERE id = 1", 3, "assignments 1"),
        ("UPDATE tickets SET logged_at = 'xx' WHERE id = 1", 3, "tickets 1"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_proved(
    kept: Machine, statement: str, event: int, row: str
) -> None:
    tamper(kept, statement)
    tamper(kept, "UPDATE tickets SET status = 'closed' WHERE id = 2")

    first, second, last = verify(kept, code=1)

    assert first.endswith(f" event {event}: unreadable, {row}")
    assert second.endswith(" event 6: status, row closed, ledger accepted")
    assert last == "2 tickets, 6 events, 2 faults"


@pytest.mark.parametrize("value", ["'many'", "x'00'"])
def test_a_value_that_makes_no_sense_is_a_fault_and_no_crash(kept: Machine, value: str) -> None:
    tamper(kept, f"UPDATE tickets SET events = {value} WHERE id = 1")

    fault, last = verify(kept, code=1)

    assert " event 3: unreadable" in fault
    assert last.endswith(" 1 faults")


def test_what_is_left_of_a_removed_ticket_is_named(kept: Machine) -> None:
    tamper(kept, "DELETE FROM tickets WHERE id = 1")

    *faults, last = verify(kept, code=1)

    assert faults == [
        "ticket ? event 1: orphan, 3 of ticket_events from 1 on, of ticket id 1",
        "ticket ? event 0: orphan, 4 of deadlines from 1 on, of ticket id 1",
        "ticket ? event 0: orphan, 1 of assignments from 1 on, of ticket id 1",
    ]
    assert last == "1 tickets, 6 events, 3 faults"


def test_an_entry_of_no_ticket_is_named_by_its_own_row(kept: Machine) -> None:
    columns = "seq, at, action, role, actor_name, from_status, to_status, round, details, previous_hash, hash"
    tamper(
        kept,
        f"INSERT INTO ticket_events (id, ticket_id, {columns}) "
        f"SELECT 99, 999999, {columns} FROM ticket_events WHERE id = 1",
    )

    assert verify(kept, code=1)[0].startswith("ticket ? event 99: orphan")


@pytest.mark.parametrize("value", ["'2026-11-24', 1, 'x', 'never'", "'someday', 1, 'x', '2026-11-25'"])
def test_a_seal_that_cannot_be_read_is_named(kept: Machine, value: str) -> None:
    tamper(kept, f"INSERT INTO ledger_anchors (day, events, hash, anchored_at) VALUES ({value})")

    fault, last = verify(kept, code=1)

    assert fault.startswith("anchor ?: unreadable")
    assert last.endswith(" 1 faults")


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
