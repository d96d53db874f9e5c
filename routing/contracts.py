"""Example tickets that every published catalogue must still route right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from routing.catalogue import Catalogue
from routing.contest import Case
from routing.decision import route
from routing.departments import Departments
from routing.gazetteer import Gazetteer
from routing.reasons import Decision
from routing.rows import Row, Rows, read

COLUMNS = ("text", "address", "category", "lead", "from", "to")


@dataclass(frozen=True)
class Contract:
    """`lead` None: the desk must be asked. It holds from the day `since` to `until`, both included."""

    text: str
    address: str
    category: str
    lead: str | None
    line: int
    since: date | None = None
    until: date | None = None

    def case(self, gazetteer: Gazetteer, day: date) -> Case:
        """What routing is asked about it on that day."""
        found = gazetteer.locate(self.address, self.text)
        area = found.area if found else gazetteer.city
        return Case(self.category, area.code, f"{self.address} {self.text}", day)


@dataclass(frozen=True)
class BrokenContract:
    contract: Contract
    decision: Decision


def parse(rows: Rows, *, catalogue: Catalogue, departments: Departments) -> tuple[Contract, ...]:
    """Read contracts.csv. Raises BrokenTable."""
    return tuple(_contract(row, catalogue, departments) for row in read("contracts", rows, COLUMNS))


def broken_contracts(
    contracts: Iterable[Contract],
    catalogue: Catalogue,
    departments: Departments,
    gazetteer: Gazetteer,
    *,
    day: date,
) -> tuple[BrokenContract, ...]:
    """Return the examples that the catalogue would send elsewhere: on that day, or on their own first one.

    Those whose last day is over say nothing any more.
    """
    broken = []
    for contract in contracts:
        if contract.until and contract.until < day:
            continue
        asked = contract.case(gazetteer, max(day, contract.since or day))
        decision = route(asked, catalogue, departments, gazetteer)
        if decision.lead != contract.lead:
            broken.append(BrokenContract(contract, decision))
    return tuple(broken)


def _contract(row: Row, catalogue: Catalogue, departments: Departments) -> Contract:
    category, lead = row.required("category"), row.text("lead") or None
    if category not in catalogue.categories:
        raise row.broken(f"category {category!r} is not in categories.csv")
    if lead and lead not in departments:
        raise row.broken(f"department {lead!r} is not in departments.csv")
    since, until = row.day("from"), row.day("to")
    if since and until and until < since:
        raise row.broken(f"ends on {until}, before it begins on {since}")
    return Contract(row.required("text"), row.text("address"), category, lead, row.line, since, until)
