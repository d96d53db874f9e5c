"""Whatever is wrong with a table that people hand in, they read it in their own words."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier.errors import TableFault
from hotline import faults, labels
from hotline.cities.files import Profile
from hotline.errors import BrokenCity
from hotline.settings import ROOT
from routing import Level
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

CHINESE = re.compile("[\u4e00-\u9fff]")
CITIES = ROOT / "hotline" / "cities"
# What people hand in as rules and office hours is read by these.
RULES = [ROOT / "sla" / f"{name}.py" for name in ("tables", "allowance", "policy", "calendars", "hours")]
SOURCES = [
    *sorted((ROOT / "routing").glob("*.py")),
    *(CITIES / f"{name}.py" for name in ("files", "catalogue_files", "calendars", "calendar_files")),
    *RULES,
]
# Where the sentence stands among the arguments of what is raised.
PLACES = {"BrokenTable": 1, "BrokenCity": 2, "broken": 0}
FACT = "X7"


def sentences() -> Iterator[tuple[str, str]]:
    """Yield (file, sentence with FACT for every fact) for each fault that names its own words."""
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        places = {"ValueError": 0} if file in RULES else PLACES
        written = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (place := places.get(_name_of(node.func))) is not None:
                said = node.args[place]
                said = written.get(said.id, said) if isinstance(said, ast.Name) else said
                yield from ((file.name, text) for text in _text(said))


def _name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _text(said: ast.expr) -> Iterator[str]:
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.JoinedStr):
        parts = (
            str(part.value) if isinstance(part, ast.Constant) else repr(FACT) if part.conversion > 0 else FACT
            for part in said.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
        yield "".join(parts)


# The last names a key and says what another sentence says.
SENTENCES = sorted(one for one in set(sentences()) if one[1] != f"{FACT}: {FACT}")


def test_the_faults_are_found() -> None:
    assert len(SENTENCES) > 30
    assert {Path(file).stem for file, _ in SENTENCES} >= {"catalogue", "contracts", "overlaps", "rows"}


@pytest.mark.parametrize(("file", "sentence"), SENTENCES)
def test_every_fault_of_a_table_has_its_words(file: str, sentence: str) -> None:
    said = faults.words(sentence)

    assert CHINESE.search(said), f"{file}: add {sentence!r} to hotline/faults.py"
    assert "'" not in said
    assert said.count(FACT) == sentence.count(FACT)


def test_a_fault_names_file_and_line_and_calls_a_column_as_clerks_do() -> None:
    broken = BrokenCity("catalogue.csv", 12, "basis is empty")

    assert faults.of_city(broken) == "catalogue.csv 第 12 行：“依据”没有填"
    assert faults.of_text(str(broken)) == faults.of_city(broken)
    assert labels.problem(f"broken_catalogue:{broken}").startswith("目录有错：catalogue.csv 第 12 行：")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("a district cannot lie in a community", "区县级区划不能归在社区（村）级区划下面"),
        (
            "lead JE1 lies below the minimum level district",
            "主办“JE1”低于最低层级“区县级”，部门的事不能派到下面",
        ),
        # What has to be written into the file stays as it is written.
        ("level 'x' is none of city, district", "“地点要求”不能写“x”，可以写：city, district"),
        ("area 'city' is not in areas.csv", "没有代码是“city”的区划"),
    ],
)
def test_a_level_is_called_as_clerks_call_it(message: str, said: str) -> None:
    assert faults.words(message) == said


@pytest.mark.parametrize("level", [*Level])
def test_every_level_has_its_word(level: Level) -> None:
    assert CHINESE.search(faults.LEVELS[level])


@pytest.mark.parametrize("number", sorted(faults.SYSTEM))
def test_what_the_system_says_of_a_file_is_said_in_chinese(number: int) -> None:
    said = faults.words(f"cannot be read: {os.strerror(number)}")

    assert CHINESE.search(said.removeprefix("读不出来："))
    assert os.strerror(number) not in said


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BrokenCity) as broken:
        Profile.read(tmp_path, ("city.toml",))

    assert faults.of_city(broken.value) == "city.toml：读不出来：没有这个文件或文件夹"


def test_a_fault_without_a_line_names_the_file_alone() -> None:
    broken = BrokenCity("catalogue.csv", None, "category 0101 has no general entry after 2026-11-30")

    assert faults.of_text(str(broken)).startswith("catalogue.csv：分类 0101 在 2026-11-30 以后没有通用条目")


def test_what_has_no_words_here_is_said_as_it_was() -> None:
    assert faults.of_text("city.toml:3: something new") == "city.toml 第 3 行：something new"


def test_every_column_and_every_fault_of_a_file_has_its_word() -> None:
    assert set(faults.COLUMNS) == set(COLUMNS)
    assert set(faults.EXAMPLE_COLUMNS) == set(EXAMPLE_COLUMNS)
    assert set(faults.FILES) == {fault.name for fault in TableFault}
