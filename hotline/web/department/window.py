"""The window in which one action is filled in, beside the request that it is about."""

from collections.abc import Mapping

from flask import render_template

from hotline import labels
from hotline.errors import NotAllowed
from hotline.lifecycle import Action, next_status
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, options
from hotline.web.department.blueprint import next_row, place, way_back
from hotline.work import Work


def window(
    work: Work, ticket: Ticket, action: Action, *, warns: bool = False, template: str = "", **shown: object
) -> str:
    """Draw the form of `action`. Raises NotAllowed, IllegalTransition where there is nothing to fill in.

    `template`: where the action has none of its own. `warns`: an obstacle is said above the form, which
    stays; otherwise it is shown instead.
    """
    return render_template(
        template or f"department/{action}.html",
        work=work,
        ticket=ticket,
        action=action,
        obstacle=obstacle(work, ticket, action),
        clocks=deadlines.running(work, ticket),
        warns=warns,
        back=way_back(),
        next=next_row(),
        leave=place(ticket.number),
        **shown,
    )


# Why there is nothing to fill in for someone of whom nothing of the kind is awaited.
_UNSAID: Mapping[Action, str] = {
    Action.ASSIST: "not_assisting",
    Action.GIVE_OPINION: "not_convened",
    Action.DECLINE_PART: "not_assisting",
    Action.RELEASE: "nobody_assists",
    Action.GIVE_BACK: "not_handed",
    Action.REPORT_UP: "not_handed",
    Action.WHISTLE: "no_subdistrict",
    Action.ARRIVE: "not_whistled",
    Action.CONFIRM_ARRIVAL: "nobody_arrived",
}


def obstacle(work: Work, ticket: Ticket, action: Action) -> str | None:
    """Return why this would be refused whatever is typed, in words; None when it may be sent."""
    chosen = options.options(work, ticket)
    if action in chosen.legal:
        return None
    reason = chosen.blocked.get(action)
    if reason is None:
        next_status(ticket.status, action)
        raise NotAllowed(action, _UNSAID.get(action, "not_lead"))
    return labels.REFUSALS.get(reason) or labels.problem(reason)
