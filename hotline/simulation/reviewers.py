"""The reviewers: what departments ask for, and what they report."""

from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import applications, review, suspension, timeline
from hotline.work import Work

_GRANTED = 0.85
_SENT_BACK = 0.05
_RESUMED_EARLY = 0.3


def next_for_application(scene: Scene, work: Work, ticket: Ticket, kind: ApplicationKind) -> Plan:
    act = decide_extension if kind is ApplicationKind.EXTENSION else decide_suspension
    at = scene.after_work(work.now, 0.2, 4)
    return scene.plan(at, scene.someone(Role.REVIEWER), act, Status.ACCEPTED)


def decide_extension(scene: Scene, work: Work, ticket: Ticket) -> None:
    granted = scene.rng.random() < _GRANTED
    text = "" if granted else words.EXTENSION_REFUSED
    applications.decide_extension(work, ticket, granted=granted, text=text)


def decide_suspension(scene: Scene, work: Work, ticket: Ticket) -> None:
    granted = scene.rng.random() < _GRANTED
    text = "" if granted else words.SUSPENSION_REFUSED
    suspension.decide_suspension(work, ticket, granted=granted, text=text)


def next_for_suspended(scene: Scene, work: Work, ticket: Ticket) -> Plan | None:
    """Some callers bring what was missing before the day; the others' day comes by itself."""
    if not scene.fate(ticket).meets("resumes early", _RESUMED_EARLY):
        return None
    at = scene.after_work(work.now, 4, 12)
    return scene.plan(at, scene.someone(Role.REVIEWER), resume, Status.SUSPENDED)


def resume(scene: Scene, work: Work, ticket: Ticket) -> None:
    suspension.resume(work, ticket, note=words.CHANGED_MIND)


def next_for_resolved(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    at = scene.after_work(work.now, 0.1, 6.5)
    sent_back = [
        one for one in timeline.acted(work, ticket, Action.SEND_BACK_RESULT) if one.round == ticket.round
    ]
    faulty = not sent_back and scene.fate(ticket).meets("sent back", _SENT_BACK)
    act = send_back if faulty else accept_result
    return scene.plan(at, scene.someone(Role.REVIEWER), act, Status.RESOLVED)


def accept_result(scene: Scene, work: Work, ticket: Ticket) -> None:
    review.accept_result(work, ticket)


def send_back(scene: Scene, work: Work, ticket: Ticket) -> None:
    fault = scene.rng.choice(list(words.RESULT_FAULTS))
    review.send_back_result(work, ticket, fault=fault, text=words.RESULT_FAULTS[fault])


def expect_decision(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Two reviewers, one after the other, decide what a department asked to leave out (剔除)."""
    for number in (0, 1):
        actor = scene.cast.desks[Role.REVIEWER][number]
        at = scene.after_work(work.now, 1 + 3 * number, 3 + 4 * number)
        scene.agenda.add(ticket.id, scene.plan(at, actor, grant_exclusion, *_HANDLED))


_HANDLED = (Status.RESOLVED, Status.AWAITING_FOLLOW_UP, Status.CLOSED)


def grant_exclusion(scene: Scene, work: Work, ticket: Ticket) -> None:
    applications.decide_exclusion(work, ticket, granted=True, text="")
