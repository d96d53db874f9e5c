"""What can go wrong in this library.

ClassifierError
├── BrokenTaxonomy     a row of categories.csv is wrong; see `.line`
├── BrokenKeywords     a row of keywords.csv is wrong; see `.line`
├── BrokenExamples     the examples cannot be read or taught from; see `.file`, `.line`
├── BrokenTable        a file holds no table that can be read; see `.fault`, `.row`
├── SegmenterMissing   the named segmenter is not installed here; see `.name`
└── ModelRefused       a model folder is missing, altered or of another make; see `.reason`
"""

from enum import StrEnum
from pathlib import Path


class ClassifierError(Exception):
    """Base of this library's errors."""


class _BrokenRow(ClassifierError):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class BrokenTaxonomy(_BrokenRow):
    """The categories contradict themselves or a field cannot be read."""


class BrokenKeywords(_BrokenRow):
    """A keyword rule cannot be read or points nowhere."""


class BrokenExamples(ClassifierError):
    """Labelled texts cannot be used. `file` and `line` are None where no single place is at fault."""

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)
        self.message, self.file, self.line = message, file, line


class TableFault(StrEnum):
    """What is wrong with a file that should hold a table."""

    MISSING = "there is no such file"
    EMPTY = "it is empty"
    OTHER_KIND = "it is neither csv nor xlsx"
    NO_HEADER = "its first row names no columns"
    UTF_16 = "it is in UTF-16: save it as UTF-8"
    ENCODING = "it is neither in UTF-8 nor in GB18030"
    QUOTES = "a quotation mark has no partner"
    BROKEN_XLSX = "it cannot be opened as xlsx"
    TOO_LONG = "it has too many rows for xlsx: save it as csv"


class BrokenTable(ClassifierError):
    """`row` is where it shows, the header being 1, or None; `detail` is the reader's own word."""

    def __init__(self, path: Path, fault: TableFault, *, row: int | None = None, detail: str = "") -> None:
        place = f"{path}:{row}" if row else str(path)
        super().__init__(f"{place}: {fault.value}{f' ({detail})' if detail else ''}")
        self.path, self.fault, self.row, self.detail = path, fault, row, detail


class SegmenterMissing(ClassifierError):
    def __init__(self, name: str) -> None:
        super().__init__(f"segmenter {name} is not installed")
        self.name = name


class ModelRefused(ClassifierError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
