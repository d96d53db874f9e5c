"""Which follow-on work an action promises. Kept by `hotline.jobs`, through the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotline.lifecycle import Action, Role
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket

TELL_CALLER = "tell_caller"
TELL_DEPARTMENT = "tell_department"
TELL_DESK = "tell_desk"
ALERT_INSIDE = "alert_inside"
ALERT_OUTSIDE = "alert_outside"
SEND_LINK = "send_link"
SEND_PACKAGE = "send_package"
# Asked for by a person or by the week, not by an action on a ticket.
TEACH = "teach"
RECKON_LANES = "reckon_lanes"
TRY_RULES = "try_rules"
FOLLOW_CALENDAR = "follow_calendar"

CALLER_HEARS = frozenset(
    {
        Action.LOG,
        Action.DISPATCH,
        Action.GRANT_EXTENSION,
        Action.GRANT_SUSPENSION,
        Action.DEFER,
        Action.TRANSFER,
        Action.MERGE,
        Action.CLOSE,
        Action.RECKON,
    }
)
DEPARTMENT_HEARS = frozenset(
    {
        Action.DISPATCH,
        Action.GRANT_RETURN,
        Action.REFUSE_RETURN,
        Action.DRAFT_RETURN,
        Action.DROP_DRAFT,
        Action.OPEN_DISPUTE,
        Action.NAME_PROVISIONAL,
        Action.CONVENE,
        Action.DESIGNATE,
        Action.GRANT_EXTENSION,
        Action.REFUSE_EXTENSION,
        Action.GRANT_SUSPENSION,
        Action.REFUSE_SUSPENSION,
        Action.RESUME,
        Action.DEFER,
        Action.WRITE_OFF,
        Action.GRANT_EXCLUSION,
        Action.REFUSE_EXCLUSION,
        Action.SEND_BACK_RESULT,
        Action.SEND_BACK,
        Action.REOPEN,
        Action.WITHDRAW,
        Action.MERGE,
        Action.UNMERGE,
        Action.URGE,
        Action.SUPERVISE,
        Action.ACCEPT_REPLY,
        Action.REFUSE_REPLY,
        Action.CANCEL_ORDER,
        Action.ESCALATE,
        Action.HAND_DOWN,
        Action.GIVE_BACK,
        Action.REPORT_UP,
        Action.ASSIST,
        Action.DECLINE_PART,
        Action.ADD_ASSISTING,
        Action.RELEASE,
        Action.WHISTLE,
        Action.ARRIVE,
        Action.CONFIRM_ARRIVAL,
        Action.DENY_ARRIVAL,
    }
)
# What it hears of besides, by its alerts.
DEPARTMENT_KNOWS = DEPARTMENT_HEARS | {Action.WARN, Action.BREACH}
DESK_HEARS: Mapping[Action, Role] = {
    Action.REQUEST_RETURN: Role.DISPATCHER,
    Action.OPEN_DISPUTE: Role.SUPERVISOR,
    Action.GIVE_OPINION: Role.SUPERVISOR,
    Action.REQUEST_EXTENSION: Role.REVIEWER,
    Action.REQUEST_SUSPENSION: Role.REVIEWER,
    Action.REQUEST_EXCLUSION: Role.REVIEWER,
    Action.REPLY_ORDER: Role.SUPERVISOR,
    # The lead names who helps; the desk that keeps the catalogue is told (协办由主办提出，派单台备案).
    Action.ADD_ASSISTING: Role.DISPATCHER,
    Action.DECLINE_PART: Role.DISPATCHER,
}
# Departments that an entry names beside the one in `department`.
_NAMED_BESIDES = ("assisting", "called", "told", "units")


def promises(ticket: Ticket, action: Action, details: Mapping[str, Any]) -> list[OutboxMessage]:
    """Return the outbox rows that `action` puts beside its ledger entry.

    A department hears what names it in `department`, `assisting`, `called`, `told` or `units`, else what
    befalls a ticket it leads (moved clocks only where it is named); a desk what names it in `desk`. What may
    still be taken back is told when it no longer may.
    """
    if details.get("final") is False:  # the first of two reviewers has agreed: nothing to tell yet
        return []
    messages = []
    if action in CALLER_HEARS and not ticket.anonymous and _concerns_caller(action, details):
        messages.append(promise(TELL_CALLER, ticket, action))
    if action in DEPARTMENT_HEARS or "told" in details:
        is_led = action in DEPARTMENT_HEARS and "units" not in details
        named = details.get("department", ticket.lead_code) if is_led else None
        others = (code for key in _NAMED_BESIDES for code in details.get(key, ()))
        messages += [
            promise(TELL_DEPARTMENT, ticket, action, department=code)
            for code in dict.fromkeys((named, *others))
            if code
        ]
    if role := details.get("desk") or DESK_HEARS.get(action):
        messages.append(promise(TELL_DESK, ticket, action, role=role))
    if until := details.get("recall_until"):
        for message in messages:
            message.due_at = datetime.fromisoformat(until)
    return messages


def _concerns_caller(action: Action, details: Mapping[str, Any]) -> bool:
    """Clocks that move concern him only where the result that he was promised comes later."""
    return action is not Action.RECKON or bool(details.get("later"))


def promise(kind: str, ticket: Ticket, action: Action, **facts: str) -> OutboxMessage:
    return OutboxMessage(kind=kind, payload={"ticket": ticket.id, "action": action, **facts})
