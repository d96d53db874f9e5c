"""“Not mine” (退单): a handler drafts, the leader signs, the desk decides or the arbiter must."""

from typing import Any

from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.application import Application, ApplicationKind
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import applications, deadlines, disputes, lessons, requested
from hotline.tickets.assigned import assignment_of
from hotline.tickets.dispatching import end_assignments
from hotline.tickets.guards import require_lead, require_other_side
from hotline.tickets.ledger import record
from hotline.tickets.returnable import (
    Grounds,
    ReturnRequest,
    cause_of_dispute,
    grounds_of,
    refusals,
    require_not_for_arbiter,
    require_returnable,
    returned_in_round,
)
from hotline.work import Work
from sla.policy import Stage


def draft_return(work: Work, ticket: Ticket, request: ReturnRequest) -> Application:
    """A handler lays a return before his leader (拟稿); nobody outside the department hears of it.

    A later draft takes the place of the one before. Raises InvalidInput, LimitReached.
    """
    require_lead(work, ticket, Action.DRAFT_RETURN)
    require_returnable(work, ticket)
    grounds = grounds_of(work, ticket, request)
    if before := draft_of(work, ticket):
        applications.close(work, before, granted=False, text="")
    draft = _file(work, ticket, ApplicationKind.RETURN_DRAFT, grounds)
    record(
        work,
        ticket,
        Action.DRAFT_RETURN,
        application=draft.id,
        before=before.id if before else None,
        department=ticket.lead_code,
        **_told(grounds),
    )
    return draft


def draft_of(work: Work, ticket: Ticket) -> Application | None:
    """Return the draft that waits for a signature, None when there is none. One query."""
    return requested.waiting_of(work, ticket, ApplicationKind.RETURN_DRAFT)


def drop_draft(work: Work, ticket: Ticket, *, text: str) -> None:
    """The leader does not sign, or the handler takes it back. The ticket is worked on."""
    require_lead(work, ticket, Action.DROP_DRAFT)
    draft = applications.pending(work, ticket, ApplicationKind.RETURN_DRAFT)
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    record(work, ticket, Action.DROP_DRAFT, application=draft.id, text=text.strip())
    applications.close(work, draft, granted=False, text=text)


def request_return(work: Work, ticket: Ticket, request: ReturnRequest) -> Application:
    """The leader asks to give the ticket back (申请退单). The resolve clock keeps running.

    What a handler had drafted is signed with it, as the leader worded it. The window of returns.toml counts
    to this moment. The return that makes it too many, or would send the ticket to and fro, goes before the
    arbiter at once. Raises InvalidInput, LimitReached.
    """
    require_lead(work, ticket, Action.REQUEST_RETURN)
    require_returnable(work, ticket)
    grounds = grounds_of(work, ticket, request)
    draft = draft_of(work, ticket)
    lead = assignment_of(work, ticket, Part.LEAD)
    application = _file(work, ticket, ApplicationKind.RETURN, grounds)
    application.dispatched_by_id = lead.assigned_by_id if lead else None
    if draft:
        applications.close(work, draft, granted=True, text="")
    record(
        work,
        ticket,
        Action.REQUEST_RETURN,
        application=application.id,
        draft=draft.id if draft else None,
        drafted_by=_name_of(work, draft),
        **_told(grounds),
    )
    if cause := cause_of_dispute(work, ticket):
        disputes.open_of_itself(work, ticket, cause=cause)
    deadlines.reckon(work, ticket)
    return application


def _file(work: Work, ticket: Ticket, kind: ApplicationKind, grounds: Grounds) -> Application:
    return applications.file(
        work,
        ticket,
        kind,
        reason=grounds.reason,
        text=grounds.text,
        basis=grounds.basis,
        entry=grounds.entry,
        suggested_code=grounds.suggested_code,
        evidence=grounds.evidence,
    )


def _told(grounds: Grounds) -> dict[str, Any]:
    """Return the grounds as the ledger names them."""
    return {
        "reason": grounds.reason,
        "basis": grounds.basis,
        "entry": grounds.entry,
        "suggested": grounds.suggested_code,
        "evidence": grounds.evidence,
        "text": grounds.text,
    }


def _name_of(work: Work, draft: Application | None) -> str | None:
    if draft is None:
        return None
    drafter = work.session.get(User, draft.asked_by_id) if draft.asked_by_id else None
    return drafter.name if drafter else ""


def decide_return(work: Work, ticket: Ticket, *, granted: bool, text: str) -> None:
    """Grant or refuse a return. Granted, the ticket waits on the dispatch desk again.

    Raises NotAllowed for someone of the department's own side. After as many refusals as the city says the
    matter goes before the arbiter (会商).
    """
    action = Action.GRANT_RETURN if granted else Action.REFUSE_RETURN
    require_other_side(work, ticket, action)
    application = applications.pending(work, ticket, ApplicationKind.RETURN)
    if granted:
        require_not_for_arbiter(work, ticket)
    if not granted and not text.strip():
        raise InvalidInput({"decision": "say_why"})
    record(
        work,
        ticket,
        action,
        application=application.id,
        department=application.department_code,
        text=text.strip(),
    )
    applications.close(work, application, granted=granted, text=text)
    if granted:
        applications.lapse(work, ticket)
        end_assignments(work, ticket)
        lessons.refute(work, ticket)
        ticket.lead_code = None
        deadlines.belong_to(work, ticket, None)
        deadlines.cancel(work, ticket, Stage.ACCEPT, Stage.CONTACT, *deadlines.HELP_STAGES)
        deadlines.open_stage(work, ticket, Stage.DISPATCH)
    elif work.city.returns.ends_in_dispute(refusals(returned_in_round(work, ticket))):
        disputes.open_of_itself(work, ticket, cause="refusals")
    deadlines.reckon(work, ticket)
