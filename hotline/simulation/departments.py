"""The departments: accept, say “not ours”, call, ask for time, work, report."""

from datetime import datetime, timedelta

from hotline.errors import LimitReached
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket, Urgency
from hotline.simulation import cooperating, reviewers, supervisors, words
from hotline.simulation.agenda import Plan
from hotline.simulation.habits import Fate
from hotline.simulation.scene import Scene
from hotline.tickets import (
    applications,
    callers,
    deadlines,
    handing,
    handling,
    requested,
    returnable,
    returns,
    suspension,
    timeline,
)
from hotline.tickets.applications import UNDECIDED
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from sla.allowance import parse as parse_allowance
from sla.policy import Stage

_RETURNS_BEFORE_ACCEPTING = 0.6
_NOT_REACHED = 0.12
_HANDS_DOWN = 0.3
_EXTENDS = 0.06
_SUSPENDS = 0.05
_DEFERS = 0.012
_EXCLUDES = 0.015
_SOON = timedelta(minutes=3)
# A matter without a clock (表扬) is dealt with when there is time.
_WITHOUT_CLOCK = (4.0, 20.0)
_MINUTES_TO_ACCEPT = {Urgency.CRITICAL: (1.0, 12.0), Urgency.URGENT: (2.0, 24.0)}
_HOURS_TO_ACCEPT = (0.1, 3.2)
_RETURN_IS_OVER = frozenset({Action.REFUSE_RETURN, Action.DROP_DRAFT})


def someone_of(scene: Scene, ticket: Ticket) -> Actor:
    """Return who acts for the lead department: what is supervised goes through its leader."""
    people = scene.cast.leaders if ticket.supervised else scene.cast.handlers
    return people[ticket.lead_code or ""]


def leader_of(scene: Scene, ticket: Ticket) -> Actor:
    return scene.cast.leaders[ticket.lead_code or ""]


def next_for_dispatched(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    if plan := plan_to_sign(scene, work, ticket):
        return plan
    fate, slowness = scene.fate(ticket), scene.diligence(ticket.lead_code).slowness
    if ticket.urgency in _MINUTES_TO_ACCEPT:
        low, high = _MINUTES_TO_ACCEPT[ticket.urgency]
        at = scene.after(work.now, low, high * slowness)
    else:
        low, high = _HOURS_TO_ACCEPT
        at = scene.after_work(work.now, low, high * slowness)
    returns = _would_return(scene, work, ticket) and fate.meets("unaccepted", _RETURNS_BEFORE_ACCEPTING)
    act = request_return if returns else accept
    return scene.plan(at, someone_of(scene, ticket), act, Status.DISPATCHED)


def accept(scene: Scene, work: Work, ticket: Ticket) -> None:
    handling.accept(work, ticket)


def _would_return(scene: Scene, work: Work, ticket: Ticket) -> bool:
    if ticket.designated or ticket.round > 1:
        return False
    if ticket.lead_code in {one.department_code for one in returnable.returned_by(work, ticket)}:
        return False
    unwilling = scene.fate(ticket).stubborn < scene.diligence(ticket.lead_code).readiness_to_return
    return unwilling or scene.is_misdirected(work, ticket)


def request_return(scene: Scene, work: Work, ticket: Ticket) -> None:
    suggested = scene.right_lead(work, ticket)
    if suggested and suggested != ticket.lead_code:
        request = ReturnRequest("not_our_duty", words.MANDATE, words.NOT_OURS, suggested, words.SEEN_ON_SITE)
    else:
        request = ReturnRequest("other", words.MANDATE, words.NOT_OURS, evidence=words.SEEN_ON_SITE)
    if Role.LEADER in work.actor.roles:
        returns.request_return(work, ticket, request)
    else:
        returns.draft_return(work, ticket, request)


def plan_to_sign(scene: Scene, work: Work, ticket: Ticket) -> Plan | None:
    """A return that a handler drafted goes to the leader, who signs while the window is open."""
    draft = returns.draft_of(work, ticket)
    leader = scene.cast.leaders.get(ticket.lead_code or "")
    if draft is None or leader is None:
        return None
    return scene.plan(scene.after(work.now, 5, 40), leader, sign, Status.DISPATCHED, Status.ACCEPTED)


def sign(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Sign as it was drafted; what came too late, or was refused before, is worked on instead."""
    draft = returns.draft_of(work, ticket)
    if draft is None:
        return
    request = ReturnRequest(draft.reason, draft.basis, draft.text, draft.suggested_code, draft.evidence)
    try:
        returns.request_return(work, ticket, request)
    except LimitReached:
        returns.drop_draft(work, ticket, text=words.NOT_SIGNED)


def next_for_accepted(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    """The first thing that is still to be done in this round, in the order in which a handler does it."""
    if plan := plan_to_sign(scene, work, ticket):
        return plan
    waiting = _undecided(work, ticket)
    if waiting:
        return reviewers.next_for_application(scene, work, ticket, waiting)
    done = [event.action for event in timeline.events_of(work, ticket) if event.round == ticket.round]
    fate = scene.fate(ticket)
    if not _RETURN_IS_OVER & set(done) and _would_return(scene, work, ticket) and Action.CONTACT not in done:
        at = scene.after_work(work.now, 0.1, 2.5)
        return scene.plan(at, someone_of(scene, ticket), request_return, Status.ACCEPTED)
    if Action.HAND_DOWN not in done and fate.meets("hands down", _HANDS_DOWN):
        at = scene.after_work(work.now, 0.05, 1)
        return scene.plan(at, someone_of(scene, ticket), hand_down, Status.ACCEPTED)
    if below := cooperating.next_for_handed_down(scene, work, ticket, done):
        return below
    if callers.may_be_called(ticket) and not handling.contacted(work, ticket):
        return _plan_contact(scene, work, ticket, tried=Action.CONTACT in done)
    if together := cooperating.next_for_together(scene, work, ticket, done):
        return together
    return _plan_work(scene, work, ticket, fate, done)


def _undecided(work: Work, ticket: Ticket) -> ApplicationKind | None:
    asked = requested.applications_of(work, ticket)
    elsewhere = (ApplicationKind.EXCLUSION, ApplicationKind.RETURN_DRAFT)
    waiting = [one.kind for one in asked if one.state in UNDECIDED and one.kind not in elsewhere]
    return waiting[-1] if waiting else None


def _plan_contact(scene: Scene, work: Work, ticket: Ticket, *, tried: bool) -> Plan:
    slowness = scene.diligence(ticket.lead_code).slowness
    if ticket.urgency in _MINUTES_TO_ACCEPT:
        at = scene.after(work.now, 2, 15 * slowness)
    else:
        at = scene.after_work(work.now, 0.1, 4 * slowness)
    missed = not tried and scene.fate(ticket).meets("not reached", _NOT_REACHED)
    act = miss_caller if missed else contact
    return scene.plan(at, someone_of(scene, ticket), act, Status.ACCEPTED)


def contact(scene: Scene, work: Work, ticket: Ticket) -> None:
    sample = scene.meant.get(ticket.id)
    handling.contact(
        work, ticket, reached=True, note=sample.contact if sample else scene.rng.choice(words.CONTACT)
    )


def miss_caller(scene: Scene, work: Work, ticket: Ticket) -> None:
    handling.contact(work, ticket, reached=False, note=scene.rng.choice(words.NO_ANSWER))


def hand_down(scene: Scene, work: Work, ticket: Ticket) -> None:
    """To a department below now and then, else to people of the own one."""
    if not cooperating.hand_to_below(scene, work, ticket):
        handing.hand_down(work, ticket, to=scene.rng.choice(words.HANDED_TO))


def _plan_work(scene: Scene, work: Work, ticket: Ticket, fate: Fate, done: list[Action]) -> Plan:
    clock = next((one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE), None)
    if clock is None or clock.due_at is None:
        at = scene.after_work(work.now, *_WITHOUT_CLOCK)
        return scene.plan(at, someone_of(scene, ticket), resolve, Status.ACCEPTED)
    cap = work.city.policy.extension(deadlines.case_of(ticket))
    slow = fate.share * scene.diligence(ticket.lead_code).slowness
    for action, wanted, share, plan in (
        (Action.REQUEST_SUSPENSION, fate.meets("suspends", _SUSPENDS), 0.25, _to_suspend),
        (Action.DEFER, fate.meets("defers", _DEFERS) and ticket.round == 1, 0.4, supervisors.plan_to_defer),
        (Action.REQUEST_EXTENSION, cap is not None and fate.meets("extends", _EXTENDS), 0.75, _to_extend),
    ):
        at = _moment(scene, work, ticket, clock, share)
        if wanted and action not in done and at < clock.due_at:
            return plan(scene, ticket, at)
    at = _moment(scene, work, ticket, clock, slow)
    return scene.plan(at, someone_of(scene, ticket), resolve, Status.ACCEPTED)


def _moment(scene: Scene, work: Work, ticket: Ticket, clock: Deadline, share: float) -> datetime:
    """Return the moment when this share of the time allowed is used; in office hours unless it is urgent."""
    due_at = clock.due_at or work.now
    at = max(clock.started_at + (due_at - clock.started_at) * share, work.now + _SOON)
    return at if ticket.urgency in _MINUTES_TO_ACCEPT else scene.office(at)


def _to_suspend(scene: Scene, ticket: Ticket, at: datetime) -> Plan:
    return scene.plan(at, someone_of(scene, ticket), request_suspension, Status.ACCEPTED)


def _to_extend(scene: Scene, ticket: Ticket, at: datetime) -> Plan:
    return scene.plan(at, someone_of(scene, ticket), request_extension, Status.ACCEPTED)


def request_suspension(scene: Scene, work: Work, ticket: Ticket) -> None:
    until = work.city.calendar.day_of(work.now) + timedelta(days=scene.rng.randint(2, 9))
    suspension.request_suspension(work, ticket, reason="caller_material", text=words.WAITING, until=until)


def request_extension(scene: Scene, work: Work, ticket: Ticket) -> None:
    cap = work.city.policy.extension(deadlines.case_of(ticket))
    if cap is None:
        raise LimitReached("amount", "no_extension", 0)
    most = parse_allowance(str(cap))
    amount = f"{scene.rng.randint(max(1, most.amount // 2), most.amount)}{most.unit}"
    applications.request_extension(
        work, ticket, amount=amount, reason=scene.rng.choice(words.MORE_TIME), text=words.MORE_TIME[0]
    )


def expect_exclusion(scene: Scene, work: Work, ticket: Ticket) -> None:
    """A few results are said not to belong into the scorecard."""
    if scene.fate(ticket).meets("excludes", _EXCLUDES):
        at = scene.after_work(work.now, 0.5, 6)
        statuses = (Status.RESOLVED, Status.AWAITING_FOLLOW_UP, Status.CLOSED)
        scene.agenda.add(ticket.id, scene.plan(at, someone_of(scene, ticket), request_exclusion, *statuses))


def request_exclusion(scene: Scene, work: Work, ticket: Ticket) -> None:
    text = scene.rng.choice(words.EXCLUSION)
    applications.request_exclusion(work, ticket, reason="policy", basis=words.MANDATE, text=text)
    reviewers.expect_decision(scene, work, ticket)


def resolve(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Report it settled. Careless departments leave it half done, which the caller will say."""
    sample, fate = scene.meant.get(ticket.id), scene.fate(ticket)
    answer = sample.outcome if sample else scene.rng.choice(words.ANSWER)
    careful = fate.meets("solved", scene.diligence(ticket.lead_code).care)
    leader = scene.cast.leaders.get(ticket.lead_code or "")
    result = handling.Result(
        outcome="solved" if careful else scene.rng.choice(("partly", "unsolvable")),
        facts=scene.rng.choice(words.FACTS),
        answer=answer,
        evidence=scene.rng.choice(words.EVIDENCE),
        signed_by=leader.name if leader else "",
        cited=cooperating.given(work, ticket),
        without=words.NOT_WAITED,
    )
    handling.resolve(work, ticket, result)
