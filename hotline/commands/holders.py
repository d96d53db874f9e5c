"""Whose time it was over a period (责任时间), as lines to read, as JSON or as a file."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from hotline import labels, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.lines import Answer
from hotline.commands.refusals import Refused
from hotline.settings import Settings
from hotline.tickets.custody.report import Basis, Lengths, Report, Row, WaitRow, report
from hotline.tickets.scorecard import Rate
from hotline.web import custody_report, filters
from hotline.work import SYSTEM, Work


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", required=True, metavar="日期", help="从哪一天，如 2026-11-01")
    parser.add_argument("--to", dest="last", required=True, metavar="日期", help="到哪一天，含这一天")
    parser.add_argument(
        "--by",
        choices=[basis.value for basis in Basis],
        default=Basis.CLOSED.value,
        help="closed 这段时间结案的工单（默认），logged 这段时间登记的工单",
    )
    parser.add_argument("--department", metavar="代号", help="只看一个单位，如 D-CG")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="以一个 JSON 对象输出，时长以小时计")
    output.add_argument("--csv", type=Path, metavar="文件", help="写成 csv 文件")


def _holders(options: Namespace, settings: Settings) -> int:
    first, last = _read_day(options.first), _read_day(options.last)
    if last < first:
        raise Refused("--to 早于 --from，请核对")
    start_with_city(settings)
    with runtime.view(SYSTEM) as work:
        if options.department and options.department not in work.city.departments:
            raise Refused(f"没有代号为 {options.department} 的单位")
        period = custody_report.period_of(work, first, last, Basis(options.by), options.department)
        found = report(work, period)
        if options.json:
            print(json.dumps(answer(work, found), ensure_ascii=False))
        elif options.csv:
            options.csv.write_bytes(custody_report.written(work, found))
            print(f"已写入 {options.csv}：{found.tickets} 件工单，{len(found.rows)} 方")
        else:
            print("\n".join(lines_of(work, found)))
    return 0


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"日期 {text!r} 写法不对，请写成 2026-11-01 的样子") from None


def lines_of(work: Work, found: Report) -> Iterator[str]:
    yield f"{found.tickets} 件工单，共 {labels.duration(found.total)}"
    for row in found.rows:
        held = f"{row.natural.number} 件，中位 {_words(row.natural)}"
        late = f"负责超时 {row.breaches}，其中接手已晚 {row.inherited}"
        yield f"  {row.share:6.1%}  {filters.party(row.party, work)}：{held}，{late}"
    for one in found.waits:
        yield (
            f"  {labels.DESKS[one.desk]}审{labels.APPLICATION_KINDS[one.kind]}：{one.natural.number} 次，"
            + (f"中位 {_words(one.natural)}，还在等 {one.open}")
        )
    yield f"首次办结按期 {_fraction(found.first)}，最终办结按期 {_fraction(found.final)}，" + (
        f"一次解决 {_fraction(found.solved)}"
    )


def _words(lengths: Lengths) -> str:
    return "—" if lengths.median is None else labels.duration(lengths.median)


def _fraction(rate: Rate) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def answer(work: Work, found: Report) -> Answer:
    """Return the report for programs: lengths in hours, shares of one."""
    return {
        "tickets": found.tickets,
        "hours": _hours(found.total),
        "parties": [_party(work, row) for row in found.rows],
        "decisions": [_decision(one) for one in found.waits],
        "first_on_time": _rate(found.first),
        "final_on_time": _rate(found.final),
        "solved_at_once": _rate(found.solved),
        "first_took": _lengths(found.first_took),
        "final_took": _lengths(found.final_took),
    }


def _party(work: Work, row: Row) -> Answer:
    return {
        "side": row.party.side,
        "desk": row.party.holder.desk,
        "department": row.party.holder.department,
        "name": filters.party(row.party, work),
        "share": round(row.share, 6),
        "natural": _lengths(row.natural),
        "working": _lengths(row.working),
        "breaches": row.breaches,
        "inherited": row.inherited,
        "elsewhere": row.elsewhere,
        "first_on_time": _rate(row.first),
        "final_on_time": _rate(row.final),
    }


def _decision(one: WaitRow) -> Answer:
    lengths = {"natural": _lengths(one.natural), "working": _lengths(one.working)}
    return {"desk": one.desk, "kind": one.kind, **lengths, "open": one.open}


def _lengths(lengths: Lengths) -> Answer:
    return {
        "number": lengths.number,
        "hours": _hours(lengths.total),
        "median": _hours(lengths.median),
        "p90": _hours(lengths.p90),
    }


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length / timedelta(hours=1), 3)


def _rate(rate: Rate) -> Answer:
    return {"numerator": rate.numerator, "denominator": rate.denominator}


COMMANDS = {"holders": Command(_holders, _configure)}
