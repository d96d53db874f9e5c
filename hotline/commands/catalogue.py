"""The dispatch catalogue (派单目录) by command: out, into the draft, compared, proved, published."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from classifier.errors import BrokenTable
from hotline import faults, labels, runtime
from hotline.cities import catalogue_files
from hotline.cities.catalogue_files import Handed
from hotline.cities.catalogues import CatalogueText
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.errors import BrokenCity, InvalidInput
from hotline.settings import Settings
from hotline.tickets.catalogues import uploads, versions
from hotline.tickets.catalogues.differences import differences
from hotline.tickets.catalogues.drafting import Why
from hotline.web.catalogue import shown
from hotline.web.catalogue.drafts import Red, reds
from hotline.web.catalogue.files import workbook
from hotline.web.catalogue.shown import CHANGED, Shown
from hotline.web.catalogue.words import Words
from hotline.work import SYSTEM, Work
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

ACTIONS = "export | import | diff | check | publish"


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar=ACTIONS, dest="action")

    def add(name: str, description: str) -> ArgumentParser:
        return actions.add_parser(name, prog=f"{parser.prog} {name}", description=description)

    exporting = add("export", "把目录写成文件：xlsx 有条目和样例两张，csv 是其中一张")
    exporting.add_argument("file", type=Path, metavar="文件", help=".csv 或 .xlsx")
    exporting.add_argument("--version", type=int, metavar="版", help="第几版；默认在用的")
    exporting.add_argument("--draft", action="store_true", help="草稿")
    exporting.add_argument("--examples", action="store_true", help="csv 写样例；默认写条目")
    importing = add("import", "把文件导入草稿，列出差别和派错的样例；不影响派单")
    importing.add_argument("file", type=Path, metavar="文件", help="导出的 .csv 或 .xlsx，改过的")
    importing.add_argument("--because", required=True, metavar="理由", help="为什么改，会留在记录里")
    comparing = add("diff", "列出差别：默认草稿比在用的；写一个版号，它比上一版；写两个，后一个比前一个")
    comparing.add_argument("versions", type=int, nargs="*", metavar="版", help="版号，最多两个")
    checking = add("check", "检查断档、重叠和样例：草稿（没有就在用的），或还没导入的文件；有错退出码为 1")
    checking.add_argument("file", type=Path, nargs="?", metavar="文件", help=".csv 或 .xlsx")
    publishing = add("publish", "发布草稿；有样例派错就不发布，退出码为 1")
    publishing.add_argument("--because", required=True, metavar="理由", help="这一版为什么改")


def _catalogue(options: Namespace, settings: Settings) -> int:
    start_with_city(settings)
    actions: Mapping[str, Callable[[Namespace], int]] = {
        "export": _export,
        "import": _import,
        "diff": _diff,
        "check": _check,
        "publish": _publish,
    }
    return actions[options.action](options)


def _export(options: Namespace) -> int:
    file: Path = options.file
    if file.suffix.lower() not in {".csv", ".xlsx"}:
        raise Refused("文件名要以 .csv 或 .xlsx 结尾")
    if options.draft and options.version is not None:
        raise Refused("--draft 和 --version 不能一起写")
    with runtime.view(SYSTEM) as work:
        text = _draft_text(work) if options.draft else _text(work, options.version)
        if file.suffix.lower() == ".xlsx":
            content = workbook(work, text)
        elif options.examples:
            content = catalogue_files.as_csv(EXAMPLE_COLUMNS, text.example_lines)
        else:
            content = catalogue_files.as_csv(COLUMNS, text.lines)
        entries, examples = len(text.lines), len(text.example_lines)
    file.write_bytes(content)
    print(f"已写 {file}：目录共 {entries} 条，样例 {examples} 条")
    return 0


def _import(options: Namespace) -> int:
    handed = _handed(options.file)
    with runtime.work(SYSTEM) as work:
        before = work.city.catalogue_text
        try:
            draft = uploads.hand_in(work, handed, Why(options.because))
        except InvalidInput as refused:
            raise Refused(_said(refused)) from None
        after = versions.text_of(draft)
        lines = [*_differing(work, before, after), *_told(work, after)]
    print("\n".join(("已导入草稿，发布后才生效。与在用的差别：", *lines)))
    return 0


def _diff(options: Namespace) -> int:
    with runtime.view(SYSTEM) as work:
        before, after = _pair(work, options.versions)
        print("\n".join(_differing(work, before, after)))
    return 0


def _pair(work: Work, numbers: list[int]) -> tuple[CatalogueText, CatalogueText]:
    if len(numbers) > 2:
        raise Refused("最多写两个版号")
    if not numbers:
        return work.city.catalogue_text, _draft_text(work)
    first, last = numbers if len(numbers) == 2 else (max(numbers[0] - 1, 1), numbers[0])
    return _text(work, first), _text(work, last)


def _check(options: Namespace) -> int:
    handed = _handed(options.file) if options.file else None
    with runtime.view(SYSTEM) as work:
        try:
            text, what = _to_check(work, handed)
            versions.city_under(work, text)
        except InvalidInput as refused:
            print(_said(refused))
            return 1
        red = _reds(work, text)
        print("\n".join((f"{what}：{len(text.lines)} 条，没有断档、没有重叠", *_told(work, text))))
    return 1 if red else 0


def _to_check(work: Work, handed: Handed | None) -> tuple[CatalogueText, str]:
    if handed is not None:
        return uploads.prove(work, handed), handed.called
    draft = versions.draft(work)
    return (versions.text_of(draft), "草稿") if draft else (work.city.catalogue_text, "在用的目录")


def _publish(options: Namespace) -> int:
    with runtime.work(SYSTEM) as work:
        _draft_text(work)
        try:
            done = versions.publish(work, because=options.because)
        except InvalidInput as refused:
            raise Refused(_said(refused)) from None
        lines = list(_told(work, versions.text_of(done.version))) if done.broken else []
        number = done.version.number
    if lines:
        print("\n".join(("没有发布。", *lines)))
        return 1
    print(f"已发布第 {number} 版，从下一张工单起按它派")
    return 0


def _text(work: Work, number: int | None) -> CatalogueText:
    if number is None:
        return work.city.catalogue_text
    if number not in {one.number for one in versions.published(work)}:
        raise Refused(f"没有第 {number} 版")
    return versions.text_of(versions.version(work, number))


def _draft_text(work: Work) -> CatalogueText:
    draft = versions.draft(work)
    if draft is None:
        raise Refused("没有草稿。先在“派单目录”页改，或用 catalogue import 导入")
    return versions.text_of(draft)


def _handed(path: Path) -> Handed:
    try:
        return catalogue_files.read(path, path.name)
    except BrokenTable as broken:
        fault = broken.fault.name
        said = faults.of_file(fault, path, called=path.name, row=broken.row, detail=broken.detail)
        raise Refused(said) from None
    except BrokenCity as broken:
        raise Refused(faults.of_city(broken)) from None
    except InvalidInput as refused:
        raise Refused(_said(refused)) from None


def _said(refused: InvalidInput) -> str:
    return " ".join(labels.problem(code) for code in refused.fields.values())


def _differing(work: Work, before: CatalogueText, after: CatalogueText) -> Iterator[str]:
    words, found = Words(work.city), differences(before, after)
    if not found:
        yield "没有差别"
    for one in shown.of_entries(words, found.entries):
        yield from _lines(one)
    for one in shown.of_examples(words, found.examples):
        yield from _lines(one, "样例")


def _lines(one: Shown, what: str = "") -> Iterator[str]:
    yield f"{one.kind}{what} {one.title}{f'（{one.beside}）' if one.beside else ''}"
    for cell in one.cells:
        turned = f"{cell.before or '（空）'} → {cell.after or '（空）'}"
        yield f"  {cell.name}：{turned if one.kind == CHANGED else cell.after or cell.before}"


def _told(work: Work, text: CatalogueText) -> Iterator[str]:
    """Yield how the examples fare."""
    red = _reds(work, text)
    if not red:
        yield f"样例 {len(text.example_lines)} 条，全部派对"
        return
    yield f"样例 {len(text.example_lines)} 条，{len(red)} 条派错："
    for one in red:
        place = f"（{one.address}）" if one.address else ""
        yield f"  {one.text}{place}：应派给{one.expected}，会派给{one.actual}。被“{one.taken_by}”派走"


def _reds(work: Work, text: CatalogueText) -> list[Red]:
    return reds(work, Words(work.city), versions.city_under(work, text))


COMMANDS = {"catalogue": Command(_catalogue, _configure)}
