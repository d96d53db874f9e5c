"""Statuses in which hardly any ticket stays long: one is led to each, as people would have led it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from hotline import runtime
from hotline.lifecycle import Role, Status
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.simulation import (
    agents,
    arbiters,
    cooperating,
    departments,
    dispatchers,
    reviewers,
    supervisors,
    words,
)
from hotline.simulation.agents import Coming
from hotline.simulation.play import Play
from hotline.simulation.samples import Sample
from hotline.simulation.scene import Scene, SceneAct
from hotline.tickets import dispatching, handing, hands, scorecard, suspension, whistling
from hotline.work import SYSTEM, Actor, Work
from routing import DepartmentKind, DutyAt, Level

_STEP = timedelta(minutes=4)
Who = Callable[[Scene, Work, Ticket], Actor]
Step = tuple[Who, SceneAct]


def show_every_status(play: Play) -> None:
    """Lead a new ticket to every status that has none; the last step falls on the present moment."""
    with runtime.view(SYSTEM, now=play.now) as work:
        counted = scorecard.by_status(work)
    for status, steps in _PATHS.items():
        if not counted[status]:
            _lead(play.scene, steps, play.now)


def show_joint_handling(play: Play) -> None:
    """Lead one ticket to where a street waits for whom it whistled for, and one down from district to street.

    Nothing happens where the profile gives no matter of the samples to the streets.
    """
    with runtime.view(SYSTEM, now=play.now) as work:
        of_streets = [row for row in play.scene.samples.rows if _is_plain(row) and _is_the_streets(work, row)]
    if of_streets:
        for steps in (_WHISTLED, _HANDED_DOWN):
            _lead(play.scene, steps, play.now, among=of_streets)


def _is_the_streets(work: Work, sample: Sample) -> bool:
    return any(
        isinstance(entry.lead, DutyAt) and entry.lead.level is Level.SUBDISTRICT and not entry.keywords
        for entry in work.city.catalogue.entries_for(sample.code)
    )


def _lead(
    scene: Scene, steps: tuple[Step, ...], end: datetime, *, among: Sequence[Sample] | None = None
) -> None:
    at = end - _STEP * len(steps)
    with runtime.work(scene.someone(Role.AGENT), now=at) as work:
        ticket_id = agents.take_down(scene, work, _plain_call(scene, at, among)).id
    for who, act in steps:
        at += _STEP
        with runtime.view(SYSTEM, now=at) as work:
            actor = who(scene, work, work.session.get_one(Ticket, ticket_id))
        with runtime.work(actor, now=at) as work:
            act(scene, work, work.session.get_one(Ticket, ticket_id))


def _plain_call(scene: Scene, at: datetime, among: Sequence[Sample] | None = None) -> Coming:
    """Return a call whose caller can be asked afterwards."""
    caller = scene.neighbours.someone()
    while caller.anonymous:
        caller = scene.neighbours.someone()
    return Coming(
        at,
        scene.rng.choice(among or [one for one in scene.samples.rows if _is_plain(one)]),
        scene.streets.pick(scene.rng),
        caller,
    )


def _is_plain(sample: Sample) -> bool:
    return sample.kind is Kind.COMPLAINT and sample.urgency is Urgency.NORMAL and sample.has_place


def _desk(role: Role) -> Who:
    return lambda scene, _work, _ticket: scene.cast.desks[role][0]


def _grant_suspension(scene: Scene, work: Work, ticket: Ticket) -> None:
    suspension.decide_suspension(work, ticket, granted=True, text="")


def _merge(scene: Scene, work: Work, ticket: Ticket) -> None:
    scene.repeats[ticket.id] = next(one.number for one in scene.recent if one.number != ticket.number)
    dispatchers.merge(scene, work, ticket)


def _dispatch_to(kind: DepartmentKind) -> SceneAct:
    """Dispatch to the department of this kind where the matter is, else by the catalogue."""

    def do(scene: Scene, work: Work, ticket: Ticket) -> None:
        here = [one.code for one in work.city.gazetteer.ancestors(ticket.area_code or work.city.code)]
        found = [one for one in work.city.departments if one.kind is kind and one.area in here]
        dispatchers.put_right(scene, work, ticket)
        if found:
            dispatching.dispatch(work, ticket, dispatching.Choice(found[0].code))
        else:
            dispatchers.dispatch(scene, work, ticket)

    return do


def _hand_below(scene: Scene, work: Work, ticket: Ticket) -> None:
    free = [one.department.code for one in handing.candidates(work, ticket) if not one.blocked]
    streets = [code for code in free if work.city.departments[code].kind is DepartmentKind.SUBDISTRICT]
    if streets:
        handing.hand_down(work, ticket, department=streets[0], note=words.ORDERED)


def _of_lead(scene: Scene, work: Work, ticket: Ticket) -> Actor:
    return departments.someone_of(scene, ticket)


def _its_leader(scene: Scene, work: Work, ticket: Ticket) -> Actor:
    return departments.leader_of(scene, ticket)


def _holder(scene: Scene, work: Work, ticket: Ticket) -> Actor:
    """Return who has it below; the lead's people where nobody has."""
    return scene.cast.handlers[hands.holding_department(work, ticket) or ""]


def _hand_to_grid(scene: Scene, work: Work, ticket: Ticket) -> None:
    handing.hand_down(work, ticket, to="网格服务站", note=words.ORDERED)


def _first_called(scene: Scene, work: Work, ticket: Ticket) -> Actor:
    return scene.cast.handlers[whistling.called_to(work, ticket)[0].part.department_code]


_DISPATCHED: tuple[Step, ...] = ((_desk(Role.DISPATCHER), dispatchers.dispatch),)
_RETURNED: tuple[Step, ...] = (
    *_DISPATCHED,
    (_of_lead, departments.request_return),
    (_its_leader, departments.sign),
)
_ACCEPTED: tuple[Step, ...] = (*_DISPATCHED, (_of_lead, departments.accept))
_CONTACTED: tuple[Step, ...] = (*_ACCEPTED, (_of_lead, departments.contact))
_RESOLVED: tuple[Step, ...] = (*_CONTACTED, (_of_lead, departments.resolve))
_REVIEWED: tuple[Step, ...] = (*_RESOLVED, (_desk(Role.REVIEWER), reviewers.accept_result))
_PATHS: Mapping[Status, tuple[Step, ...]] = {
    Status.LOGGED: (),
    Status.DISPATCHED: _DISPATCHED,
    Status.ACCEPTED: _ACCEPTED,
    Status.RETURN_REQUESTED: _RETURNED,
    Status.DISPUTED: (*_RETURNED, (_desk(Role.SUPERVISOR), arbiters.open_dispute)),
    Status.SUSPENDED: (
        *_CONTACTED,
        (_of_lead, departments.request_suspension),
        (_desk(Role.REVIEWER), _grant_suspension),
    ),
    Status.DEFERRED: (*_CONTACTED, (_desk(Role.SUPERVISOR), supervisors.defer)),
    Status.RESOLVED: _RESOLVED,
    Status.AWAITING_FOLLOW_UP: _REVIEWED,
    Status.CLOSED: ((_desk(Role.AGENT), agents.answer),),
    Status.TRANSFERRED: ((_desk(Role.AGENT), agents.pass_to_petition),),
    Status.MERGED: ((_desk(Role.DISPATCHER), _merge),),
    Status.WITHDRAWN: (*_DISPATCHED, (_desk(Role.AGENT), agents.withdraw)),
}

_WHISTLED: tuple[Step, ...] = (
    (_desk(Role.DISPATCHER), _dispatch_to(DepartmentKind.SUBDISTRICT)),
    (_of_lead, departments.accept),
    (_of_lead, departments.contact),
    (_of_lead, cooperating.whistle),
    (_first_called, cooperating.arrive),
)
_HANDED_DOWN: tuple[Step, ...] = (
    (_desk(Role.DISPATCHER), _dispatch_to(DepartmentKind.DISTRICT)),
    (_of_lead, departments.accept),
    (_of_lead, _hand_below),
    (_holder, departments.contact),
    (_holder, _hand_to_grid),
)
