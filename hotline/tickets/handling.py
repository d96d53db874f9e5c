"""What the department does: accept, contact, hand down, give an opinion, resolve."""

from dataclasses import dataclass

from hotline.errors import CallerNotContacted, InvalidInput, NotAllowed
from hotline.lifecycle import Action, acting_role
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import applications, callers, deadlines, lessons, timeline
from hotline.tickets.guards import assignment_of, require_lead
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
    require_lead(work, ticket, Action.CONTACT)
    if not note.strip():
        raise InvalidInput({"note": "missing"})
    record(work, ticket, Action.CONTACT, reached=reached, note=note.strip())
    if not reached:
        return
    for part in (Part.LEAD, Part.PROVISIONAL):
        held = assignment_of(work, ticket, part, work.actor.department_code)
        if held and held.contacted_at is None:
            held.contacted_at = work.now
    deadlines.settle(work, ticket, Stage.CONTACT)


def hand_down(work: Work, ticket: Ticket, *, to: str, note: str = "") -> None:
    """Name who inside the department does it (下派). The ticket and its clocks stay where they are."""
    require_lead(work, ticket, Action.HAND_DOWN)
    if not to.strip():
        raise InvalidInput({"to": "missing"})
    record(work, ticket, Action.HAND_DOWN, to=to.strip(), note=note.strip())
    for part in (Part.LEAD, Part.PROVISIONAL):
        held = assignment_of(work, ticket, part, work.actor.department_code)
        if held:
            held.handed_to = to.strip()


def assist(work: Work, ticket: Ticket, *, opinion: str) -> None:
    """An assisting department gives its opinion to the lead (协办意见)."""
    part = part_owing(work, ticket)
    if not opinion.strip():
        raise InvalidInput({"opinion": "missing"})
    record(work, ticket, Action.ASSIST, opinion=opinion.strip())
    part.answered_at = work.now
    for deadline in deadlines.running(work, ticket):
        if deadline.stage is Stage.ASSIST and deadline.assignment_id == part.id:
            late = deadline.due_at is not None and work.now > deadline.due_at
            deadline.settled_at, deadline.alert_at = work.now, None
            deadline.outcome = DeadlineOutcome.LATE if late else DeadlineOutcome.MET
    deadlines.point_to_next(work, ticket)


def part_owing(work: Work, ticket: Ticket) -> Assignment:
    """Return the part in which the actor's department still owes its opinion. Raises NotAllowed."""
    acting_role(Action.ASSIST, work.actor.roles)
    part = assignment_of(work, ticket, Part.ASSISTING, work.actor.department_code or "-")
    if part is None or part.answered_at is not None:
        raise NotAllowed(Action.ASSIST, "not_assisting")
    return part


@dataclass(frozen=True)
class Result:
    """What the department reports (办结反馈): facts found, the public answer, its basis and proof.

    `signed_by` names the leader who answers for it (分管负责人).
    """

    outcome: str
    facts: str
    answer: str
    basis: str = ""
    evidence: str = ""
    signed_by: str = ""


def resolve(work: Work, ticket: Ticket, result: Result) -> None:
    """The lead department reports the matter settled (办结); the review clock starts.

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
    )
    ticket.answer = result.answer.strip()
    applications.lapse(work, ticket)
    deadlines.settle(work, ticket, Stage.RESOLVE)
    deadlines.cancel(work, ticket, Stage.CONTACT, Stage.ASSIST)
    deadlines.open_stage(work, ticket, Stage.REVIEW)


# 已解决 · 部分解决 · 因政策或条件暂不能解决
OUTCOMES = ("solved", "partly", "unsolvable")


def contacted(work: Work, ticket: Ticket) -> bool:
    """Tell whether the department that leads got through to the caller in this round. One query.

    A call by one that gave the ticket back does not count: it was another's promise.
    """
    return any(
        event.details.get("reached")
        and event.round == ticket.round
        and event.department_code == ticket.lead_code
        for event in timeline.acted(work, ticket, Action.CONTACT)
    )
