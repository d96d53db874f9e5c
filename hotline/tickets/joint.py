"""One matter, several departments (一件事): opinions of those that assist, one answer by the lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.db import Json
from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import Action, acting_role
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline, triage
from hotline.tickets.assigned import assignment_of, give_part, of_this_dispatch, parts_held, taking_part
from hotline.tickets.guards import require_filled, require_lead, require_not_complained_of
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.policy import Stage


class Standing(StrEnum):
    """Where an assisting department stands. `missing`: the lead reported its result without it."""

    IN_TIME = "in_time"
    LATE = "late"
    OWED = "owed"
    OVERDUE = "overdue"
    MISSING = "missing"
    DECLINED = "declined"
    RELEASED = "released"


GIVEN = frozenset({Standing.IN_TIME, Standing.LATE})
AWAITED = frozenset({Standing.OWED, Standing.OVERDUE, Standing.MISSING})


@dataclass(frozen=True)
class Opinion:
    """What one assisting department owes or gave. `clock` None: the city sets no time for it."""

    part: Assignment
    clock: Deadline | None
    standing: Standing
    text: str


def opinions(work: Work, ticket: Ticket) -> list[Opinion]:
    """Return where each assisting department of this dispatch stands, oldest first. Three queries."""
    parts = of_this_dispatch(work, ticket, Part.ASSISTING)
    if not parts:
        return []
    clocks = {
        one.assignment_id: one
        for one in deadlines.all_of(work, ticket)
        if one.stage is Stage.ASSIST and one.outcome is not DeadlineOutcome.MERGED
    }
    said = {
        (event.department_code, event.at): event.details["opinion"]
        for event in timeline.acted(work, ticket, Action.ASSIST)
    }
    return [
        Opinion(
            part,
            clocks.get(part.id),
            standing_of(work, part, clocks.get(part.id)),
            said.get((part.department_code, part.answered_at), "") if part.answered_at else "",
        )
        for part in parts
    ]


def standing_of(work: Work, part: Assignment, clock: Deadline | None) -> Standing:
    if part.answered_at is not None:
        return Standing.LATE if clock and clock.outcome is DeadlineOutcome.LATE else Standing.IN_TIME
    if part.ending is Ending.DECLINED:
        return Standing.DECLINED
    if part.ending is Ending.RELEASED:
        return Standing.RELEASED
    if part.ended_at is not None or (clock and clock.settled_at is not None):
        return Standing.MISSING
    overdue = clock is not None and clock.due_at is not None and clock.due_at <= work.now
    return Standing.OVERDUE if overdue else Standing.OWED


def assist(work: Work, ticket: Ticket, *, opinion: str) -> None:
    """An assisting department gives its opinion to the lead (协办意见)."""
    part = part_owing(work, ticket)
    if not opinion.strip():
        raise InvalidInput({"opinion": "missing"})
    record(work, ticket, Action.ASSIST, opinion=opinion.strip())
    part.answered_at = work.now
    deadlines.settle_part(work, ticket, Stage.ASSIST, part.id)


def decline(work: Work, ticket: Ticket, *, reason: str, basis: str) -> None:
    """An assisting department says that it has no duty here, and why; its part ends (非本单位职责).

    The lead and the dispatch desk are told: nobody has to wait for a department that stays silent.
    """
    part = part_owing(work, ticket, Action.DECLINE_PART)
    require_filled(text=reason, basis=basis)
    record(work, ticket, Action.DECLINE_PART, text=reason.strip(), basis=basis.strip())
    _end(work, ticket, part, Ending.DECLINED)


def part_owing(work: Work, ticket: Ticket, action: Action = Action.ASSIST) -> Assignment:
    """Return the part in which the actor's department still owes its opinion. Raises NotAllowed."""
    acting_role(action, work.actor.roles)
    part = assignment_of(work, ticket, Part.ASSISTING, work.actor.department_code or "-")
    if part is None or part.answered_at is not None:
        raise NotAllowed(action, "not_assisting")
    return part


def add_assisting(work: Work, ticket: Ticket, *, department: str, text: str) -> None:
    """The lead calls in one more department (加派协办). The dispatch desk is told, nobody has to agree.

    Who received it first leads, and others have to help (首接负责): asking leave would only cost days.
    Whoever the matter complains of is not asked (回避).
    """
    require_lead(work, ticket, Action.ADD_ASSISTING)
    problems = {} if text.strip() else {"text": "say_why"}
    if department not in work.city.departments:
        problems["department"] = "unknown_department"
    elif department in taking_part(work, ticket):
        problems["department"] = "has_part"
    if problems:
        raise InvalidInput(problems)
    require_not_complained_of(triage.decide_for(work, ticket), department=(department,))
    record(work, ticket, Action.ADD_ASSISTING, department=department, text=text.strip())
    part = give_part(work, ticket, department, Part.ASSISTING, from_code=work.actor.department_code)
    work.session.flush()
    deadlines.open_stage(work, ticket, Stage.ASSIST, assignment_id=part.id, department=department)
    deadlines.reckon(work, ticket)


def release(work: Work, ticket: Ticket, *, department: str, text: str) -> None:
    """The lead lets an assisting department go, with the reason (解除协办)."""
    require_lead(work, ticket, Action.RELEASE)
    require_filled(text=text)
    part = assignment_of(work, ticket, Part.ASSISTING, department or "-")
    if part is None or part.answered_at is not None:
        raise InvalidInput({"department": "choose"})
    record(work, ticket, Action.RELEASE, department=department, text=text.strip())
    _end(work, ticket, part, Ending.RELEASED)


def require_releasable(work: Work, ticket: Ticket) -> None:
    """Refuse where no assisting department owes anything (NotAllowed). One query."""
    if all(one.answered_at for one in parts_held(work, ticket, Part.ASSISTING)):
        raise NotAllowed(Action.RELEASE, "nobody_assists")


def let_go(work: Work, ticket: Ticket) -> None:
    """Whoever still owes an opinion owes none any more: a ruling says anew who has to do with it."""
    for one in opinions(work, ticket):
        if one.standing in AWAITED and one.part.ended_at is None:
            one.part.ended_at, one.part.ending = work.now, Ending.RELEASED


def _end(work: Work, ticket: Ticket, part: Assignment, ending: Ending) -> None:
    part.ended_at, part.ending = work.now, ending
    deadlines.give_up(work, ticket, Stage.ASSIST, part=part.id)


def take_up(work: Work, ticket: Ticket, *, cited: Sequence[str], without: str) -> Json:
    """Return what the ledger keeps of how the one answer stands to the opinions. Raises InvalidInput.

    `cited`: whose it takes up, `missing`: whose it went without, `without`: why. What is empty is left out.
    The lead answers for the whole and need not wait for the others; but for one that still has time it says
    why it does not (不等协办意见).
    """
    found = opinions(work, ticket)
    given = [one.part.department_code for one in found if one.standing in GIVEN]
    in_haste = any(one.standing is Standing.OWED for one in found)
    problems = {}
    if any(code not in given for code in cited):
        problems["cited"] = "choice"
    if in_haste and not without.strip():
        problems["without"] = "say_why_not_wait"
    if problems:
        raise InvalidInput(problems)
    kept: Json = {
        "cited": [code for code in given if code in cited],
        "missing": [one.part.department_code for one in found if one.standing in AWAITED],
        "without": without.strip() if in_haste else "",
    }
    return {name: value for name, value in kept.items() if value}
