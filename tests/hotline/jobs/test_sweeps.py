"""What falls due by the clock happens, once, whatever else is wrong."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from hotline import runtime
from hotline.jobs import sweeps
from hotline.jobs.tasks import CHECK_LEDGER
from hotline.lifecycle import Status
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import suspension
from hotline.tickets.promises import RECKON_LANES, TEACH
from hotline.work import SYSTEM
from tests.builders import AGENT, DAY, SUPERVISOR, an_accepted_ticket, by
from tests.hotline.jobs.promised import a_ticket, messages

pytestmark = pytest.mark.usefixtures("settings")
A_MONTH = timedelta(days=30)


def alert_levels(ticket: Ticket) -> list[int]:
    with runtime.view(SYSTEM) as work:
        levels = select(Deadline.alert_level).where(
            Deadline.ticket_id == ticket.id, Deadline.settled_at.is_(None)
        )
        return sorted(work.session.scalars(levels))


def status_of(ticket: Ticket) -> Status:
    with runtime.view(SYSTEM) as work:
        return work.session.get_one(Ticket, ticket.id).status


def test_nothing_is_raised_before_it_is_due(wall: time_machine.Traveller) -> None:
    a_ticket()

    assert sweeps.due_alerts() == 0


def test_every_clock_that_ran_out_is_raised_once(wall: time_machine.Traveller) -> None:
    ticket = a_ticket()
    wall.shift(A_MONTH)

    assert sweeps.due_alerts() > 0

    assert set(alert_levels(ticket)) == {2}
    assert sweeps.due_alerts() == 0


def test_a_poisonous_clock_waits_an_hour_and_stops_no_other(wall: time_machine.Traveller) -> None:
    poisonous, sound = a_ticket(), a_ticket()
    with runtime.work(SYSTEM) as work:
        work.session.execute(
            update(Deadline).where(Deadline.ticket_id == poisonous.id).values(allowance="poison")
        )
    wall.shift(A_MONTH)

    sweeps.due_alerts()

    assert set(alert_levels(sound)) == {2}
    assert set(alert_levels(poisonous)) == {0}
    with runtime.view(SYSTEM) as work:
        alerts = select(Deadline.alert_at).where(
            Deadline.ticket_id == poisonous.id, Deadline.settled_at.is_(None)
        )
        assert set(work.session.scalars(alerts)) == {work.now + timedelta(hours=1)}


def test_a_deferred_ticket_comes_back_on_its_day(wall: time_machine.Traveller) -> None:
    with runtime.work(AGENT) as work:
        ticket = an_accepted_ticket(work)
        review_on = (work.now + 10 * DAY).date()
        suspension.defer(by(work, SUPERVISOR), ticket, review_on=review_on, text="管网改造列入明年计划")
    wall.shift(9 * DAY)
    assert sweeps.due_resumes() == 0

    wall.shift(DAY)
    assert sweeps.due_resumes() == 1

    assert status_of(ticket) is Status.ACCEPTED
    assert sweeps.due_resumes() == 0


def test_the_ledger_is_checked_once_a_night(wall: time_machine.Traveller) -> None:
    assert sweeps.nightly()
    assert not sweeps.nightly()

    wall.shift(DAY)
    assert sweeps.nightly()
    checks = [message for message in messages() if message.kind == CHECK_LEDGER]
    assert [message.payload["day"] for message in checks] == ["2026-11-23", "2026-11-24"]


def test_lanes_are_weighed_nightly_and_a_model_is_taught_weekly(
    wall: time_machine.Traveller,
) -> None:
    # From a Tuesday to the Wednesday after: nights of two weeks of the calendar.
    for _ in range(9):
        assert sweeps.nightly()
        wall.shift(DAY)

    kinds = Counter(message.kind for message in messages())

    assert kinds[RECKON_LANES] == 9
    assert kinds[TEACH] == 2
