"""The supervisors as arbiters: when departments say “not ours” too often (争议会商)."""

from hotline.lifecycle import Role, Status
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import disputes, handling, returnable
from hotline.tickets.assigned import assignment_of
from hotline.work import Work

_PROVISIONAL = 0.7


def open_dispute(scene: Scene, work: Work, ticket: Ticket) -> None:
    disputes.open_dispute(work, ticket, text=words.SEVERAL_REFUSED)


def next_for_disputed(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    """First someone works on meanwhile and calls the caller; then the meeting, its minutes, the ruling."""
    provisional = assignment_of(work, ticket, Part.PROVISIONAL)
    arbiter = scene.someone(Role.SUPERVISOR)
    if provisional is None and scene.fate(ticket).meets("provisional", _PROVISIONAL):
        at = scene.after_work(work.now, 0.3, 2)
        return scene.plan(at, arbiter, name_provisional, Status.DISPUTED)
    if (
        provisional
        and provisional.contacted_at is None
        and provisional.department_code in scene.cast.handlers
    ):
        at = scene.after_work(work.now, 0.5, 3)
        handler = scene.cast.handlers[provisional.department_code]
        return scene.plan(at, handler, contact_meanwhile, Status.DISPUTED)
    if not disputes.convened(work, ticket):
        return scene.plan(scene.after_work(work.now, 0.2, 2), arbiter, convene, Status.DISPUTED)
    if owing := _next_to_speak(scene, work, ticket):
        at = scene.after_work(work.now, 0.2, 2)
        return scene.plan(at, scene.cast.handlers[owing], give_opinion, Status.DISPUTED)
    if disputes.minutes_of(work, ticket) is None:
        return scene.plan(scene.after_work(work.now, 2, 9), arbiter, write_minutes, Status.DISPUTED)
    return scene.plan(scene.after_work(work.now, 0.3, 3), arbiter, designate, Status.DISPUTED)


def _next_to_speak(scene: Scene, work: Work, ticket: Ticket) -> str | None:
    owing = (one for one in disputes.convened(work, ticket) if one.answered_at is None)
    return next((one.department_code for one in owing if one.department_code in scene.cast.handlers), None)


def convene(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Call those who gave it back and those they point to; who cannot speak in this play stays away."""
    named: dict[str, None] = {}
    for one in returnable.returned_by(work, ticket):
        named |= dict.fromkeys(code for code in (one.department_code, one.suggested_code) if code)
    named[_owner(scene, work, ticket)] = None
    disputes.convene(
        work, ticket, units=list(named), meets_at=scene.after_work(work.now, 3, 8), text=words.CONVENED
    )


def give_opinion(scene: Scene, work: Work, ticket: Ticket) -> None:
    disputes.give_opinion(work, ticket, opinion=scene.rng.choice(words.UNIT_SAYS))


def write_minutes(scene: Scene, work: Work, ticket: Ticket) -> None:
    disputes.write_minutes(work, ticket, text=words.MINUTES)


def name_provisional(scene: Scene, work: Work, ticket: Ticket) -> None:
    disputes.name_provisional(work, ticket, department=_owner(scene, work, ticket), text=words.MEANWHILE)


def contact_meanwhile(scene: Scene, work: Work, ticket: Ticket) -> None:
    handling.contact(work, ticket, reached=True, note=scene.rng.choice(words.CONTACT))


def designate(scene: Scene, work: Work, ticket: Ticket) -> None:
    disputes.designate(work, ticket, department=_owner(scene, work, ticket), text=words.RULING)


def _owner(scene: Scene, work: Work, ticket: Ticket) -> str:
    """Return whose it is: by the catalogue, else the district government's, else who holds it."""
    covering = work.city.departments.covering(ticket.area_code or work.city.code, work.city.gazetteer)
    owner = scene.right_lead(work, ticket) or (covering.code if covering else ticket.lead_code)
    if owner is None:
        raise LookupError(f"{ticket.number} was disputed by nobody")
    return owner
