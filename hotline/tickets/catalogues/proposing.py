"""What a ruling teaches (裁定入目录): a line for the draft, and the ticket, masked, as its example."""

from collections.abc import Mapping
from datetime import date

from hotline.cities.catalogues import Line
from hotline.errors import InvalidInput
from hotline.tickets.catalogues import drafting, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.work import Work
from routing import BrokenTable, Contract, DutyAt, broken_contracts
from routing.catalogue import Decides, Entry
from routing.departments import NAMED

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
_SOUND: Mapping[str, str] = {
    "category": "",
    "lead": NAMED,
    "basis": "-",
    "minimum_level": "community",
    "auto": "no",
}


def lead_of(work: Work, designated: str, *, area: str) -> str:
    """Return who leads a line that a ruling teaches, as the catalogue writes it: whom it designated.

    For the whole city (no `area`) by the duty where he has one, so that the line serves every district.
    """
    department = work.city.departments[designated]
    if area or not department.duty:
        return designated
    return str(DutyAt(department.duty, work.city.departments.level_of(designated, work.city.gazetteer)))


def propose(work: Work, line: Line, example: Line | None, why: Why) -> None:
    """Enter a line into the draft, with the example that shows what it is for.

    Raises InvalidInput by the column at fault, those of the example as "example_text" and so on.
    """
    line = _of_its_kind(work, line)
    entry = _entry_of(work, line)
    if example is not None:
        _require_whole(work, example)
    try:
        drafting.put(work, line, why)
    except InvalidInput as refused:
        raise InvalidInput(
            {
                ("category" if field == "entries" else field): code.replace(
                    "broken_catalogue:", "broken_entry:", 1
                )
                for field, code in refused.fields.items()
            }
        ) from refused
    if example is not None:
        _require_routed(work, entry, example)
        drafting.put_example(work, {**example, "from": line.get("from", ""), "to": line.get("to", "")}, why)


def _of_its_kind(work: Work, line: Line) -> Line:
    """Let the line decide by what its category is decided by (产权、作风), unless it says so itself.

    A ruling names a department; that whoever is complained of stands back, or who makes a thing safe while
    its owner is looked for, is not what it was about.
    """
    day, catalogue = work.city.calendar.day_of(work.now), work.city.catalogue
    general = (
        one for one in catalogue.entries_for(line.get("category", "")) if one.is_general and one.in_force(day)
    )
    # The longest prefix comes first.
    usual = next(general, None)
    if usual is None or line.get("decides") or usual.decides is Decides.DUTY:
        return line
    kind = {**line, "decides": usual.decides.value}
    with_first = {**kind, "first": line.get("first") or str(usual.first or "")}
    # Who makes it safe may stand below the level that the ruling names.
    return with_first if _read(work, with_first) else kind


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
    return entry


def _read(work: Work, line: Mapping[str, str]) -> Entry | None:
    """Return the line as the catalogue's own reader takes it, None when it refuses."""
    try:
        return work.city.catalogue.read_entry(
            line, areas=work.city.gazetteer, departments=work.city.departments
        )
    except BrokenTable:
        return None


def _require_whole(work: Work, example: Line) -> None:
    problems = {}
    if not example.get("text", "").strip():
        problems["example_text"] = "missing"
    if example.get("category") not in work.city.catalogue.categories:
        problems["example_category"] = "unknown_category"
    if example.get("lead") and example["lead"] not in work.city.departments:
        problems["example_lead"] = "unknown_department"
    if problems:
        raise InvalidInput(problems)


def _require_routed(work: Work, entry: Entry, example: Line) -> None:
    """The draft must send the example where it says, from the day the line is in force."""
    city = versions.city_under(work, versions.text_of(versions.required_draft(work)))
    contract = Contract(
        example["text"], example.get("address", ""), example["category"], example.get("lead") or None, 0
    )
    day = max(entry.since or date.min, city.calendar.day_of(work.now))
    if broken_contracts([contract], city.catalogue, city.departments, city.gazetteer, day=day):
        raise InvalidInput({"example_text": "example_goes_elsewhere"})
