"""Which tickets a desk sees, in which order: their lists, how long each is, and one by its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, true
from sqlalchemy.orm import joinedload

from hotline.errors import NotFound
from hotline.lifecycle import ENDED, Status
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.deadline import Deadline
from hotline.models.supervision_order import SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.tickets import paging
from hotline.tickets.ledger import expect_version
from hotline.tickets.orders import LIVE
from hotline.tickets.paging import PAGE
from hotline.tickets.tabs import OWN, handed_to, one_of, tabs
from hotline.work import Work


def ticket_for(work: Work, number: str, *, version: int | None = None) -> Ticket:
    """Return a ticket that the actor may see, with what a page shows of it. Two queries at most.

    Raises NotFound, never NotAllowed: numbers cannot be probed. `version` is what the form was
    drawn with; the first change then fails with ChangedByAnother if someone saved meanwhile.
    """
    found = _shown(select(Ticket)).where(Ticket.number == number, visible(work))
    ticket = work.session.scalar(found)
    if ticket is None:
        raise NotFound("ticket", number)
    if version is not None:
        expect_version(work, ticket, version)
    return ticket


def numbered(work: Work, numbers: Sequence[str]) -> dict[str, Ticket]:
    """Return those of these tickets that the actor may see, by number. One query."""
    found = _shown(select(Ticket)).where(Ticket.number.in_(numbers), visible(work))
    return {ticket.number: ticket for ticket in work.session.scalars(found)}


def visible(work: Work) -> ColumnElement[bool]:
    """The rows an actor may see: the hotline's desks all, a department what it has or had part in, or was
    ordered to reply to (督办).

    What was taken back before anybody was told, it never had (撤回派单).
    """
    if work.actor.department_code is None:
        return Ticket.id.is_not(None)
    part = exists().where(
        Assignment.ticket_id == Ticket.id,
        Assignment.department_code == work.actor.department_code,
        Assignment.ending.is_distinct_from(Ending.UNSENT),
    )
    ordered = exists().where(
        SupervisionOrder.ticket_id == Ticket.id,
        SupervisionOrder.department_code == work.actor.department_code,
    )
    return or_(Ticket.lead_code == work.actor.department_code, part, ordered)


def _shown(tickets: Select[Ticket]) -> Select[Ticket]:
    return tickets.options(
        joinedload(Ticket.caller),
        joinedload(Ticket.lead),
        joinedload(Ticket.area),
        joinedload(Ticket.category),
    )


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; None leaves a thing open. `tab` is a key of `tabs`, `caller` an id."""

    tab: str = "all"
    lead: str | None = None
    status: Status | None = None
    category: str | None = None
    area: str | None = None
    urgency: str | None = None
    due: str | None = None  # "overdue", "today", "soon"
    words: str = ""
    caller: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the key of the next, None at the end."""

    tickets: list[Ticket]
    after: str | None


def conditions(work: Work, narrowed: Filter) -> list[ColumnElement[bool]]:
    """Return everything that `narrowed` and the actor's sight ask of a row."""
    return [*_standing(work, tabs(work), narrowed.tab), *_narrowing(work, narrowed)]


def _standing(work: Work, lists: Mapping[str, ColumnElement[bool]], name: str) -> list[ColumnElement[bool]]:
    """Return what the actor sees under one of the tabs."""
    if work.actor.department_code and name in OWN:
        return [lists[name]]
    return [visible_in_lists(work), lists[name]]


def _narrowing(work: Work, narrowed: Filter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    for column, value in (
        (Ticket.lead_code, narrowed.lead),
        (Ticket.status, narrowed.status),
        (Ticket.urgency, narrowed.urgency),
        (Ticket.caller_id, narrowed.caller),
    ):
        if value:
            asked.append(column == value)
    if narrowed.category:
        asked.append(Ticket.category_code.startswith(narrowed.category, autoescape=True))
    if narrowed.area:
        asked.append(Ticket.area_code.in_(_below(work, narrowed.area)))
    if narrowed.due:
        asked.append(tabs(work)[narrowed.due])
    if narrowed.words.strip():
        asked.append(_matches(narrowed.words.strip()))
    if narrowed.since:
        asked.append(Ticket.logged_at >= narrowed.since)
    if narrowed.until:
        asked.append(Ticket.logged_at < narrowed.until)
    return asked


def visible_in_lists(work: Work) -> ColumnElement[bool]:
    """Like `visible`, but for the lists of a department: what it leads, or still assists in. One query."""
    mine = work.actor.department_code
    if mine is None:
        return true()
    assisting = work.session.scalars(
        select(Assignment.ticket_id).where(
            Assignment.department_code == mine,
            Assignment.ended_at.is_(None),
            Assignment.part != Part.LEAD,
        )
    )
    led, assisted = Ticket.lead_code == mine, one_of(assisting)
    return or_(led, assisted) if assisted is not None else led


def _below(work: Work, area: str) -> list[str]:
    """Return the codes of `area` and of all that lies in it."""
    gazetteer = work.city.gazetteer
    return [
        each.code
        for each in gazetteer.areas
        if area in {upper.code for upper in gazetteer.ancestors(each.code)}
    ]


def _matches(words: str) -> ColumnElement[bool]:
    if words.isdigit():
        return Ticket.number.startswith(words, autoescape=True) | Ticket.number.endswith(
            words, autoescape=True
        )
    return and_(*(Ticket.title.contains(word, autoescape=True) for word in words.split()))


def page(work: Work, narrowed: Filter, *, after: str | None = None, size: int = PAGE) -> Page:
    """Return one page, least time left first, without a running clock last. Two or three queries.

    `after` is the key that the page before gave; a broken one counts as none. The ids come first, from
    an index alone, so that a pile of ten thousand costs little more than one of a hundred.
    """
    due_at = _own_due_at(work)
    ordered = select(due_at, Ticket.id).where(*conditions(work, narrowed))
    key = paging.read_key(after)
    if key:
        ordered = ordered.where(paging.beyond(due_at, Ticket.id, *key))
    ordered = ordered.order_by(due_at.is_(None), due_at, Ticket.id).limit(size + 1)
    places = [(due, ticket_id) for due, ticket_id in work.session.execute(ordered)]
    tickets = shown_in_order(work, [ticket_id for _, ticket_id in places[:size]])
    return Page(tickets, paging.key_of(*places[size - 1]) if len(places) > size else None)


def shown_in_order(work: Work, ids: Sequence[int]) -> list[Ticket]:
    """Return these tickets with what a list shows of them, in this order. One query."""
    shown = {one.id: one for one in work.session.scalars(_shown(select(Ticket)).where(Ticket.id.in_(ids)))}
    return [shown[one] for one in ids]


def _own_due_at(work: Work) -> ColumnElement[datetime | None]:
    """Return what orders a list: the next clock; on a ticket that another leads, only a department's own.

    Who handles it for the lead has inherited the lead's clocks. One query for a department.
    """
    mine = work.actor.department_code
    if mine is None:
        return Ticket.next_due_at.expression
    own = select(func.min(Deadline.due_at)).where(
        Deadline.ticket_id == Ticket.id, Deadline.department_code == mine, Deadline.settled_at.is_(None)
    )
    inherited = one_of(work.session.scalars(handed_to(work)))
    whole = Ticket.lead_code == mine
    if inherited is not None:
        whole = or_(whole, inherited)
    return case((whole, Ticket.next_due_at), else_=own.scalar_subquery())


def counts(
    work: Work, names: Sequence[str], narrowed: Filter | None = None, *, at_most: int | None = None
) -> dict[str, int]:
    """Return how many tickets stand under each tab. Two queries.

    With `at_most` the counting of a tab stops one above it, so that tabs of a huge pile stay cheap.
    """
    lists, narrowing = tabs(work), _narrowing(work, narrowed or Filter())
    counted = []
    for name in names:
        found = select(literal(1)).select_from(Ticket).where(*_standing(work, lists, name), *narrowing)
        found = found.limit(at_most + 1) if at_most is not None else found
        counted.append(select(func.count()).select_from(found.subquery()).scalar_subquery())
    row = work.session.execute(select(*counted)).one()
    return dict(zip(names, row, strict=True))


def stamp(work: Work) -> str:
    """Return a mark that changes when a ticket comes into, changes in, or leaves the actor's lists.

    A look-up at the end of an index, for a department two more: its parts tell of tickets that others lead
    now. Minutes are in it, because what is overdue changes by itself.
    """
    mine = work.actor.department_code
    changed = select(func.max(Ticket.changed_at))
    asked: list[Select[Any]] = [changed if mine is None else changed.where(Ticket.lead_code == mine)]
    if mine is not None:
        parts = (func.max(Assignment.id), func.max(Assignment.ended_at))
        asked += [select(part).where(Assignment.department_code == mine) for part in parts]
        asked.append(changed.where(Ticket.id.in_(_helped(mine))))
        asked.append(changed.where(Ticket.id.in_(_ordered(mine))))
    marks = [work.session.scalar(one) for one in asked]
    return "-".join([f"{work.now:%H%M}", *(str(mark or 0) for mark in marks)])


def _helped(department: str) -> Select[int]:
    return select(Assignment.ticket_id).where(
        Assignment.department_code == department,
        Assignment.ended_at.is_(None),
        Assignment.part != Part.LEAD,
    )


def _ordered(department: str) -> Select[int]:
    return select(SupervisionOrder.ticket_id).where(
        SupervisionOrder.department_code == department, SupervisionOrder.state.in_(LIVE)
    )


def of_same_call(work: Work, ticket: Ticket) -> list[Ticket]:
    """Return the other tickets of the call that this actor may see, oldest first. One query."""
    if ticket.call_id is None:
        return []
    same = _shown(select(Ticket)).where(
        Ticket.call_id == ticket.call_id, Ticket.id != ticket.id, visible(work)
    )
    return list(work.session.scalars(same.order_by(Ticket.id)))


def tickets_of_caller(work: Work, caller_id: int, *, limit: int = 5) -> list[Ticket]:
    """Return a caller's tickets, open ones first, newest first. One query."""
    found = (
        _shown(select(Ticket))
        .where(Ticket.caller_id == caller_id, visible(work))
        .order_by(Ticket.status.in_(tuple(ENDED)), Ticket.logged_at.desc())
        .limit(limit)
    )
    return list(work.session.scalars(found))
