"""Take over another system's tickets from a csv or xlsx file."""

import csv
import json
import sys
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from hotline import labels, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.commands.seen import Seen
from hotline.commands.sheets import Row, Table, open_sheet
from hotline.errors import InvalidInput
from hotline.settings import ROOT, Settings
from hotline.tickets import foreign, importing
from hotline.tickets.foreign import ColumnMap, ForeignTicket, RowRefused
from hotline.tickets.importing import IMPORTER, Fate
from hotline.work import Work

MAPS = ROOT / "hotline" / "cities" / "maps"
# Rows of one transaction: each row is whole or absent, and a killed import goes on where it stopped.
_TOGETHER = 50
_SIGNS_TOGETHER = 2_000_000
_LISTED = 20
_NAMED = 1000
_MORE_WARNINGS = "其他提醒"
_MAP_KEYS = frozenset({"source", "time_forms", "columns"})

Reject = Callable[[int, Row, str], None]
Readable = tuple[int, Row, ForeignTicket]


@dataclass
class Named:
    """Rows of one sort: all are counted, the first of them named by number, with what is said of each."""

    count: int = 0
    first: dict[int, str | int] = field(default_factory=dict)

    def add(self, number: int, said: str | int) -> None:
        self.count += 1
        if len(self.first) < _NAMED:
            self.first[number] = said


@dataclass
class Tally:
    """What became of the rows. It stays small, whatever is wrong with how many of them."""

    rows: int = 0
    taken: int = 0
    standing: int = 0
    unplaced: int = 0
    repeated: Named = field(default_factory=Named)
    refused: Named = field(default_factory=Named)
    warnings: dict[str, int] = field(default_factory=dict)

    def warn(self, said: Iterable[str]) -> None:
        for words in said:
            known = words in self.warnings or len(self.warnings) < _NAMED
            name = words if known else _MORE_WARNINGS
            self.warnings[name] = self.warnings.get(name, 0) + 1


@dataclass
class Import:
    """One run over one file. `now`: the simulated moment, or None; `dry_run` changes nothing."""

    columns: ColumnMap
    reject: Reject
    as_closed: bool = False
    dry_run: bool = False
    now: datetime | None = None
    tally: Tally = field(default_factory=Tally)
    _seen: Seen = field(default_factory=Seen)

    def run(self, sheet: Table, progress: Callable[[int], None] = lambda rows: None) -> Tally:
        """Take every row once, or say why not. `runtime.start` comes first."""
        with self._seen:
            for batch in self._batches(sheet):
                self._take(batch)
                progress(self.tally.rows)
        return self.tally

    def _batches(self, sheet: Table) -> Iterator[list[Readable]]:
        """Yield what could be read, a few rows at a time, or fewer long ones."""
        batch: list[Readable] = []
        size = 0
        for number, row in sheet.rows():
            self.tally.rows += 1
            if read := self._read(number, row):
                batch.append((number, row, read))
                size += sum(map(len, row.values()))
            if len(batch) == _TOGETHER or size > _SIGNS_TOGETHER:
                yield batch
                batch, size = [], 0
        yield batch

    def _read(self, number: int, row: Row) -> ForeignTicket | None:
        try:
            read = foreign.read_row(row, self.columns, runtime.current().city.zone)
        except RowRefused as refusal:
            self._refuse(number, row, str(refusal))
            return None
        first = self._seen.first(read.identity, number)
        if first != number:
            self.tally.repeated.add(number, first)
            return None
        first = self._seen.first(read.number_identity, number) if read.number else number
        if first != number:
            self._refuse(number, row, f"编号 {read.number} 与第 {first} 行相同，内容却不同")
            return None
        self.tally.warn(read.warnings)
        return read

    def _take(self, batch: list[Readable]) -> None:
        opened = runtime.view if self.dry_run else runtime.work
        with opened(IMPORTER, now=self.now) as work:
            for number, row, read in batch:
                try:
                    self._take_one(work, read)
                except RowRefused as refusal:
                    self._refuse(number, row, str(refusal))
                except InvalidInput as error:
                    problems = "；".join(labels.problem(code) for code in error.fields.values())
                    self._refuse(number, row, problems)

    def _take_one(self, work: Work, read: ForeignTicket) -> None:
        take = importing.would_take if self.dry_run else self._really_take
        taken = take(work, read, self.columns.source, as_closed=self.as_closed)
        self.tally.taken += taken.fate is Fate.TAKEN
        self.tally.standing += taken.fate is Fate.STANDING
        self.tally.unplaced += not taken.placed

    @staticmethod
    def _really_take(work: Work, read: ForeignTicket, source: str, *, as_closed: bool) -> importing.Taken:
        """Take it, or leave no trace. Who registers the same new caller at this moment comes first."""
        try:
            with work.session.begin_nested():
                return importing.take(work, read, source, as_closed=as_closed)
        except IntegrityError:
            with work.session.begin_nested():
                return importing.take(work, read, source, as_closed=as_closed)

    def _refuse(self, number: int, row: Row, reason: str) -> None:
        self.tally.refused.add(number, reason)
        self.reject(number, row, reason)


def columns_for(sheet: Table, written: str | None, source: str | None) -> ColumnMap:
    """Return the map given, as a file or as FIELD=COLUMN,…, else what the headers say. Raises Refused."""
    if written is None:
        columns = ColumnMap(foreign.known_columns(sheet.headers))
    elif written.endswith(".toml"):
        columns = _read_map(Path(written))
    else:
        columns = ColumnMap(_read_pairs(written))
    for name, column in columns.columns.items():
        if name not in foreign.FIELDS:
            raise Refused(f"对照表里的 {name} 不认识。可以写：{'、'.join(foreign.FIELDS)}")
        if column not in sheet.headers:
            raise Refused(f"文件里没有“{column}”这一列。有的是：{'、'.join(sheet.headers)}")
    if not {"content", "title"} & set(columns.columns):
        raise Refused(
            f"不知道哪一列是诉求内容。请用 --map 写明，如 content=列名。有的列：{'、'.join(sheet.headers)}"
        )
    return ColumnMap(columns.columns, source or columns.source or sheet.path.stem, columns.time_forms)


def _read_map(path: Path) -> ColumnMap:
    file = path if path.is_file() else MAPS / path.name
    if not file.is_file():
        raise Refused(f"没有这个对照表：{path}")
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"对照表 {path.name} 写得不对：{error}") from error
    columns, forms = table.get("columns"), table.get("time_forms", list(foreign.TIME_FORMS))
    if unknown := set(table) - _MAP_KEYS:
        raise Refused(f"对照表 {path.name} 里的 {'、'.join(sorted(unknown))} 不认识")
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
        raise Refused(f'对照表 {path.name} 要有 [columns]，每行写 字段 = "列名"')
    if not isinstance(forms, list) or not all(isinstance(one, str) for one in forms):
        raise Refused(f'对照表 {path.name} 的 time_forms 要写成 ["%Y-%m-%d", …]')
    return ColumnMap(columns, str(table.get("source", "")), tuple(forms))


def _read_pairs(written: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in written.split(",") if pair.strip()]
    if not pairs or not all(name.strip() and column.strip() for name, _, column in pairs):
        raise Refused("--map 要写成 字段=列名,字段=列名，或写对照表文件（.toml）")
    return {name.strip(): column.strip() for name, _, column in pairs}


@contextmanager
def writing_rejected(path: Path, headers: tuple[str, ...]) -> Iterator[Reject]:
    """Yield what writes a refused row with its reason. The file takes its name when all of it is written."""
    out = None
    unfinished = path.with_name(f"{path.name}.part")
    try:

        def reject(number: int, row: Row, reason: str) -> None:
            nonlocal out
            if out is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                out = open(unfinished, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed below
                csv.writer(out).writerow(("行号", "原因", *headers))
            csv.writer(out).writerow((number, reason, *(row.get(name, "") for name in headers)))

        yield reject
    finally:
        if out:
            out.close()
            unfinished.replace(path)


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件", type=Path, help="csv（UTF-8 或 GB18030）或 xlsx")
    parser.add_argument("--map", metavar="对照", help="对照表 .toml，或 字段=列名,…；常见中文表头不用写")
    parser.add_argument("--source", metavar="来源", help="来源系统的名字；默认取对照表里的，或文件名")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument(
        "--as-closed", action="store_true", help="作为历史档案导入：按原时间直接办结，不通知任何人"
    )
    parser.add_argument("--rejected", metavar="文件", type=Path, help="拒收的行写到这里；默认在数据目录里")
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")


def _import(options: Namespace, settings: Settings) -> int:
    sheet = open_sheet(options.file)
    columns = columns_for(sheet, options.map, options.source)
    start(settings, with_model=not options.dry_run)
    rejected = options.rejected or settings.instance / f"rejected-{options.file.stem}.csv"
    if rejected.exists() and rejected.samefile(options.file):
        raise Refused("拒收的行不能写进要导入的文件。请给 --rejected 另一个文件名")
    with writing_rejected(rejected, sheet.headers) as reject:
        run = Import(columns, reject, as_closed=options.as_closed, dry_run=options.dry_run)
        tally = run.run(sheet, _show)
    if options.json:
        print(json.dumps(asdict(tally), ensure_ascii=False))
    else:
        for line in _report(tally, dry_run=options.dry_run):
            print(line)
        if tally.refused.count:
            print(f"拒收的行已写到 {rejected}")
    return 1 if tally.refused.count else 0


def _show(rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {rows} 行", end="", file=sys.stderr, flush=True)


def _report(tally: Tally, *, dry_run: bool) -> Iterator[str]:
    done = "可以导入" if dry_run else "导入"
    yield (
        f"共 {tally.rows} 行：{done} {tally.taken}，以前已导入 {tally.standing}，"
        f"文件内重复 {tally.repeated.count}，拒收 {tally.refused.count}"
    )
    if tally.unplaced:
        yield f"其中 {tally.unplaced} 张没有可用的地点，按全市登记"
    often = sorted(tally.warnings.items(), key=lambda said: -said[1])[:_LISTED]
    yield from (f"提醒：{words}（{number} 行）" for words, number in often)
    repeated, refused = tally.repeated, tally.refused
    shown = islice(repeated.first.items(), _LISTED)
    yield from (f"第 {number} 行与第 {same} 行完全相同，未重复导入" for number, same in shown)
    shown = islice(refused.first.items(), _LISTED)
    yield from (f"第 {number} 行拒收：{reason}" for number, reason in shown)
    for rows, words in ((repeated, "重复"), (refused, "拒收")):
        if rows.count > _LISTED:
            yield f"另有 {rows.count - _LISTED} 行{words}"


COMMANDS = {"import": Command(_import, _configure)}
