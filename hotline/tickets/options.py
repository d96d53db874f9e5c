"""What may be done to a ticket next, by this actor: exactly what would succeed, and what nearly would."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hotline.errors import (
    CallerNotContacted,
    IllegalTransition,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
)
from hotline.lifecycle import Action, actions_for
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    callers,
    disputes,
    followup,
    handling,
    joint,
    ledger,
    orders,
    recalling,
    requested,
    returnable,
    urgings,
    whistling,
)
from hotline.tickets.guards import require_lead, require_other_side, require_uninvolved
from hotline.tickets.hands import require_holder, require_in_hands
from hotline.work import Work

_LEADS = frozenset({Action.ACCEPT, Action.RESOLVE, Action.ADD_ASSISTING, Action.RELEASE, Action.DROP_DRAFT})
_IN_HANDS = frozenset({Action.CONTACT, Action.HAND_DOWN})
_JUDGES = frozenset(
    {
        Action.ACCEPT_RESULT,
        Action.SEND_BACK_RESULT,
        Action.OPEN_DISPUTE,
        Action.NAME_PROVISIONAL,
        Action.CONVENE,
        Action.WRITE_MINUTES,
        Action.DESIGNATE,
    }
)
_ASKS_CALLER = frozenset({Action.ATTEMPT, Action.CLOSE, Action.SEND_BACK})
_REQUESTS: Mapping[Action, ApplicationKind] = {
    Action.DRAFT_RETURN: ApplicationKind.RETURN_DRAFT,
    Action.REQUEST_RETURN: ApplicationKind.RETURN,
    Action.REQUEST_EXTENSION: ApplicationKind.EXTENSION,
    Action.REQUEST_SUSPENSION: ApplicationKind.SUSPENSION,
    Action.REQUEST_EXCLUSION: ApplicationKind.EXCLUSION,
}
_DECISIONS: Mapping[Action, ApplicationKind] = {
    Action.GRANT_RETURN: ApplicationKind.RETURN,
    Action.REFUSE_RETURN: ApplicationKind.RETURN,
    Action.GRANT_EXTENSION: ApplicationKind.EXTENSION,
    Action.REFUSE_EXTENSION: ApplicationKind.EXTENSION,
    Action.GRANT_SUSPENSION: ApplicationKind.SUSPENSION,
    Action.REFUSE_SUSPENSION: ApplicationKind.SUSPENSION,
    Action.GRANT_EXCLUSION: ApplicationKind.EXCLUSION,
    Action.REFUSE_EXCLUSION: ApplicationKind.EXCLUSION,
}
# Not this person's at all, so nobody looks for it: left out without a word.
# Nor does anyone look for a dispatch of long ago, or of another, to take it back.
_UNSAID = frozenset(
    {
        *("role", "not_lead", "not_assisting", "not_handed", "not_whistled", "not_convened"),
        *("no_subdistrict", "nobody_arrived", "nobody_assists", "not_addressed"),
        *("recall_over", "not_your_dispatch", "changed_since"),
    }
)


@dataclass(frozen=True)
class Options:
    """`blocked`: what someone will look for and not find, with its code of REFUSALS or PROBLEMS."""

    legal: tuple[Action, ...]
    blocked: Mapping[Action, str]


def options(work: Work, ticket: Ticket) -> Options:
    """Return what `work.actor` may do to `ticket` now. A few queries."""
    asked = requested.applications_of(work, ticket)
    legal: list[Action] = []
    blocked: dict[Action, str] = {}
    for action in actions_for(ticket.status, work.actor.roles):
        try:
            _require(work, ticket, action, asked)
        except (NotFound, IllegalTransition):
            continue
        except NotAllowed as refusal:
            if refusal.reason not in _UNSAID:
                blocked[action] = refusal.reason
        except LimitReached as limit:
            blocked[action] = f"{limit.rule}:{limit.limit}"
        except InvalidInput as problem:
            blocked[action] = next(iter(problem.fields.values()))
        else:
            legal.append(action)
    return Options(tuple(legal), blocked)


def _require(work: Work, ticket: Ticket, action: Action, asked: Sequence[Application]) -> None:
    """Raise what the use case of `action` would raise, as far as it does not depend on the form."""
    if action in _LEADS or action in _REQUESTS:
        require_lead(work, ticket, action)
    if action in _IN_HANDS:
        require_in_hands(work, ticket, action)
    if action in _JUDGES or action in _DECISIONS:
        require_other_side(work, ticket, action)
    if action in _ASKS_CALLER:
        require_uninvolved(work, ticket, action)
    if action in _DECISIONS:
        _require_undecided(work, ticket, action, asked)
    if action in _REQUESTS:
        _require_may_ask(work, ticket, action, asked)
    if action in _ITS_OWN_RULE:
        _ITS_OWN_RULE[action](work, ticket)
    ledger.require_stands(work, ticket, action)


def _require_contacted(work: Work, ticket: Ticket) -> None:
    if callers.may_be_called(ticket) and not handling.contacted(work, ticket):
        raise CallerNotContacted(ticket.number)


def _require_draft(work: Work, ticket: Ticket) -> None:
    applications.pending(work, ticket, ApplicationKind.RETURN_DRAFT)


_ITS_OWN_RULE: Mapping[Action, Callable[[Work, Ticket], object]] = {
    Action.ASSIST: joint.part_owing,
    Action.DECLINE_PART: partial(joint.part_owing, action=Action.DECLINE_PART),
    Action.RELEASE: joint.require_releasable,
    Action.GIVE_BACK: partial(require_holder, action=Action.GIVE_BACK),
    Action.REPORT_UP: partial(require_holder, action=Action.REPORT_UP),
    Action.WHISTLE: whistling.require_may_whistle,
    Action.ARRIVE: whistling.part_called,
    Action.CONFIRM_ARRIVAL: whistling.require_confirmable,
    Action.DENY_ARRIVAL: partial(whistling.require_confirmable, action=Action.DENY_ARRIVAL),
    Action.URGE: urgings.require_may_urge,
    Action.MERGE: orders.require_none_live,
    Action.SUPERVISE: orders.require_may_issue,
    Action.REPLY_ORDER: orders.require_to_answer,
    Action.ACCEPT_REPLY: partial(orders.require_live, action=Action.ACCEPT_REPLY, states=orders.REPLIED),
    Action.REFUSE_REPLY: partial(orders.require_live, action=Action.REFUSE_REPLY, states=orders.REPLIED),
    Action.CANCEL_ORDER: partial(orders.require_live, action=Action.CANCEL_ORDER),
    Action.ESCALATE: orders.require_may_rise,
    Action.SEND_BACK: followup.require_round_left,
    Action.REVEAL: callers.require_may_reveal,
    Action.RESOLVE: _require_contacted,
    Action.RECALL: recalling.require_recallable,
    Action.DROP_DRAFT: _require_draft,
    Action.OPEN_DISPUTE: disputes.require_disputed,
    Action.GIVE_OPINION: disputes.part_to_speak,
    Action.DESIGNATE: disputes.require_minutes,
}


def _require_undecided(work: Work, ticket: Ticket, action: Action, asked: Sequence[Application]) -> None:
    waiting = [one for one in asked if one.kind is _DECISIONS[action] and one.state in applications.UNDECIDED]
    if not waiting:
        raise NotFound("application", ticket.number)
    if action is Action.GRANT_RETURN:
        returnable.require_not_for_arbiter(work, ticket)
    if action is Action.GRANT_EXCLUSION and waiting[0].seconded_by_id == work.actor.user_id:
        raise InvalidInput({"decision": "second_person"})


def _require_may_ask(work: Work, ticket: Ticket, action: Action, asked: Sequence[Application]) -> None:
    kind = _REQUESTS[action]
    before = [one for one in asked if one.kind is kind]
    if kind in {ApplicationKind.RETURN, ApplicationKind.RETURN_DRAFT}:
        returnable.require_returnable(work, ticket)
        return
    if any(one.state in applications.UNDECIDED for one in before):
        raise LimitReached("reason", "already_asked", 1)
    if kind is ApplicationKind.EXTENSION:
        applications.require_extensible(work, ticket)
    if kind in {ApplicationKind.EXTENSION, ApplicationKind.EXCLUSION}:
        before = [one for one in before if one.round == ticket.round]
    limit = _limit_of(work, kind)
    if limit is not None and sum(one.state is ApplicationState.GRANTED for one in before) >= limit:
        raise LimitReached("reason", "limit_reached", limit)


def _limit_of(work: Work, kind: ApplicationKind) -> int | None:
    return {
        ApplicationKind.EXTENSION: work.city.extension.times,
        ApplicationKind.SUSPENSION: work.city.suspension.times,
        ApplicationKind.EXCLUSION: 1,
    }.get(kind)
