"""What departments do together: opinions, help called in and let go, whistles, work handed down."""

from collections import Counter

from hotline.lifecycle import Action, Status
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import assigned, callers, handing, handling, hands, joint, whistling
from hotline.work import Actor, Work
from routing import DepartmentKind, DutyAt

_LATE_OPINION = 0.07
_DECLINES = 0.05
_HANDS_TO_BELOW = 0.35
_GIVES_BACK = 0.08
_WHISTLES = 0.5
_USUALLY_CALLED = 6
_ADDS_HELP = 0.03
_RELEASES = 0.25
_COMES_LATE, _NEVER_COMES, _IS_DENIED = 0.12, 0.05, 0.04
_WHILE_HANDLED = (Status.DISPATCHED, Status.ACCEPTED, Status.SUSPENDED)
_WHILE_CALLED = (Status.ACCEPTED, Status.SUSPENDED)


def expect_opinions(scene: Scene, work: Work, ticket: Ticket) -> None:
    """The assisting departments answer in their own time, if the lead is not done before."""
    for part in assigned.assignments_of(work, ticket):
        if part.part is Part.ASSISTING and part.ended_at is None and part.answered_at is None:
            _expect_opinion(scene, work, ticket, part.department_code)


def _expect_opinion(scene: Scene, work: Work, ticket: Ticket, department: str) -> None:
    if department not in scene.cast.handlers:
        return
    slow = scene.fate(ticket).meets(f"late opinion {department}", _LATE_OPINION)
    at = scene.after_work(work.now, *((26, 44) if slow else (1, 16)))
    actor = scene.cast.handlers[department]
    scene.agenda.add(ticket.id, scene.plan(at, actor, give_opinion, *_WHILE_HANDLED))


def give_opinion(scene: Scene, work: Work, ticket: Ticket) -> None:
    mine = work.actor.department_code
    parts = [one for one in joint.opinions(work, ticket) if one.part.department_code == mine]
    if not parts or parts[-1].part.answered_at or parts[-1].part.ended_at:
        return
    if scene.fate(ticket).meets(f"declines {mine}", _DECLINES):
        joint.decline(work, ticket, reason=words.NO_DUTY, basis=words.MANDATE)
    else:
        joint.assist(work, ticket, opinion=scene.rng.choice(words.OPINION))


def given(work: Work, ticket: Ticket) -> tuple[str, ...]:
    """Return whose opinions the lead takes up: all that are in."""
    found = joint.opinions(work, ticket)
    return tuple(one.part.department_code for one in found if one.standing in joint.GIVEN)


def next_for_together(scene: Scene, work: Work, ticket: Ticket, done: list[Action]) -> Plan | None:
    """What the lead does with others before it works: whistles, calls one more in, lets one go."""
    fate, actor = scene.fate(ticket), _people_of(scene, ticket.lead_code, leads=ticket.supervised > 0)
    if Action.WHISTLE not in done and _is_street(work, ticket) and fate.meets("whistles", _WHISTLES):
        return scene.plan(scene.after_work(work.now, 0.2, 1.5), actor, whistle, Status.ACCEPTED)
    if Action.ADD_ASSISTING not in done and fate.meets("adds help", _ADDS_HELP):
        return scene.plan(scene.after_work(work.now, 0.2, 3), actor, add_assisting, Status.ACCEPTED)
    added = Action.ADD_ASSISTING in done and Action.RELEASE not in done
    if added and fate.meets("releases", _RELEASES) and _owing(work, ticket):
        return scene.plan(scene.after_work(work.now, 0.2, 2), actor, release, Status.ACCEPTED)
    return None


def _people_of(scene: Scene, department: str | None, *, leads: bool = False) -> Actor:
    people = scene.cast.leaders if leads else scene.cast.handlers
    return people[department or ""]


def _is_street(work: Work, ticket: Ticket) -> bool:
    departments = work.city.departments
    code = ticket.lead_code or ""
    return code in departments and departments[code].kind is DepartmentKind.SUBDISTRICT


def _owing(work: Work, ticket: Ticket) -> list[str]:
    found = joint.opinions(work, ticket)
    return [one.part.department_code for one in found if one.standing is joint.Standing.OWED]


def add_assisting(scene: Scene, work: Work, ticket: Ticket) -> None:
    has_part = assigned.taking_part(work, ticket)
    area = work.city.departments[ticket.lead_code or ""].area
    free = [one for one in work.city.departments if one.code not in has_part]
    helper = scene.rng.choice([one for one in free if one.area == area] or free).code
    joint.add_assisting(work, ticket, department=helper, text=scene.rng.choice(words.MORE_HELP))
    _expect_opinion(scene, work, ticket, helper)


def release(scene: Scene, work: Work, ticket: Ticket) -> None:
    for department in _owing(work, ticket)[:1]:
        joint.release(work, ticket, department=department, text=words.NO_MORE_HELP)


def whistle(scene: Scene, work: Work, ticket: Ticket) -> None:
    """The street calls one or two bodies of its district; most come in time."""
    has_part, departments = assigned.taking_part(work, ticket), work.city.departments
    free = [one for one in whistling.callable_by(work) if one.code not in has_part]
    own = departments[work.actor.department_code or ""].parent
    near = [one for one in free if one.parent == own] or free
    # Whoever has most to do in the city has most to do on the spot.
    duties = Counter(one.lead.duty for one in work.city.catalogue.entries if isinstance(one.lead, DutyAt))
    likely = sorted(near, key=lambda one: -duties[one.duty])[:_USUALLY_CALLED]
    chosen = scene.rng.sample(likely, min(len(likely), scene.rng.choice((1, 1, 2))))
    called = [one.code for one in chosen]
    place = ticket.address or work.city.gazetteer.area(ticket.area_code or work.city.code).name
    whistling.whistle(work, ticket, whistling.Whistle(called, scene.rng.choice(words.WHISTLED), place))
    for department in called:
        _expect_arrival(scene, work, ticket, department)


def _expect_arrival(scene: Scene, work: Work, ticket: Ticket, department: str) -> None:
    fate = scene.fate(ticket)
    if department not in scene.cast.handlers or fate.meets(f"never comes {department}", _NEVER_COMES):
        return
    late = fate.meets(f"comes late {department}", _COMES_LATE)
    at = scene.after(work.now, *((130, 300) if late else (25, 115)))
    scene.agenda.add(ticket.id, scene.plan(at, scene.cast.handlers[department], arrive, *_WHILE_CALLED))


def arrive(scene: Scene, work: Work, ticket: Ticket) -> None:
    mine = work.actor.department_code
    awaited = [one for one in whistling.called_to(work, ticket) if one.part.department_code == mine]
    if not awaited or awaited[-1].part.arrived_at or awaited[-1].part.ended_at:
        return  # the matter was done without it
    whistling.arrive(work, ticket, who=scene.rng.choice(words.CAME))
    caller = scene.cast.handlers.get(awaited[-1].part.from_code or "")
    if caller:
        at = scene.after(work.now, 5, 50)
        scene.agenda.add(ticket.id, scene.plan(at, caller, judge_arrivals, *_WHILE_CALLED))


def judge_arrivals(scene: Scene, work: Work, ticket: Ticket) -> None:
    """The street confirms who came; now and then it saw nobody."""
    for part in whistling.to_confirm(work, ticket):
        code = part.department_code
        denies = part.denied == 0 and scene.fate(ticket).meets(f"denied {code}", _IS_DENIED)
        if denies:
            whistling.deny_arrival(work, ticket, department=code, text=words.NOBODY_CAME)
            at = scene.after(work.now, 20, 90)
            scene.agenda.add(ticket.id, scene.plan(at, scene.cast.handlers[code], arrive, *_WHILE_CALLED))
        else:
            whistling.confirm_arrival(work, ticket, department=code)


def hand_to_below(scene: Scene, work: Work, ticket: Ticket) -> bool:
    """Hand it to a department below where there is one; tell whether it was so."""
    if not scene.fate(ticket).meets("hands to below", _HANDS_TO_BELOW):
        return False
    free = [
        one.department.code
        for one in handing.candidates(work, ticket)
        if not one.blocked and one.department.code in scene.cast.handlers
    ]
    if free:
        handing.hand_down(work, ticket, department=scene.rng.choice(free), note=words.ORDERED)
    return bool(free)


def next_for_handed_down(scene: Scene, work: Work, ticket: Ticket, done: list[Action]) -> Plan | None:
    """Who has it below calls the caller and reports up, or gives it back; None where nobody has it below."""
    chain = hands.chain_of(work, ticket)
    if not chain:
        return None
    actor, fate = scene.cast.handlers[chain[-1].department_code], scene.fate(ticket)
    slowness = scene.diligence(chain[-1].department_code).slowness
    if Action.GIVE_BACK not in done and fate.meets("gives back", _GIVES_BACK):
        return scene.plan(scene.after_work(work.now, 0.2, 3), actor, give_back, Status.ACCEPTED)
    if callers.may_be_called(ticket) and not handling.contacted(work, ticket):
        return scene.plan(scene.after_work(work.now, 0.1, 2 * slowness), actor, contact, Status.ACCEPTED)
    return scene.plan(scene.after_work(work.now, 1, 14 * slowness), actor, report_up, Status.ACCEPTED)


def contact(scene: Scene, work: Work, ticket: Ticket) -> None:
    handling.contact(work, ticket, reached=True, note=scene.rng.choice(words.CONTACT))


def give_back(scene: Scene, work: Work, ticket: Ticket) -> None:
    handing.give_back(work, ticket, text=words.NOT_HERE)


def report_up(scene: Scene, work: Work, ticket: Ticket) -> None:
    sample = scene.meant.get(ticket.id)
    report = handing.Report(
        outcome="solved",
        facts=scene.rng.choice(words.FACTS),
        answer=sample.outcome if sample else scene.rng.choice(words.ANSWER),
        evidence=scene.rng.choice(words.EVIDENCE),
    )
    handing.report_up(work, ticket, report)
