"""Commands from outside: exit codes, one clear line, no traceback."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.commands.main import COMMANDS
from hotline.settings import ROOT
from tests.support.machine import Machine


def run_for_real(instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hotline", *arguments],
        env={**os.environ, "HOTLINE_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_a_command_makes_is_for_its_own_user_only(tmp_path: Path) -> None:
    instance = tmp_path / "instance"

    assert run_for_real(instance, "migrate").returncode == 0

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (instance, *instance.iterdir())}
    assert modes.pop("instance") == 0o700
    assert "hotline.db" in modes
    assert set(modes.values()) == {0o600}


def test_a_refused_command_leaves_with_2_and_no_traceback(tmp_path: Path) -> None:
    refused = run_for_real(tmp_path, "load-city")

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
        (["load-city", "/no/such/city"], {}, "城市档案有误：没有 /no/such/city 这个文件夹"),
        (["load-city", "nowhere"], {}, f"没有 {Path.cwd() / 'nowhere'} 这个文件夹"),
        (["web"], {}, "./run hotline migrate"),
        (["user"], {}, "缺少参数"),
        (["user", "add", "wang"], {}, "缺少参数：--role"),
        (["user", "add", "wang", "--role", "king"], {}, "--role 不能是 'king'"),
        (["anchor-ledger", "tomorrow"], {}, "./run hotline migrate"),
        (["worker"], {"HOTLINE_REDIS_URL": "redis://127.0.0.1:1"}, "连不上 Redis"),
        (["migrate"], {"HOTLINE_PORT": "eighty"}, "HOTLINE_PORT：请填整数，不能是 eighty"),
        (["migrate"], {"HOTLINE_COLOUR": "red"}, "HOTLINE_COLOUR：没有这个设置"),
        (["migrate"], {"HOTLINE_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, "连不上数据库"),
        (["migrate"], {"HOTLINE_DATABASE_URL": "somewhere"}, "读不懂这个数据库地址"),
        (["migrate"], {"HOTLINE_DATABASE_URL": "mysql://root:geheim@host/x"}, "读不懂这个数据库地址"),
        (["worker"], {"HOTLINE_REDIS_URL": "somewhere"}, "HOTLINE_REDIS_URL：读不懂这个地址"),
        (["migrate"], {"HOTLINE_INSTANCE": "/dev/null"}, "已有同名的文件"),
        (["migration", "name", "--check"], {}, "不能一起写"),
        (["simulate", "--days", "99999999999"], {}, "天数从 1 到 3650"),
        (["fill-demo", "--tickets", "0"], {}, "张数至少为 1"),
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
    assert "geheim" not in refused.stderr


def test_loading_a_city_again_changes_nothing(loaded: Machine) -> None:
    again = loaded.run("load-city")

    assert again.code == 0
    assert "日历没有变化" in again.stdout


@pytest.mark.parametrize("command", [["load-city"], ["web"], ["serve"], ["user", "list"]])
def test_nothing_starts_with_another_key_than_the_database_was_sealed_with(
    loaded: Machine, command: list[str]
) -> None:
    refused = loaded.run(*command, HOTLINE_SECRET_KEY="s" * 32, HOTLINE_VAULT_KEY="ab" * 32)

    assert refused.code == 2
    assert "HOTLINE_VAULT_KEY：不是封存这个数据库的密钥" in refused.stderr


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


def test_nobody_is_of_a_department_and_of_the_hotline(loaded: Machine) -> None:
    both = ["--role", "handler", "--role", "reviewer", "--department", "D-CG"]
    refused = loaded.run("user", "add", "sun", *both)

    assert refused.code == 2
    assert "不能由一个人兼任" in refused.stderr


def test_a_new_password_is_for_somebody_who_is_there(loaded: Machine) -> None:
    assert loaded.run("user", "add", "zhou", "--role", "admin").code == 0

    changed = loaded.run("user", "passwd", "zhou")
    unknown = loaded.run("user", "passwd", "nobody")

    assert "密码：" in changed.stdout
    assert unknown.code == 2
    assert "没有工号 nobody" in unknown.stderr


def test_an_empty_ledger_has_no_fault(loaded: Machine) -> None:
    verified = loaded.run("verify-ledger", "--json")

    assert verified.code == 0
    assert json.loads(verified.stdout) == {"tickets": 0, "events": 0, "faults": []}


def test_a_digest_stands_before_the_last_line(loaded: Machine) -> None:
    verified = loaded.run("verify-ledger", "--digest")
    figures = json.loads(loaded.run("verify-ledger", "--digest", "--json").stdout)

    *_, digest, last = verified.stdout.splitlines()
    assert digest == f"digest {figures['digest']}"
    assert last.endswith(" faults")


def test_serving_refuses_a_demo(loaded: Machine) -> None:
    filled = loaded.run("fill-demo", "--tickets", "3")
    refused = loaded.run("serve", HOTLINE_SECRET_KEY="s" * 32, HOTLINE_VAULT_KEY="0" * 64)

    assert filled.code == 0, filled.stderr
    assert refused.code == 2
    assert "演示数据库" in refused.stderr
