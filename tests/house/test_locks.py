"""What gets installed is fixed to the byte, and the files that fix it name no host."""

import json
import re

import pytest

from hotline.settings import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "package-lock.json")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert not re.search(r"^\s*(--?(extra-)?index-url|-i|--find-links|-f)\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned_with_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text().strip(), flags=re.IGNORECASE)

    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_asked_for_is_locked(name: str) -> None:
    locked = {_name(line) for line in (ROOT / f"{name}.txt").read_text().splitlines() if "==" in line}
    asked = {
        _name(line) for line in (ROOT / f"{name}.in").read_text().splitlines() if line and line[0] not in "#-"
    }

    assert asked <= locked


def test_the_browser_libraries_are_exact_and_locked() -> None:
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert packages[""]["dependencies"] == asked
    for name, version in asked.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package for place, package in packages.items() if place)


def _name(line: str) -> str:
    return re.split(r"[\[=<>;\s]", line.strip(), maxsplit=1)[0].lower().replace("_", "-")
