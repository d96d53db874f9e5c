"""Play the people of the city on a simulated clock, or beside the running processes."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from hotline import clock, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.deadlines import read_moment
from hotline.commands.importing import Import, columns_for, writing_rejected
from hotline.commands.refusals import Refused
from hotline.commands.sheets import open_sheet
from hotline.jobs import leadership, transport
from hotline.processes.valkey import redis_url
from hotline.settings import Settings
from hotline.simulation import coming, explaining, live
from hotline.simulation.explaining import Account
from hotline.tickets import timeline
from hotline.work import SYSTEM

_BAR = 40
LONGEST_DAYS = 3650
_PARTNERS_COME_WITHIN = 20.0


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=30, metavar="天数", help="演多少天，默认 30")
    parser.add_argument(
        "--tickets-per-day",
        type=int,
        default=coming.TICKETS_PER_DAY,
        metavar="张数",
        help="每天新来的工单，默认 20",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="数", help="随机数种子；同一种子演出同一结果")
    parser.add_argument("--from", dest="begin", metavar="时刻", help="从何时演起，如 2026-11-25T09:00+08:00")
    parser.add_argument("--tickets", type=Path, metavar="文件", help="先导入这些工单，再一起演")
    parser.add_argument("--map", metavar="对照", help="--tickets 的列名对照，同 import")
    parser.add_argument(
        "--live", action="store_true", help="按真实时钟加速演，由运行中的 worker 和 ticker 配合"
    )
    parser.add_argument("--seconds", type=float, default=60.0, metavar="秒", help="--live 演多久，默认 60")
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")


def _simulate(options: Namespace, settings: Settings) -> int:
    if not 1 <= options.days <= LONGEST_DAYS or options.tickets_per_day < 0:
        raise Refused(f"天数从 1 到 {LONGEST_DAYS}，每天张数不能为负")
    start(settings, with_model=True)
    if options.live:
        _require_partners(settings)
    begin = read_moment(options.begin) if options.begin else _standing_moment()
    if options.tickets:
        _import(options, settings, None if options.live else begin)
    if options.live:
        acts = live.play(settings, seconds=options.seconds, seed=options.seed)
        with runtime.view(SYSTEM) as work:
            return _tell(explaining.account(work), f"共演了 {acts} 步", as_json=options.json)
    played = coming.play(
        settings,
        days=options.days,
        per_day=options.tickets_per_day,
        seed=options.seed,
        begin=begin,
        progress=_show,
    )
    first, last = (
        f"{at.astimezone(runtime.current().city.zone):%Y-%m-%d %H:%M}" for at in (played.begin, played.end)
    )
    return _tell(played.account, f"从 {first} 演到 {last}", as_json=options.json)


def _tell(account: Account, head: str, *, as_json: bool) -> int:
    """Print what became of every ticket; return the exit code."""
    if as_json:
        print(json.dumps(explaining.figures(account), ensure_ascii=False))
    else:
        print(head)
        for line in explaining.report(account):
            print(line)
    return 0 if account.is_whole else 1


def _require_partners(settings: Settings) -> None:
    """Wait a moment for the ticker and a worker, which may be starting. Raises Refused."""
    missing: dict[str, Callable[[], bool]] = {
        "ticker": leadership.is_led,
        "worker": partial(transport.has_worker, redis_url(settings)),
    }
    give_up = time.monotonic() + _PARTNERS_COME_WITHIN
    while missing := {name: runs for name, runs in missing.items() if not runs()}:
        if time.monotonic() > give_up:
            raise Refused(
                f"--live 要有运行中的 {' 和 '.join(missing)}。请先运行 ./run demo 或 ./run serve，"
                "或去掉 --live"
            )
        time.sleep(0.2)


def _standing_moment() -> datetime:
    """Return the moment after the last thing that happened; for an empty database, today's midnight."""
    with runtime.view(SYSTEM) as work:
        last = timeline.last_moment(work)
        if last:
            return last + timedelta(seconds=1)
        local = clock.now().astimezone(work.city.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _import(options: Namespace, settings: Settings, now: datetime | None) -> None:
    sheet = open_sheet(options.tickets)
    columns = columns_for(sheet, options.map, None)
    with writing_rejected(
        settings.instance / f"rejected-{options.tickets.stem}.csv", sheet.headers
    ) as reject:
        tally = Import(columns, reject, now=now).run(sheet)
    print(
        f"先导入 {tally.taken} 张，重复 {tally.repeated.count}，拒收 {tally.refused.count}",
        file=sys.stderr if options.json else sys.stdout,
    )


def _show(share: float) -> None:
    if sys.stderr.isatty():
        done = round(share * _BAR)
        end = "\n" if share >= 1 else ""
        print(f"\r  {'█' * done}{'░' * (_BAR - done)} {share:4.0%}", end=end, file=sys.stderr, flush=True)


COMMANDS = {"simulate": Command(_simulate, _configure)}
