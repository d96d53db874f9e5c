"""The table of departments by status: how many, how many late, how dark (热力表)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from hotline.lifecycle import Status
from hotline.tickets import scorecard
from hotline.tickets.scorecard import Cell, DepartmentRow
from hotline.web.supervisor.lines import Spark, spark
from hotline.work import Work

# Rows of each tier that stand on the board; the rest is one click away.
SHOWN = 5


@dataclass(frozen=True)
class Column:
    """Statuses that stand together. `tab`: the list that holds them both, where there are two."""

    name: str
    statuses: tuple[Status, ...]
    tab: str = "all"

    def href(self, lead: str) -> str:
        status = None if len(self.statuses) > 1 else self.statuses[0]
        return url_for("tickets.list_page", tab=self.tab, status=status, lead=lead)


COLUMNS = (
    Column("待签收", (Status.DISPATCHED,)),
    Column("办理中", (Status.ACCEPTED,)),
    Column("退单会商", (Status.RETURN_REQUESTED, Status.DISPUTED), "returning"),
    Column("挂起挂账", (Status.SUSPENDED, Status.DEFERRED), "held"),
)


@dataclass(frozen=True)
class Square:
    """One cell with its address. `risk` 0 to 5 is how dark it is."""

    cell: Cell
    href: str
    risk: int


@dataclass(frozen=True)
class Line:
    row: DepartmentRow
    squares: tuple[Square, ...]
    late_href: str
    days: Spark | None
    days_words: str


@dataclass(frozen=True)
class Tier:
    """Departments that may be looked at side by side. `more`: how many are not shown."""

    name: str
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True)
class Desk:
    """A desk of the hotline itself and what waits there."""

    name: str
    cell: Cell
    href: str


def tiers(work: Work, rows: Iterable[DepartmentRow], *, whole: bool = False) -> list[Tier]:
    """Return the departments that have something in hand by tier, the greatest risk first. One query."""
    loaded = [row for row in rows if row.load.number]
    late = scorecard.late_by_department(work)
    tiers_ = {"区和街道": [row for row in loaded if _is_local(work, row.code)]}
    tiers_["市级部门和公用企业"] = [row for row in loaded if not _is_local(work, row.code)]
    return [
        Tier(
            name,
            tuple(_line(row, late) for row in islice(members, None if whole else SHOWN)),
            0 if whole else max(len(members) - SHOWN, 0),
        )
        for name, members in tiers_.items()
        if members
    ]


def _is_local(work: Work, code: str) -> bool:
    known = work.city.departments
    return code in known and known[code].area != work.city.code


def _line(row: DepartmentRow, late: Mapping[str, Sequence[int]]) -> Line:
    days = late.get(row.code)
    return Line(
        row,
        tuple(_square(column, row) for column in COLUMNS),
        url_for("tickets.list_page", tab="with_department", due="overdue", lead=row.code),
        spark(days) if days else None,
        "、".join(map(str, days or ())),
    )


def _square(column: Column, row: DepartmentRow) -> Square:
    cell = scorecard.sum_of(row.cells.get(status, Cell()) for status in column.statuses)
    return Square(cell, column.href(row.code), risk_of(cell))


def risk_of(cell: Cell) -> int:
    """Return how dark a cell is: by the share that is overdue, else by what falls due within a day."""
    if not cell.number:
        return 0
    if not cell.overdue:
        return 1 if not cell.soon else 2 if cell.soon <= cell.number / 4 else 3
    share = cell.overdue / cell.number
    return 3 if share <= 0.1 else 4 if share <= 0.3 else 5


def desks(work: Work) -> list[Desk]:
    """Return the hotline's own desks in the order of a ticket's life. One query."""
    waiting = scorecard.desks(work)
    names = {Status.LOGGED: "待派单", Status.RESOLVED: "待审核", Status.AWAITING_FOLLOW_UP: "待回访"}
    return [
        Desk(name, waiting[status], url_for("tickets.list_page", tab="all", status=status))
        for status, name in names.items()
    ]
