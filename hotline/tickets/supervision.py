"""Press, rule, re-open: what the caller and the supervisor do when it does not go by itself."""

from datetime import datetime

from hotline import labels
from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket
from hotline.tickets import applications, deadlines, dispatching, followup, lessons, merging, timeline
from hotline.tickets.guards import assignment_of, require_other_side
from hotline.tickets.holders import Holder, holder_of
from hotline.tickets.ledger import record, require
from hotline.work import Work
from sla.policy import Stage


def urge(work: Work, ticket: Ticket, *, text: str = "") -> Holder:
    """Press for it (催办) and return who is told: who has it in hand.

    Adds to a counter, never shortens a clock; a caller may once per quiet time.
    """
    require(work, ticket, Action.URGE)
    require_quiet_over(work, ticket)
    told = holder_of(work, ticket)
    record(work, ticket, Action.URGE, text=text.strip(), desk=told.desk, department=told.department)
    ticket.urged += 1
    return told


def require_quiet_over(work: Work, ticket: Ticket) -> None:
    """Refuse an urging that follows another too soon (LimitReached); a supervisor may at any time."""
    if Role.SUPERVISOR not in work.actor.roles and urge_again_at(work, ticket) is not None:
        raise LimitReached("text", "urged_already", str(work.city.urging.quiet))


def urge_again_at(work: Work, ticket: Ticket) -> datetime | None:
    """Return from when the next urging is taken, None when it is now. One query."""
    urged = timeline.acted(work, ticket, Action.URGE)
    again = urged[-1].at + work.city.urging.quiet if urged else None
    return again if again is not None and work.now < again else None


def supervise(work: Work, ticket: Ticket, *, text: str) -> None:
    """Order it formally (督办): raises the level, one rung each time, and starts the supervision clock.

    Told to the department, whose leader answers for it from now on, and to the desk that has it in hand.
    """
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    desk = holder_of(work, ticket).desk
    record(work, ticket, Action.SUPERVISE, level=ticket.supervised + 1, text=text.strip(), desk=desk)
    ticket.supervised += 1
    running = {one.stage for one in deadlines.running(work, ticket)}
    if Stage.SUPERVISION not in running:
        deadlines.open_stage(work, ticket, Stage.SUPERVISION)


def open_dispute(work: Work, ticket: Ticket, *, text: str) -> None:
    """Take an undecided return before the arbiter (会商)."""
    require_other_side(work, ticket, Action.OPEN_DISPUTE)
    application = applications.pending(work, ticket, ApplicationKind.RETURN)
    record(work, ticket, Action.OPEN_DISPUTE, application=application.id, text=text.strip())
    applications.lapse(work, ticket)
    deadlines.reckon(work, ticket)


def name_provisional(work: Work, ticket: Ticket, *, department: str, text: str = "") -> None:
    """Name who works on while the dispute lasts (先办后议)."""
    _require_department(work, department)
    require_other_side(work, ticket, Action.NAME_PROVISIONAL)
    record(work, ticket, Action.NAME_PROVISIONAL, department=department, text=text.strip())
    standing = assignment_of(work, ticket, Part.PROVISIONAL)
    if standing:
        standing.ended_at = work.now
    work.session.add(_assignment(work, ticket, department, Part.PROVISIONAL))
    work.session.flush()


def designate(work: Work, ticket: Ticket, *, department: str, text: str) -> None:
    """Rule whose it is (裁定), finally: it may not be returned again.

    The provisional department, when it is the one, goes on as having accepted.
    """
    _require_department(work, department)
    require_other_side(work, ticket, Action.DESIGNATE)
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
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
    contacted_at = provisional.contacted_at if provisional and goes_on else None
    deadlines.cancel(work, ticket, Stage.ACCEPT, Stage.CONTACT, Stage.ASSIST)
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


def _assignment(work: Work, ticket: Ticket, department: str, part: Part) -> Assignment:
    return Assignment(
        ticket_id=ticket.id,
        department_code=department,
        part=part,
        round=ticket.round,
        hop=ticket.hop,
        assigned_at=work.now,
    )


def _require_department(work: Work, department: str) -> None:
    if department not in work.city.departments:
        raise InvalidInput({"department": "unknown_department"})


def reopen(work: Work, ticket: Ticket, *, text: str) -> None:
    """Open a closed ticket again (重启): next round, or the dispatch desk when no department had it."""
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
    dispatched = ticket.lead_code is not None
    record(
        work,
        ticket,
        Action.REOPEN,
        toward=Status.DISPATCHED if dispatched else Status.LOGGED,
        department=ticket.lead_code,
        text=text.strip(),
    )
    followup.begin_round(work, ticket)
    if not dispatched:
        deadlines.open_stage(work, ticket, Stage.DISPATCH)


def withdraw(work: Work, ticket: Ticket, *, reason: str) -> None:
    """The caller takes it back (撤诉). Every clock stops, unjudged.

    What other callers said of the same matter is theirs: tickets merged into this one stand alone again.
    """
    if not reason.strip():
        raise InvalidInput({"reason": "missing"})
    record(work, ticket, Action.WITHDRAW, reason=reason.strip())
    applications.lapse(work, ticket)
    dispatching.end_assignments(work, ticket)
    deadlines.cancel(work, ticket)
    ticket.resume_on = None
    ticket.closed_at = work.now
    merging.release_children(work, ticket, reason=labels.PARENT_WITHDRAWN)


def note(work: Work, ticket: Ticket, *, text: str) -> None:
    """Leave a remark that only the desks see (备注)."""
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    record(work, ticket, Action.NOTE, text=text.strip())
