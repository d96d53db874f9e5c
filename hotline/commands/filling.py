"""Fill a new database with the demo city's last two months."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from hotline import labels, runtime
from hotline.commands import marks
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.demo import SIGN_INS
from hotline.commands.refusals import Refused
from hotline.commands.setup import phase
from hotline.settings import Settings
from hotline.simulation import demo

_BAR = 40


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--tickets", type=int, default=1200, metavar="张数", help="装入多少张工单，默认 1200")


def _fill(options: Namespace, settings: Settings) -> int:
    if options.tickets < 1:
        raise Refused("张数至少为 1")
    start(settings, with_model=True)
    engine = runtime.current().engine
    if marks.read(engine, marks.DEMO):
        raise Refused("这个数据库已经装过演示工单")
    marks.write(engine, marks.DEMO, marks.FILLING)
    with phase("装入演示工单"):
        filled = demo.fill(settings, tickets=options.tickets, progress=_show)
    print(filled.words())
    _write_sign_ins(settings.instance / SIGN_INS, demo.people(settings))
    marks.write(engine, marks.DEMO, marks.FILLED)
    runtime.stop()
    return 0


def _show(share: float) -> None:
    """Draw a bar where someone looks on."""
    if sys.stdout.isatty():
        done = round(share * _BAR)
        end = "\n" if share >= 1 else ""
        print(f"\r  {'█' * done}{'░' * (_BAR - done)} {share:4.0%}", end=end, flush=True)


def _write_sign_ins(file: Path, people: list[demo.SignIn]) -> None:
    rows = [
        {
            "login": one.login,
            "password": one.password,
            "role": labels.ROLES[one.role],
            "name": " ".join(filter(None, (one.name, one.department))),
        }
        for one in people
    ]
    with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        json.dump(rows, out, ensure_ascii=False, indent=1)


COMMANDS = {"fill-demo": Command(_fill, _configure)}
