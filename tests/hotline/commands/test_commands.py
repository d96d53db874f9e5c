"""Commands from outside: exit codes, one clear line, no traceback."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog

from hotline import runtime
from hotline.commands.main import COMMANDS, main
from hotline.settings import ROOT


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


class Machine:
    """A folder of one's own to run commands in."""

    def __init__(self, folder: Path) -> None:
        self._instance = str(folder / "instance")

    def run(self, *arguments: str, **settings: str) -> Done:
        """Run a command as its process would, without the seconds that a new process takes to import."""
        out, err = io.StringIO(), io.StringIO()
        environment = {"HOTLINE_INSTANCE": self._instance, **settings}
        with patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(arguments)
            except SystemExit as left:
                code = int(left.code or 0)
        runtime.stop()
        return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True, scope="module")
def own_logs() -> Iterator[None]:
    """Take back what a command does to the logging of its process."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with tables and city."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    assert machine.run("migrate").code == 0
    assert machine.run("load-city").code == 0
    return machine


def test_a_refused_command_leaves_with_2_and_no_traceback(tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "hotline", "load-city"],
        env={**os.environ, "HOTLINE_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert refused.returncode == 2
    assert refused.stderr.splitlines() == ["数据库的表不是本版的。请先运行 ./run hotline migrate"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(machine: Machine, name: str) -> None:
    helped = machine.run(name, "--help")

    assert helped.code == 0
    assert helped.stdout.startswith(f"用法：python -m hotline {name}")


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["carrier-pigeon"], {}, "没有“carrier-pigeon”这个命令"),
        (["load-city"], {}, "./run hotline migrate"),
        (["load-city", "/no/such/city"], {}, "城市档案有误"),
        (["user"], {}, "缺少参数"),
        (["user", "add", "wang"], {}, "缺少参数：--role"),
        (["user", "add", "wang", "--role", "king"], {}, "--role 不能是 'king'"),
        (["anchor-ledger", "tomorrow"], {}, "./run hotline migrate"),
        (["worker"], {"HOTLINE_REDIS_URL": "redis://127.0.0.1:1"}, "连不上 Redis"),
        (["migrate"], {"HOTLINE_PORT": "eighty"}, "HOTLINE_PORT"),
        (["migrate"], {"HOTLINE_COLOUR": "red"}, "HOTLINE_COLOUR"),
        (["migrate"], {"HOTLINE_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, "连不上数据库"),
        (["serve"], {}, "HOTLINE_SECRET_KEY、HOTLINE_VAULT_KEY"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    machine: Machine, arguments: list[str], settings: dict[str, str], said: str
) -> None:
    refused = machine.run(*arguments, **settings)

    assert refused.code == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_loading_a_city_again_changes_nothing(loaded: Machine) -> None:
    again = loaded.run("load-city")

    assert again.code == 0
    assert "日历已有" in again.stdout


def test_a_person_is_added_once_and_the_password_shown_once(loaded: Machine) -> None:
    added = loaded.run("user", "add", "zhang", "--role", "agent", "--name", "张三")
    twice = loaded.run("user", "add", "zhang", "--role", "agent")
    listed = loaded.run("user", "list")

    assert "密码：" in added.stdout
    assert twice.code == 2
    assert "已有人用" in twice.stderr
    assert "zhang\t张三\t话务员" in listed.stdout
    assert added.stdout.split("密码：")[1][:8] not in listed.stdout


def test_a_handler_needs_a_department(loaded: Machine) -> None:
    refused = loaded.run("user", "add", "li", "--role", "handler")
    added = loaded.run("user", "add", "li", "--role", "handler", "--department", "D-CG")

    assert refused.code == 2
    assert added.code == 0


def test_an_empty_ledger_has_no_fault(loaded: Machine) -> None:
    verified = loaded.run("verify-ledger", "--json")

    assert verified.code == 0
    assert json.loads(verified.stdout) == {"tickets": 0, "events": 0, "faults": []}


def test_serving_refuses_a_demo(loaded: Machine) -> None:
    filled = loaded.run("fill-demo", "--tickets", "3")
    refused = loaded.run("serve", HOTLINE_SECRET_KEY="s" * 32, HOTLINE_VAULT_KEY="0" * 64)

    assert filled.code == 0, filled.stderr
    assert refused.code == 2
    assert "演示数据库" in refused.stderr
