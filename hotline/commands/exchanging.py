"""Take over a ticket from another city's hotline, or write one out for it."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from hotline import labels, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.settings import Settings
from hotline.tickets import callers, exchange, worklists
from hotline.tickets.importing import IMPORTER


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("verb", metavar="import|export", choices=("import", "export"), help="收进，或写出")
    parser.add_argument(
        "what", metavar="文件|编号", help="import 写交换包文件，export 写已转外地热线的工单号"
    )
    parser.add_argument("--to", metavar="文件", type=Path, help="export 写到哪个文件；默认 <编号>.json")
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")


def _exchange(options: Namespace, settings: Settings) -> int:
    return _take(options, settings) if options.verb == "import" else _write(options, settings)


def _take(options: Namespace, settings: Settings) -> int:
    with open(options.what, "rb") as file:
        received = exchange.read(file.read(exchange.LARGEST + 1), settings.exchange_key)
    start(settings, with_model=True)
    with runtime.work(IMPORTER) as work:
        taken = exchange.take(work, received)
        number = taken.ticket.number
    if options.json:
        print(json.dumps({"number": number, "origin": received.number, "new": taken.is_new}))
    else:
        print(f"原编号 {received.number}：{'已登记为' if taken.is_new else '以前已经收过，是'} {number}")
    return 0


def _write(options: Namespace, settings: Settings) -> int:
    start(settings)
    file = options.to or Path(f"{options.what}.json")
    if file.exists():
        raise Refused(f"{file} 已经有了，请用 --to 另写一个文件名")
    with runtime.work(IMPORTER) as work:
        ticket = worklists.ticket_for(work, options.what)
        package = exchange.package_of(work, ticket)
        if package["caller"]:
            callers.reveal(work, ticket, labels.PACKAGE_MADE)
    file.write_bytes(exchange.written(package, settings.exchange_key))
    file.chmod(0o600)
    print(json.dumps({"file": str(file), "key": package["key"]}) if options.json else f"已写 {file}")
    return 0


COMMANDS = {"exchange": Command(_exchange, _configure)}
