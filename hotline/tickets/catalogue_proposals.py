"""Lines proposed for the dispatch catalogue: what a ruling teaches, so that the next case has its rule."""

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from hotline.errors import InvalidInput
from hotline.models.proposal import CatalogueProposal, ProposalState
from hotline.models.ticket import Ticket
from hotline.work import Work
from routing import BrokenTable, Catalogue, Contract, broken_contracts
from routing.catalogue import Entry

# What is wrong with a column that the catalogue's own reader refuses.
_PROBLEMS: Mapping[str, str] = {
    "category": "unknown_category",
    "area": "unknown_area",
    "level": "choice",
    "lead": "unknown_owner",
    "assisting": "unknown_owner",
    "basis": "missing",
    "minimum_level": "choice",
    "auto": "choice",
    "from": "date",
    "to": "date",
}
# Columns that are right by themselves and do not go with another.
_TOGETHER: Mapping[str, str] = {
    "to": "date_order",
    "assisting": "twice",
    "auto": "auto_needs_lead",
    "minimum_level": "lead_below_minimum",
}
# A line that nothing can be said against; its minimum is the lowest, so that any lead may stand in it.
_SOUND: Mapping[str, str] = {"category": "", "basis": "-", "minimum_level": "community", "auto": "no"}
_NUMBER = re.compile(r"[0-9]{14}")


def propose(work: Work, line: Mapping[str, str], example: Mapping[str, str] | None, *, because: str) -> None:
    """Keep a line for the catalogue, with the example that shows what it is for.

    `because` says on what ground; one that begins with a ticket's number belongs to that ticket. Raises
    InvalidInput by the column at fault, those of the example as "example_text" and so on.
    """
    entry = _entry_of(work, line)
    if example is not None:
        _require_routed(work, entry, example)
    if not because.strip():
        raise InvalidInput({"because": "say_why"})
    work.session.add(
        CatalogueProposal(
            line=dict(line),
            example=None if example is None else dict(example),
            because=because.strip(),
            ticket_id=_ticket_named(work, because),
            made_by_id=work.actor.user_id,
            made_at=work.now,
            state=ProposalState.WAITING,
        )
    )
    work.session.flush()


def of_ticket(work: Work, ticket: Ticket) -> list[CatalogueProposal]:
    """Return what was proposed because of this ticket, oldest first. One query."""
    made = select(CatalogueProposal).where(CatalogueProposal.ticket_id == ticket.id)
    return list(work.session.scalars(made.order_by(CatalogueProposal.id)))


def _entry_of(work: Work, line: Mapping[str, str]) -> Entry:
    problems = {
        column: problem
        for column, problem in _PROBLEMS.items()
        if _read(work, {**_SOUND, column: line.get(column, "")}) is None
    }
    if not line.get("category", "").strip():
        problems["category"] = "missing"
    if problems:
        raise InvalidInput(problems)
    entry = _read(work, line)
    if entry is None:
        at_fault = [one for one in _TOGETHER if _read(work, {**line, one: _SOUND.get(one, "")})]
        column = at_fault[0] if at_fault else "category"
        raise InvalidInput({column: _TOGETHER.get(column, "invalid")})
    try:
        work.city.catalogue.with_entry(entry)
    except BrokenTable:
        raise InvalidInput({"keyword": "same_case"}) from None
    return entry


def _read(work: Work, line: Mapping[str, str]) -> Entry | None:
    """Return the line as the catalogue's own reader takes it, None when it refuses."""
    try:
        return work.city.catalogue.read_entry(
            line, areas=work.city.gazetteer, departments=work.city.departments
        )
    except BrokenTable:
        return None


def _require_routed(work: Work, entry: Entry, example: Mapping[str, str]) -> None:
    """The catalogue with this line must send the example where it says, from the day the line is in force."""
    city = work.city
    if not example.get("text", "").strip():
        raise InvalidInput({"example_text": "missing"})
    if example.get("category") not in city.catalogue.categories:
        raise InvalidInput({"example_category": "unknown_category"})
    lead = example.get("lead") or None
    if lead and lead not in city.departments:
        raise InvalidInput({"example_lead": "unknown_department"})
    contract = Contract(example["text"], example.get("address", ""), example["category"], lead, 0)
    catalogue: Catalogue = city.catalogue.with_entry(entry)
    day: date = max(entry.since or date.min, city.calendar.day_of(work.now))
    if broken_contracts([contract], catalogue, city.departments, city.gazetteer, day=day):
        raise InvalidInput({"example_text": "example_goes_elsewhere"})


def _ticket_named(work: Work, because: str) -> int | None:
    number = _NUMBER.match(because.strip())
    return work.session.scalar(select(Ticket.id).where(Ticket.number == number[0])) if number else None
