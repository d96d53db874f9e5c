"""Tables that people hand in; what cannot be read is refused in words that say what to do."""

from collections.abc import Mapping
from pathlib import Path

from classifier.errors import BrokenTable, TableFault
from classifier.tables import Row, Table, open_table
from hotline.commands.refusals import Refused

__all__ = ["Row", "Table", "open_sheet"]

_WORDS: Mapping[TableFault, str] = {
    TableFault.MISSING: "没有这个文件：{path}",
    TableFault.EMPTY: "{name} 是空文件",
    TableFault.OTHER_KIND: "{name} 不是 csv 或 xlsx。请另存为 xlsx 或 UTF-8 编码的 csv",
    TableFault.NO_HEADER: "{name} 的第一行没有表头",
    TableFault.UTF_16: "{name} 是 UTF-16 编码。请另存为 UTF-8 编码的 csv",
    TableFault.ENCODING: "{name} 既不是 UTF-8 也不是 GB18030 编码。请另存为 UTF-8 编码的 csv",
    TableFault.QUOTES: (
        "{name} 第 {row} 行起读不下去，多半是引号没有成对（{detail}）。请补上引号，或从原系统重新导出"
    ),
    TableFault.BROKEN_XLSX: "{name} 不是能打开的 xlsx 文件。请重新导出",
    TableFault.TOO_LONG: "{name} 超过 {row} 行。请改存 csv，或分成几个文件",
}


def open_sheet(path: Path) -> Table:
    """Read a file to its end and return its table. Raises Refused."""
    try:
        return open_table(path)
    except BrokenTable as broken:
        words = _WORDS[broken.fault]
        raise Refused(
            words.format(path=path, name=path.name, row=broken.row, detail=broken.detail)
        ) from broken
