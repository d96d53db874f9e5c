"""What does another calendar cost: its preview, its following, an old one? python -m benchmarks.calendars

Open tickets by the thousand, each with a resolve clock of fifteen working days under way; a typhoon closes
the city on the next working day, so that nearly all of them move. Then tickets with a whole ledger follow it.
SQLite, one process.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import insert, select

from benchmarks._town import fill, load_average, seconds_of, town
from hotline import db, runtime
from hotline.cities.calendars import LocalException
from hotline.jobs import calendars as following
from hotline.lifecycle import OPEN
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets.calendars import applying, proposing, versions
from hotline.tickets.calendars.effect import Effect, effect_of
from hotline.tickets.calendars.proposing import Change
from hotline.work import SYSTEM
from sla.allowance import parse as parse_allowance
from sla.clock import Clock
from sla.policy import Stage
from tests.builders import ADMIN, AGENT, SUPERVISOR, a_contacted_ticket

TICKETS = (10_000, 100_000)
FOLLOWED = 300
ALLOWANCE = "15wd"
Answer = TypeVar("Answer")


def main() -> None:
    print(load_average())
    for count in TICKETS:
        with town():
            measure_preview(count)
    with town():
        measure_following()


def measure_preview(count: int) -> None:
    with runtime.work(SYSTEM) as work:
        applying.deliver(work)
    fill(count)
    clocks = start_clocks()
    found, seconds = timed(lambda: preview(typhoon()))
    print(f"{clocks:,} open of {count:,}: {found.moved:,} would move, previewed in {seconds:.2f} s")


def measure_following() -> None:
    with runtime.work(SYSTEM) as work:
        applying.deliver(work)
    for _ in range(FOLLOWED):
        with runtime.work(AGENT) as work:
            a_contacted_ticket(work)
    change = typhoon()
    with runtime.work(SUPERVISOR) as work:
        proposal = proposing.propose(work, change, preview(change), because="台风停工").id
    with runtime.work(ADMIN) as work:
        _, applied = timed(lambda: applying.apply(work, proposal))
    (_, moved), seconds = timed(lambda: following.follow_slice(proposal, limit=FOLLOWED))
    print(f"applied in {applied * 1000:.0f} ms; {moved:,} followed, {moved / seconds:,.0f} a second")
    print(f"the calendar before it rebuilt in {seconds_of(earlier, rounds=5) * 1000:.0f} ms")


def start_clocks() -> int:
    """Write a running clock for every open ticket, where it falls due by the calendar. By bulk: no ledger."""
    with runtime.view(SYSTEM) as work:
        open_ = select(Ticket.id, Ticket.lead_code, Ticket.logged_at).where(Ticket.status.in_(OPEN))
        rows = [
            {
                "ticket_id": ticket,
                "stage": Stage.RESOLVE,
                "round": 1,
                "turn": 1,
                "department_code": lead,
                "started_at": logged,
                "allowance": ALLOWANCE,
                "due_at": Clock(logged).due_at(work.city.calendar, parse_allowance(ALLOWANCE)),
                "alert_level": 0,
                "provisional": False,
            }
            for ticket, lead, logged in work.session.execute(open_)
        ]
    with db.transaction() as session:
        session.execute(insert(Deadline), rows)
    return len(rows)


def typhoon() -> Change:
    with runtime.view(SUPERVISOR) as work:
        day = work.city.calendar.day_of(work.now) + timedelta(days=1)
        while not work.city.calendar.is_workday(day):
            day += timedelta(days=1)
        return proposing.of_exception(work, LocalException(True, day, day, "台风停工"))


def preview(change: Change) -> Effect:
    with runtime.view(SUPERVISOR) as work:
        return effect_of(work, proposing.city_under(work, change), change.touch)


def earlier() -> None:
    with runtime.view(SYSTEM) as work:
        versions.calendars_at(work, 1)


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


if __name__ == "__main__":
    main()
