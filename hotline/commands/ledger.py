"""Prove the ledger, and seal its days."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import func, select

from hotline import runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import verification
from hotline.work import SYSTEM


def _configure_verify(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")
    parser.add_argument("--ticket", metavar="编号", help="只查这一张工单")


def _verify(options: Namespace, settings: Settings) -> int:
    start(settings)
    with runtime.view(SYSTEM) as work:
        tickets, events = work.session.execute(
            select(func.count(), func.coalesce(func.sum(Ticket.events), 0))
        ).one()
        faults = list(verification.verify(work, only=options.ticket))
    if options.json:
        figures = {"tickets": tickets, "events": events, "faults": [asdict(fault) for fault in faults]}
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for fault in faults:
            event = f" event {fault.seq}" if fault.seq else ""
            print(f"ticket {fault.number}{event}: {fault.kind} {fault.detail}".rstrip())
        print(f"{tickets} tickets, {events} events, {len(faults)} faults")
    return 1 if faults else 0


def _configure_anchor(parser: ArgumentParser) -> None:
    parser.add_argument("day", nargs="?", metavar="日期", help="如 2026-11-25；默认昨天")


def _anchor(options: Namespace, settings: Settings) -> int:
    start(settings)
    with runtime.work(SYSTEM) as work:
        today = work.now.astimezone(work.city.zone).date()
        day = _day(options.day) if options.day else today - timedelta(days=1)
        if day >= today:
            raise Refused("只能封存已经过去的日子")
        sealed = verification.anchor(work, day)
        line = f"{sealed.day} {sealed.events} {sealed.hash}"
    print(line)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"日期 {text} 写法不对，请写成 2026-11-25 的样子") from None


COMMANDS = {
    "verify-ledger": Command(_verify, _configure_verify),
    "anchor-ledger": Command(_anchor, _configure_anchor),
}
