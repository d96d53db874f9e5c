"""Reckon running clocks anew after the calendar changed: first what would move, then on the record."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from sqlalchemy import select

from hotline import runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.models.deadline import Deadline
from hotline.settings import Settings
from hotline.tickets.calendars import following
from hotline.tickets.calendars.effect import ANY_CLOCK, Effect, effect_of
from hotline.work import SYSTEM

_BATCH = 200


def preview() -> Effect:
    """Look at every open ticket, changing nothing."""
    with runtime.view(SYSTEM) as work:
        return effect_of(work, work.city, ANY_CLOCK, listed=0)


def _words(found: Effect) -> str:
    return f"未结工单 {found.open} 张：时限会变的 {found.moved} 张，其中变后即超时的 {found.overdue} 张"


def recompute() -> int:
    """Move what has to, one ticket a transaction: the desks go on working meanwhile. Returns how many."""
    done = moved = 0
    for ids in _batches():
        for ticket_id in ids:
            with runtime.work(SYSTEM) as work:
                moved += following.follow(work, ticket_id)
        done += len(ids)
        _show(done)
    return moved


def _batches() -> Iterator[list[int]]:
    """Yield the ids of the tickets that have a running clock."""
    last = 0
    while True:
        with runtime.view(SYSTEM) as work:
            running = select(Deadline.ticket_id).where(Deadline.settled_at.is_(None))
            further = running.where(Deadline.ticket_id > last).distinct().order_by(Deadline.ticket_id)
            ids = list(work.session.scalars(further.limit(_BATCH)))
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
        counts = {"open": found.open, "moved": found.moved, "overdue": found.overdue}
        print(json.dumps({**counts, "recomputed": done}))
        return 0
    print(_words(found))
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
