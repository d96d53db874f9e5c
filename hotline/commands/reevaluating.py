"""Put running clocks under the policy in force: first what that would change, then on the record."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time

from sqlalchemy import Select, select

from hotline import labels, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.lifecycle import OPEN
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import reevaluation
from hotline.work import SYSTEM, Work

_BATCH = 200


@dataclass
class Change:
    """Of the clocks of one stage: how many get another allowance, become overdue, stop being overdue."""

    changed: int = 0
    overdue: int = 0
    saved: int = 0


@dataclass
class Preview:
    """How many tickets were looked at, of how many a clock would change, and what of each stage."""

    open: int = 0
    tickets: int = 0
    stages: dict[str, Change] = field(default_factory=dict)

    def add(self, work: Work, ticket: Ticket) -> None:
        found = reevaluation.revisions(work, ticket)
        self.open += 1
        self.tickets += bool(found)
        for one in found:
            change = self.stages.setdefault(one.clock.stage.value, Change())
            change.changed += 1
            change.overdue += one.becomes_overdue(work.now)
            change.saved += one.stops_being_overdue(work.now)

    def words(self) -> Iterator[str]:
        yield f"未结工单 {self.open} 张：时限会变的 {self.tickets} 张"
        for stage, one in self.stages.items():
            yield (
                f"  {labels.STAGES[stage]}：换时限的 {one.changed} 个，"
                f"其中变后即超时的 {one.overdue} 个，不再超时的 {one.saved} 个"
            )


def _preview(options: Namespace) -> Preview:
    found = Preview()
    for ids in _batches(options):
        with runtime.view(SYSTEM) as work:
            for ticket in work.session.scalars(select(Ticket).where(Ticket.id.in_(ids))):
                found.add(work, ticket)
    return found


def _apply(options: Namespace) -> int:
    """Change what has to, one ticket a transaction: the desks go on working meanwhile. Returns how many."""
    changed = 0
    for ids in _batches(options):
        for ticket_id in ids:
            with runtime.work(SYSTEM) as work:
                ticket = work.session.get_one(Ticket, ticket_id, with_for_update=True)
                # Meanwhile it may have been closed.
                changed += ticket.status in OPEN and bool(reevaluation.reevaluate(work, ticket))
    return changed


def _batches(options: Namespace) -> Iterator[list[int]]:
    """Yield the ids of the open tickets that were asked for."""
    last = 0
    while True:
        with runtime.view(SYSTEM) as work:
            asked = _asked_for(work, options).where(Ticket.id > last)
            ids = list(work.session.scalars(asked.order_by(Ticket.id).limit(_BATCH)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _asked_for(work: Work, options: Namespace) -> Select[int]:
    asked = select(Ticket.id).where(Ticket.status.in_(OPEN))
    if options.since:
        since = datetime.combine(_day(options.since), time.min, work.city.zone)
        asked = asked.where(Ticket.logged_at >= since)
    if options.department:
        if options.department not in work.city.departments:
            raise Refused(f"没有代码是 {options.department} 的承办单位")
        asked = asked.where(Ticket.lead_code == options.department)
    return asked


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--since {text!r} 不是日期，请写成 2026-11-25 的样子") from None


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--since", metavar="日期", help="只看这一天起登记的工单")
    parser.add_argument("--department", metavar="代码", help="只看这个单位主办的工单")
    parser.add_argument("--yes", action="store_true", help="不问，直接改用")
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出；没有 --yes 时只预览")


def _reevaluate(options: Namespace, settings: Settings) -> int:
    start(settings)
    found = _preview(options)
    if options.json:
        done = _apply(options) if options.yes else 0
        print(json.dumps({**asdict(found), "reevaluated": done}))
        return 0
    print("\n".join(found.words()))
    if not found.tickets:
        return 0
    if not (options.yes or _agrees()):
        print("没有改用，什么都没改")
        return 1
    print(f"已让 {_apply(options)} 张工单改用现在的时限，每张都记入了流转记录；暂停和延期都保留")
    return 0


def _agrees() -> bool:
    try:
        return input("让这些工单改用现在的时限？输入 yes 确认：").strip().lower() == "yes"
    except EOFError:
        return False


COMMANDS = {"reevaluate": Command(_reevaluate, _configure)}
