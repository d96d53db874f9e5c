"""The agents' desk: takes calls, answers what it can, passes on what is not the hotline's."""

from dataclasses import dataclass, replace
from datetime import datetime

from hotline.lifecycle import OPEN, Role, Status
from hotline.models.ticket import Channel, Kind, Ticket, Urgency
from hotline.simulation import words
from hotline.simulation.neighbours import Neighbour
from hotline.simulation.samples import Sample
from hotline.simulation.scene import Matter, Scene
from hotline.simulation.streets import Spot
from hotline.tickets import intake, merging, supervision
from hotline.work import Work

_CHANNELS = {
    Channel.PHONE: 78,
    Channel.WECHAT: 10,
    Channel.WEB: 4,
    Channel.APP: 4,
    Channel.HALL: 1,
    Channel.MAYOR_MAILBOX: 1,
    Channel.SMS: 1,
    Channel.NATIONAL_PLATFORM: 1,
}
_ANSWERED_AT_ONCE = {Kind.ENQUIRY: 0.55, Kind.PRAISE: 0.2}
_ELSEWHERE = 0.015
_URGES, _URGES_LATE = 0.06, 0.5
_WITHDRAWS = 0.012
_REPEATS, _SEEN_IN_BURST = 0.03, 0.6


@dataclass(frozen=True)
class Coming:
    """A call that will come in. `burst`: one of many about the same thing in the same place."""

    at: datetime
    sample: Sample
    spot: Spot
    caller: Neighbour
    burst: bool = False


def take_call(scene: Scene, work: Work, coming: Coming) -> Ticket:
    """Register what the caller says; some of it is answered at once, or is not the hotline's."""
    repeated = _repeated(scene, coming)
    if repeated:
        coming = replace(coming, sample=repeated.sample, spot=repeated.spot)
        ticket = take_down(scene, work, coming, auto_lane=True)
        scene.repeats[ticket.id] = repeated.number
        return ticket
    if scene.rng.random() < _ELSEWHERE:
        return _pass_on(scene, work, coming)
    at_once = scene.rng.random() < _ANSWERED_AT_ONCE.get(coming.sample.kind, 0)
    ticket = take_down(scene, work, coming, auto_lane=not at_once)
    if at_once:
        answer(scene, work, ticket)
    else:
        scene.recent.append(Matter(ticket.number, coming.sample, coming.spot))
    return ticket


def take_down(scene: Scene, work: Work, coming: Coming, *, auto_lane: bool = False) -> Ticket:
    """Register one call; its category is left to the machine."""
    sample = coming.sample
    call = _call(scene, coming, sample.said_at(coming.spot.name), sample.title, sample.kind, sample.urgency)
    ticket = intake.log(work, call, auto_lane=auto_lane).ticket
    scene.meant[ticket.id] = sample
    if ticket.status is Status.DISPATCHED:
        scene.auto_lane.append(not scene.is_misdirected(work, ticket))
    return ticket


def answer(scene: Scene, work: Work, ticket: Ticket) -> None:
    intake.answer(work, ticket, scene.meant[ticket.id].outcome, source=words.SOURCE)


def pass_to_petition(scene: Scene, work: Work, ticket: Ticket) -> None:
    intake.transfer(work, ticket, "petition", "guidance", words.IN_PETITION)


def _repeated(scene: Scene, coming: Coming) -> Matter | None:
    """Return the recent matter that this call is about once more, or None."""
    if coming.burst:
        same = [one for one in scene.recent if (one.sample, one.spot) == (coming.sample, coming.spot)]
        return same[0] if same and scene.rng.random() < _SEEN_IN_BURST else None
    return scene.rng.choice(scene.recent) if scene.recent and scene.rng.random() < _REPEATS else None


def _pass_on(scene: Scene, work: Work, coming: Coming) -> Ticket:
    matter = scene.rng.choice(words.ELSEWHERE)
    text = matter.text.replace("{place}", coming.spot.name)
    ticket = intake.log(
        work, _call(scene, coming, text, "", Kind.HELP, Urgency.NORMAL), auto_lane=False
    ).ticket
    intake.transfer(work, ticket, matter.target, matter.mode)
    return ticket


def _call(scene: Scene, coming: Coming, text: str, title: str, kind: Kind, urgency: Urgency) -> intake.Call:
    caller = coming.caller
    return intake.Call(
        request_key=scene.key(),
        content=text,
        address=coming.spot.address,
        channel=scene.rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
        kind=kind,
        urgency=urgency,
        title=title,
        identity=caller.identity,
        anonymous=caller.anonymous,
        confidential=caller.confidential,
        enterprise=caller.enterprise,
    )


def expect_calls_back(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Write down whether this caller will press for it, or take it back, once it is dispatched."""
    fate, days = scene.fate(ticket), 60 * 24.0
    if fate.meets("urges", _URGES):
        at = scene.after(work.now, 0.5 * days, 5 * days)
        scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.AGENT), urge, *OPEN))
    if fate.meets("withdraws", _WITHDRAWS):
        at = scene.after(work.now, 0.1 * days, 2 * days)
        statuses = (Status.DISPATCHED, Status.ACCEPTED)
        scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.AGENT), withdraw, *statuses))


def urge(scene: Scene, work: Work, ticket: Ticket) -> None:
    supervision.urge(work, ticket, text=scene.rng.choice(words.URGED))
    if scene.rng.random() < _URGES_LATE:
        at = scene.after(work.now, 26 * 60, 60 * 60)
        scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.AGENT), urge, *OPEN))


def withdraw(scene: Scene, work: Work, ticket: Ticket) -> None:
    repeats = merging.children_of(work, ticket)
    supervision.withdraw(work, ticket, reason=scene.rng.choice(words.WITHDRAWN))
    for repeat in repeats:
        at, dispatcher = scene.after(work.now, 1, 30), scene.someone(Role.DISPATCHER)
        scene.agenda.set_course(repeat.id, scene.plan(at, dispatcher, look_again, *OPEN))


def look_again(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Do nothing to it: what it waits for now is planned anew."""
