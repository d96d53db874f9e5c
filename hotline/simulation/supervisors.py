"""The supervisors: press what is late, keep long matters on the books, have the last word."""

from datetime import datetime, timedelta

from hotline.lifecycle import OPEN, Role, Status
from hotline.models.ticket import Ticket
from hotline.simulation import ordering, words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import deadlines, supervision, suspension
from hotline.work import Work
from sla.policy import Stage

_REOPENS = 0.004


def plan_to_defer(scene: Scene, ticket: Ticket, at: datetime) -> Plan:
    return scene.plan(at, scene.someone(Role.SUPERVISOR), defer, Status.ACCEPTED)


def defer(scene: Scene, work: Work, ticket: Ticket) -> None:
    review_on = work.city.calendar.day_of(work.now) + timedelta(days=scene.rng.randint(20, 85))
    suspension.defer(work, ticket, review_on=review_on, text=words.DEFERRED)


def expect_supervision(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Look at it again some hours after it should be done."""
    due_at = next((one.due_at for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE), None)
    if due_at:
        at = scene.office(due_at + timedelta(hours=scene.rng.uniform(3, 26)))
        scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.SUPERVISOR), press_if_late, *OPEN))


def press_if_late(scene: Scene, work: Work, ticket: Ticket) -> None:
    late = any(
        one.stage is Stage.RESOLVE and one.due_at and one.due_at < work.now
        for one in deadlines.running(work, ticket)
    )
    if late:
        ordering.order(scene, work, ticket, "overdue")


def next_for_closed(scene: Scene, work: Work, ticket: Ticket) -> Plan | None:
    """A few come back after all."""
    if ticket.lead_code is None or not scene.fate(ticket).meets("reopens", _REOPENS):
        return None
    at = scene.after_work(work.now, 8, 40)
    return scene.plan(at, scene.someone(Role.SUPERVISOR), reopen, Status.CLOSED)


def reopen(scene: Scene, work: Work, ticket: Ticket) -> None:
    supervision.reopen(work, ticket, text=words.REOPENED)
