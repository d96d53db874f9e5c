"""Replay the tickets of a time under other rules, and count what would have come out otherwise."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, func, select

from hotline.cities.city import City
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.whatif.outcomes import Judged, Kept, Key, agree, judged, pairs
from hotline.tickets.whatif.supposed import suppose
from hotline.tickets.whatif.tallies import Flip, Tallies, Tally, flips
from hotline.work import Work

BATCH = 500
# So many are named; the others are counted.
MOST_NAMED = 20


@dataclass(frozen=True)
class Question:
    """Whose clocks under which rules: tickets registered from `first` to `last`, both included.

    Only those that are over, or with `whole` those still open as well.
    """

    first: date
    last: date
    city: City
    whole: bool = False


@dataclass
class Answer:
    """What came out. `tickets`: how many were replayed.

    `changed`: of how many the rows say otherwise than the rules in force, because rules or calendar were
    changed since; `examples` names some of them.
    """

    tickets: int = 0
    changed: int = 0
    examples: list[str] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)

    def hold_against(self, number: str, before: Mapping[Key, Judged], kept: Iterable[Kept]) -> None:
        if agree(before, kept):
            return
        self.changed += 1
        if len(self.examples) < MOST_NAMED:
            self.examples.append(number)


def size(work: Work, question: Question) -> int:
    """Return how many tickets would be replayed. One query."""
    asked = _asked(work, question).subquery()
    return work.session.scalar(select(func.count()).select_from(asked)) or 0


def replay(
    work: Work, question: Question, *, progress: Callable[[int], None] = lambda tickets: None
) -> Answer:
    """Tell every ticket under the rules in force and under those asked for. About a millisecond a ticket.

    Three queries for every BATCH of tickets; `progress` is told after each how many are done. Raises
    CalendarExhausted where the calendar asked for has no working day ahead.
    """
    answer, tallies = Answer(), Tallies()
    for batch in _batches(work, question):
        ids = [ticket_id for ticket_id, _ in batch]
        ledgers, kept = timeline.ledgers(work, ids), _kept(work, ids)
        for ticket_id, number in batch:
            ledger = ledgers[ticket_id]
            before = judged(suppose(work, ledger, work.city), work.now)
            after = judged(suppose(work, ledger, question.city), work.now)
            answer.hold_against(number, before, kept.get(ticket_id, ()))
            for pair in pairs(before, after):
                tallies.add(pair)
                answer.flips.extend(flips(number, pair))
        answer.tickets += len(batch)
        progress(answer.tickets)
    answer.tallies = tallies.all()
    return answer


def _asked(work: Work, question: Question) -> Select[int, str]:
    """Return the query for id and number of the tickets asked for."""
    zone = work.city.zone
    begin, end = (
        datetime.combine(day, time.min, zone).astimezone(UTC)
        for day in (question.first, question.last + timedelta(days=1))
    )
    asked = select(Ticket.id, Ticket.number).where(Ticket.logged_at >= begin, Ticket.logged_at < end)
    return asked if question.whole else asked.where(Ticket.closed_at.is_not(None))


def _batches(work: Work, question: Question) -> Iterator[list[tuple[int, str]]]:
    last = 0
    while True:
        further = _asked(work, question).where(Ticket.id > last).order_by(Ticket.id).limit(BATCH)
        batch = [(ticket_id, number) for ticket_id, number in work.session.execute(further)]
        if not batch:
            return
        yield batch
        last = batch[-1][0]


def _kept(work: Work, ticket_ids: Collection[int]) -> dict[int, list[Kept]]:
    """Return what the rows say of the clocks of each ticket. One query."""
    columns = (getattr(Deadline, one.name) for one in fields(Kept))
    found: dict[int, list[Kept]] = {}
    rows = select(Deadline.ticket_id, *columns).where(Deadline.ticket_id.in_(ticket_ids))
    for ticket_id, *values in work.session.execute(rows.order_by(Deadline.id)):
        found.setdefault(ticket_id, []).append(Kept(*values))
    return found
