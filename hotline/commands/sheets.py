"""Tables that people hand in; what cannot be read is refused in words that say what to do."""

from pathlib import Path

from classifier.errors import BrokenTable
from classifier.tables import Row, Table, open_table
from hotline import faults
from hotline.commands.refusals import Refused

__all__ = ["Row", "Table", "open_sheet"]


def open_sheet(path: Path) -> Table:
    """Read a file to its end and return its table. Raises Refused."""
    try:
        return open_table(path)
    except BrokenTable as broken:
        words = faults.of_file(
            broken.fault.name, path, called=path.name, row=broken.row, detail=broken.detail
        )
        raise Refused(words) from broken
