"""What the department does: accept, contact, resolve."""

from dataclasses import dataclass

from hotline.errors import CallerNotContacted, InvalidInput
from hotline.lifecycle import Action
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.tickets import applications, callers, deadlines, joint, lessons, timeline
from hotline.tickets.assigned import assignment_of, parts_held
from hotline.tickets.guards import require_lead
from hotline.tickets.handing import OUTCOMES
from hotline.tickets.hands import handled_by, require_in_hands
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.policy import Stage


def accept(work: Work, ticket: Ticket) -> None:
    """The lead department takes the ticket on (签收)."""
    require_lead(work, ticket, Action.ACCEPT)
    record(work, ticket, Action.ACCEPT)
    lead = assignment_of(work, ticket, Part.LEAD)
    if lead:
        lead.accepted_at = work.now
    lessons.confirm(work, ticket)
    deadlines.settle(work, ticket, Stage.ACCEPT)
    deadlines.open_at_acceptance(work, ticket, assignment_id=lead.id if lead else None)


def contact(work: Work, ticket: Ticket, *, reached: bool, note: str) -> None:
    """Note a call to the caller (首次联系). Only one that got through stops the contact clock."""
    require_in_hands(work, ticket, Action.CONTACT)
    if not note.strip():
        raise InvalidInput({"note": "missing"})
    record(work, ticket, Action.CONTACT, reached=reached, note=note.strip())
    if not reached:
        return
    for part in (Part.LEAD, Part.PROVISIONAL, Part.HANDED):
        held = assignment_of(work, ticket, part, work.actor.department_code)
        if held and held.contacted_at is None:
            held.contacted_at = work.now
    deadlines.settle(work, ticket, Stage.CONTACT)


@dataclass(frozen=True)
class Result:
    """What the department reports (办结反馈): facts found, the public answer, its basis and proof.

    `signed_by` names the leader who answers for it (分管负责人). `cited`: departments whose opinions it takes
    up; `without`: why it did not wait for those that still had time.
    """

    outcome: str
    facts: str
    answer: str
    basis: str = ""
    evidence: str = ""
    signed_by: str = ""
    cited: tuple[str, ...] = ()
    without: str = ""


def resolve(work: Work, ticket: Ticket, result: Result) -> None:
    """The lead department reports the matter settled (办结), one answer for all; the review clock starts.

    Raises CallerNotContacted when it did not get through to the caller in this round, unless it knows of
    nobody to call.
    """
    require_lead(work, ticket, Action.RESOLVE)
    problems = {name: "missing" for name in ("facts", "answer") if not getattr(result, name).strip()}
    if result.outcome not in OUTCOMES:
        problems["outcome"] = "choose"
    if problems:
        raise InvalidInput(problems)
    if callers.may_be_called(ticket) and not contacted(work, ticket):
        raise CallerNotContacted(ticket.number)
    taken = joint.take_up(work, ticket, cited=result.cited, without=result.without)
    record(
        work,
        ticket,
        Action.RESOLVE,
        outcome=result.outcome,
        facts=result.facts.strip(),
        answer=result.answer.strip(),
        basis=result.basis.strip(),
        evidence=result.evidence.strip(),
        signed_by=result.signed_by.strip(),
        **taken,
    )
    ticket.answer = result.answer.strip()
    applications.lapse(work, ticket)
    deadlines.settle(work, ticket, Stage.RESOLVE)
    deadlines.cancel(work, ticket, Stage.CONTACT)
    deadlines.give_up(work, ticket, *deadlines.HELP_STAGES)
    _end_below(work, ticket)
    deadlines.open_stage(work, ticket, Stage.REVIEW)


def _end_below(work: Work, ticket: Ticket) -> None:
    """The result is the lead's: nobody below has the ticket any more, nobody is awaited on the spot."""
    for part in parts_held(work, ticket, Part.HANDED, Part.WHISTLED):
        part.ended_at = work.now


def contacted(work: Work, ticket: Ticket) -> bool:
    """Tell whether the lead, or who handles it for the lead, got through to the caller in this round.

    A call by one that gave the ticket back does not count: it was another's promise. Two queries.
    """
    calls = [
        event
        for event in timeline.acted(work, ticket, Action.CONTACT)
        if event.details.get("reached") and event.round == ticket.round
    ]
    if not calls:
        return False
    ours = handled_by(work, ticket)
    return any(event.department_code in ours for event in calls)
