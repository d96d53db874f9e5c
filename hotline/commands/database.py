"""The tables: migrate them, and write the next migration."""

import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from hotline import db, runtime
from hotline.commands import marks, migrating
from hotline.commands.arguments import Command
from hotline.commands.refusals import Refused
from hotline.settings import Settings


def migrate(settings: Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = db.open_engine(settings.database)
    try:
        migrating.upgrade(engine)
    finally:
        engine.dispose()


def start(settings: Settings, *, with_model: bool = False) -> None:
    """Start the runtime for a command, on tables of this version."""
    runtime.start(settings, with_model=with_model)
    migrating.require_current(runtime.current().engine)


def start_with_city(settings: Settings, *, with_model: bool = False) -> None:
    """Start for a command that needs what `load-city` writes. Raises Refused before it has run."""
    start(settings, with_model=with_model)
    running = runtime.current()
    loaded = marks.read(running.engine, marks.CITY)
    if loaded is None:
        raise Refused("数据库里还没有城市。请先运行 ./run hotline load-city")
    if loaded != running.city.code:
        raise Refused(f"数据库装的是区划代码为 {loaded} 的城市。请在 HOTLINE_CITY 里写明它的档案")


def _migrate(options: Namespace, settings: Settings) -> int:
    migrate(settings)
    print(f"数据库的表已是最新（{migrating.head()}）")
    return 0


def _configure_migration(parser: ArgumentParser) -> None:
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("name", nargs="?", help="新迁移的名字，小写英文，如 add_priority")
    action.add_argument("--again", action="store_true", help="重写最后一个迁移；只在它还没有发布时用")
    action.add_argument("--check", action="store_true", help="只检查：模型和迁移不一致时退出码为 1")


def _migration(options: Namespace, settings: Settings) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        if options.check:
            return _check(Path(scratch))
        file = _write(options, Path(scratch))
    # Only where the development tools are installed: elsewhere nobody writes migrations.
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", file], check=False)  # noqa: S603
    print(f"已写 {file}，请通读并补上数据的改动")
    return 0


def _write(options: Namespace, scratch: Path) -> Path:
    if options.again:
        return migrating.rewrite_last(scratch)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", options.name):
        raise Refused("名字只用小写英文字母、数字和下划线，如 add_priority")
    return migrating.write_next(options.name, scratch)


def _check(scratch: Path) -> int:
    """Compare what the migrations make with what the models say. The house test compares deeper."""
    engine = db.open_engine(f"sqlite:///{scratch / 'checked.db'}")
    try:
        migrating.upgrade(engine)
        with engine.connect() as connection:
            missing = compare_metadata(MigrationContext.configure(connection), db.Base.metadata)
    finally:
        engine.dispose()
    for difference in missing:
        print(f"迁移里没有：{difference}")
    return 1 if missing else 0


COMMANDS = {
    "migrate": Command(_migrate),
    "migration": Command(_migration, _configure_migration),
}
