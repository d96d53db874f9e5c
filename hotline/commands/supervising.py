"""Run all processes as one, for the demo and for production."""

import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline import db
from hotline.commands import marks, migrating
from hotline.commands.arguments import Command
from hotline.commands.refusals import Refused
from hotline.processes import instance
from hotline.processes.services import all_services, is_free, local_address
from hotline.processes.supervisor import Supervisor
from hotline.settings import Settings

COMES_UP_WITHIN = 90.0


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the instance folder and see that the port is free. Raises Refused, saying what to do."""
    try:
        with instance.hold(settings.instance, local_address(settings)):
            if not is_free(settings.bind, settings.port):
                raise Refused(
                    f"端口 {settings.port} 被别的程序占用。请换一个，例如 PORT={settings.port + 1} ./run demo"
                )
            yield
    except instance.AlreadyRunning as other:
        raise Refused(
            f"已经有一套在运行（进程 {other.pid}，目录 {settings.instance}）。"
            f"直接打开 {other.address}，或先在它的窗口按 Ctrl-C 结束"
        ) from None


def supervise(settings: Settings, *, logs: Path | None, announcement: str) -> int:
    """Run every process until SIGINT or SIGTERM; print `announcement` once all are up."""
    supervisor = Supervisor(all_services(settings, logs=logs), report=_report)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: supervisor.stopping.set())
    try:
        if supervisor.start(within=COMES_UP_WITHIN):
            _report(announcement)
            supervisor.run()
        elif not supervisor.stopping.is_set():
            _report(f"没有全部启动起来，原因请看 {logs}" if logs else "没有全部启动起来，原因见上面的输出")
            return 1
        _report("正在结束全部进程 …")
        return 0
    finally:
        supervisor.end()


def _report(line: str) -> None:
    print(line, flush=True)


def _serve(options: Namespace, settings: Settings) -> int:
    if settings.generated:
        names = "、".join(f"HOTLINE_{name.upper()}" for name in sorted(settings.generated))
        raise Refused(
            f"正式运行不用生成的密钥。请设置 {names}，"
            "值可由 python3 -c 'import secrets; print(secrets.token_hex(32))' 得到"
        )
    engine = db.open_engine(settings.database)
    try:
        migrating.require_current(engine)
        if marks.read(engine, marks.DEMO):
            raise Refused("这是演示数据库，不能用于正式运行。请在 HOTLINE_DATABASE_URL 里换一个数据库")
        if not marks.read(engine, marks.CITY):
            raise Refused("数据库里还没有城市。请先运行 ./run hotline load-city")
        marks.require_key(engine, settings)
    finally:
        engine.dispose()
    with alone(settings):
        return supervise(settings, logs=None, announcement=f"热线已启动：{settings.site}")


COMMANDS = {"serve": Command(_serve)}
