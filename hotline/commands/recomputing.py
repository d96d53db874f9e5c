"""Reckon running clocks anew: after the calendar changed, or a row was repaired by hand."""

from argparse import Namespace

from sqlalchemy import select

from hotline import runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.lifecycle import OPEN
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import deadlines
from hotline.work import SYSTEM


def _recompute(options: Namespace, settings: Settings) -> int:
    """One ticket, one transaction: the desks go on working meanwhile."""
    start(settings)
    with runtime.view(SYSTEM) as work:
        ids = list(work.session.scalars(select(Ticket.id).where(Ticket.status.in_(OPEN)).order_by(Ticket.id)))
    moved = 0
    for ticket_id in ids:
        with runtime.work(SYSTEM) as work:
            ticket = work.session.get_one(Ticket, ticket_id)
            before = [one.due_at for one in deadlines.running(work, ticket)]
            deadlines.reckon(work, ticket)
            moved += [one.due_at for one in deadlines.running(work, ticket)] != before
    print(f"未结工单 {len(ids)} 张，时限有变的 {moved} 张")
    return 0


COMMANDS = {"recompute-deadlines": Command(_recompute)}
