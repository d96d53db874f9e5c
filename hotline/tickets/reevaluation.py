"""Put running clocks under the policy in force, on purpose: other targets by themselves move nothing.

The new allowance counts from the clock's own start, whatever that makes of it; pauses and extensions stay.
"""

from dataclasses import replace

from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.reckoning import Revised, put_in_force
from hotline.work import Work
from sla.allowance import parse as parse_allowance
from sla.clock import Clock
from sla.policy import Stage


def revisions(work: Work, ticket: Ticket) -> list[Revised[Deadline]]:
    """Return the running clocks that the policy in force gives another allowance, changing nothing.

    Coming to the spot and answering an order are left out: their time was set by those who called or ordered.
    So is what was extended in a unit that the new allowance does not have. Two queries.
    """
    past = timeline.spells(work, ticket)
    clocks = deadlines.running(work, ticket)
    found = {one.id: _revised(work, ticket, one, past) for one in clocks}
    lead = next((one for one in clocks if one.stage is Stage.RESOLVE), None)
    led = found.get(lead.id) if lead else None
    for one in clocks:
        if one.stage is Stage.ASSIST and lead and _is_bound(one, lead):
            found[one.id] = _as_lead(one, led)
        elif one.stage is Stage.ASSIST and led and led.due_at:
            own = found[one.id]
            due = own.due_at if own else one.due_at
            found[one.id] = _as_lead(one, led) if due and due > led.due_at else own
    return [one for one in found.values() if one]


def reevaluate(work: Work, ticket: Ticket) -> list[Revised[Deadline]]:
    """Let the policy in force decide of the running clocks, on the record. What is settled stays."""
    found = revisions(work, ticket)
    put_in_force(work, ticket, found)
    return found


def _is_bound(opinion: Deadline, lead: Deadline) -> bool:
    """Whether an opinion has the lead's time instead of its own (协办不晚于主办)."""
    theirs = (lead.started_at, str(deadlines.total_allowance(lead)))
    return (opinion.started_at, opinion.allowance) == theirs


def _as_lead(opinion: Deadline, led: Revised[Deadline] | None) -> Revised[Deadline] | None:
    """Return an opinion that is owed when the lead's result is, or as before where that stays."""
    if led is None or led.terms is None:
        return None
    terms = led.terms
    if terms.extension:
        whole = terms.allowance.extended_by(parse_allowance(terms.extension))
        terms = replace(terms, allowance=whole, extension=None)
    return Revised(opinion, terms, led.due_at)


def _revised(
    work: Work, ticket: Ticket, clock: Deadline, past: list[timeline.Spell]
) -> Revised[Deadline] | None:
    target = work.city.policy.target_for(deadlines.case_of(ticket))
    allowed = target.allowances.get(clock.stage)
    if clock.stage in deadlines.AGREED_STAGES or (allowed and str(allowed)) == clock.allowance:
        return None
    if allowed is None:
        return Revised(clock, None, None)
    terms = deadlines.terms_under(work, target, clock.started_at, allowed)
    whole = allowed
    if clock.extension:
        extension = parse_allowance(clock.extension)
        if extension.unit is not allowed.unit:
            return None
        terms, whole = replace(terms, extension=clock.extension), allowed.extended_by(extension)
    pauses = deadlines.pauses_for(work, clock.stage, past)
    due = Clock(clock.started_at, pauses).due_at(deadlines.calendar_of(work, clock), whole)
    return Revised(clock, terms, due)
