"""The account lets nothing pass: what nobody holds or moves is named, and so is a broken ledger."""

from collections.abc import Callable
from typing import cast

import pytest
from sqlalchemy import update

from hotline.models.ticket import Ticket
from hotline.simulation.explaining import account, report
from hotline.tickets import deadlines
from hotline.work import Work
from tests.builders import a_dispatched_ticket, a_logged_ticket


def test_an_open_ticket_names_its_holder(work: Work) -> None:
    a_logged_ticket(work)
    a_dispatched_ticket(work)

    held = {one.holder for one in account(work).waiting}

    assert held == {"派单员", "市城管局"}


@pytest.mark.parametrize("make", [a_logged_ticket, a_dispatched_ticket])
def test_a_ticket_without_a_running_clock_is_stuck(work: Work, make: Callable[[Work], Ticket]) -> None:
    ticket = make(work)
    deadlines.cancel(work, ticket)

    found = account(work)

    assert found.stuck == [ticket.number]
    assert any(ticket.number in line for line in report(found))


def test_a_ticket_that_no_department_holds_is_stuck(work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(lead_code=None))
    work.session.refresh(ticket)

    assert account(work).stuck == [ticket.number]


def test_a_broken_ledger_is_named(work: Work) -> None:
    ticket = a_logged_ticket(work)
    work.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(last_hash="0" * 64))
    work.session.refresh(ticket)

    found = account(work)

    assert not found.is_whole
    assert cast(str, found.faults[0].number) == ticket.number
