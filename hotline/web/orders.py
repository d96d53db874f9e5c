"""One 督办单 as a page and as a paper: for whoever issued it and for whoever has to reply."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import NotFound
from hotline.lifecycle import Action
from hotline.models.supervision_order import SupervisionOrder
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import options, ordered, orders, timeline, worklists
from hotline.web import shell, trail
from hotline.web.access import DEPARTMENT_ROLES, HOTLINE_ROLES, open_to
from hotline.work import Work

pages = Blueprint("orders", __name__, url_prefix="/orders")

ACTIONS = (
    Action.REPLY_ORDER,
    Action.ACCEPT_REPLY,
    Action.REFUSE_REPLY,
    Action.ESCALATE,
    Action.CANCEL_ORDER,
)
_OF_ORDERS = frozenset({Action.SUPERVISE, *ACTIONS})


@pages.get("/<number>")
@open_to(*HOTLINE_ROLES, *DEPARTMENT_ROLES)
def order(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        found, ticket = _order_for(work, number)
        return render_template("orders/order.html", **_shown(work, found, ticket))


@pages.get("/<number>/print")
@open_to(*HOTLINE_ROLES, *DEPARTMENT_ROLES)
def paper(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        found, ticket = _order_for(work, number)
        return render_template("orders/paper.html", **_shown(work, found, ticket))


def _order_for(work: Work, number: str) -> tuple[SupervisionOrder, Ticket]:
    """Return an order on a ticket that the actor may see. Raises NotFound: numbers cannot be probed."""
    found = ordered.numbered(work, number)
    if found is None:
        raise NotFound("order", number)
    return found, worklists.ticket_for(work, number.rpartition("-")[0])


def _shown(work: Work, found: SupervisionOrder, ticket: Ticket) -> dict[str, object]:
    of_ticket = orders.orders_of(work, ticket)
    events = [one for one in timeline.events_of(work, ticket) if _is_about(one.action, one.details, found)]
    live = orders.live_of(work, ticket)
    legal = options.options(work, ticket).legal if live and live.id == found.id else ()
    return {
        "work": work,
        "order": found,
        "ticket": ticket,
        "deadline": ordered.clocks_of(work, [found]).get(found.id),
        "entries": trail.entries(events, work),
        "steps": shell.steps_for([one for one in ACTIONS if one in legal], ticket.number),
        "before": next((one for one in of_ticket if one.id == found.escalated_from_id), None),
        "above": next((one for one in of_ticket if one.escalated_from_id == found.id), None),
        "issued_by": _name(work, found.issued_by_id),
        "replied_by": _name(work, found.replied_by_id),
        "decided_by": _name(work, found.decided_by_id),
    }


def _is_about(action: Action, details: dict[str, object], found: SupervisionOrder) -> bool:
    return action in _OF_ORDERS and found.id in (details.get("order"), details.get("escalated"))


def _name(work: Work, user_id: int | None) -> str:
    user = work.session.get(User, user_id) if user_id is not None else None
    return user.name if user else ""
