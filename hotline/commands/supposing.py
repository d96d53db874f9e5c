"""What if: replay past tickets under other targets or office hours. Nothing is written to the database."""

import json
import sys
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from hotline import labels, runtime
from hotline.cities.calendars import HOURS
from hotline.cities.files import decoded
from hotline.cities.other_rules import TARGETS
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.errors import InvalidInput
from hotline.settings import Settings
from hotline.tickets.scorecard import Rate
from hotline.tickets.whatif import rules, written
from hotline.tickets.whatif.replaying import Answer, Question, replay, size
from hotline.tickets.whatif.rules import Asked
from hotline.tickets.whatif.tallies import EVERYONE, Tally
from hotline.web import flips
from hotline.work import SYSTEM, Work
from sla.policy import Stage

_RATE = ("判定", "超时", "超时率（95% 区间）", "余量")
HEAD = (*_RATE, *(f"试算{name}" for name in _RATE), "变超时", "变按时")
_NAMED = 10


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--policy", type=Path, metavar="文件", help="要试的 targets.toml")
    parser.add_argument("--calendar", type=Path, metavar="文件", help="要试的 calendar.toml")
    parser.add_argument(
        "--city-rules", type=Path, metavar="文件夹", help="一份城市档案：试它的 targets.toml 和 calendar.toml"
    )
    days = (("--from", "first", "从哪天登记的工单起"), ("--to", "last", "到哪天为止，含当天"))
    for name, dest, words in days:
        parser.add_argument(name, dest=dest, required=True, metavar="日期", help=f"{words}，如 2026-10-01")
    parser.add_argument("--all", action="store_true", help="在办的也算；默认只算已经办结的")
    parser.add_argument(
        "--stage", choices=[*Stage], default=Stage.RESOLVE, help="分单位列哪个环节，默认 resolve"
    )
    parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出")
    parser.add_argument("--csv", type=Path, metavar="文件", help="把结果会变的逐件写入这个文件")


def _what_if(options: Namespace, settings: Settings) -> int:
    asked, called = _asked(options)
    start_with_city(settings)
    with runtime.view(SYSTEM) as work, _refused():
        question = rules.question_of(work, asked, called=called)
        if not (tickets := size(work, question)):
            raise InvalidInput({"first": "no_tickets"})
        with rules.refusing_empty_calendars():
            answer = replay(work, question, progress=_progress(tickets))
        if options.csv:
            options.csv.write_bytes(flips.as_csv(work, answer.flips))
        if options.json:
            print(json.dumps({"from": options.first, "to": options.last, **written.as_json(answer)}))
        else:
            print("\n".join(_told(work, question, answer, Stage(options.stage))))
    return 0


def _asked(options: Namespace) -> tuple[Asked, dict[str, str]]:
    """Return what is asked, and what the files are called. Raises Refused, OSError, BrokenCity."""
    files = {TARGETS: options.policy, HOURS: options.calendar}
    if options.city_rules:
        files = {name: file or options.city_rules / name for name, file in files.items()}
    if not any(files.values()):
        raise Refused("要写 --policy、--calendar 或 --city-rules，说明试哪份规则")
    texts = {name: decoded(file.name, file.read_bytes()) for name, file in files.items() if file}
    asked = Asked(
        _day(options.first), _day(options.last), options.all, texts.get(TARGETS, ""), texts.get(HOURS, "")
    )
    return asked, {name: file.name for name, file in files.items() if file}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"日期 {text!r} 写法不对，请写成 2026-10-01 的样子") from None


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except InvalidInput as refused:
        raise Refused(" ".join(labels.problem(code) for code in refused.fields.values())) from None


def _progress(tickets: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= tickets else ""
            print(f"\r  {done}/{tickets} 张", end=end, file=sys.stderr, flush=True)

    return show


def _told(work: Work, question: Question, answer: Answer, stage: Stage) -> Iterator[str]:
    which = "全部" if question.whole else "已办结的"
    yield f"{question.first} 到 {question.last} 登记、{which}工单 {answer.tickets} 张，什么都没有改"
    if answer.changed:
        yield (
            f"其中 {answer.changed} 张按现行规则重算，与当时记下的不同：规则或日历后来改过。"
            f"如 {'、'.join(answer.examples[:_NAMED])}"
        )
    by_stage = {one.stage: one for one in answer.tallies if one.department == EVERYONE}
    order = [one for one in (*Stage, None) if one in by_stage]
    yield ""
    rows = [(labels.STAGES[one] if one else "合计", by_stage[one]) for one in order]
    yield from _table("各环节", rows)
    yield "余量：办完时离到期还有多久，取中间的一项；前面有减号的是已经超了。"
    offices = [one for one in answer.tallies if one.stage is stage and one.department != EVERYONE]
    moved = [one for one in offices if one.moves]
    moved.sort(key=lambda one: (-one.to_late - one.to_met, -one.before.denominator, one.department))
    if moved:
        yield ""
        rows = [(flips.office(one.department, work), one) for one in moved]
        yield from _table(f"{labels.STAGES[stage]}，各单位", rows)
    yield f"{labels.STAGES[stage]}环节另有 {len(offices) - len(moved)} 个单位没有变化"


def _table(title: str, rows: Sequence[tuple[str, Tally]]) -> Iterator[str]:
    cells = [(title, *HEAD), *(_cells(name, tally) for name, tally in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for name, *numbers in cells:
        padded = (
            " " * (width - _width(cell)) + cell for cell, width in zip(numbers, widths[1:], strict=True)
        )
        yield "  ".join((name + " " * (widths[0] - _width(name)), *padded))


def _cells(name: str, tally: Tally) -> tuple[str, ...]:
    before, after = _side(tally.before, tally.slack_before), _side(tally.after, tally.slack_after)
    return name, *before, *after, f"{tally.to_late}", f"{tally.to_met}"


def _side(rate: Rate, slack: timedelta | None) -> tuple[str, ...]:
    return f"{rate.denominator}", f"{rate.numerator}", _share(rate), flips.slack(slack)


def _share(rate: Rate) -> str:
    if rate.value is None:
        return "—"
    low, high = rate.interval
    return f"{rate.value:.1%}（{low * 100:.1f}–{high * 100:.1f}）"


def _width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


COMMANDS = {"what-if": Command(_what_if, _configure)}
