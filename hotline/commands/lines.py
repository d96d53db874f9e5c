"""Answers as JSON, one object a line: what programs read from stdout."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hotline.commands.refusals import Refused, words
from hotline.commands.sheets import Row, Table, open_sheet
from hotline.errors import HotlineError

Answer = Mapping[str, object]
_SHOW_EVERY = 50


def put(answer: Answer) -> None:
    print(json.dumps(answer, ensure_ascii=False))


def open_batch(path: Path, *, needed: tuple[str, ...]) -> Table:
    """Raises Refused for a file that is no table, or lacks a column."""
    sheet = open_sheet(path)
    missing = [name for name in needed if name not in sheet.headers]
    if missing:
        raise Refused(f"{path.name} 缺少列：{'、'.join(missing)}。表头是：{'、'.join(sheet.headers)}")
    return sheet


def put_each(sheet: Table, answer: Callable[[Row], Answer], *, echoed: tuple[str, ...] = ()) -> int:
    """Print an answer for every row, in the order of the file; return the exit code.

    A row that cannot be answered gets `{"error": …}` in its place. `echoed` columns, where the file has them,
    are repeated on its answers and errors alike.
    """
    code = 0
    with _progress() as show:
        for count, (_, row) in enumerate(sheet.rows(empty=True), start=1):
            kept = {name: row.get(name, "") for name in echoed if name in sheet.headers}
            try:
                put({**kept, **answer(row)})
            except HotlineError as error:
                put({**kept, "error": words(error)})
                code = 1
            show(count)
    return code


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Count on stderr while somebody watches it and the answers go elsewhere."""
    watched = sys.stderr.isatty() and not sys.stdout.isatty()

    def show(count: int) -> None:
        if watched and count % _SHOW_EVERY == 0:
            print(f"\r  {count} 行", end="", file=sys.stderr, flush=True)

    yield show
    if watched:
        print(file=sys.stderr)
