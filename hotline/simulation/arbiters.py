"""The supervisors as arbiters: when departments say “not ours” too often (争议会商)."""

from hotline.lifecycle import Role, Status
from hotline.models.assignment import Part
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import handling, supervision
from hotline.tickets.guards import assignment_of
from hotline.work import Work

_PROVISIONAL = 0.7


def next_for_arbitration(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    at = scene.after_work(work.now, 0.5, 5)
    arbiter = scene.cast.uninvolved(work, ticket, Role.SUPERVISOR, scene.rng)
    return scene.plan(at, arbiter, open_dispute, Status.RETURN_REQUESTED)


def open_dispute(scene: Scene, work: Work, ticket: Ticket) -> None:
    supervision.open_dispute(work, ticket, text=words.SEVERAL_REFUSED)


def next_for_disputed(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    """First someone who works on meanwhile, who calls the caller; then the ruling."""
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
    return scene.plan(scene.after_work(work.now, 4, 14), arbiter, designate, Status.DISPUTED)


def name_provisional(scene: Scene, work: Work, ticket: Ticket) -> None:
    supervision.name_provisional(work, ticket, department=_owner(scene, work, ticket), text=words.MEANWHILE)


def contact_meanwhile(scene: Scene, work: Work, ticket: Ticket) -> None:
    handling.contact(work, ticket, reached=True, note=scene.rng.choice(words.CONTACT))


def designate(scene: Scene, work: Work, ticket: Ticket) -> None:
    supervision.designate(work, ticket, department=_owner(scene, work, ticket), text=words.RULING)


def _owner(scene: Scene, work: Work, ticket: Ticket) -> str:
    """Return whose it is: by the catalogue, else the district government's, else who holds it."""
    covering = work.city.departments.covering(ticket.area_code or work.city.code, work.city.gazetteer)
    owner = scene.right_lead(work, ticket) or (covering.code if covering else ticket.lead_code)
    if owner is None:
        raise LookupError(f"{ticket.number} was disputed by nobody")
    return owner
