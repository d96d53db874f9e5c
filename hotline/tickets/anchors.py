"""Seal the days of the ledger: a hash over what happened to any ticket on one, to be kept outside as well."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from hotline.models.event import LedgerAnchor, TicketEvent
from hotline.models.mark import Mark
from hotline.tickets.proof.faults import Fault, FaultKind
from hotline.tickets.proof.rows import SENSELESS
from hotline.work import Work

# The first and the last of the days that were sealed one after the other, as "2026-11-20/2026-11-23".
SEALED_MARK = "ledger_sealed"


def anchor(work: Work, day: date) -> LedgerAnchor:
    """Write the hash over what happened to any ticket on the local `day`; twice gives one row."""
    standing = work.session.get(LedgerAnchor, day)
    if standing:
        return standing
    count, digest = _digest(work, day)
    row = LedgerAnchor(day=day, events=count, hash=digest, anchored_at=work.now)
    work.session.add(row)
    return row


def anchor_until(work: Work, day: date) -> None:
    """Anchor the local `day`, and before it every day that was left out since the last night."""
    mark = work.session.get(Mark, SEALED_MARK, with_for_update=True)
    if mark is None:
        mark = Mark(name=SEALED_MARK, value=f"{day}/{day}")
        work.session.add(mark)
    first, last = _span(mark)
    for missed in [*_days(last, day), day]:
        anchor(work, missed)
    mark.value = f"{first}/{max(last, day)}"


def anchors(work: Work) -> list[LedgerAnchor]:
    return list(work.session.scalars(select(LedgerAnchor).order_by(LedgerAnchor.day)))


def faults(work: Work) -> Iterator[Fault]:
    """Yield the days that have other entries than were sealed, and those whose seal is gone."""
    try:
        standing = {row.day: row for row in anchors(work)}
        mark = work.session.get(Mark, SEALED_MARK)
        gone = [day for day in _days(*_span(mark)) if day not in standing] if mark else []
    except SENSELESS as error:
        yield Fault("?", FaultKind.ANCHOR, detail=f"unreadable: {error}")
        return
    for day in gone:
        yield Fault(day.isoformat(), FaultKind.ANCHOR, detail="sealed, and the seal is gone")
    for day, row in standing.items():
        count, digest = _digest(work, day, of_first=row.events)
        if (count, digest) != (row.events, row.hash):
            detail = f"{row.events} events anchored, {count} found"
            yield Fault(day.isoformat(), FaultKind.ANCHOR, detail=detail)


def _span(mark: Mark) -> tuple[date, date]:
    first, _, last = mark.value.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def _days(first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last`, both included."""
    return (first + timedelta(days=later) for later in range((last - first).days + 1))


def _digest(work: Work, day: date, *, of_first: int | None = None) -> tuple[int, str]:
    """Return how many events bear that day, and the hash over theirs; `of_first`: of so many, as written.

    An archive that is imported later is entered at its own, earlier time: behind what was anchored then.
    """
    begin = datetime.combine(day, time.min, work.city.calendar.zone)
    rows = work.session.execute(
        select(TicketEvent.ticket_id, TicketEvent.seq, TicketEvent.hash)
        .where(TicketEvent.at >= begin, TicketEvent.at < begin + timedelta(days=1))
        .order_by(TicketEvent.id)
        .limit(of_first)
    ).all()
    digest = hashlib.sha256()
    for ticket_id, _, digest_of_event in sorted(rows):
        digest.update(f"{ticket_id}:{digest_of_event}\n".encode())
    return len(rows), digest.hexdigest()
