"""People are entered by command under the rules of the page."""

import pytest

from tests.support.machine import Machine


def add(machine: Machine, login: str, *arguments: str) -> str:
    done = machine.run("user", "add", login, *arguments)
    assert done.code == 0, done.stderr
    return done.stdout


def test_a_person_may_have_several_roles(loaded: Machine) -> None:
    add(loaded, "chen_1", "--role", "agent", "--role", "follow_up", "--name", "陈四")

    assert "chen_1\t陈四\t话务员、回访员" in loaded.run("user", "list").stdout


@pytest.mark.parametrize(
    ("login", "arguments", "said"),
    [
        ("h1", ["--role", "handler"], "--department：承办人和分管负责人要选所在单位"),
        ("h2", ["--role", "handler", "--department", "D-NONE"], "--department：没有这个承办单位"),
        ("h3", ["--role", "agent", "--department", "D-CG"], "--department："),
        ("h4", ["--role", "handler", "--role", "agent", "--department", "D-CG"], "--department："),
        ("h 5", ["--role", "agent"], "工号：工号由 2 到 32 个"),
        ("h6", ["--role", "agent", "--name", " "], "--name："),
    ],
)
def test_what_the_page_refuses_the_command_refuses(
    loaded: Machine, login: str, arguments: list[str], said: str
) -> None:
    refused = loaded.run("user", "add", login, *arguments)

    assert (refused.code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert f"{login}\t" not in loaded.run("user", "list").stdout


def test_a_login_is_given_once(loaded: Machine) -> None:
    add(loaded, "once", "--role", "admin")

    refused = loaded.run("user", "add", "once", "--role", "agent")

    assert refused.code == 2
    assert "工号：这个工号已有人用" in refused.stderr


def test_each_password_is_new(loaded: Machine) -> None:
    first = add(loaded, "pw", "--role", "agent", "--generate")
    second = loaded.run("user", "passwd", "pw", "--generate").stdout

    assert first.split("密码：")[1] != second.split("密码：")[1]


@pytest.mark.parametrize("action", [["add"], ["passwd"], ["list"]])
def test_every_action_explains_itself(loaded: Machine, action: list[str]) -> None:
    helped = loaded.run("user", *action, "--help")

    assert helped.code == 0
    assert helped.stdout.startswith(f"用法：python -m hotline user {action[0]}")
