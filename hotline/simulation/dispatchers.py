"""The dispatch desk: corrects the machine, dispatches, merges, decides returns."""

from collections.abc import Iterator

from sqlalchemy import select

from hotline.lifecycle import Role, Status
from hotline.models.ticket import Ticket, Urgency
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import dispatching, intake, merging, returnable, returns, triage
from hotline.work import Work
from routing import Decision, objection

# Minutes by the clock for what cannot wait, working hours for the rest.
_MINUTES = {Urgency.CRITICAL: (0.5, 4.0), Urgency.URGENT: (1.0, 13.0)}
_WORKING_HOURS = (0.05, 1.3)
_LATE = (2.1, 4.0)
_IS_LATE = 0.02
_TAKEN_APART = 0.12
_MERGEABLE = (Status.LOGGED, Status.DISPATCHED, Status.ACCEPTED)


def next_for_logged(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    if ticket.urgency in _MINUTES:
        at = scene.after(work.now, *_MINUTES[ticket.urgency])
    else:
        hours = _LATE if scene.fate(ticket).meets("late dispatch", _IS_LATE) else _WORKING_HOURS
        at = scene.after_work(work.now, *hours)
    return scene.plan(at, scene.someone(Role.DISPATCHER), dispatch, Status.LOGGED)


def dispatch(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Put the category right where the machine was wrong, then dispatch by the catalogue."""
    put_right(scene, work, ticket)
    decision = triage.decide_for(work, ticket)
    refused = {one.department_code for one in returnable.returned_by(work, ticket)}
    refused |= {one.code for one in work.city.departments if not _may_lead(work, decision, one.code)}
    candidates = [code for code in _candidates(work, ticket, decision) if code not in refused]
    misled = ticket.hop < scene.fate(ticket).wrong_turns
    lead = _someone_else(scene, work, ticket, refused) if misled else candidates[0]
    assisting = [code for code in (decision.assisting if decision else ()) if code != lead]
    dispatching.dispatch(work, ticket, dispatching.Choice(lead, assisting))


def put_right(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Give the ticket the category that it is of, as far as a dispatcher can know."""
    category = scene.true_category(ticket)
    if category is None:
        category = triage.suggest(work, triage.text_of(ticket), ticket.address).category
    if category and category != ticket.category_code:
        intake.amend(work, ticket, intake.Amendment(category=category), reason=words.CORRECTED)


def _may_lead(work: Work, decision: Decision | None, code: str) -> bool:
    city = work.city
    return decision is None or objection(decision, code, city.departments, city.gazetteer) is None


def _candidates(work: Work, ticket: Ticket, decision: Decision | None) -> Iterator[str]:
    """Yield who may lead, the likeliest first; at the very end any department of the city."""
    if decision:
        if decision.lead:
            yield decision.lead
        yield from (one.department for one in decision.alternatives)
    covering = work.city.departments.covering(ticket.area_code or work.city.code, work.city.gazetteer)
    if covering:
        yield covering.code
    yield from (one.code for one in work.city.departments)


def _someone_else(scene: Scene, work: Work, ticket: Ticket, refused: set[str]) -> str:
    right = scene.right_lead(work, ticket)
    others = [
        one.code
        for one in work.city.departments
        if one.area == work.city.code and one.code != right and one.code not in refused
    ]
    return scene.rng.choice(others)


def expect_merge(scene: Scene, work: Work, ticket: Ticket) -> None:
    """A repeat is seen some minutes after it was registered, dispatched meanwhile or not."""
    at = scene.after(work.now, 3, 90)
    scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.DISPATCHER), merge, *_MERGEABLE))


def merge(scene: Scene, work: Work, ticket: Ticket) -> None:
    into = scene.repeats[ticket.id]
    parent = work.session.scalar(select(Ticket).where(Ticket.number == into))
    if parent is None or parent.status in {Status.MERGED, Status.WITHDRAWN, Status.TRANSFERRED}:
        return
    merging.merge(work, ticket, into=into, reason=words.REPEATED)
    if scene.rng.random() < _TAKEN_APART:
        at = scene.after_work(work.now, 1, 6)
        plan = scene.plan(at, scene.someone(Role.DISPATCHER), take_apart, Status.MERGED)
        scene.agenda.add(ticket.id, plan)


def take_apart(scene: Scene, work: Work, ticket: Ticket) -> None:
    merging.unmerge(work, ticket, reason=words.TAKEN_APART)
    scene.repeats.pop(ticket.id, None)


def next_for_return(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    at = scene.after_work(work.now, 0.2, 3)
    return scene.plan(at, scene.someone(Role.DISPATCHER), decide_return, Status.RETURN_REQUESTED)


def decide_return(scene: Scene, work: Work, ticket: Ticket) -> None:
    granted = scene.is_misdirected(work, ticket)
    text = "" if granted else words.RETURN_REFUSED
    returns.decide_return(work, ticket, granted=granted, text=text)
