"""One entry, one transaction: opened by the shell, spent by the use cases, committed by neither of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.settings import ROOT

HOTLINE = ROOT / "hotline"
SHELL = ("web", "api", "jobs", "commands", "simulation")
ENDING = {"commit", "rollback"}


def files_of(*parts: str) -> list[Path]:
    return sorted(file for part in parts for file in (HOTLINE / part).rglob("*.py"))


def below_the_shell() -> list[Path]:
    everything = set(HOTLINE.rglob("*.py"))
    return sorted(everything - set(files_of(*SHELL)) - {HOTLINE / "db.py"})


def calls_of(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in names and isinstance(node, ast.Call):
            yield node


def is_of(call: ast.Call, owner: str) -> bool:
    """Tell whether a call is one on the module called `owner`."""
    called = call.func
    return (
        isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == owner
    )


@pytest.mark.parametrize("file", below_the_shell(), ids=lambda file: str(file.relative_to(HOTLINE)))
def test_nothing_below_the_shell_ends_a_transaction(file):
    ended = [call.lineno for call in calls_of(ast.parse(file.read_text()), *ENDING)]

    assert ended == []


@pytest.mark.parametrize("file", below_the_shell(), ids=lambda file: str(file.relative_to(HOTLINE)))
def test_nothing_below_the_shell_begins_one(file):
    tree = ast.parse(file.read_text())

    begun = [call.lineno for call in calls_of(tree, "work", "view") if is_of(call, "runtime")]
    opened = [call.lineno for call in calls_of(tree, "transaction", "snapshot") if is_of(call, "db")]

    assert begun == []
    assert opened == [] or file == HOTLINE / "runtime.py"


def test_the_shell_does():
    begun = [call for file in files_of(*SHELL) for call in calls_of(ast.parse(file.read_text()), "work")]

    assert len([call for call in begun if is_of(call, "runtime")]) > 10


def reads_only(function: ast.FunctionDef) -> bool:
    """Tell whether a function is a page that is fetched: `.get(...)`, or `.route(...)` without POST."""
    for decorator in function.decorator_list:
        if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
            continue
        given = [word for word in decorator.keywords if word.arg == "methods"]
        if decorator.func.attr == "get" or (decorator.func.attr == "route" and not given):
            return True
    return False


def pages() -> list[tuple[Path, ast.FunctionDef]]:
    return [
        (file, node)
        for file in files_of("web", "api")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and reads_only(node)
    ]


@pytest.mark.parametrize(
    ("file", "page"), pages(), ids=[f"{file.relative_to(HOTLINE)}:{page.name}" for file, page in pages()]
)
def test_a_page_that_is_fetched_only_reads(file, page):
    """Else every page would queue behind the one writer of SQLite."""
    writing = [call.lineno for call in calls_of(page, "work") if is_of(call, "runtime")]

    assert writing == [], f"{file}: use runtime.view"


def test_there_are_such_pages():
    assert len(pages()) > 10
