"""A subdistrict whistles, departments report to the spot (吹哨报到), and their arrival is timed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.errors import InvalidInput, LimitReached, NotAllowed
from hotline.lifecycle import Action, acting_role
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.assigned import assignment_of, give_part, of_this_dispatch, parts_held, taking_part
from hotline.tickets.hands import require_in_hands
from hotline.tickets.ledger import record
from hotline.work import Work
from routing import Department, DepartmentKind
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.policy import Stage


class Arrival(StrEnum):
    """Where a whistled department stands.

    `called_off`: before it was late the matter was done, or out of the hands of who had called.
    """

    ON_THE_WAY = "on_the_way"
    OVERDUE = "overdue"
    IN_TIME = "in_time"
    LATE = "late"
    NEVER = "never"
    CALLED_OFF = "called_off"


@dataclass(frozen=True)
class Whistle:
    """Whom a subdistrict calls, why, where to. `within`: an allowance, empty for the longest of the city."""

    departments: Sequence[str]
    text: str
    place: str
    within: str = ""


@dataclass(frozen=True)
class Order:
    """What a department that was called must know: who whistles, since when, why, where to."""

    by: str | None
    at: datetime
    text: str
    place: str


def require_may_whistle(work: Work, ticket: Ticket) -> None:
    """Only a subdistrict that has the ticket in hand whistles (NotAllowed)."""
    require_in_hands(work, ticket, Action.WHISTLE)
    mine, departments = work.actor.department_code or "", work.city.departments
    if mine not in departments or departments[mine].kind is not DepartmentKind.SUBDISTRICT:
        raise NotAllowed(Action.WHISTLE, "no_subdistrict")


def callable_by(work: Work) -> tuple[Department, ...]:
    """Return whom the actor's subdistrict may call: the bodies of its district and of the city."""
    mine = work.actor.department_code
    if mine is None or mine not in work.city.departments:
        return ()
    return work.city.departments.around(mine, work.city.gazetteer)


def longest(work: Work, ticket: Ticket) -> Allowance | None:
    """Return how long coming may take at most in this city, None where it sets no time."""
    return work.city.policy.allowance(Stage.ARRIVE, deadlines.case_of(ticket))


def whistle(work: Work, ticket: Ticket, call: Whistle) -> None:
    """Call departments to the spot. Each one's clock starts now and runs day and night as the city says."""
    require_may_whistle(work, ticket)
    called = list(dict.fromkeys(call.departments))
    _require_callable(work, ticket, called, call)
    within = _within(work, ticket, call.within.strip())
    target = work.city.policy.target_for(deadlines.case_of(ticket))
    terms = deadlines.terms_under(work, target, work.now, within) if within else None
    record(
        work,
        ticket,
        Action.WHISTLE,
        department=None,
        called=called,
        text=call.text.strip(),
        place=call.place.strip(),
        within=str(within) if within else None,
    )
    for code in called:
        part = give_part(work, ticket, code, Part.WHISTLED, from_code=work.actor.department_code)
        work.session.flush()
        if terms:
            deadlines.open_stage(work, ticket, Stage.ARRIVE, assignment_id=part.id, department=code, of=terms)


def _require_callable(work: Work, ticket: Ticket, called: Sequence[str], call: Whistle) -> None:
    problems = {name: "missing" for name in ("text", "place") if not getattr(call, name).strip()}
    known = {one.code for one in callable_by(work)}
    if not called:
        problems["called"] = "choose"
    elif any(code not in known for code in called):
        problems["called"] = "not_called"
    elif not taking_part(work, ticket).isdisjoint(called):
        problems["called"] = "has_part"
    if problems:
        raise InvalidInput(problems)


def _within(work: Work, ticket: Ticket, asked: str) -> Allowance | None:
    """Return the time for coming: what is asked, at most the city's. Raises InvalidInput, LimitReached."""
    most = longest(work, ticket)
    if not asked:
        return most
    try:
        wanted = parse_allowance(asked)
    except ValueError:
        raise InvalidInput({"within": "amount"}) from None
    if most is not None:
        latest, due = deadlines.ends_at(work, work.now, most), deadlines.ends_at(work, work.now, wanted)
        if latest is not None and (due is None or due > latest):
            raise LimitReached("within", "arrival_too_long", str(most))
    return wanted


def is_allowed(work: Work, ticket: Ticket, within: str) -> bool:
    """Tell whether a subdistrict may ask for coming in this time."""
    try:
        return _within(work, ticket, within) is not None
    except LimitReached:
        return False


def orders(work: Work, ticket: Ticket) -> dict[str, Order]:
    """Return the last whistle for each department that was called. One query."""
    found: dict[str, Order] = {}
    for event in timeline.acted(work, ticket, Action.WHISTLE):
        order = Order(event.department_code, event.at, event.details["text"], event.details["place"])
        found.update(dict.fromkeys(event.details["called"], order))
    return found


def arrive(work: Work, ticket: Ticket, *, who: str, at: datetime | None = None) -> None:
    """The called department reports that it is on the spot: who came, and when (报到)."""
    part = part_called(work, ticket)
    came = at or work.now
    problems = {} if who.strip() else {"who": "missing"}
    if not part.assigned_at <= came <= work.now:
        problems["at"] = "not_yet"
    if problems:
        raise InvalidInput(problems)
    record(
        work, ticket, Action.ARRIVE, department=part.from_code, who=who.strip(), arrived_at=came.isoformat()
    )
    part.arrived_at = came
    deadlines.settle_part(work, ticket, Stage.ARRIVE, part.id, at=came)


def part_called(work: Work, ticket: Ticket) -> Assignment:
    """Return the part in which the actor's department is still awaited on the spot. Raises NotAllowed."""
    acting_role(Action.ARRIVE, work.actor.roles)
    part = assignment_of(work, ticket, Part.WHISTLED, work.actor.department_code or "-")
    if part is None or part.arrived_at is not None:
        raise NotAllowed(Action.ARRIVE, "not_whistled")
    return part


def to_confirm(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return the parts of those that say they came and whom the actor's subdistrict had called. One query."""
    called = _called_by(work, ticket, [work.actor.department_code or "-"])
    return [one for one in called if one.arrived_at and not one.confirmed_at]


def require_confirmable(work: Work, ticket: Ticket, action: Action = Action.CONFIRM_ARRIVAL) -> None:
    """Refuse where nobody waits to be confirmed by the actor's department (NotAllowed)."""
    acting_role(action, work.actor.roles)
    if not to_confirm(work, ticket):
        raise NotAllowed(action, "nobody_arrived")


def confirm_arrival(work: Work, ticket: Ticket, *, department: str) -> None:
    """The subdistrict confirms that it came (确认报到)."""
    part = _said(work, ticket, Action.CONFIRM_ARRIVAL, department)
    record(work, ticket, Action.CONFIRM_ARRIVAL, department=department)
    part.confirmed_at = work.now


def deny_arrival(work: Work, ticket: Ticket, *, department: str, text: str) -> None:
    """The subdistrict denies it: nobody came. The clock runs on as if nothing had been said (否认报到)."""
    part = _said(work, ticket, Action.DENY_ARRIVAL, department)
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
    record(work, ticket, Action.DENY_ARRIVAL, department=department, text=text.strip())
    part.arrived_at = None
    part.denied += 1
    deadlines.restore_part(work, ticket, Stage.ARRIVE, part.id)


def _said(work: Work, ticket: Ticket, action: Action, department: str) -> Assignment:
    require_confirmable(work, ticket, action)
    for part in to_confirm(work, ticket):
        if part.department_code == department:
            return part
    raise InvalidInput({"department": "choose"})


def awaited_by(work: Work, ticket: Ticket, callers: Collection[str]) -> list[str]:
    """Return whom `callers` called and who has not come yet, as they were called. One query."""
    return [one.department_code for one in _called_by(work, ticket, callers) if one.arrived_at is None]


def call_off(work: Work, ticket: Ticket, callers: Collection[str]) -> None:
    """`callers` do not have the ticket any more: they await and judge nobody on the spot from now on.

    Who had not come by then was late where it was late; else its clock stops unjudged.
    """
    for part in _called_by(work, ticket, callers):
        part.ended_at = work.now
        deadlines.give_up(work, ticket, Stage.ARRIVE, part=part.id)


def _called_by(work: Work, ticket: Ticket, callers: Collection[str]) -> list[Assignment]:
    return [one for one in parts_held(work, ticket, Part.WHISTLED) if one.from_code in callers]


@dataclass(frozen=True)
class Called:
    """One department that was called to the spot. `who` came, by its own word."""

    part: Assignment
    clock: Deadline | None
    arrival: Arrival
    who: str


def called_to(work: Work, ticket: Ticket) -> list[Called]:
    """Return who was called in this dispatch and where each stands, oldest first. Three queries."""
    parts = of_this_dispatch(work, ticket, Part.WHISTLED)
    if not parts:
        return []
    clocks = {one.assignment_id: one for one in deadlines.all_of(work, ticket) if one.stage is Stage.ARRIVE}
    came = {
        event.department_code: str(event.details["who"])
        for event in timeline.acted(work, ticket, Action.ARRIVE)
    }
    return [
        Called(
            part,
            clocks.get(part.id),
            arrival_of(work, part, clocks.get(part.id)),
            came.get(part.department_code, "") if part.arrived_at else "",
        )
        for part in parts
    ]


def arrival_of(work: Work, part: Assignment, clock: Deadline | None) -> Arrival:
    if part.arrived_at is not None:
        return Arrival.LATE if clock and clock.outcome is DeadlineOutcome.LATE else Arrival.IN_TIME
    if part.ended_at is not None or (clock and clock.settled_at is not None):
        late = clock is not None and clock.outcome is DeadlineOutcome.LATE
        return Arrival.NEVER if late else Arrival.CALLED_OFF
    overdue = clock is not None and clock.due_at is not None and clock.due_at <= work.now
    return Arrival.OVERDUE if overdue else Arrival.ON_THE_WAY
