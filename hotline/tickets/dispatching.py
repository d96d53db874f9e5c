"""Give a ticket to the department whose it is (派单), and decide when it says “not mine” (退单)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import routing
from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.assignment import Ending, Part
from hotline.models.deadline import iso
from hotline.models.lesson import Misled
from hotline.models.ticket import Ticket
from hotline.tickets import callers, claims, deadlines, lessons, triage
from hotline.tickets.assigned import assignment_of, give_part, parts_held
from hotline.tickets.guards import require_not_complained_of
from hotline.tickets.ledger import record, require
from hotline.tickets.returnable import require_not_to_and_fro
from hotline.work import Work
from sla.policy import ResolveStart, Stage


@dataclass(frozen=True)
class Choice:
    """Who handles it. `reason` is asked when a person goes against the first suggestion."""

    lead: str
    assisting: Sequence[str] = ()
    note: str = ""


def dispatch(
    work: Work,
    ticket: Ticket,
    choice: Choice,
    *,
    misled: Misled | None = None,
    recallable: bool = False,
    **why: Any,
) -> None:
    """Hand `ticket` to its departments; every clock of theirs starts here, not at acceptance.

    After a return the resolve clock goes on: the date promised to the caller stands. What a person decides
    is kept for the model to learn of; `misled` says which evidence had spoken for another department.
    `recallable`: the city leaves the dispatcher some seconds to take it back (see `recalling`).

    Raises ClaimedByAnother while a colleague has the ticket open, LimitReached where the ticket would be sent
    to and fro (A→B→A): then only a dispute is left. Refuses a lead below the minimum level of the catalogue's
    entry, and whoever the matter complains of in any part: only a ruling (`disputes.designate`,
    `name_provisional`) may put that aside.
    """
    require(work, ticket, Action.DISPATCH)
    if work.actor.user_id is not None:
        claims.spend(work, ticket)
    _require_departments(work, choice)
    _require_may_have(work, ticket, choice)
    require_not_to_and_fro(work, ticket, choice.lead)
    undo = work.city.dispatching.undo if recallable else timedelta(0)
    until = work.now + undo if undo else None
    if misled:
        why["misled"] = misled
    if until:
        why["recall_until"] = iso(until)
    record(
        work,
        ticket,
        Action.DISPATCH,
        department=choice.lead,
        assisting=list(choice.assisting),
        note=choice.note.strip(),
        hop=ticket.hop + 1,
        profile=work.city.profile_hash,
        catalogue=work.city.catalogue.version,
        category=ticket.category_code,
        area=ticket.area_code,
        **why,
    )
    ticket.lead_code = choice.lead
    ticket.hop += 1
    ticket.recall_until = until
    assign(work, ticket, choice)
    deadlines.settle(work, ticket, Stage.DISPATCH)
    start_department_clocks(work, ticket)
    if choice.assisting:
        # An opinion may be bound to a resolve clock that runs on from before, pauses included.
        deadlines.reckon(work, ticket)
    if work.actor.user_id is not None:
        lessons.learn(work, ticket, misled=misled)


def assign(work: Work, ticket: Ticket, choice: Choice) -> None:
    """End the parts of whoever held the ticket before, and write the new ones."""
    end_assignments(work, ticket)
    give_part(work, ticket, choice.lead, Part.LEAD)
    for code in choice.assisting:
        give_part(work, ticket, code, Part.ASSISTING)
    work.session.flush()


def end_assignments(work: Work, ticket: Ticket, ending: Ending | None = None) -> None:
    for assignment in parts_held(work, ticket):
        assignment.ended_at, assignment.ending = work.now, ending


def start_department_clocks(work: Work, ticket: Ticket) -> None:
    """Open accept, contact and resolve, the last unless it runs on from before or starts at acceptance.

    Contact only where the department knows whom to call.
    """
    lead = assignment_of(work, ticket, Part.LEAD)
    stages = [Stage.ACCEPT, Stage.CONTACT] if callers.may_be_called(ticket) else [Stage.ACCEPT]
    running = {one.stage: one for one in deadlines.running(work, ticket)}
    if Stage.RESOLVE in running:
        deadlines.belong_to(work, ticket, ticket.lead_code)
    elif work.city.policy.rules.resolve_starts is not ResolveStart.ACCEPT:
        stages.append(Stage.RESOLVE)
    deadlines.open_stage(work, ticket, *stages, assignment_id=lead.id if lead else None)
    for assisting in parts_held(work, ticket, Part.ASSISTING):
        deadlines.open_stage(
            work,
            ticket,
            Stage.ASSIST,
            assignment_id=assisting.id,
            department=assisting.department_code,
        )


def _require_departments(work: Work, choice: Choice) -> None:
    problems = {}
    if choice.lead not in work.city.departments:
        problems["lead"] = "unknown_department"
    if any(code not in work.city.departments for code in choice.assisting):
        problems["assisting"] = "unknown_department"
    elif choice.lead in choice.assisting or len(set(choice.assisting)) != len(choice.assisting):
        problems["assisting"] = "twice"
    if problems:
        raise InvalidInput(problems)


def _require_may_have(work: Work, ticket: Ticket, choice: Choice) -> None:
    decision = triage.decide_for(work, ticket)
    require_not_complained_of(decision, lead=(choice.lead,), assisting=choice.assisting)
    if decision is None:
        return
    pushed = routing.objection(decision, choice.lead, work.city.departments, work.city.gazetteer)
    if pushed is not None:
        # The level by its name, the basis behind a colon: a code of `hotline.labels.PROBLEMS`.
        raise InvalidInput({"lead": f"below_{pushed.facts['minimum']}:{pushed.facts['basis']}"})
