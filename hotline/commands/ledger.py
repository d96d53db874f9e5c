"""Prove the ledger, and seal its days."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta

from hotline import runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.settings import Settings
from hotline.tickets import anchors, verification
from hotline.tickets.proof.faults import Fault, FaultKind
from hotline.work import SYSTEM


def _configure_verify(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")
    parser.add_argument("--digest", action="store_true", help="另给出整本台账的摘要：两本一样，摘要就一样")
    parser.add_argument("--ticket", metavar="编号", help="只查这一张工单")


def _verify(options: Namespace, settings: Settings) -> int:
    start(settings)
    only = options.ticket
    with runtime.view(SYSTEM) as work:
        tickets, events = verification.size(work, only=only)
        if only and not tickets:
            raise Refused(f"没有工单 {only}，请核对编号")
        faults = list(verification.verify(work, only=only, progress=_progress(tickets)))
        digest = verification.digest(work) if options.digest else None
    if options.json:
        figures: dict[str, object] = {"tickets": tickets, "events": events}
        figures["faults"] = [asdict(fault) for fault in faults]
        print(json.dumps(figures | ({"digest": digest} if digest else {}), ensure_ascii=False))
    else:
        for fault in faults:
            print(_line(fault))
        if digest:
            print(f"digest {digest}")
        print(f"{tickets} tickets, {events} events, {len(faults)} faults")
    return 1 if faults else 0


def _line(fault: Fault) -> str:
    if fault.kind is FaultKind.ANCHOR:
        return f"anchor {fault.number}: {fault.detail}"
    entry = f", entry {fault.seq}" if fault.seq else ""
    detail = f", {fault.detail}" if fault.detail else ""
    return f"ticket {fault.number} event {fault.event or 0}: {fault.kind}{entry}{detail}"


def _progress(tickets: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r  {done} / {tickets}", end="" if done < tickets else "\n", file=sys.stderr, flush=True)

    return show


def _configure_anchor(parser: ArgumentParser) -> None:
    parser.add_argument("day", nargs="?", metavar="日期", help="如 2026-11-25；默认昨天")


def _anchor(options: Namespace, settings: Settings) -> int:
    start(settings)
    with runtime.work(SYSTEM) as work:
        today = work.now.astimezone(work.city.zone).date()
        day = _day(options.day) if options.day else today - timedelta(days=1)
        if day >= today:
            raise Refused("只能封存已经过去的日子")
        sealed = anchors.anchor(work, day)
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
