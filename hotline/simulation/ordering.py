"""The paper between supervisors and departments (督办单): answered, judged, now and then taken higher."""

from datetime import timedelta

from hotline.lifecycle import OPEN, Role, Status
from hotline.models.supervision_order import OrderState, SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.scene import Scene
from hotline.tickets import orders
from hotline.tickets.orders import Demand
from hotline.work import Work

_ANSWERS = 0.82
_WILL_DO = 0.8
_UNDER_ORDER = (*OPEN, Status.CLOSED)


def order(scene: Scene, work: Work, ticket: Ticket, reason: str) -> None:
    """Issue an order unless one stands; its department answers in time, or the level above has to."""
    if orders.live_of(work, ticket) is None:
        text = scene.rng.choice(words.SUPERVISED)
        expect_reply(scene, work, ticket, orders.issue(work, ticket, Demand(text, reason)))


def expect_reply(scene: Scene, work: Work, ticket: Ticket, issued: SupervisionOrder) -> None:
    leader = scene.cast.leaders.get(issued.department_code)
    turn = f"{issued.nth}/{issued.refused}"
    if leader and scene.fate(ticket).meets(f"answers an order {turn}", _ANSWERS):
        at = scene.after_work(work.now, 3, 20)
        scene.agenda.add(ticket.id, scene.plan(at, leader, reply, *_UNDER_ORDER))
        return
    clock = orders.clock_of(work, ticket)
    if clock and clock.due_at:
        at = scene.office(clock.due_at + timedelta(hours=scene.rng.uniform(2, 20)))
        scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.SUPERVISOR), escalate, *_UNDER_ORDER))


def reply(scene: Scene, work: Work, ticket: Ticket) -> None:
    found = orders.live_of(work, ticket, OrderState.ISSUED)
    if found is None or found.department_code != work.actor.department_code:
        return
    orders.reply(work, ticket, text=scene.rng.choice(words.ORDER_REPLIES))
    at = scene.after_work(work.now, 1, 8)
    scene.agenda.add(ticket.id, scene.plan(at, scene.someone(Role.SUPERVISOR), judge, *_UNDER_ORDER))


def judge(scene: Scene, work: Work, ticket: Ticket) -> None:
    found = orders.live_of(work, ticket, OrderState.ANSWERED)
    if found is None:
        return
    if scene.fate(ticket).meets(f"will do {found.nth}/{found.refused}", _WILL_DO):
        orders.accept_reply(work, ticket, text=words.REPLY_ACCEPTED)
    else:
        orders.refuse_reply(work, ticket, text=words.REPLY_REFUSED)
        expect_reply(scene, work, ticket, found)


def escalate(scene: Scene, work: Work, ticket: Ticket) -> None:
    """Where there is nobody above, the supervisor waits on."""
    found = orders.live_of(work, ticket, OrderState.ISSUED)
    is_top = found is not None and found.level >= work.city.orders.top_level
    if found and not is_top:
        expect_reply(scene, work, ticket, orders.escalate(work, ticket, text=words.ORDER_RAISED))
