"""Take over tickets from another system: to be handled now, or as an archive."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from hotline.lifecycle import Action, Role
from hotline.models.ticket import Ticket
from hotline.tickets import intake
from hotline.tickets.callers import Identity
from hotline.tickets.foreign import ForeignTicket, RowRefused
from hotline.tickets.ledger import record
from hotline.work import Actor, Work
from routing import Match

IMPORTER = Actor("数据导入", frozenset({Role.AGENT}))
_NO_ANSWER = "历史工单，原系统没有留下答复。"


class Fate(StrEnum):
    TAKEN = "taken"
    STANDING = "standing"


@dataclass(frozen=True)
class Taken:
    """What became of one row. `placed` is false when no place could be read: the whole city stands for it."""

    fate: Fate
    number: str
    placed: bool = True


def stands(work: Work, foreign: ForeignTicket, source: str) -> str | None:
    """Return the number under which this row was taken before, or None. One query.

    Raises RowRefused when its number was taken for something else.
    """
    before = select(Ticket.number, Ticket.content).where(Ticket.request_key == foreign.request_key(source))
    row = work.session.execute(before).first()
    if row is None:
        return None
    if _visible(row.content) != _visible(foreign.content):
        raise RowRefused(f"编号 {foreign.number} 已经导入为工单 {row.number}，内容却不同")
    return str(row.number)


def _visible(text: str) -> str:
    """Return what registering leaves of a text: no control characters, nothing around it."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def would_take(work: Work, foreign: ForeignTicket, source: str, *, as_closed: bool = False) -> Taken:
    """Return what `take` would make of a row, under no number yet, changing nothing. One query.

    Raises RowRefused.
    """
    if as_closed and foreign.at is not None and foreign.at > work.now:
        raise RowRefused("受理时间在将来，不能作为历史档案导入")
    if number := stands(work, foreign, source):
        return Taken(Fate.STANDING, number)
    return Taken(Fate.TAKEN, "", placed=_place_of(work, foreign) is not None)


def take(work: Work, foreign: ForeignTicket, source: str, *, as_closed: bool = False) -> Taken:
    """Register one row, once: again it changes nothing. What the other system knew goes on the record.

    It waits on the dispatch desk from now on; `as_closed`, it is entered at its own time as answered,
    and nobody is told. Raises InvalidInput, RowRefused.
    """
    known = would_take(work, foreign, source, as_closed=as_closed)
    if known.fate is Fate.STANDING:
        return known
    if as_closed:
        work = replace(work, now=foreign.at or work.now, silent=True)
    place = _place_of(work, foreign)
    call = intake.Call(
        request_key=foreign.request_key(source),
        content=foreign.content,
        address=foreign.address,
        channel=foreign.channel,
        kind=foreign.kind,
        title=foreign.title,
        area=place.area.code if place else work.city.code,
        identity=Identity(foreign.caller or None, foreign.phone or None),
        anonymous=foreign.anonymous,
    )
    ticket = intake.log(work, call, auto_lane=False).ticket
    record(
        work,
        ticket,
        Action.NOTE,
        text=_history_words(work, foreign, source),
        imported=_history(foreign, source),
    )
    if as_closed:
        intake.answer(work, ticket, foreign.answer or _NO_ANSWER, source=source)
    return replace(known, number=ticket.number)


def _place_of(work: Work, foreign: ForeignTicket) -> Match | None:
    return work.city.gazetteer.locate(foreign.address, f"{foreign.title}\n{foreign.content}")


def _history(foreign: ForeignTicket, source: str) -> dict[str, str | None]:
    """Return what the other system knew of it, for the ledger."""
    return {
        "source": source,
        "number": foreign.number,
        "at": foreign.at.isoformat() if foreign.at else None,
        "channel": foreign.channel_word,
        "transfers": foreign.transfers,
        "answer": foreign.answer,
    }


def _history_words(work: Work, foreign: ForeignTicket, source: str) -> str:
    return "；".join(_said(work, foreign, source))


def _said(work: Work, foreign: ForeignTicket, source: str) -> Iterator[str]:
    yield f"导入自{source}"
    if foreign.number:
        yield f"原编号 {foreign.number}"
    if foreign.at:
        yield f"原受理时间 {foreign.at.astimezone(work.city.zone):%Y-%m-%d %H:%M}"
    if foreign.channel_word:
        yield f"原渠道 {foreign.channel_word}"
    if foreign.transfers:
        yield f"原流转 {foreign.transfers} 次"
    if foreign.answer:
        yield f"原答复：{foreign.answer}"
