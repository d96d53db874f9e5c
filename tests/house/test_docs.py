"""The documents say what is there: settings, commands, profiles, faults; and every link leads somewhere."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import errors, labels
from hotline.commands.main import COMMANDS
from hotline.errors import HotlineError
from hotline.lifecycle import Role
from hotline.settings import ROOT, Settings
from hotline.tickets.proof.faults import FaultKind

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
BINHAI = ROOT / "hotline" / "cities" / "binhai"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(page: str) -> str:
    return re.sub(r"```.*?```", "", page, flags=re.DOTALL)


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings: lower case, punctuation gone, hyphens for blanks."""
    titles = re.findall(r"^#{1,6} (.+)$", without_code(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
            if "://" not in target:
                yield page, target


@pytest.mark.parametrize(("page", "target"), list(links()), ids=lambda one: getattr(one, "name", one))
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page

    assert file.exists()
    assert file.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(file.read_text(encoding="utf-8"))


def test_every_document_can_be_found_from_the_readme() -> None:
    reached, waiting = set(), {ROOT / "README.md"}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        found = {(page.parent / target.partition("#")[0]).resolve() for one, target in links() if one == page}
        waiting |= {file for file in found if file.suffix == ".md"} - reached

    decisions = set((DOCS / "decisions").glob("*.md"))
    assert set(PAGES) - decisions <= reached


@pytest.mark.parametrize("name", sorted(Settings.kinds()))
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `HOTLINE_{name.upper()}` |" in text("docs/settings.md")


def test_no_document_names_a_setting_that_is_none() -> None:
    known = {f"HOTLINE_{name.upper()}" for name in Settings.kinds()}
    written = {name for page in PAGES for name in re.findall(r"\bHOTLINE_[A-Z_]+", page.read_text("utf-8"))}

    assert {name for name in written if not name.startswith("HOTLINE_TEST_")} <= known


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    table = text("docs/operations.md").split("\n## Commands\n")[1].split("\n## ")[0]

    assert re.search(rf"`{name}[` ]", table)


def test_the_commands_written_in_the_documents_exist() -> None:
    called = r"(?:\./run hotline|-m hotline) ([a-z][a-z-]+)"
    written = {name for page in PAGES for name in re.findall(called, page.read_text(encoding="utf-8"))}

    assert written
    assert written <= set(COMMANDS)


def verbs() -> set[str]:
    """Return the verbs of ./run without importing it: it is made to run before anything is installed."""
    for node in ast.walk(ast.parse(text("tools/bootstrap.py"))):
        named = isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "VERBS"
        if named and isinstance(node.value, ast.Dict):
            return {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    raise LookupError("VERBS")


def test_the_verbs_written_in_the_documents_exist() -> None:
    written = {verb for page in PAGES for verb in re.findall(r"\./run ([a-z]+)", page.read_text("utf-8"))}

    assert written <= verbs()


def test_the_readme_names_every_verb() -> None:
    shown = {verb for verb in verbs() if verb.isalpha()}

    assert {verb for verb in shown if f"./run {verb}" not in text("README.md")} == set()


@pytest.mark.parametrize("name", sorted(file.name for file in BINHAI.iterdir() if file.is_file()))
def test_every_file_of_a_profile_is_documented(name: str) -> None:
    assert f"\n## {name}\n" in text("docs/cities.md")


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, HotlineError) and one is not HotlineError
    ),
)
def test_every_error_is_documented(name: str) -> None:
    assert f"`{name}`" in text("docs/api.md")


def test_every_fault_of_the_ledger_is_documented() -> None:
    assert [kind for kind in FaultKind if f"| `{kind}` |" not in text("docs/operations.md")] == []


def raised_refusals() -> set[str]:
    """Return the reasons with which any part of the application says that a person may not."""
    reasons = {"role"}
    for file in (ROOT / "hotline").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "NotAllowed"
            ):
                given = [part for argument in node.args[1:] for part in ast.walk(argument)]
                reasons |= {one.value for one in given if isinstance(one, ast.Constant)}
    return reasons


def test_every_refusal_is_documented() -> None:
    reasons = raised_refusals()

    assert len(reasons) > 4
    assert {reason for reason in reasons if f"`{reason}`" not in text("docs/security.md")} == set()


def test_the_guide_says_what_every_refusal_means() -> None:
    sentences = {labels.REFUSALS[reason] for reason in raised_refusals() & set(labels.REFUSALS)}

    assert {sentence for sentence in sentences if sentence not in text("docs/desks.md")} == set()


def test_the_guide_has_a_part_for_every_desk() -> None:
    called = {**labels.ROLES, Role.HANDLER: "承办单位", Role.LEADER: "承办单位", Role.CITIZEN: "市民"}
    desks = {called[role] for role in Role if role is not Role.SYSTEM}

    assert {desk for desk in desks if f"\n## {desk}\n" not in text("docs/desks.md")} == set()


@pytest.mark.parametrize("name", re.findall(r"docs/images/(\w+)\.png", text("README.md")))
def test_a_picture_of_the_readme_can_be_taken_again(name: str) -> None:
    assert f'Picture("{name}"' in text("tools/pictures.py")
