"""Whose is it, when departments and desk do not agree (争议会商): heard, minuted, ruled, worked on meanwhile.

From its opening to the ruling the time is the dispute's: no department answers for it, until a provisional
one is named; then it does, and calls the caller within the time of a first contact.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotline.errors import IllegalTransition, InvalidInput, NotAllowed
from hotline.lifecycle import Action, Status
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.tickets import applications, callers, deadlines, dispatching, joint, lessons, timeline
from hotline.tickets.assigned import assignment_of, give_part, parts_held
from hotline.tickets.guards import require_other_side
from hotline.tickets.ledger import record, require
from hotline.tickets.returnable import gave_back, refusals, returned_in_round
from hotline.work import SYSTEM, Work
from sla.policy import Stage


def open_dispute(work: Work, ticket: Ticket, *, text: str) -> None:
    """Take the matter before the arbiter (提请会商): an undecided return, or one that nobody is left for.

    Raises IllegalTransition where nothing is in dispute.
    """
    require_other_side(work, ticket, Action.OPEN_DISPUTE)
    require_disputed(work, ticket)
    _open(work, ticket, text=text.strip())
    deadlines.reckon(work, ticket)


def open_of_itself(work: Work, ticket: Ticket, *, cause: str) -> None:
    """The same as a consequence of a return or a refusal, so that nobody has to remember it.

    `cause` is a code of `hotline.labels.DISPUTE_CAUSES`.
    """
    _open(work.by(SYSTEM), ticket, cause=cause)


def require_disputed(work: Work, ticket: Ticket) -> None:
    """Raise IllegalTransition unless departments gave it back, or want to, and nobody ruled. One query."""
    returns = returned_in_round(work, ticket)
    wanted = {
        Status.RETURN_REQUESTED: any(one.state in applications.UNDECIDED for one in returns),
        Status.LOGGED: bool(gave_back(returns)),
    }.get(ticket.status, work.city.returns.ends_in_dispute(refusals(returns)) and not ticket.designated)
    if not wanted:
        raise IllegalTransition(Action.OPEN_DISPUTE, ticket.status)


def _open(work: Work, ticket: Ticket, **why: Any) -> None:
    returns = returned_in_round(work, ticket)
    record(work, ticket, Action.OPEN_DISPUTE, application=returns[-1].id, **why)
    applications.lapse(work, ticket)
    deadlines.cancel(work, ticket, Stage.DISPATCH, Stage.ACCEPT, Stage.CONTACT)
    deadlines.belong_to(work, ticket, None)


def name_provisional(work: Work, ticket: Ticket, *, department: str, text: str = "") -> None:
    """Name who works on while the dispute lasts (先办后议). From now on the clock is its own."""
    _require_department(work, department)
    require_other_side(work, ticket, Action.NAME_PROVISIONAL)
    record(work, ticket, Action.NAME_PROVISIONAL, department=department, text=text.strip())
    standing = assignment_of(work, ticket, Part.PROVISIONAL)
    if standing:
        standing.ended_at = work.now
    part = give_part(work, ticket, department, Part.PROVISIONAL)
    work.session.flush()
    deadlines.belong_to(work, ticket, department)
    deadlines.cancel(work, ticket, Stage.CONTACT)
    if callers.may_be_called(ticket):
        deadlines.open_stage(work, ticket, Stage.CONTACT, assignment_id=part.id, department=department)


def convene(work: Work, ticket: Ticket, *, units: Sequence[str], meets_at: datetime, text: str = "") -> None:
    """Call the units that are to be heard (召集会商). Each is told, sees the ticket and owes its opinion."""
    require_other_side(work, ticket, Action.CONVENE)
    problems = {}
    if not units:
        problems["units"] = "choose"
    elif any(code not in work.city.departments for code in units):
        problems["units"] = "unknown_department"
    elif len(set(units)) != len(units):
        problems["units"] = "twice"
    if meets_at <= work.now:
        problems["meets_at"] = "future_moment"
    if problems:
        raise InvalidInput(problems)
    record(work, ticket, Action.CONVENE, units=list(units), meets_at=meets_at.isoformat(), text=text.strip())
    called = {one.department_code for one in convened(work, ticket)}
    for code in units:
        if code not in called:
            give_part(work, ticket, code, Part.CONVENED)
    work.session.flush()


def convened(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return the parts of the units that are called to the present dispute, in their order. One query."""
    return parts_held(work, ticket, Part.CONVENED)


def give_opinion(work: Work, ticket: Ticket, *, opinion: str, department: str | None = None) -> None:
    """A unit that was called says whose it is (会商意见); the arbiter may write down what `department` said.

    Raises NotAllowed for a unit that was not called or has spoken.
    """
    part = part_to_speak(work, ticket, department=department)
    if not (work.actor.department_code or department):
        raise InvalidInput({"department": "choose"})
    if not opinion.strip():
        raise InvalidInput({"opinion": "missing"})
    record(work, ticket, Action.GIVE_OPINION, unit=part.department_code, opinion=opinion.strip())
    part.answered_at = work.now


def part_to_speak(work: Work, ticket: Ticket, *, department: str | None = None) -> Assignment:
    """Return the part in which an opinion is still owed: the actor's own, or, for the arbiter, any."""
    require(work, ticket, Action.GIVE_OPINION)
    unit = work.actor.department_code or department
    for part in convened(work, ticket):
        if part.answered_at is None and unit in (None, part.department_code):
            return part
    raise NotAllowed(Action.GIVE_OPINION, "not_convened")


def write_minutes(work: Work, ticket: Ticket, *, text: str) -> None:
    """Put down what was agreed (会商纪要). Later minutes stand beside earlier ones; the last are ruled by."""
    require_other_side(work, ticket, Action.WRITE_MINUTES)
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    record(work, ticket, Action.WRITE_MINUTES, text=text.strip())


def minutes_of(work: Work, ticket: Ticket) -> str | None:
    """Return the last minutes of the present dispute, None while there are none. Two queries."""
    opened = timeline.acted(work, ticket, Action.OPEN_DISPUTE)
    written = timeline.acted(work, ticket, Action.WRITE_MINUTES)
    if not opened or not written or written[-1].seq < opened[-1].seq:
        return None
    return str(written[-1].details["text"])


def require_minutes(work: Work, ticket: Ticket) -> None:
    if minutes_of(work, ticket) is None:
        raise InvalidInput({"text": "no_minutes"})


def designate(work: Work, ticket: Ticket, *, department: str, text: str) -> None:
    """Rule whose it is (裁定), finally: it may not be returned again. There must be minutes to rule by.

    The provisional department, when it is the one, goes on as having accepted.
    """
    _require_department(work, department)
    require_other_side(work, ticket, Action.DESIGNATE)
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
    require_minutes(work, ticket)
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    goes_on = provisional is not None and provisional.department_code == department
    record(
        work,
        ticket,
        Action.DESIGNATE,
        toward=Status.ACCEPTED if goes_on else Status.DISPATCHED,
        department=department,
        text=text.strip(),
    )
    joint.let_go(work, ticket)
    contacted_at = provisional.contacted_at if provisional and goes_on else None
    deadlines.cancel(work, ticket, Stage.ACCEPT, Stage.CONTACT, *deadlines.HELP_STAGES)
    # The same department once more is no further hop: its first dispatch was right.
    ticket.hop += department != ticket.lead_code
    ticket.lead_code = department
    ticket.designated = True
    dispatching.assign(work, ticket, dispatching.Choice(department))
    dispatching.start_department_clocks(work, ticket)
    lessons.learn(work, ticket)
    if goes_on:
        _go_on(work, ticket, contacted=contacted_at is not None)
    deadlines.reckon(work, ticket)


def _go_on(work: Work, ticket: Ticket, *, contacted: bool) -> None:
    lead = assignment_of(work, ticket, Part.LEAD)
    if lead:
        lead.accepted_at = work.now
        lead.contacted_at = work.now if contacted else None
    deadlines.settle(work, ticket, Stage.ACCEPT, *([Stage.CONTACT] if contacted else []))
    deadlines.open_at_acceptance(work, ticket, assignment_id=lead.id if lead else None)


def _require_department(work: Work, department: str) -> None:
    if department not in work.city.departments:
        raise InvalidInput({"department": "unknown_department"})
