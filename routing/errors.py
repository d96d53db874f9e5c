"""What can be wrong with the tables that say whose a matter is."""


class BrokenTable(Exception):
    """A table of the profile cannot be used.

    `table` is the table's plain name ("areas", "places", "departments", "catalogue", "contracts", "returns");
    `line` counts from 1 with the header, None where the fault has no single line.
    """

    def __init__(self, table: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.table, self.message, self.line = table, message, line


class UnknownCode(LookupError):
    """A caller asked about an area, department or category that the profile does not have."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"no {kind} {code!r}")
        self.kind, self.code = kind, code
