"""The catalogue by command: what was exported is imported, compared, proved, published."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.machine import Machine

WHY = "会商纪要第一号"


@pytest.fixture
def own(tmp_path: Path) -> Machine:
    """A machine whose catalogue may be changed."""
    machine = Machine(tmp_path)
    assert machine.run("migrate").code == 0
    assert machine.run("load-city").code == 0
    return machine


def changed(file: Path, **columns: str) -> Path:
    """Change the first line of an exported csv."""
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    rows[0] |= columns
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    return file


def test_the_way_of_a_change_from_file_to_force(own: Machine, tmp_path: Path) -> None:
    file = tmp_path / "目录.csv"
    assert "200 条" in own.run("catalogue", "export", str(file)).stdout

    taken = own.run("catalogue", "import", str(changed(file, note="新提示")), "--because", WHY)
    draft = own.run("catalogue", "diff")
    proved = own.run("catalogue", "check")
    published = own.run("catalogue", "publish", "--because", WHY)
    since = own.run("catalogue", "diff", "2")

    assert [one.code for one in (taken, draft, proved, published, since)] == [0] * 5
    assert "提示：（空） → 新提示" in taken.stdout
    assert "全部派对" in taken.stdout
    assert "提示：（空） → 新提示" in draft.stdout
    assert "没有断档、没有重叠" in proved.stdout
    assert "第 2 版" in published.stdout
    assert since.stdout == draft.stdout
    assert "新提示 → （空）" in own.run("catalogue", "diff", "2", "1").stdout


def test_a_red_example_is_named_and_nothing_is_published(own: Machine, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    own.run("catalogue", "export", str(file))

    taken = own.run(
        "catalogue", "import", str(changed(file, lead="D-JT", minimum_level="city")), "--because", WHY
    )
    proved = own.run("catalogue", "check")
    refused = own.run("catalogue", "publish", "--because", WHY)

    assert (taken.code, proved.code, refused.code) == (0, 1, 1)
    for done in (taken, proved, refused):
        assert "应派给海澜区城管局，会派给市交通局" in done.stdout
    assert "没有第 2 版" in own.run("catalogue", "diff", "2").stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"lead": "D-NOBODY"}, "没有代码是“D-NOBODY”的单位"), ({"to": "2026-11-30"}, "没有通用条目")],
)
def test_a_bad_file_is_refused_with_its_line_and_no_draft_is_opened(
    own: Machine, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    file = tmp_path / "catalogue.csv"
    own.run("catalogue", "export", str(file))
    changed(file, **wrong)

    checked = own.run("catalogue", "check", str(file))
    refused = own.run("catalogue", "import", str(file), "--because", WHY)

    assert (checked.code, refused.code) == (1, 2)
    assert said in checked.stdout
    assert said in refused.stderr
    assert "catalogue.csv" in refused.stderr
    assert "没有草稿" in own.run("catalogue", "diff").stderr


def test_an_xlsx_holds_both_tables_and_comes_back_unchanged(own: Machine, tmp_path: Path) -> None:
    file = tmp_path / "目录.xlsx"

    own.run("catalogue", "export", str(file), "--version", "1")

    assert load_workbook(file).sheetnames == ["派单目录", "样例", "主办写法"]
    again = own.run("catalogue", "import", str(file), "--because", WHY)
    assert again.code == 2
    assert "没有差别" in again.stderr
    assert own.run("catalogue", "check", str(file)).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "a.txt"), "以 .csv 或 .xlsx 结尾"),
        (("export", "a.csv", "--version", "9"), "没有第 9 版"),
        (("export", "a.csv", "--draft"), "没有草稿"),
        (("import", "/no/such.csv", "--because", WHY), "没有这个文件"),
        (("publish", "--because", WHY), "没有草稿"),
        (("diff", "1", "2", "3"), "最多写两个版号"),
        (("check", "/no/such.csv"), "没有这个文件"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    loaded: Machine, arguments: tuple[str, ...], said: str
) -> None:
    done = loaded.run("catalogue", *arguments)

    assert done.code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("action", ["", "export", "import", "diff", "check", "publish"])
def test_every_action_explains_itself(machine: Machine, action: str) -> None:
    done = machine.run("catalogue", *filter(None, [action]), "--help")

    assert done.code == 0
    assert done.stdout.startswith("用法：")
