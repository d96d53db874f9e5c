"""The product on embedded defaults, with a city's two months in it.

Imports nothing heavy: what needs the model runs in processes of its own, and this one only watches.
"""

import json
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hotline import db
from hotline.commands import marks, migrating, prepared
from hotline.commands.arguments import Command
from hotline.commands.refusals import Refused
from hotline.commands.supervising import alone, supervise
from hotline.models.ticket import Ticket
from hotline.processes.services import local_address
from hotline.settings import Settings

# What an instance folder may hold, all of it made by the product.
MADE = (
    "hotline.db",
    "hotline.db-wal",
    "hotline.db-shm",
    "models",
    "valkey",
    "logs",
    "sms.log",
    "sign-ins.json",
)
SIGN_INS = "sign-ins.json"


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="清空演示数据，从头再来（先问一声）")
    parser.add_argument("--yes", action="store_true", help="不问，直接清空")


def _demo(options: Namespace, settings: Settings) -> int:
    with alone(settings):
        if options.fresh and not _start_over(settings, sure=options.yes):
            print("没有清空，什么都没改")
            return 1
        _fill_once(settings)
        return supervise(settings, logs=settings.instance / "logs", announcement=_welcome(settings))


def _start_over(settings: Settings, *, sure: bool) -> bool:
    """Remove what the demo made; False when the person would rather not."""
    if settings.database_url:
        raise Refused("--fresh 只清空数据目录里的演示数据库；HOTLINE_DATABASE_URL 指的数据库请自行清空")
    if not sure:
        try:
            answer = input(f"将删除 {settings.instance} 里的全部演示数据。输入 yes 确认：")
        except EOFError:
            return False
        if answer.strip().lower() != "yes":
            return False
    for name in MADE:
        path = settings.instance / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return True


def _fill_once(settings: Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = db.open_engine(settings.database)
    try:
        state = _state_of(engine)
        if not prepared.is_prepared(engine, settings):
            _run("setup")
        if state is None:
            _run("fill-demo")
    finally:
        engine.dispose()


def _state_of(engine: Engine) -> str | None:
    """Return the demo mark; None for a database without tickets. Raises Refused for any other."""
    if not migrating.has_tables(engine):
        return None
    state = marks.read(engine, marks.DEMO)
    if state == marks.FILLING:
        raise Refused("上次演示数据没有装完。请用 ./run demo --fresh 从头再来")
    if state is None:
        with Session(engine) as session:
            if session.scalar(select(Ticket.id).limit(1)):
                raise Refused("这个数据库里有工单，但不是演示数据库。演示请换一个数据库或数据目录")
    return state


def _run(command: str) -> None:
    done = subprocess.run([sys.executable, "-m", "hotline", command], check=False)  # noqa: S603 - our own commands
    if done.returncode:
        raise Refused("演示没有准备好，请看上面的原因")


def _welcome(settings: Settings) -> str:
    file = settings.instance / SIGN_INS
    people = json.loads(file.read_text()) if file.exists() else []
    width = max((len(one["login"]) for one in people), default=0)
    lines = [f"  {one['login']:<{width}}  {one['password']}  {one['role']} {one['name']}" for one in people]
    return "\n".join(["", f"演示已就绪：{local_address(settings)}", *lines, "按 Ctrl-C 结束", ""])


COMMANDS = {"demo": Command(_demo, _configure)}
