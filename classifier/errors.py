"""What can go wrong in this library.

ClassifierError
├── BrokenTaxonomy     a row of categories.csv is wrong; see `.line`
├── BrokenKeywords     a row of keywords.csv is wrong; see `.line`
├── BrokenExamples     the examples cannot be read or taught from; see `.file`, `.line`
├── SegmenterMissing   the named segmenter is not installed here; see `.name`
└── ModelRefused       a model folder is missing, altered or of another make; see `.reason`
"""


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


class SegmenterMissing(ClassifierError):
    def __init__(self, name: str) -> None:
        super().__init__(f"segmenter {name} is not installed")
        self.name = name


class ModelRefused(ClassifierError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
