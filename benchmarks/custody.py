"""What does a month of responsible time cost? python -m benchmarks.custody

The report of 20,000 closed tickets, first with nothing kept, then with the facts that this process kept.
The ledgers are those of a few lives through the use cases, copied with other departments in charge.
"""

import random
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks._town import load_average, town
from hotline import clock, db, runtime
from hotline.lifecycle import Action
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.custody.report import Period, report
from hotline.work import SYSTEM, Work
from tests.builders import (
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEADER,
    REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import live

TICKETS = 20_000
A_MONTH = timedelta(days=30)
_DONE = (
    (HANDLER, Action.ACCEPT),
    (HANDLER, Action.CONTACT),
    (LEADER, Action.RESOLVE),
    (REVIEWER, Action.ACCEPT_RESULT),
)
_PLAIN = ((DISPATCHER, Action.DISPATCH), *_DONE, (FOLLOWER, Action.CLOSE))
_GIVEN_BACK = (
    (DISPATCHER, Action.DISPATCH),
    (LEADER, Action.REQUEST_RETURN),
    (DISPATCHER, Action.REFUSE_RETURN),
    *_DONE,
    (FOLLOWER, Action.CLOSE),
)
_PUT_OFF = (
    (DISPATCHER, Action.DISPATCH),
    (HANDLER, Action.ACCEPT),
    (HANDLER, Action.REQUEST_EXTENSION),
    (REVIEWER, Action.GRANT_EXTENSION),
    (HANDLER, Action.REQUEST_SUSPENSION),
    (REVIEWER, Action.GRANT_SUSPENSION),
    (REVIEWER, Action.RESUME),
    *_DONE[1:],
    (FOLLOWER, Action.CLOSE),
)
_OPENED_AGAIN = (*_PLAIN, (SUPERVISOR, Action.REOPEN), *_DONE, (FOLLOWER, Action.CLOSE))
LIVES = (_PLAIN, _PLAIN, _PLAIN, _PLAIN, _PLAIN, _GIVEN_BACK, _PUT_OFF, _OPENED_AGAIN)


def main() -> None:
    print(load_average())
    with town():
        events = fill(TICKETS)
        bare = timed(read_only)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first = timed(whole_report)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        second = timed(whole_report)
    print(f"{TICKETS:,} tickets, {events:,} events; seconds of one core, the machine may be shared")
    print(f"ledgers read, nothing reckoned: {bare:.2f} s")
    print(f"report, nothing kept: {first:.2f} s, {TICKETS / first:,.0f} tickets/s, ", end="")
    print(f"{first / bare:.1f} times the reading; {grown // 1024} MB kept")
    print(f"report, facts kept: {second:.2f} s, {TICKETS / second:,.0f} tickets/s")


def timed(job: Callable[[Work], None]) -> float:
    with runtime.view(SYSTEM) as work:
        started = time.process_time()
        job(work)
        return time.process_time() - started


def read_only(work: Work) -> None:
    ids = list(work.session.scalars(select(Ticket.id)))
    for start in range(0, len(ids), 500):
        timeline.ledgers(work, ids[start : start + 500])


def whole_report(work: Work) -> None:
    found = report(work, Period(work.now - 2 * A_MONTH, work.now))
    assert found.tickets == TICKETS, found.tickets


def fill(count: int) -> int:
    """Write `count` tickets with whole ledgers; return how many events they have."""
    with runtime.work(SYSTEM, now=clock.now() - A_MONTH) as work:
        lived = [_lived(work, steps) for steps in LIVES]
    draw = random.Random(count)
    leads = [one.code for one in runtime.current().city.departments]
    with db.transaction() as session:
        patterns = [(_columns(ticket), _ledger(session, ticket.id)) for ticket in lived]
        for number in range(len(lived), count):
            row, ledger = patterns[number % len(patterns)]
            _copy(session, number + 1, row, ledger, draw.choice(leads))
        return session.scalar(select(func.count()).select_from(TicketEvent)) or 0


def _lived(work: Work, steps: tuple[tuple[Any, Action], ...]) -> Ticket:
    ticket = a_logged_ticket(work)
    live(by(work, AGENT), ticket, *steps)
    return ticket


def _ledger(session: Any, ticket_id: int) -> list[dict[str, Any]]:
    entries = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket_id))
    return [_columns(one) for one in entries]


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}


def _copy(session: Any, key: int, row: dict[str, Any], ledger: list[dict[str, Any]], lead: str) -> None:
    """Write one more of a kind, led by another department."""
    named = {"number": f"bench{key:09d}", "request_key": f"bench-{key}", "last_hash": f"{key:064d}"}
    session.execute(insert(Ticket), {**row, "id": key, **named, "lead_code": lead})
    session.execute(insert(TicketEvent), [_led_by(one, key, lead) for one in ledger])


def _led_by(entry: dict[str, Any], key: int, lead: str) -> dict[str, Any]:
    details = entry["details"]
    if entry["action"] is Action.DISPATCH:
        details = {**details, "department": lead}
    department = entry["department_code"] and lead
    return {**entry, "ticket_id": key, "department_code": department, "details": details}


if __name__ == "__main__":
    main()
