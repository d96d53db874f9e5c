"""docs/cities.md tells what may stand in a profile."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BINHAI = ROOT / "hotline" / "cities" / "binhai"
GUIDE = (ROOT / "docs" / "cities.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """The part of the guide about one file."""
    return GUIDE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def keys(value: object) -> Iterator[str]:
    """Every key of a TOML file, at any depth."""
    for inner in value if isinstance(value, list) else []:
        yield from keys(inner)
    for key, inner in value.items() if isinstance(value, dict) else []:
        yield key
        yield from keys(inner)


@pytest.mark.parametrize("name", sorted(path.name for path in BINHAI.glob("*.csv")))
def test_every_column_is_explained(name):
    with (BINHAI / name).open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))

    assert [column for column in columns if f"| `{column}` |" not in section(name)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in BINHAI.glob("*.toml")))
def test_every_key_is_explained(name):
    table = tomllib.loads((BINHAI / name).read_text(encoding="utf-8"))
    # What a city names itself, such as the reasons of a suspension, is not ours to explain.
    own = set(table.get("suspension", {}).get("reasons", {}))

    explained = set(re.findall(r"\w+", section(name)))
    assert set(keys(table)) - own - explained == set()
