"""撤回派单: take back a dispatch that its department has not been told of, or all that were sent together."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, recalling, worklists
from hotline.web import filters, forms
from hotline.web.access import may
from hotline.web.dispatcher import outcomes
from hotline.web.dispatcher.blueprint import pages
from hotline.work import Work
from sla.policy import Stage


@dataclass(frozen=True)
class Sent:
    """A dispatch that may still be taken back. `left`: for how many seconds."""

    ticket: Ticket
    words: str
    left: float


class RecallForm(forms.Form):
    numbers: tuple[str, ...] = ()


def seconds_left(work: Work, ticket: Ticket) -> float:
    until = ticket.recall_until
    return max(0.0, (until - work.now).total_seconds()) if until else 0.0


def bar(work: Work) -> list[Sent]:
    """Return what the actor may still take back, the last dispatch first. Three queries."""
    sent = recalling.still_mine(work)
    due = deadlines.due_of(work, sent, Stage.ACCEPT) if sent else {}
    return [Sent(one, _words(work, one, due.get(one.id)), seconds_left(work, one)) for one in sent]


def said_of(work: Work, ticket: Ticket) -> str:
    return _words(work, ticket, deadlines.due_of(work, [ticket], Stage.ACCEPT).get(ticket.id))


def _words(work: Work, ticket: Ticket, due: datetime | None) -> str:
    by = f"，签收 {filters.local_time(due, work)} 前" if due else ""
    return f"{ticket.number} 已派给{filters.department(ticket.lead_code, work)}{by}"


@pages.post("/<number>/recall")
@may(Action.RECALL)
def recall(number: str) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        recalling.recall(work, worklists.ticket_for(work, number))
    flash(f"{number} 已撤回，回到待派单；承办单位没有收到通知", "met")
    return redirect(url_for(".case", number=number), 303)


@pages.post("/recall")
@may(Action.RECALL)
def recall_many() -> ResponseReturnValue:
    """Take back what was sent together, each in a transaction of its own."""
    numbers = outcomes.asked(forms.read(RecallForm, request.form).numbers)
    came_of_it = [outcomes.Outcome(one, _recall_one(one)) for one in numbers]
    return redirect(outcomes.address(came_of_it), 303)


def _recall_one(number: str) -> str:
    with outcomes.attempt() as tried, runtime.work(g.viewer) as work:
        recalling.recall(work, worklists.ticket_for(work, number))
    return tried.code or outcomes.RECALLED
