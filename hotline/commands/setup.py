"""Everything that must be there before the first call: tables, city, model."""

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from hotline import db, runtime
from hotline.commands import marks, migrating, prepared
from hotline.commands.arguments import Command
from hotline.commands.cities import load_city
from hotline.commands.database import migrate
from hotline.commands.training import is_trained, train
from hotline.settings import Settings
from hotline.work import SYSTEM


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Say what takes time, and how long it took."""
    print(f"· {name} …", flush=True)
    begin = time.monotonic()
    yield
    print(f"  {name}：{time.monotonic() - begin:.1f} 秒", flush=True)


def prepare(settings: Settings) -> None:
    """Make the tables current, load the city, train a model where none can be used."""
    if not _has_current_tables(settings):
        with phase("建立数据库表"):
            migrate(settings)
    with phase("装入城市档案"):
        runtime.start(settings, with_model=False)
        with runtime.work(SYSTEM) as work:
            load_city(work)
        runtime.stop()
    if not is_trained(settings):
        with phase("训练分类模型"):
            train(settings)
    _remember(settings)


def _remember(settings: Settings) -> None:
    engine = db.open_engine(settings.database)
    try:
        marks.write(engine, marks.PREPARED, prepared.fingerprint(settings))
    finally:
        engine.dispose()


def _has_current_tables(settings: Settings) -> bool:
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = db.open_engine(settings.database)
    try:
        return migrating.is_current(engine)
    finally:
        engine.dispose()


def _setup(options: Namespace, settings: Settings) -> int:
    prepare(settings)
    print("准备好了。./run demo 打开演示，./run serve 正式运行", file=sys.stderr)
    return 0


COMMANDS = {"setup": Command(_setup)}
