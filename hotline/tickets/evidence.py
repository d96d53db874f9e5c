"""The tickets behind a rate or a day's count: the same conditions that `scorecard` counts by, row for row.

A ticket answered for in two rounds stands here twice, as it counts twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, not_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from hotline.models.deadline import Deadline
from hotline.models.follow_up import FollowUp
from hotline.models.ticket import Ticket
from hotline.tickets import paging, scorecard
from hotline.tickets.paging import PAGE
from hotline.tickets.scorecard import Measure, Rate
from hotline.work import Work


class Share(StrEnum):
    """Which part of a rate is listed."""

    ALL = "all"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True)
class Question:
    """One rate: of what, since when, and of which department (None: the whole city)."""

    measure: Measure
    since: datetime
    department: str | None = None


class Event(StrEnum):
    """What the trend counts by the day, besides registrations."""

    CLOSED = "closed"
    RAN_OUT = "ran_out"


@dataclass(frozen=True)
class Piece:
    """One row that was counted: by `answer`, by `clock`, or, without either, by the ticket itself."""

    ticket: Ticket
    at: datetime
    department: str | None
    met: bool
    answer: FollowUp | None
    clock: Deadline | None


@dataclass(frozen=True)
class Evidence:
    """One page, newest first, with the whole rate. `after` is the key of the next page, None at the end."""

    rate: Rate
    pieces: tuple[Piece, ...]
    after: str | None


@dataclass(frozen=True)
class _Source:
    """Where the rows of a rate are, what stamps and orders them, and which of them it counts for."""

    rows: FromClause
    where: tuple[ColumnElement[bool], ...]
    entity: type[FollowUp] | type[Deadline] | type[Ticket]
    at: InstrumentedAttribute[Any]
    met: ColumnElement[bool]


def evidence(
    work: Work, question: Question, share: Share = Share.ALL, *, after: str | None = None, size: int = PAGE
) -> Evidence:
    """Return one page of what `question` counts. Two queries."""
    return _evidence(work, _source_of(work, question), share, after, size)


def of_day(work: Work, event: Event, on: date, *, after: str | None = None, size: int = PAGE) -> Evidence:
    """Return one page of what the trend counts on a local day; its rate is all of one. Two queries."""
    midnight = datetime.combine(on, time.min, work.city.calendar.zone)
    moment = Ticket.closed_at if event is Event.CLOSED else Deadline.due_at
    within = (moment >= midnight, moment < midnight + timedelta(days=1))
    if event is Event.CLOSED:
        source = _Source(Ticket.__table__, within, Ticket, Ticket.closed_at, true())
    else:
        rows = Deadline.__table__.join(Ticket.__table__, Deadline.ticket_id == Ticket.id)
        source = _Source(rows, (*within, scorecard.ran_out(work)), Deadline, Deadline.due_at, true())
    return _evidence(work, source, Share.ALL, after, size)


def _evidence(work: Work, source: _Source, share: Share, after: str | None, size: int) -> Evidence:
    counted = select(func.count().filter(source.met), func.count()).select_from(source.rows)
    rate = Rate(*work.session.execute(counted.where(*source.where)).one())
    pieces = _pieces(work, source, share, after, size)
    shown = pieces[:size]
    return Evidence(rate, tuple(shown), _key_of(shown[-1]) if len(pieces) > size else None)


def _source_of(work: Work, question: Question) -> _Source:
    tickets, clocks = Ticket.__table__, Deadline.__table__
    since, department = question.since, question.department
    if question.measure is Measure.FIRST_DISPATCH:
        of_department = (Ticket.lead_code == department,) if department else ()
        where = (*scorecard.dispatched(since), *of_department)
        return _Source(tickets, where, Ticket, Ticket.logged_at, scorecard.KEPT)
    if question.measure is Measure.ON_TIME:
        rows = clocks.join(tickets, Deadline.ticket_id == Ticket.id)
        where = tuple(scorecard.settled(since, department=department))
        return _Source(rows, where, Deadline, Deadline.settled_at, scorecard.MET)
    counts, for_it = scorecard.answered(work)[question.measure]
    rows = FollowUp.__table__.join(tickets, FollowUp.ticket_id == Ticket.id)
    where = (*scorecard.answers(since, department), counts)
    return _Source(rows, where, FollowUp, FollowUp.at, for_it)


def _pieces(work: Work, source: _Source, share: Share, after: str | None, size: int) -> list[Piece]:
    row_id = source.entity.id
    listed = (
        select(Ticket, source.entity, source.at, source.met).select_from(source.rows).where(*source.where)
    )
    if share is not Share.ALL:
        listed = listed.where(source.met if share is Share.MET else not_(source.met))
    key = paging.read_key(after)
    if key and key[0]:
        listed = listed.where(tuple_(source.at, row_id) < tuple_(*key))
    rows = work.session.execute(listed.order_by(source.at.desc(), row_id.desc()).limit(size + 1))
    return [_piece(*row) for row in rows]


def _piece(ticket: Ticket, counted_by: object, at: datetime, met: bool) -> Piece:
    if isinstance(counted_by, FollowUp):
        return Piece(ticket, at, counted_by.department_code, met, counted_by, None)
    if isinstance(counted_by, Deadline):
        return Piece(ticket, at, counted_by.department_code, met, None, counted_by)
    return Piece(ticket, at, ticket.lead_code, met, None, None)


def _key_of(piece: Piece) -> str:
    row = piece.answer or piece.clock or piece.ticket
    return paging.key_of(piece.at, row.id)
