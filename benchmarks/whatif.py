"""How fast are past tickets replayed under other rules? python -m benchmarks.whatif [TICKETS]

Tickets of a simulated city, each with its whole ledger, copied until there are enough; replayed under shorter
times in other office hours. Beside it, on the same rows, the ledgers read and nothing done with them.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.orm import Session

from benchmarks._town import load_average, town
from hotline import db, runtime
from hotline.cities import other_rules
from hotline.db import Base
from hotline.models.deadline import Deadline
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.simulation import demo
from hotline.tickets import timeline
from hotline.tickets.calendars import versions
from hotline.tickets.whatif.replaying import BATCH, Answer, Question, replay, size
from hotline.work import SYSTEM, Work

TICKETS, SIMULATED = 20_000, 250


class Seconds(NamedTuple):
    """By the clock on the wall, and by what one core did: others use the machine too."""

    wall: float
    core: float


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS
    with town() as settings:
        demo.fill(settings, tickets=SIMULATED, days=30, seed=7)
        _multiply(wanted)
        with runtime.view(SYSTEM) as work:
            question = _question(work)
            tickets, entries = size(work, question), _entries(work)
            reading, _ = _timed(lambda: _read(work))
            before = _memory()
            replaying, answer = _timed(lambda: replay(work, question))
            after = _memory()
    assert answer.changed == 0
    print(load_average())
    print(f"{tickets:,} tickets, {entries:,} entries, {_clocks(answer):,} clocks judged under both rules,")
    print(f"{len(answer.flips):,} come out otherwise, {answer.changed} differ from their rows")
    print(f"replayed in {replaying.wall:.1f} s, of one core {replaying.core:.1f} s", end=", ")
    print(f"{tickets / replaying.core:,.0f} tickets/s of a core", end="; ")
    print(f"ledgers read alone {reading.core:.1f} s, ratio {replaying.core / reading.core:.1f}")
    print(f"memory {before:.0f} MB before, at most {after:.0f} MB while replaying")


def _question(work: Work) -> Question:
    """Every ticket, a working day less for complaints, the afternoon an hour earlier."""
    targets = other_rules.targets_text(work.city.policy).replace('"7wd"', '"6wd"')
    hours = work.city.hours.replace('"14:00", "18:00"', '"13:00", "17:00"')
    days = versions.known(versions.days_in_force(work).values())
    city = other_rules.with_hours(other_rules.with_targets(work.city, targets), hours, days)
    today = work.city.calendar.day_of(work.now)
    return Question(today - timedelta(days=400), today, city, whole=True)


def _multiply(wanted: int) -> None:
    """Copy the tickets, their entries and their clocks until there are as many as wanted."""
    with db.transaction() as session:
        there = session.scalar(select(func.count()).select_from(Ticket)) or 1
        tickets, events, clocks = (_plain(session, table) for table in (Ticket, TicketEvent, Deadline))
    step = 10_000_000
    for copy in range(1, -(-wanted // there)):
        with db.transaction() as session:
            for row in tickets:
                row["number"], row["request_key"] = f"{copy:04d}{row['id']:09d}", f"{copy}-{row['id']}"
            for table, rows, moved in (
                (Ticket, tickets, ("id",)),
                (TicketEvent, events, ("id", "ticket_id")),
                (Deadline, clocks, ("id", "ticket_id")),
            ):
                new = [{**row, **{name: row[name] + copy * step for name in moved}} for row in rows]
                session.execute(insert(table), new)
    with db.transaction() as session:
        session.execute(text("ANALYZE"))


def _plain(session: Session, table: type[Base]) -> list[dict[str, Any]]:
    names = [column.key for column in inspect(table).column_attrs]
    rows = session.execute(select(*(getattr(table, name) for name in names)))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _read(work: Work) -> None:
    ids: Sequence[int] = work.session.scalars(select(Ticket.id).order_by(Ticket.id)).all()
    for start in range(0, len(ids), BATCH):
        timeline.ledgers(work, ids[start : start + BATCH])


def _entries(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(TicketEvent)) or 0


def _clocks(answer: Answer) -> int:
    return sum(
        one.before.denominator for one in answer.tallies if one.stage is None and one.department == "*"
    )


def _timed(do: Callable[[], Any]) -> tuple[Seconds, Any]:
    wall, core = time.perf_counter(), time.process_time()
    result = do()
    return Seconds(time.perf_counter() - wall, time.process_time() - core), result


def _memory() -> float:
    """Return the most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
