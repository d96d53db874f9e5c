"""On what terms an action may start clocks: what the ledger keeps of the rules that were in force.

The proof then asks neither a later profile nor what became of the case since.
"""

from collections.abc import Mapping
from dataclasses import replace

from hotline.lifecycle import Action, Status
from hotline.models.deadline import iso
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines
from hotline.work import Work
from sla.policy import ResolveStart, Stage

_OF_LEAD = (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE)
# Whether each of them does start, the state of the ticket tells.
_STARTED_BY: Mapping[Action, tuple[Stage, ...]] = {
    Action.LOG: (Stage.DISPATCH,),
    Action.DISPATCH: (*_OF_LEAD, Stage.ASSIST),
    Action.ADD_ASSISTING: (Stage.ASSIST,),
    Action.WHISTLE: (Stage.ARRIVE,),
    Action.ACCEPT: (Stage.RESOLVE,),
    Action.GRANT_RETURN: (Stage.DISPATCH,),
    Action.NAME_PROVISIONAL: (Stage.CONTACT,),
    Action.DESIGNATE: _OF_LEAD,
    Action.RESOLVE: (Stage.REVIEW,),
    Action.ACCEPT_RESULT: (Stage.FOLLOW_UP,),
    Action.SEND_BACK: _OF_LEAD,
    Action.REOPEN: (Stage.DISPATCH, *_OF_LEAD),
}
_BEGINS_ROUND = frozenset({Action.SEND_BACK, Action.REOPEN})


def terms(work: Work, ticket: Ticket, action: Action, status: Status) -> dict[str, list[str | None]]:
    """Return the terms of each clock that `action`, leading to `status`, may start, by stage.

    They are its start, its allowance, the rule that gives it and the version of the policy.
    """
    case = deadlines.case_of(ticket)
    if action in _BEGINS_ROUND:
        case = replace(case, round=ticket.round + 1)
    found: dict[str, list[str | None]] = {}
    for stage in _STARTED_BY.get(action, ()):
        terms = deadlines.terms_of(work, ticket, stage, case)
        if terms and (stage is not Stage.RESOLVE or _resolve_may_start(work, action, status)):
            found[stage] = [iso(terms.began), str(terms.allowance), terms.rule, terms.policy]
    return found


def _resolve_may_start(work: Work, action: Action, status: Status) -> bool:
    if work.city.policy.rules.resolve_starts is ResolveStart.ACCEPT:
        return status is Status.ACCEPTED
    return action is not Action.ACCEPT
