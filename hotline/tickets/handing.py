"""Hand a ticket down, give it back up, report its result up (下派、交回、上报).

The clocks stay what they are: who handles it for another inherits them, and the department above stays
answerable to the caller and the hotline.
"""

from dataclasses import dataclass

from hotline.errors import InvalidInput, LimitReached
from hotline.lifecycle import Action, Status
from hotline.models.assignment import Assignment, Ending, Part
from hotline.models.ticket import Ticket
from hotline.tickets import timeline, triage, whistling
from hotline.tickets.assigned import assignment_of, give_part
from hotline.tickets.guards import require_not_complained_of
from hotline.tickets.hands import require_holder, require_in_hands
from hotline.tickets.ledger import record
from hotline.work import Work
from routing import Department, Level

# 已解决 · 部分解决 · 因政策或条件暂不能解决
OUTCOMES = ("solved", "partly", "unsolvable")


@dataclass(frozen=True)
class Candidate:
    """A department below. `blocked`: the level that the catalogue asks for, None where it may have it."""

    department: Department
    blocked: Level | None


def candidates(work: Work, ticket: Ticket) -> list[Candidate]:
    """Return whom the actor's department could hand `ticket` down to, and who is barred by the catalogue.

    Whoever the matter complains of is left out.
    """
    own, city = work.actor.department_code, work.city
    if own is None or own not in city.departments:
        return []
    decision = triage.decide_for(work, ticket)
    least, accused = (decision.minimum_level, decision.complained_of) if decision else (None, ())
    below = city.departments.below(own, ticket.area_code or city.code, city.gazetteer)
    return [Candidate(one, _blocking(work, one.code, least)) for one in below if one.code not in accused]


def _blocking(work: Work, department: str, least: Level | None) -> Level | None:
    """Return the level below which nobody may be given this duty, None where `department` may be."""
    below = least and work.city.departments.lies_below(department, least, work.city.gazetteer)
    return least if below else None


def hand_down(
    work: Work, ticket: Ticket, *, to: str = "", department: str | None = None, note: str = ""
) -> None:
    """Give it to a department below, or to someone inside the own one in words (下派).

    What stood below the actor's own department before ends: it is taken back from there, and whoever was
    called to the spot from there is called off. Raises InvalidInput, and LimitReached where the catalogue
    keeps the duty above.
    """
    chain = require_in_hands(work, ticket, Action.HAND_DOWN)
    department = department or None
    _require_right_hands(work, ticket, department, to.strip())
    recalled = _below_own(work, chain)
    over = [one.department_code for one in recalled]
    awaited = whistling.awaited_by(work, ticket, over)
    record(
        work,
        ticket,
        Action.HAND_DOWN,
        to=to.strip(),
        department=department,
        note=note.strip(),
        told=[code for code in (*over, *awaited) if code != department],
    )
    for one in recalled:
        one.ended_at, one.ending = work.now, Ending.RECALLED
    whistling.call_off(work, ticket, over)
    for part in _own_parts(work, ticket):
        part.handed_to = to.strip() or None
    if department:
        give_part(work, ticket, department, Part.HANDED, from_code=work.actor.department_code)
        work.session.flush()


def _require_right_hands(work: Work, ticket: Ticket, department: str | None, to: str) -> None:
    if department is None:
        if not to:
            raise InvalidInput({"to": "missing"})
        if _names_another(work, to):
            raise InvalidInput({"to": "pick_department"})
        return
    if ticket.status is Status.DISPUTED:
        raise InvalidInput({"department": "not_in_dispute"})
    require_not_complained_of(triage.decide_for(work, ticket), department=(department,))
    found = [one for one in candidates(work, ticket) if one.department.code == department]
    if not found:
        raise InvalidInput({"department": "not_below"})
    if found[0].blocked:
        raise LimitReached("department", "below_minimum", found[0].blocked)


def _names_another(work: Work, words: str) -> bool:
    """Tell whether the words are the whole name of another department: that one must be picked."""
    named = work.city.departments.named_in(words)
    return any(
        words in (one.name, one.short, *one.aliases) and one.code != work.actor.department_code
        for one in named
    )


def _below_own(work: Work, chain: list[Assignment]) -> list[Assignment]:
    places = [one.department_code for one in chain]
    mine = work.actor.department_code
    return chain[places.index(mine) + 1 :] if mine in places else chain


def _own_parts(work: Work, ticket: Ticket) -> list[Assignment]:
    """Return what the actor's department holds of the ticket as one that handles it."""
    parts = (Part.LEAD, Part.PROVISIONAL, Part.HANDED)
    held = [assignment_of(work, ticket, part, work.actor.department_code) for part in parts]
    return [one for one in held if one]


def give_back(work: Work, ticket: Ticket, *, text: str) -> None:
    """Return it to the department above, with the reason (交回). The clocks have run on meanwhile."""
    part = require_holder(work, ticket, Action.GIVE_BACK)
    if not text.strip():
        raise InvalidInput({"text": "say_why"})
    mine = [part.department_code]
    awaited = whistling.awaited_by(work, ticket, mine)
    record(work, ticket, Action.GIVE_BACK, department=part.from_code, text=text.strip(), told=awaited)
    part.ended_at, part.ending = work.now, Ending.GIVEN_BACK
    whistling.call_off(work, ticket, mine)


@dataclass(frozen=True)
class Report:
    """What a department below found and did, and what it proposes to answer."""

    outcome: str
    facts: str
    answer: str
    evidence: str = ""


def report_up(work: Work, ticket: Ticket, report: Report) -> None:
    """Report the result to the department above, which checks it before anything goes to the hotline."""
    part = require_holder(work, ticket, Action.REPORT_UP)
    problems = {name: "missing" for name in ("facts", "answer") if not getattr(report, name).strip()}
    if report.outcome not in OUTCOMES:
        problems["outcome"] = "choose"
    if problems:
        raise InvalidInput(problems)
    record(
        work,
        ticket,
        Action.REPORT_UP,
        department=part.from_code,
        outcome=report.outcome,
        facts=report.facts.strip(),
        answer=report.answer.strip(),
        evidence=report.evidence.strip(),
        told=whistling.awaited_by(work, ticket, [part.department_code]),
    )
    part.answered_at = part.ended_at = work.now
    part.ending = Ending.REPORTED
    whistling.call_off(work, ticket, [part.department_code])


def last_report(work: Work, ticket: Ticket) -> Report | None:
    """Return what was last reported up to the actor's department in this round, or None. One query."""
    reported = [
        event
        for event in timeline.acted(work, ticket, Action.REPORT_UP)
        if event.round == ticket.round and event.details["department"] == work.actor.department_code
    ]
    if not reported:
        return None
    said = reported[-1].details
    return Report(said["outcome"], said["facts"], said["answer"], said["evidence"])
