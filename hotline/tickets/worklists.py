"""Which tickets a desk sees, in which order: every list, count and single look-up of a page.

Lists are paged by key (the last row's place), never by offset, and carry no row cap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import joinedload

from hotline.errors import NotFound
from hotline.lifecycle import ENDED, MOVES, OPEN, Action, Status
from hotline.models.application import Application, ApplicationKind
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline
from hotline.models.follow_up import FollowUp, Solved
from hotline.models.ticket import Ticket
from hotline.tickets.applications import UNDECIDED
from hotline.tickets.ledger import expect_version
from hotline.work import Work

PAGE = 50


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


def visible(work: Work) -> ColumnElement[bool]:
    """The rows an actor may see: the hotline's desks all, a department what it has or had part in."""
    if work.actor.department_code is None:
        return Ticket.id.is_not(None)
    part = exists().where(
        Assignment.ticket_id == Ticket.id, Assignment.department_code == work.actor.department_code
    )
    return or_(Ticket.lead_code == work.actor.department_code, part)


def _shown(tickets: Select[Ticket]) -> Select[Ticket]:
    return tickets.options(
        joinedload(Ticket.caller),
        joinedload(Ticket.lead),
        joinedload(Ticket.area),
        joinedload(Ticket.category),
    )


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; None leaves a thing open. `tab` is a key of `TABS`."""

    tab: str = "all"
    lead: str | None = None
    status: Status | None = None
    category: str | None = None
    area: str | None = None
    urgency: str | None = None
    due: str | None = None  # "overdue", "today", "soon"
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the key of the next, None at the end."""

    tickets: list[Ticket]
    after: str | None


def tabs(work: Work) -> Mapping[str, ColumnElement[bool]]:
    """The named lists of the desks, as conditions on Ticket.

    For a department they hold what it leads, "assisting" what it still owes an opinion on; its "soon" and
    "overdue" leave out the clocks of the hotline's own desks.
    """
    mine = work.actor.department_code
    led = Ticket.lead_code == mine if mine else true()
    ticking = and_(led, Ticket.status.in_(_WITH_DEPARTMENT if mine else OPEN))
    awaited = _awaits_opinion(work)
    assists = Ticket.status.in_(MOVES[Action.ASSIST].sources)
    assisting = and_(assists, awaited) if awaited is not None else false()
    to_act = and_(led, Ticket.status.in_((Status.DISPATCHED, Status.ACCEPTED)))
    return {
        "all": Ticket.id.is_not(None),
        "open": Ticket.status.in_(OPEN),
        # “OR false” would keep SQLite from its index.
        "to_act": or_(to_act, assisting) if awaited is not None else to_act,
        "to_dispatch": Ticket.status == Status.LOGGED,
        "to_accept": and_(led, Ticket.status == Status.DISPATCHED),
        "in_hand": and_(led, Ticket.status == Status.ACCEPTED),
        "assisting": assisting,
        "with_department": and_(led, Ticket.status.in_(HELD_BY_DEPARTMENT)),
        "returning": and_(led, Ticket.status.in_((Status.RETURN_REQUESTED, Status.DISPUTED))),
        "held": and_(led, Ticket.status.in_((Status.SUSPENDED, Status.DEFERRED))),
        "supervised": and_(led, Ticket.status.in_(OPEN), Ticket.supervised > 0),
        "soon": and_(
            ticking, Ticket.next_due_at >= work.now, Ticket.next_due_at < work.now + timedelta(hours=24)
        ),
        "today": and_(ticking, Ticket.next_due_at >= work.now, Ticket.next_due_at < end_of_day(work)),
        "overdue": and_(ticking, Ticket.next_due_at < work.now),
        "unwatched": and_(ticking, Ticket.next_due_at < work.now, Ticket.supervised == 0),
        "to_review": Ticket.status == Status.RESOLVED,
        "to_follow_up": and_(Ticket.status == Status.AWAITING_FOLLOW_UP, ~_has_bad_answer(work)),
        "to_judge": and_(Ticket.status == Status.AWAITING_FOLLOW_UP, _has_bad_answer(work)),
        "disputed": Ticket.status == Status.DISPUTED,
        "for_arbiter": and_(Ticket.status == Status.RETURN_REQUESTED, _asked_back_enough(work)),
        "after_limit": and_(
            Ticket.status == Status.AWAITING_FOLLOW_UP,
            Ticket.round >= work.city.follow_up.max_rounds,
            _has_bad_answer(work),
        ),
        "closed": Ticket.status == Status.CLOSED,
        "ended": Ticket.status.in_(ENDED),
    }


# Tabs that for a department hold only what it leads or owes an opinion on: nothing more need be asked.
OWN = frozenset(
    {
        "to_act",
        "to_accept",
        "in_hand",
        "assisting",
        "with_department",
        "returning",
        "held",
        "supervised",
        "soon",
        "today",
        "overdue",
    }
)

# Where the clocks that run are a department's own.
_WITH_DEPARTMENT = (Status.DISPATCHED, Status.ACCEPTED, Status.RETURN_REQUESTED, Status.DISPUTED)


# All that a department has in hand, stopped clocks included.
HELD_BY_DEPARTMENT = (*_WITH_DEPARTMENT, Status.SUSPENDED, Status.DEFERRED)


def _asked_back_enough(work: Work) -> ColumnElement[bool]:
    """So many returns were asked for that the next belongs before the arbiter."""
    asked = select(func.count()).where(
        Application.ticket_id == Ticket.id, Application.kind == ApplicationKind.RETURN
    )
    return asked.scalar_subquery() >= work.city.returns.limit


def _awaits_opinion(work: Work) -> ColumnElement[bool] | None:
    """The tickets on which an opinion is owed: by anybody, for a department by itself (None: on none)."""
    owed = select(Assignment.ticket_id).where(
        Assignment.part != Part.LEAD, Assignment.ended_at.is_(None), Assignment.answered_at.is_(None)
    )
    mine = work.actor.department_code
    if mine is None:
        return Ticket.id.in_(owed)
    return _one_of(work.session.scalars(owed.where(Assignment.department_code == mine)))


def _one_of(ids: Iterable[int]) -> ColumnElement[bool] | None:
    """Return a condition that names these tickets one by one, None when there are none.

    Both databases then answer an OR from two indexes, where a subquery beside it would make them read
    every ticket.
    """
    named = sorted(set(ids))
    return Ticket.id.in_(named) if named else None


def end_of_day(work: Work) -> datetime:
    local = work.now.astimezone(work.city.calendar.zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _has_bad_answer(work: Work) -> ColumnElement[bool]:
    return exists().where(
        FollowUp.ticket_id == Ticket.id,
        FollowUp.round == Ticket.round,
        FollowUp.reached,
        or_(FollowUp.solved != Solved.YES, FollowUp.satisfied < work.city.scorecard.satisfied_from),
    )


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
    led, assisted = Ticket.lead_code == mine, _one_of(assisting)
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
    ordered = select(Ticket.id, due_at).where(*conditions(work, narrowed))
    key = _read_key(after)
    if key:
        ordered = ordered.where(_beyond(due_at, *key))
    ordered = ordered.order_by(due_at.is_(None), due_at, Ticket.id).limit(size + 1)
    places = [(ticket_id, due) for ticket_id, due in work.session.execute(ordered)]
    ids = [ticket_id for ticket_id, _ in places[:size]]
    shown = {one.id: one for one in work.session.scalars(_shown(select(Ticket)).where(Ticket.id.in_(ids)))}
    return Page([shown[one] for one in ids], _key_of(*places[size - 1]) if len(places) > size else None)


def _own_due_at(work: Work) -> ColumnElement[datetime | None]:
    """Return what orders a list: the next clock; on a ticket that another leads, only a department's own."""
    mine = work.actor.department_code
    if mine is None:
        return Ticket.next_due_at.expression
    own = select(func.min(Deadline.due_at)).where(
        Deadline.ticket_id == Ticket.id, Deadline.department_code == mine, Deadline.settled_at.is_(None)
    )
    return case((Ticket.lead_code == mine, Ticket.next_due_at), else_=own.scalar_subquery())


def _beyond(
    column: ColumnElement[datetime | None], due_at: datetime | None, ticket_id: int
) -> ColumnElement[bool]:
    if due_at is None:
        return and_(column.is_(None), Ticket.id > ticket_id)
    return or_(tuple_(column, Ticket.id) > tuple_(due_at, ticket_id), column.is_(None))


def _key_of(ticket_id: int, due_at: datetime | None) -> str:
    return f"{due_at.isoformat() if due_at else ''}|{ticket_id}"


def _read_key(text: str | None) -> tuple[datetime | None, int] | None:
    due, _, number = (text or "").partition("|")
    try:
        due_at, ticket_id = (datetime.fromisoformat(due) if due else None), int(number)
    except ValueError:
        return None
    sound = (due_at is None or due_at.tzinfo is not None) and 0 < ticket_id < 2**63
    return (due_at, ticket_id) if sound else None


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
    marks = [work.session.scalar(one) for one in asked]
    return "-".join([f"{work.now:%H%M}", *(str(mark or 0) for mark in marks)])


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a decision, with its ticket."""

    application: Application
    ticket: Ticket


def waiting_applications(work: Work, *kinds: ApplicationKind, limit: int = PAGE) -> list[Waiting]:
    """Return undecided applications, oldest first. One query."""
    rows = work.session.execute(
        select(Application, Ticket)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .where(Application.state.in_(UNDECIDED), Application.kind.in_(kinds or tuple(ApplicationKind)))
        .options(joinedload(Application.department), joinedload(Ticket.lead), joinedload(Ticket.category))
        .order_by(Application.asked_at)
        .limit(limit)
    )
    return [Waiting(application, ticket) for application, ticket in rows]


def applications_of(work: Work, ticket: Ticket) -> list[Application]:
    """Return everything a department asked for on this ticket, oldest first. One query."""
    asked = select(Application).where(Application.ticket_id == ticket.id).order_by(Application.id)
    return list(work.session.scalars(asked.options(joinedload(Application.department))))


def assignments_of(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return every part a department had in this ticket, oldest first. One query."""
    parts = select(Assignment).where(Assignment.ticket_id == ticket.id).order_by(Assignment.id)
    return list(work.session.scalars(parts.options(joinedload(Assignment.department))))


def tickets_of_caller(work: Work, caller_id: int, *, limit: int = 5) -> list[Ticket]:
    """Return a caller's tickets, open ones first, newest first. One query."""
    found = (
        _shown(select(Ticket))
        .where(Ticket.caller_id == caller_id, visible(work))
        .order_by(Ticket.status.in_(tuple(ENDED)), Ticket.logged_at.desc())
        .limit(limit)
    )
    return list(work.session.scalars(found))


def own_parts(work: Work, tickets: Sequence[Ticket]) -> dict[int, Assignment]:
    """Return what part the actor's department holds in each of `tickets`, by ticket id. One query."""
    held = select(Assignment).where(
        Assignment.ticket_id.in_([ticket.id for ticket in tickets]),
        Assignment.department_code == work.actor.department_code,
        Assignment.ended_at.is_(None),
    )
    return {part.ticket_id: part for part in work.session.scalars(held.order_by(Assignment.id))}


def returns_of(work: Work, tickets: Sequence[Ticket]) -> dict[int, list[Application]]:
    """Return every return asked for on each of `tickets`, oldest first, by ticket id. One query."""
    asked = select(Application).where(
        Application.ticket_id.in_([ticket.id for ticket in tickets]),
        Application.kind == ApplicationKind.RETURN,
    )
    found: dict[int, list[Application]] = {}
    for one in work.session.scalars(asked.order_by(Application.id)):
        found.setdefault(one.ticket_id, []).append(one)
    return found


def undecided_of(work: Work, tickets: Sequence[Ticket]) -> dict[int, Application]:
    """Return the newest application that waits on each of `tickets`, by ticket id. One query."""
    waiting = select(Application).where(
        Application.ticket_id.in_([ticket.id for ticket in tickets]), Application.state.in_(UNDECIDED)
    )
    return {one.ticket_id: one for one in work.session.scalars(waiting.order_by(Application.id))}


def last_accepted_at(work: Work) -> datetime | None:
    """Return when the actor's department last accepted a ticket, None when it never did. One query."""
    return work.session.scalar(
        select(func.max(Assignment.accepted_at)).where(
            Assignment.department_code == work.actor.department_code
        )
    )


def handed_to(work: Work, *, limit: int = 30) -> list[str]:
    """Return whom the actor's department handed tickets down to, the most often named first. One query."""
    named = (
        select(Assignment.handed_to)
        .where(Assignment.department_code == work.actor.department_code, Assignment.handed_to.is_not(None))
        .group_by(Assignment.handed_to)
        .order_by(func.count().desc(), Assignment.handed_to)
        .limit(limit)
    )
    return [name for name in work.session.scalars(named) if name]
