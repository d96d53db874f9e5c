"""The nightly check says what is wrong, whatever is wrong, and seals the day all the same."""

from collections.abc import MutableMapping
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from hotline import runtime
from hotline.jobs import sweeps
from hotline.jobs.inline import keep_due
from hotline.tickets import anchors
from hotline.work import SYSTEM
from tests.builders import DAY
from tests.hotline.jobs.promised import a_ticket

pytestmark = pytest.mark.usefixtures("settings")


def tamper(statement: str) -> None:
    with runtime.work(SYSTEM) as work:
        work.session.execute(text(statement))


def a_night(wall: time_machine.Traveller) -> None:
    wall.shift(DAY)
    assert sweeps.nightly()
    while keep_due():
        pass


def faults(logged: list[MutableMapping[str, Any]]) -> list[tuple[str, object]]:
    return [(one["what"], one["row"]) for one in logged if one["event"] == "ledger_fault"]


def sealed() -> int:
    with runtime.view(SYSTEM) as work:
        return len(anchors.anchors(work))


def test_every_faulty_ticket_is_an_error_in_the_log(
    wall: time_machine.Traveller, logged: list[MutableMapping[str, Any]]
) -> None:
    for _ in range(2):
        a_ticket()
    tamper("UPDATE ticket_events SET actor_name = 'nobody' WHERE seq = 2")

    a_night(wall)

    assert faults(logged) == [("changed", 2), ("changed", 4)]
    assert sealed() == 1


def test_what_cannot_be_read_hides_nothing_else(
    wall: time_machine.Traveller, logged: list[MutableMapping[str, Any]]
) -> None:
    with runtime.view(SYSTEM) as work:
        if work.session.get_bind().dialect.name == "postgresql":
            pytest.skip("PostgreSQL takes no value that cannot be read")
    for _ in range(2):
        a_ticket()
    tamper("UPDATE ticket_events SET details = '{' WHERE id = 2")
    tamper("UPDATE ticket_events SET actor_name = 'nobody' WHERE id = 4")

    a_night(wall)

    assert faults(logged) == [("unreadable", 2), ("changed", 4)]
    assert sealed() == 1


def test_seals_that_were_removed_are_named_the_next_night(
    wall: time_machine.Traveller, logged: list[MutableMapping[str, Any]]
) -> None:
    a_ticket()
    a_night(wall)
    a_night(wall)
    assert faults(logged) == []
    tamper("DELETE FROM ledger_anchors")

    a_night(wall)

    assert faults(logged) == [("anchor", None), ("anchor", None)]
