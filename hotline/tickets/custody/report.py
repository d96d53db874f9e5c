"""Whose time it was, over a period: by department and desk, what waited, what came in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from sqlalchemy import ColumnElement, exists, select

from hotline.lifecycle import ENDED, Role, Status
from hotline.models.application import ApplicationKind
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.custody.account import Account, account
from hotline.tickets.custody.facts import Fact, Figure, facts
from hotline.tickets.custody.kept import KEPT
from hotline.tickets.custody.stretches import Party, Side
from hotline.tickets.holders import Holder
from hotline.tickets.scorecard import Rate
from hotline.work import Work

_BATCH = 500
_HANDLES = (Part.LEAD, Part.PROVISIONAL, Part.HANDED)
# Of no period: another ticket or another channel has the matter, or the caller took it back.
_GONE = ENDED - {Status.CLOSED}
_SIDES = tuple(Side)


class Basis(StrEnum):
    """Which tickets a period has: those closed in it, whole lives; or those registered in it, up to now."""

    CLOSED = "closed"
    LOGGED = "logged"


@dataclass(frozen=True)
class Period:
    """From `begin` to before `end`. `department`: only what concerns it, of tickets that it had in hand."""

    begin: datetime
    end: datetime
    basis: Basis = Basis.CLOSED
    department: str | None = None


@dataclass(frozen=True)
class Lengths:
    """How often and how long: median and ninth decile are lengths that occurred, None of nothing."""

    number: int
    total: timedelta
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Lengths":
        ordered = sorted(lengths)
        return cls(len(ordered), sum(ordered, timedelta()), _at(ordered, 0.5), _at(ordered, 0.9))


def _at(ordered: Sequence[timedelta], part: float) -> timedelta | None:
    return ordered[ceil(part * len(ordered)) - 1] if ordered else None


@dataclass(frozen=True)
class Row:
    """One party. `share` of all the time, 0 to 1.

    `breaches` are what it answers for, `inherited` those of them that came late to it, `elsewhere` those of
    its clocks for which another answers. `first` and `final`: results that it handed in, in time of judged.
    """

    party: Party
    natural: Lengths
    working: Lengths
    share: float
    breaches: int
    inherited: int
    elsewhere: int
    first: Rate
    final: Rate


@dataclass(frozen=True)
class WaitRow:
    """How long one desk took to decide what departments asked for; `open` wait still and are not in it."""

    desk: Role
    kind: ApplicationKind
    natural: Lengths
    working: Lengths
    open: int

    @property
    def party(self) -> Party:
        return Party(Side.APPROVAL, Holder(desk=self.desk))


@dataclass(frozen=True)
class Report:
    """The rows by side, the largest share first. `total`: all the time that all the tickets took.

    `solved`: round one was enough, by the caller's word, of those asked or opened again.
    """

    tickets: int
    total: timedelta
    rows: tuple[Row, ...]
    waits: tuple[WaitRow, ...]
    first: Rate
    final: Rate
    solved: Rate
    first_took: Lengths
    final_took: Lengths


@dataclass(frozen=True)
class Counted:
    """A fact with the ticket that it was read off."""

    ticket_id: int
    fact: Fact


class _Tally:
    """The facts of a period by what they count and for whom."""

    def __init__(self) -> None:
        self._facts: defaultdict[tuple[Figure, Party], list[Fact]] = defaultdict(list)

    def add(self, fact: Fact) -> None:
        self._facts[fact.figure, fact.party].append(fact)

    def parties(self, *figures: Figure) -> list[Party]:
        return list(dict.fromkeys(party for figure, party in self._facts if figure in figures))

    def of(self, figure: Figure, party: Party | None = None) -> list[Fact]:
        if party:
            return self._facts.get((figure, party), [])
        return [fact for (one, _), found in self._facts.items() if one is figure for fact in found]

    def rate(self, met: Figure, missed: Figure, party: Party | None = None) -> Rate:
        number = len(self.of(met, party))
        return Rate(number, number + len(self.of(missed, party)))


def report(work: Work, period: Period) -> Report:
    """Return the figures of a period. One query, and one for each 500 tickets not read before."""
    tally, tickets, total = _Tally(), set(), timedelta()
    for one in counted(work, period):
        tickets.add(one.ticket_id)
        if one.fact.figure is Figure.HELD:
            total += one.fact.natural
        if period.department in (None, one.fact.department):
            tally.add(one.fact)
    return Report(
        tickets=len(tickets),
        total=total,
        rows=tuple(_rows(tally, total)),
        waits=tuple(_waits(tally)),
        first=tally.rate(Figure.FIRST_MET, Figure.FIRST_LATE),
        final=tally.rate(Figure.FINAL_MET, Figure.FINAL_LATE),
        solved=tally.rate(Figure.SOLVED_AT_ONCE, Figure.NOT_AT_ONCE),
        first_took=_took(tally, Figure.FIRST_MET, Figure.FIRST_LATE),
        final_took=_took(tally, Figure.FINAL_MET, Figure.FINAL_LATE),
    )


def _took(tally: _Tally, *figures: Figure) -> Lengths:
    return Lengths.of(fact.natural for figure in figures for fact in tally.of(figure))


def _rows(tally: _Tally, total: timedelta) -> list[Row]:
    rows = [
        _row(tally, party, total) for party in tally.parties(Figure.HELD, Figure.BREACH, Figure.ELSEWHERE)
    ]
    return sorted(rows, key=lambda row: (_SIDES.index(row.party.side), -row.share))


def _row(tally: _Tally, party: Party, total: timedelta) -> Row:
    held = tally.of(Figure.HELD, party)
    natural = Lengths.of(fact.natural for fact in held)
    return Row(
        party=party,
        natural=natural,
        working=Lengths.of(fact.working for fact in held),
        share=natural.total / total if total else 0.0,
        breaches=len(tally.of(Figure.BREACH, party)),
        inherited=len(tally.of(Figure.INHERITED, party)),
        elsewhere=len(tally.of(Figure.ELSEWHERE, party)),
        first=tally.rate(Figure.FIRST_MET, Figure.FIRST_LATE, party),
        final=tally.rate(Figure.FINAL_MET, Figure.FINAL_LATE, party),
    )


def _waits(tally: _Tally) -> Iterator[WaitRow]:
    for party in tally.parties(Figure.WAITED, Figure.WAITING):
        decided, waiting = tally.of(Figure.WAITED, party), tally.of(Figure.WAITING, party)
        for kind in ApplicationKind:
            of_kind = [fact for fact in decided if fact.kind is kind]
            still = sum(fact.kind is kind for fact in waiting)
            if party.holder.desk and (of_kind or still):
                yield WaitRow(
                    party.holder.desk,
                    kind,
                    Lengths.of(fact.natural for fact in of_kind),
                    Lengths.of(fact.working for fact in of_kind),
                    still,
                )


def counted(work: Work, period: Period) -> Iterator[Counted]:
    """Yield every fact of the tickets of a period, also of a department's tickets those of others."""
    kept = KEPT.under(work.city)
    places = work.session.execute(select(Ticket.id, Ticket.last_hash).where(*_asked(period)))
    unread: dict[int, str] = {}
    for ticket_id, last_hash in places:
        known = kept.get((ticket_id, last_hash))
        if known is None:
            unread[ticket_id] = last_hash
        else:
            yield from (Counted(ticket_id, fact) for fact in known)
    for ticket_id, told in _read(work, list(unread)):
        found = tuple(facts(work, told))
        if told.stands:
            kept[ticket_id, unread[ticket_id]] = found
        yield from (Counted(ticket_id, fact) for fact in found)


def _read(work: Work, ids: Sequence[int]) -> Iterator[tuple[int, Account]]:
    for start in range(0, len(ids), _BATCH):
        for ticket_id, ledger in timeline.ledgers(work, ids[start : start + _BATCH]).items():
            yield ticket_id, account(work, ledger, late_only=True)


def _asked(period: Period) -> list[ColumnElement[bool]]:
    if period.basis is Basis.CLOSED:
        asked = [Ticket.status == Status.CLOSED, Ticket.closed_at >= period.begin]
        asked.append(Ticket.closed_at < period.end)
    else:
        asked = [Ticket.status.not_in(_GONE), Ticket.logged_at >= period.begin]
        asked.append(Ticket.logged_at < period.end)
    if period.department:
        had = exists().where(
            Assignment.ticket_id == Ticket.id,
            Assignment.department_code == period.department,
            Assignment.part.in_(_HANDLES),
            Assignment.ending.is_distinct_from(Ending.UNSENT),
        )
        asked.append(had)
    return asked
