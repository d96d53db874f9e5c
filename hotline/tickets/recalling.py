"""Take a dispatch back within the seconds that the city leaves for it (撤回派单).

Until then its departments are told nothing and can do nothing, so that there is nobody to call back: the
clocks they were to have are stopped unjudged, and the ticket waits as if it had never left the desk.
"""

from hotline.errors import NotAllowed
from hotline.lifecycle import Action, Role
from hotline.models.assignment import Ending
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, dispatching, ledger, lessons, promises, timeline, untold
from hotline.tickets.timeline import Entry
from hotline.tickets.worklists import shown_in_order
from hotline.work import Work

# What may have been written since without standing in the way: only the desks know of it.
_BESIDE = frozenset({Action.NOTE, Action.REVEAL})


def recall(work: Work, ticket: Ticket) -> None:
    """Put `ticket` back on the desk as it was before its dispatch; only its time there has gone on.

    Raises NotAllowed when the time is over, the dispatch another's, its department told of anything, or the
    ticket changed since.
    """
    entry = require_recallable(work, ticket)
    _take_back_promises(work, ticket, entry)
    ledger.record(work, ticket, Action.RECALL, recalled_from=ticket.lead_code)
    dispatching.end_assignments(work, ticket, Ending.UNSENT)
    ticket.lead_code = ticket.recall_until = None
    ticket.hop -= 1
    deadlines.run_back(work, ticket, ran=entry.details.get("clocks", {}).get("due", {}))
    lessons.forget(work, ticket, at=entry.at)


def require_recallable(work: Work, ticket: Ticket) -> Entry:
    """Return the dispatch that the actor may still take back. Raises what `recall` raises. One query."""
    ledger.require(work, ticket, Action.RECALL)
    since = timeline.since_last(work, ticket, Action.DISPATCH)
    if not since or since[0].role is not Role.DISPATCHER or since[0].actor_id != work.actor.user_id:
        raise NotAllowed(Action.RECALL, "not_your_dispatch")
    if not ledger.is_recallable(work, ticket):
        raise NotAllowed(Action.RECALL, "recall_over")
    if any(entry.action in promises.DEPARTMENT_KNOWS for entry in since[1:]):
        raise NotAllowed(Action.RECALL, "told_already")
    if any(entry.action not in _BESIDE for entry in since[1:]):
        raise NotAllowed(Action.RECALL, "changed_since")
    return since[0]


def still_mine(work: Work) -> list[Ticket]:
    """Return what the actor may still take back, the last dispatch first. Two queries."""
    sent = timeline.dispatched_since(work, work.now - work.city.dispatching.undo)
    return [one for one in shown_in_order(work, sent) if ledger.is_recallable(work, one)]


def _take_back_promises(work: Work, ticket: Ticket, dispatch: Entry) -> None:
    """Remove what the dispatch has promised. Raises NotAllowed when some of it was offered to a worker."""
    promised = [] if work.silent else promises.promises(ticket, Action.DISPATCH, dispatch.details)
    kept = untold.messages(work, ticket)
    if len(kept) < len(promised):
        raise NotAllowed(Action.RECALL, "told_already")
    for message in kept:
        work.session.delete(message)
