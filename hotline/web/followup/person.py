"""One caller: his words, the answer he got, the questions; his number only when it is dialled."""

from flask import g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.cities.rules import Dissatisfaction
from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import callbacks, calls, deadlines, followup, options, timeline, worklists
from hotline.tickets.callers import Identity
from hotline.web.access import open_to
from hotline.web.followup.blueprint import FOLLOWERS, draw, pages
from hotline.web.followup.listing import listed
from hotline.work import Work
from sla.policy import Stage

# What the ledger says a number was opened for.
PURPOSE = "回访"


@pages.get("/<number>")
@open_to(*FOLLOWERS)
def person(number: str) -> ResponseReturnValue:
    return _person(number)


def _person(number: str, identity: Identity | None = None, *, template: str | None = None) -> str:
    """Draw the page of one caller, or only `template`. `identity` is given only in answer to dialling."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        attempts = followup.attempts_of(work, ticket)
        possible = options.options(work, ticket)
        standing = followup.last_answer(work, ticket) if ticket.status is Status.AWAITING_FOLLOW_UP else None
        resolved = timeline.acted(work, ticket, Action.RESOLVE)
        return draw(
            template or ("followup/judge.html" if standing else "followup/ask.html"),
            work,
            listed(work),
            ticket=ticket,
            identity=identity,
            may=Action.ATTEMPT in possible.legal,
            refusal=labels.refusal(possible.blocked[Action.ATTEMPT])
            if Action.ATTEMPT in possible.blocked
            else None,
            standing=standing,
            attempts=attempts,
            tries=[one for one in attempts if one.round == ticket.round],
            again_at=followup.again_at(work, ticket, attempts),
            resolved=resolved[-1] if resolved else None,
            verdict=_verdict(work, ticket),
            contacts=timeline.acted(work, ticket, Action.CONTACT),
            history=calls.history_of(work, ticket.caller) if not ticket.anonymous else None,
            reasons=_reasons(work),
            next_round=callbacks.next_round(work, ticket),
            may_go_back=callbacks.may_go_back(work, ticket),
            supervises=Role.SUPERVISOR in work.actor.roles,
        )


def _verdict(work: Work, ticket: Ticket) -> Deadline | None:
    """Return the settled resolve clock of this round."""
    settled = [
        one
        for one in deadlines.all_of(work, ticket)
        if one.stage is Stage.RESOLVE and one.round == ticket.round and one.settled_at
    ]
    return settled[-1] if settled else None


def _reasons(work: Work) -> tuple[list[Dissatisfaction], list[Dissatisfaction]]:
    """Return the reasons that are the department's, and those that are not."""
    known = work.city.follow_up.reasons.values()
    return (
        [one for one in known if one.department_fault],
        [one for one in known if not one.department_fault],
    )


@pages.post("/<number>/dial")
@open_to(*FOLLOWERS)
def dial(number: str) -> ResponseReturnValue:
    """Show the caller's number, on the record. Answered without a redirect: no address leads to it."""
    with runtime.work(g.viewer) as work:
        identity = callbacks.dial(work, worklists.ticket_for(work, number), purpose=PURPOSE)
    asked_part = request.headers.get("HX-Request") == "true"
    return _person(number, identity, template="followup/call.html" if asked_part else None)
