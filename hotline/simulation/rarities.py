"""Statuses in which hardly any ticket stays long: one is led to each, as people would have led it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from hotline import runtime
from hotline.lifecycle import Role, Status
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.simulation import agents, arbiters, departments, dispatchers, reviewers, supervisors
from hotline.simulation.agents import Coming
from hotline.simulation.play import Play
from hotline.simulation.samples import Sample
from hotline.simulation.scene import Scene, SceneAct
from hotline.tickets import scorecard, suspension
from hotline.work import SYSTEM, Actor, Work

_STEP = timedelta(minutes=4)
Who = Callable[[Scene, Ticket], Actor]
Step = tuple[Who, SceneAct]


def show_every_status(play: Play) -> None:
    """Lead a new ticket to every status that has none; the last step falls on the present moment."""
    with runtime.view(SYSTEM, now=play.now) as work:
        counted = scorecard.by_status(work)
    for status, steps in _PATHS.items():
        if not counted[status]:
            _lead(play.scene, steps, play.now)


def _lead(scene: Scene, steps: tuple[Step, ...], end: datetime) -> None:
    at = end - _STEP * len(steps)
    with runtime.work(scene.someone(Role.AGENT), now=at) as work:
        ticket_id = agents.take_down(scene, work, _plain_call(scene, at)).id
    for who, act in steps:
        at += _STEP
        with runtime.view(SYSTEM, now=at) as work:
            actor = who(scene, work.session.get_one(Ticket, ticket_id))
        with runtime.work(actor, now=at) as work:
            act(scene, work, work.session.get_one(Ticket, ticket_id))


def _plain_call(scene: Scene, at: datetime) -> Coming:
    """Return a call whose caller can be asked afterwards."""
    caller = scene.neighbours.someone()
    while caller.anonymous:
        caller = scene.neighbours.someone()
    return Coming(
        at,
        scene.rng.choice([one for one in scene.samples.rows if _is_plain(one)]),
        scene.streets.pick(scene.rng),
        caller,
    )


def _is_plain(sample: Sample) -> bool:
    return sample.kind is Kind.COMPLAINT and sample.urgency is Urgency.NORMAL and sample.has_place


def _desk(role: Role) -> Who:
    return lambda scene, _ticket: scene.cast.desks[role][0]


def _grant_suspension(scene: Scene, work: Work, ticket: Ticket) -> None:
    suspension.decide_suspension(work, ticket, granted=True, text="")


def _merge(scene: Scene, work: Work, ticket: Ticket) -> None:
    scene.repeats[ticket.id] = next(one.number for one in scene.recent if one.number != ticket.number)
    dispatchers.merge(scene, work, ticket)


_DISPATCHED: tuple[Step, ...] = ((_desk(Role.DISPATCHER), dispatchers.dispatch),)
_RETURNED: tuple[Step, ...] = (
    *_DISPATCHED,
    (departments.someone_of, departments.request_return),
    (departments.leader_of, departments.sign),
)
_ACCEPTED: tuple[Step, ...] = (*_DISPATCHED, (departments.someone_of, departments.accept))
_CONTACTED: tuple[Step, ...] = (*_ACCEPTED, (departments.someone_of, departments.contact))
_RESOLVED: tuple[Step, ...] = (*_CONTACTED, (departments.someone_of, departments.resolve))
_REVIEWED: tuple[Step, ...] = (*_RESOLVED, (_desk(Role.REVIEWER), reviewers.accept_result))
_PATHS: Mapping[Status, tuple[Step, ...]] = {
    Status.LOGGED: (),
    Status.DISPATCHED: _DISPATCHED,
    Status.ACCEPTED: _ACCEPTED,
    Status.RETURN_REQUESTED: _RETURNED,
    Status.DISPUTED: (*_RETURNED, (_desk(Role.SUPERVISOR), arbiters.open_dispute)),
    Status.SUSPENDED: (
        *_CONTACTED,
        (departments.someone_of, departments.request_suspension),
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
