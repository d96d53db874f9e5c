"""Supervision in writing (督办单): issued, replied to, judged, cancelled, taken to the level above.

One ticket has at most one order that waits for something. Its clock is of the stage `supervision`, stands
still for nothing, and outlives the ticket's closing: only a reply, a cancellation or the level above ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from hotline import labels
from hotline.errors import InvalidInput, LimitReached, NotAllowed, NotFound
from hotline.lifecycle import Action, acting_role
from hotline.models.deadline import Deadline
from hotline.models.supervision_order import OrderState, SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import assigned, deadlines, ledger
from hotline.tickets.accounts import leaders_of
from hotline.tickets.guards import acting_department, require_other_side
from hotline.tickets.holders import holder_of
from hotline.tickets.ledger import record
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.policy import Stage, Target

LIVE = (OrderState.ISSUED, OrderState.ANSWERED)
REPLIED = (OrderState.ANSWERED,)
_OTHER = "other"


@dataclass(frozen=True)
class Demand:
    """What an order says. `department` None: who acts for the ticket. `within` empty: as long as usual.

    `leader`: who answers for it, by name or by office; empty for whoever answers on its level.
    """

    text: str
    reason: str = _OTHER
    department: str | None = None
    leader: str = ""
    within: str = ""


def live_of(work: Work, ticket: Ticket, *states: OrderState) -> SupervisionOrder | None:
    """Return the order of `ticket` that waits for something (that is in one of `states`). One query."""
    found = select(SupervisionOrder).where(
        SupervisionOrder.ticket_id == ticket.id, SupervisionOrder.state.in_(states or LIVE)
    )
    return work.session.scalar(found)


def orders_of(work: Work, ticket: Ticket) -> list[SupervisionOrder]:
    """Return every order of `ticket`, oldest first. One query."""
    found = select(SupervisionOrder).where(SupervisionOrder.ticket_id == ticket.id)
    return list(work.session.scalars(found.order_by(SupervisionOrder.nth)))


def owed_by(work: Work, tickets: Sequence[Ticket]) -> set[int]:
    """Return the ids of those of `tickets` on which the actor's department owes a reply. One query."""
    owed = select(SupervisionOrder.ticket_id).where(
        SupervisionOrder.ticket_id.in_([one.id for one in tickets]),
        SupervisionOrder.department_code == work.actor.department_code,
        SupervisionOrder.state == OrderState.ISSUED,
    )
    return set(work.session.scalars(owed))


def require_none_live(work: Work, ticket: Ticket) -> None:
    """Refuse what would leave an order behind that nobody answers (LimitReached)."""
    if live_of(work, ticket):
        raise LimitReached("into", "has_order", 0)


def require_may_issue(work: Work, ticket: Ticket) -> str:
    """Return to whom an order usually goes. Raises LimitReached while another stands, or nobody has it."""
    if live_of(work, ticket):
        raise LimitReached("text", "order_open", 0)
    department = acting_department(work, ticket) or ticket.lead_code
    if department is None:
        raise LimitReached("text", "nobody_has_it", 0)
    return department


def addressees(work: Work, ticket: Ticket) -> list[str]:
    """Return to whom an order may go: who acts for the ticket, who takes part, and who stands above them."""
    usual = acting_department(work, ticket) or ticket.lead_code
    taking_part = [*([usual] if usual else []), *sorted(assigned.taking_part(work, ticket))]
    above = [above_of(work, code) for code in taking_part]
    return list(dict.fromkeys([*taking_part, *(code for code in above if code)]))


def above_of(work: Work, department: str) -> str | None:
    """Return who answers above a department: its superior, else the city's top, None at the very top."""
    known, top = work.city.departments, work.city.orders.top
    superior = known[department].parent if department in known else None
    return superior or (top if top != department else None)


def usual_time(work: Work, ticket: Ticket) -> Allowance | None:
    return work.city.policy.allowance(Stage.SUPERVISION, deadlines.case_of(ticket))


def issue(work: Work, ticket: Ticket, demand: Demand) -> SupervisionOrder:
    """Order it in writing (督办), one rung above what was ordered before. Its clock starts now.

    Told to the department, whose leader answers for it, and to the desk that has the ticket in hand.
    Raises InvalidInput, LimitReached.
    """
    ledger.require(work, ticket, Action.SUPERVISE)
    department = demand.department or require_may_issue(work, ticket)
    require_may_issue(work, ticket)
    if department not in addressees(work, ticket):
        raise InvalidInput({"department": "not_addressable"})
    order = _file(work, ticket, demand, department=department, level=next_level(work, ticket))
    desk, under = holder_of(work, ticket).desk, _under(work, ticket)
    record(work, ticket, Action.SUPERVISE, **_said(order), desk=desk, reply_under=under)
    _begin(work, ticket, order)
    return order


def next_level(work: Work, ticket: Ticket) -> int:
    """Return the level of the next order: one rung above what was ordered before, the highest at most."""
    return min(ticket.supervised + 1, max(work.city.orders.top_level, ticket.supervised))


def _file(
    work: Work, ticket: Ticket, demand: Demand, *, department: str, level: int, from_id: int | None = None
) -> SupervisionOrder:
    """Enter what is ordered. Raises InvalidInput, LimitReached."""
    _require_demand(work, demand)
    within = _time_for_reply(work, ticket, demand.within.strip())
    nth = (work.session.scalar(select(func.max(SupervisionOrder.nth)).where(_of(ticket))) or 0) + 1
    leader = demand.leader.strip() or work.city.orders.rung(level).leader
    order = SupervisionOrder(
        ticket_id=ticket.id,
        nth=nth,
        number=f"{ticket.number}-{nth}",
        level=level,
        state=OrderState.ISSUED,
        round=ticket.round,
        reason=demand.reason,
        text=demand.text.strip(),
        department_code=department,
        leader=leader,
        leader_id=_named(work, department, leader),
        within=str(within) if within else None,
        issued_at=work.now,
        issued_by_id=work.actor.user_id,
        escalated_from_id=from_id,
        refused=0,
    )
    work.session.add(order)
    work.session.flush()
    return order


def _of(ticket: Ticket) -> Any:
    return SupervisionOrder.ticket_id == ticket.id


def _named(work: Work, department: str, leader: str) -> int | None:
    found: list[User] = [one for one in leaders_of(work, department) if one.name == leader]
    return found[0].id if len(found) == 1 else None


def _require_demand(work: Work, demand: Demand) -> None:
    problems = {}
    if demand.reason not in work.city.orders.reasons:
        problems["reason"] = "choose"
    if not demand.text.strip():
        problems["text"] = "missing"
    if problems:
        raise InvalidInput(problems)


def _time_for_reply(work: Work, ticket: Ticket, asked: str) -> Allowance | None:
    """Return what is asked, within the city's bounds, else what is usual. Raises InvalidInput."""
    if not asked:
        return usual_time(work, ticket)
    try:
        wanted = parse_allowance(asked)
    except ValueError:
        raise InvalidInput({"within": "amount"}) from None
    rules = work.city.orders
    ends = [deadlines.ends_at(work, work.now, one) for one in (rules.shortest, wanted, rules.longest)]
    least, due, most = ends
    if least is None or due is None or most is None or not least <= due <= most:
        raise LimitReached("within", "within_range", f"{rules.shortest}~{rules.longest}")
    return wanted


def _said(order: SupervisionOrder) -> dict[str, Any]:
    """Return what the ledger keeps of an order that is issued."""
    return {
        "order": order.id,
        "nth": order.nth,
        "level": order.level,
        "reason": order.reason,
        "department": order.department_code,
        "leader": order.leader,
        "leader_id": order.leader_id,
        "reply_within": order.within,
        "text": order.text,
    }


def _begin(work: Work, ticket: Ticket, order: SupervisionOrder) -> None:
    _start_clock(work, ticket, order)
    _raise_level(work, ticket)


def _raise_level(work: Work, ticket: Ticket) -> None:
    """Keep on the ticket the highest level that stands: what was cancelled was never ordered."""
    work.session.flush()
    highest = select(func.max(SupervisionOrder.level)).where(
        _of(ticket), SupervisionOrder.state != OrderState.CANCELLED
    )
    ticket.supervised = work.session.scalar(highest) or 0


def _rule(work: Work, ticket: Ticket) -> Target:
    return work.city.policy.target_for(deadlines.case_of(ticket))


def _under(work: Work, ticket: Ticket) -> list[str]:
    """Return the rule and the version of the policy under which a clock starts now."""
    return [_rule(work, ticket).title, work.city.policy.version]


def _start_clock(work: Work, ticket: Ticket, order: SupervisionOrder) -> None:
    if order.within is None:
        return
    terms = deadlines.terms_under(work, _rule(work, ticket), work.now, parse_allowance(order.within))
    deadlines.open_stage(work, ticket, Stage.SUPERVISION, department=order.department_code, of=terms)
    work.session.flush()
    clock = clock_of(work, ticket)
    order.clock = clock.key if clock else None


def clock_of(work: Work, ticket: Ticket) -> Deadline | None:
    """Return the running clock of the order that stands, None when none runs. One query."""
    running = deadlines.running(work, ticket)
    return next((one for one in running if one.stage is Stage.SUPERVISION), None)


def require_to_answer(work: Work, ticket: Ticket) -> SupervisionOrder:
    """Return the order that the actor's department has to reply to. Raises NotFound, NotAllowed."""
    acting_role(Action.REPLY_ORDER, work.actor.roles)
    order = live_of(work, ticket, OrderState.ISSUED)
    if order is None:
        raise NotFound("order", ticket.number)
    if order.department_code != work.actor.department_code:
        raise NotAllowed(Action.REPLY_ORDER, "not_addressed")
    ledger.require(work, ticket, Action.REPLY_ORDER)
    return order


def reply(work: Work, ticket: Ticket, *, text: str) -> None:
    """The leader answers what was ordered, under his name. The clock stops: met, or late."""
    order = require_to_answer(work, ticket)
    if not text.strip():
        raise InvalidInput({"text": "missing"})
    record(work, ticket, Action.REPLY_ORDER, order=order.id, nth=order.nth, text=text.strip())
    order.state = OrderState.ANSWERED
    order.reply, order.replied_at, order.replied_by_id = text.strip(), work.now, work.actor.user_id
    deadlines.settle(work, ticket, Stage.SUPERVISION)


def require_live(
    work: Work, ticket: Ticket, *, action: Action, states: Sequence[OrderState] = LIVE
) -> SupervisionOrder:
    """Return the order that the supervisor, who is of no department in it, rules on. Raises NotFound."""
    require_other_side(work, ticket, action)
    order = live_of(work, ticket, *states)
    if order is None:
        raise NotFound("order", ticket.number)
    return order


def accept_reply(work: Work, ticket: Ticket, *, text: str = "") -> None:
    """The reply will do (认可): the order is done with."""
    order = require_live(work, ticket, action=Action.ACCEPT_REPLY, states=REPLIED)
    _tell(work, ticket, Action.ACCEPT_REPLY, order, text)
    _decide(work, order, OrderState.ACCEPTED, text)


def refuse_reply(work: Work, ticket: Ticket, *, text: str) -> None:
    """The reply will not do (退回): the department replies again, with the time of the order anew.

    How the clock of the reply that was refused ended stays on the record.
    """
    order = require_live(work, ticket, action=Action.REFUSE_REPLY, states=REPLIED)
    _require_why(text)
    _tell(work, ticket, Action.REFUSE_REPLY, order, text, reply_under=_under(work, ticket))
    _decide(work, order, OrderState.ISSUED, text)
    order.refused += 1
    _start_clock(work, ticket, order)


def cancel(work: Work, ticket: Ticket, *, text: str) -> None:
    """Take the order back (撤销): its clock stops unjudged, and the ticket's level falls to what is left."""
    order = require_live(work, ticket, action=Action.CANCEL_ORDER)
    _require_why(text)
    _tell(work, ticket, Action.CANCEL_ORDER, order, text)
    _decide(work, order, OrderState.CANCELLED, text)
    deadlines.cancel(work, ticket, Stage.SUPERVISION)
    _raise_level(work, ticket)


def require_may_rise(work: Work, ticket: Ticket) -> tuple[SupervisionOrder, str, int]:
    """Return the order, and to whom and at what level it would go. Raises NotFound, LimitReached."""
    order = require_live(work, ticket, action=Action.ESCALATE)
    above = above_of(work, order.department_code)
    level = min(order.level + 1, max(work.city.orders.top_level, order.level))
    if above is None and level == order.level:
        raise LimitReached("text", "no_level_above", 0)
    return order, above or order.department_code, level


def escalate(
    work: Work, ticket: Ticket, *, text: str, leader: str = "", within: str = ""
) -> SupervisionOrder:
    """Take it to the level above (提级督办): who stands above answers now, by an order of its own.

    The order below ends: late where it was overdue, else unjudged. Both departments are told.
    """
    before, department, level = require_may_rise(work, ticket)
    demand = Demand(text, before.reason, department, leader, within)
    _require_demand(work, demand)
    _decide(work, before, OrderState.ESCALATED, text)
    work.session.flush()
    order = _file(work, ticket, demand, department=department, level=level, from_id=before.id)
    told = [before.department_code] if before.department_code != department else []
    under = _under(work, ticket)
    record(work, ticket, Action.ESCALATE, **_said(order), escalated=before.id, told=told, reply_under=under)
    deadlines.give_up(work, ticket, Stage.SUPERVISION)
    _begin(work, ticket, order)
    return order


def due_escalations(work: Work) -> list[int]:
    """Return the ids of the tickets whose order is overdue and rises by itself (自动提级). One query."""
    if not work.city.orders.automatic:
        return []
    overdue = (
        select(SupervisionOrder.ticket_id)
        .join(Deadline, Deadline.ticket_id == SupervisionOrder.ticket_id)
        .where(
            SupervisionOrder.state == OrderState.ISSUED,
            SupervisionOrder.level < work.city.orders.top_level,
            Deadline.stage == Stage.SUPERVISION,
            Deadline.settled_at.is_(None),
            Deadline.due_at < work.now,
        )
    )
    return list(work.session.scalars(overdue.order_by(SupervisionOrder.id)))


def escalate_when_due(work: Work, ticket_id: int) -> bool:
    """Take the order of one ticket to the level above; tell whether it was still due."""
    ticket = work.session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None or ticket_id not in due_escalations(work):
        return False
    escalate(work, ticket, text=labels.ORDER_OVERDUE)
    return True


def lapse(work: Work, ticket: Ticket) -> None:
    """Nobody waits for a reply any more: the ticket was taken back, or left the hotline."""
    if order := live_of(work, ticket):
        order.state, order.decided_at = OrderState.LAPSED, work.now


def _require_why(text: str) -> None:
    if not text.strip():
        raise InvalidInput({"text": "say_why"})


def _tell(
    work: Work, ticket: Ticket, action: Action, order: SupervisionOrder, text: str, **more: Any
) -> None:
    department = order.department_code
    record(
        work, ticket, action, order=order.id, nth=order.nth, department=department, text=text.strip(), **more
    )


def _decide(work: Work, order: SupervisionOrder, state: OrderState, text: str) -> None:
    order.state, order.verdict = state, text.strip()
    order.decided_at, order.decided_by_id = work.now, work.actor.user_id
