"""Import as it is run: files of every make, a tally for every row, and the same file twice."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from hotline import runtime
from hotline.cities.city import City
from hotline.commands.importing import Import, Named, Tally, columns_for, writing_rejected
from hotline.commands.main import main
from hotline.commands.refusals import Refused
from hotline.commands.sheets import open_sheet
from hotline.models.ticket import Ticket
from hotline.settings import ROOT, Settings
from hotline.work import SYSTEM
from tests.support.town import started

HEADERS = ("工单编号", "诉求内容", "诉求类型", "受理渠道", "受理时间")
ROWS = (
    ("1", "小区后面的河道夏天一直发臭，希望清淤。", "投诉", "电话", "2026-03-05 08:30"),
    ("2", "路口的红绿灯坏了三天，早晚高峰很乱。", "求助", "微信", "2026-03-06 18:00"),
    ("3", "想问公租房什么时候开始申请，要哪些材料。", "咨询", "网站", "2026-03-07"),
)
FUZHOU = ROOT.parent / "shared" / "data" / "fuzhou_12345" / "tickets.csv"


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    with started(tmp_path, city) as settings:
        yield settings


def _csv(folder: Path, rows: tuple[tuple[str, ...], ...], *, encoding: str = "utf-8") -> Path:
    file = folder / "tickets.csv"
    with open(file, "w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows((HEADERS, *rows))
    return file


def _run(file: Path, *, columns: str | None = None, dry_run: bool = False) -> Tally:
    sheet = open_sheet(file)
    with writing_rejected(file.parent / "rejected.csv", sheet.headers) as reject:
        return Import(columns_for(sheet, columns, None), reject, dry_run=dry_run).run(sheet)


def _tickets() -> int:
    with runtime.view(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(Ticket)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_offices(settings: Settings, encoding: str) -> None:
    tally = _run(_csv(settings.instance, ROWS, encoding=encoding))

    assert (tally.taken, tally.refused.count, _tickets()) == (3, 0, 3)


def test_an_xlsx_is_read_like_a_csv(settings: Settings) -> None:
    book = Workbook()
    for row in (HEADERS, *ROWS):
        book.worksheets[0].append(row)
    book.save(settings.instance / "tickets.xlsx")

    assert _run(settings.instance / "tickets.xlsx").taken == 3


def _rewrite(book: Path, old: str, new: str) -> None:
    """Change the first sheet of a book behind its back."""
    with ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert old in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(old, new).encode()
    with ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = Workbook()
    for row in (HEADERS, *ROWS):
        made.worksheets[0].append(row)
    made.save(tmp_path / "tickets.xlsx")
    return tmp_path / "tickets.xlsx"


@pytest.mark.parametrize("stated", ["A1", "A1:XFD1048576"])
def test_an_xlsx_that_states_a_wrong_size_is_read_whole(settings: Settings, book: Path, stated: str) -> None:
    _rewrite(book, 'dimension ref="A1:E4"', f'dimension ref="{stated}"')

    assert _run(book).taken == 3


def test_an_xlsx_of_more_than_a_million_rows_is_refused_before_its_first_is_taken(book: Path) -> None:
    beyond = '<row r="1000002"><c r="B1000002" t="inlineStr"><is><t>路灯不亮</t></is></c></row></sheetData>'
    _rewrite(book, "</sheetData>", beyond)

    with pytest.raises(Refused, match="超过 1000000 行。请改存 csv"):
        open_sheet(book)


def test_an_xlsx_broken_further_down_is_refused_before_its_first_row_is_taken(book: Path) -> None:
    _rewrite(book, "</sheetData>", "<row></sheetData>")

    with pytest.raises(Refused, match="重新导出"):
        open_sheet(book)


def test_however_many_rows_are_refused_the_first_are_named_and_all_are_written_down(
    settings: Settings,
) -> None:
    many = tuple((str(number), f"第 {number} 张", "投诉", "电话", f"{number} 年前") for number in range(1500))

    tally = _run(_csv(settings.instance, many))

    with open(settings.instance / "rejected.csv", encoding="utf-8-sig", newline="") as file:
        written = sum(1 for _ in csv.DictReader(file))
    assert (tally.refused.count, len(tally.refused.first), written) == (1500, 1000, 1500)


def test_however_many_warnings_there_are_the_rest_is_counted_as_one() -> None:
    tally = Tally()

    tally.warn(f"渠道“{number}”不认识" for number in range(1500))

    assert (len(tally.warnings), tally.warnings["其他提醒"], sum(tally.warnings.values())) == (
        1001,
        500,
        1500,
    )


def test_importing_a_file_twice_changes_nothing(settings: Settings) -> None:
    file = _csv(settings.instance, ROWS)
    _run(file)

    again = _run(file)

    assert (again.taken, again.standing, _tickets()) == (0, 3, 3)


def test_a_trial_run_counts_and_changes_nothing(settings: Settings) -> None:
    assert _run(_csv(settings.instance, ROWS), dry_run=True).taken == 3
    assert _tickets() == 0


def test_a_trial_run_foresees_what_would_be_taken(settings: Settings) -> None:
    file = _csv(
        settings.instance,
        (*ROWS, ("1", "同一个编号，另一件事。", "投诉", "电话", ""), ("5", "\x01\x02", "投诉", "电话", "")),
    )

    trial, real = _run(file, dry_run=True), _run(file)

    assert trial == real
    assert (real.taken, real.refused.count, real.unplaced) == (3, 2, 3)


def test_a_tally_with_warnings_is_printed_as_json(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime.stop()
    monkeypatch.setenv("HOTLINE_INSTANCE", str(settings.instance))
    file = _csv(settings.instance, (("1", "太短。", "投诉", "电话", ""),))

    code = main(["import", str(file), "--dry-run", "--json"])

    assert (code, json.loads(capsys.readouterr().out)["warnings"]) == (0, {"内容不足二十字": 1})


def test_a_quotation_mark_that_is_never_closed_swallows_no_row(settings: Settings) -> None:
    file = _csv(settings.instance, ROWS)
    file.write_text(file.read_text().replace("小区", '"小区', 1))

    with pytest.raises(Refused, match="第 2 行"):
        open_sheet(file)


def test_utf_16_without_a_mark_is_told_apart(tmp_path: Path) -> None:
    file = _csv(tmp_path, ROWS, encoding="utf-16-le")

    with pytest.raises(Refused, match="UTF-16"):
        open_sheet(file)


def test_the_refused_rows_are_never_written_over_the_file_itself(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.stop()
    monkeypatch.setenv("HOTLINE_INSTANCE", str(settings.instance))
    file = _csv(settings.instance, (("1", "", "投诉", "电话", ""),))
    before = file.read_bytes()

    assert main(["import", str(file), "--rejected", str(file)]) == 2
    assert file.read_bytes() == before


def test_an_archive_holds_nothing_from_the_future(settings: Settings) -> None:
    file = _csv(settings.instance, (("1", "河道夏天一直发臭，希望清淤。", "投诉", "电话", "2099-01-01"),))

    with writing_rejected(settings.instance / "rejected.csv", HEADERS) as reject:
        tally = Import(columns_for(open_sheet(file), None, None), reject, as_closed=True).run(
            open_sheet(file)
        )

    assert tally.refused.first == {2: "受理时间在将来，不能作为历史档案导入"}


def test_a_number_longer_than_any_is_refused(settings: Settings) -> None:
    tally = _run(_csv(settings.instance, (("9" * 8000, "河道发臭。", "投诉", "电话", ""),)))

    assert tally.refused.first == {2: "编号有 8000 字，最多 200 字"}


def test_a_row_that_stands_twice_is_named_and_taken_once(settings: Settings) -> None:
    tally = _run(_csv(settings.instance, (*ROWS, ROWS[0])))

    assert (tally.taken, tally.repeated) == (3, Named(1, {5: 2}))


def test_the_same_words_under_another_number_are_another_ticket(settings: Settings) -> None:
    """Identity is the other system's number; whether two are one matter, the dispatch desk decides."""
    tally = _run(_csv(settings.instance, (*ROWS, ("9", *ROWS[0][1:]))))

    assert (tally.taken, tally.repeated.count) == (4, 0)


def test_one_number_for_two_matters_is_refused(settings: Settings) -> None:
    tally = _run(_csv(settings.instance, (ROWS[0], ("1", *ROWS[1][1:]))))

    assert list(tally.refused.first) == [3]
    assert "内容却不同" in str(tally.refused.first[3])


def test_refused_rows_are_written_down_whole_with_their_reason(settings: Settings) -> None:
    _run(_csv(settings.instance, (ROWS[0], ("2", "", "投诉", "电话", ""))))

    with open(settings.instance / "rejected.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["行号"], row["原因"], row["工单编号"]) for row in rows] == [("3", "没有诉求内容", "2")]
    assert _tickets() == 1


def test_a_map_may_be_written_on_the_command_line(settings: Settings) -> None:
    file = settings.instance / "foreign.csv"
    file.write_text("no;what\n1;路灯坏了很久没有人来修，晚上很黑。\n", "utf-8")

    assert _run(file, columns="number=no,content=what").taken == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "空文件"),
        ("utf16.csv", "工单编号,诉求内容\n".encode("utf-16"), "UTF-16"),
        ("binary.csv", bytes(range(128, 256)) * 4, "编码"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "另存为"),
        ("broken.xlsx", b"not a zip", "重新导出"),
        ("headless.csv", b"\n\n", "没有表头"),
        ("other.csv", "姓名,年龄\n王,3\n".encode(), "content=列名"),
    ],
)
def test_what_is_no_table_of_tickets_gets_a_clear_answer(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Refused, match=reason):
        columns_for(open_sheet(tmp_path / name), None, None)


def test_a_column_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有“正文”这一列"):
        columns_for(open_sheet(_csv(tmp_path, ROWS)), "content=正文", None)


@pytest.mark.skipif(not FUZHOU.exists(), reason=f"the Fuzhou tickets are not beside the project: {FUZHOU}")
def test_every_row_of_the_fuzhou_tickets_is_taken_or_named(settings: Settings) -> None:
    tally = _run(FUZHOU, columns="fuzhou_12345.toml")

    assert tally.rows == 1464
    assert tally.taken + tally.repeated.count == tally.rows
    assert tally.refused.count == 0
    assert _tickets() == tally.taken
