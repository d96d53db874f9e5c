"""Reckon running clocks anew after the calendar changed: first what would move, then on the record."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select

from hotline import runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.lifecycle import OPEN
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import reckoning
from hotline.work import SYSTEM

_BATCH = 200


@dataclass
class Preview:
    """How many tickets are open, of how many a clock would move, and of how many one would be overdue."""

    open: int = 0
    moved: int = 0
    overdue: int = 0

    def words(self) -> str:
        return f"未结工单 {self.open} 张：时限会变的 {self.moved} 张，其中变后即超时的 {self.overdue} 张"


def preview() -> Preview:
    """Look at every open ticket, changing nothing."""
    found = Preview()
    for ids in _batches():
        with runtime.view(SYSTEM) as work:
            for ticket in work.session.scalars(select(Ticket).where(Ticket.id.in_(ids))):
                moves = reckoning.moves(work, ticket)
                found.open += 1
                found.moved += bool(moves)
                found.overdue += any(one.becomes_overdue(work.now) for one in moves)
        _show(found.open)
    return found


def recompute() -> int:
    """Move what has to, one ticket a transaction: the desks go on working meanwhile. Returns how many."""
    done = moved = 0
    for ids in _batches():
        for ticket_id in ids:
            with runtime.work(SYSTEM) as work:
                ticket = work.session.get_one(Ticket, ticket_id, with_for_update=True)
                # Meanwhile it may have been closed.
                moved += ticket.status in OPEN and bool(reckoning.recompute(work, ticket))
        done += len(ids)
        _show(done)
    return moved


def _batches() -> Iterator[list[int]]:
    """Yield the ids of the open tickets."""
    last = 0
    while True:
        with runtime.view(SYSTEM) as work:
            further = select(Ticket.id).where(Ticket.id > last, Ticket.status.in_(OPEN))
            ids = list(work.session.scalars(further.order_by(Ticket.id).limit(_BATCH)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _show(tickets: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {tickets} 张", end="", file=sys.stderr, flush=True)


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="不问，直接重算")
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出；没有 --yes 时只预览")


def _recompute(options: Namespace, settings: Settings) -> int:
    start(settings)
    found = preview()
    if options.json:
        done = recompute() if options.yes else 0
        print(json.dumps({**asdict(found), "recomputed": done}))
        return 0
    print(found.words())
    if not found.moved and not options.yes:  # asked for outright, the alerts are reckoned anew as well
        return 0
    if not (options.yes or _agrees()):
        print("没有重算，什么都没改")
        return 1
    print(f"已重算 {recompute()} 张，每张都记入了流转记录")
    return 0


def _agrees() -> bool:
    try:
        return input("按现在的日历重算这些工单？输入 yes 确认：").strip().lower() == "yes"
    except EOFError:
        return False


COMMANDS = {"recompute-deadlines": Command(_recompute, _configure)}
