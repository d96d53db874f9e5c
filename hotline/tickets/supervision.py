"""Press, order, re-open: what the caller and the supervisor do when it does not go by itself."""

from datetime import datetime

from hotline import labels
from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action, Role, Status
from hotline.models.ticket import Ticket
from hotline.tickets import applications, deadlines, dispatching, followup, merging, timeline, untold
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
    untold.drop(work, ticket)
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
