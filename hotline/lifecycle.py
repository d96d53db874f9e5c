"""The state machine of a ticket: one table, read by `next_status` and `actions_for` alone.

An action that does not move the ticket stands in the same table with the target *same*, so there is
one path for everything that can happen. docs/lifecycle.md is generated from here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from hotline.errors import IllegalTransition, NotAllowed


class Role(StrEnum):
    AGENT = "agent"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    LEADER = "leader"
    REVIEWER = "reviewer"
    FOLLOW_UP = "follow_up"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    CITIZEN = "citizen"
    SYSTEM = "system"


class Status(StrEnum):
    LOGGED = "logged"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    RETURN_REQUESTED = "return_requested"
    DISPUTED = "disputed"
    SUSPENDED = "suspended"
    DEFERRED = "deferred"
    RESOLVED = "resolved"
    AWAITING_FOLLOW_UP = "awaiting_follow_up"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({Status.CLOSED, Status.TRANSFERRED, Status.MERGED, Status.WITHDRAWN})
OPEN = tuple(status for status in Status if status not in ENDED)
# An order, and its clock, stands until it is answered: the caller may be content before the supervisor is.
UNDER_ORDER = (*OPEN, Status.CLOSED)


class Action(StrEnum):
    LOG = "log"
    AMEND = "amend"
    ANSWER = "answer"
    TRANSFER = "transfer"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    DISPATCH = "dispatch"
    RECALL = "recall"
    ACCEPT = "accept"
    CONTACT = "contact"
    DRAFT_RETURN = "draft_return"
    DROP_DRAFT = "drop_draft"
    REQUEST_RETURN = "request_return"
    GRANT_RETURN = "grant_return"
    REFUSE_RETURN = "refuse_return"
    OPEN_DISPUTE = "open_dispute"
    NAME_PROVISIONAL = "name_provisional"
    CONVENE = "convene"
    GIVE_OPINION = "give_opinion"
    WRITE_MINUTES = "write_minutes"
    DESIGNATE = "designate"
    REQUEST_EXTENSION = "request_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REQUEST_SUSPENSION = "request_suspension"
    GRANT_SUSPENSION = "grant_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    RESUME = "resume"
    DEFER = "defer"
    WRITE_OFF = "write_off"
    REQUEST_EXCLUSION = "request_exclusion"
    GRANT_EXCLUSION = "grant_exclusion"
    REFUSE_EXCLUSION = "refuse_exclusion"
    HAND_DOWN = "hand_down"
    GIVE_BACK = "give_back"
    REPORT_UP = "report_up"
    ASSIST = "assist"
    DECLINE_PART = "decline_part"
    ADD_ASSISTING = "add_assisting"
    RELEASE = "release"
    WHISTLE = "whistle"
    ARRIVE = "arrive"
    CONFIRM_ARRIVAL = "confirm_arrival"
    DENY_ARRIVAL = "deny_arrival"
    RESOLVE = "resolve"
    SEND_BACK_RESULT = "send_back_result"
    ACCEPT_RESULT = "accept_result"
    ATTEMPT = "attempt"
    CLOSE = "close"
    SEND_BACK = "send_back"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    URGE = "urge"
    SUPERVISE = "supervise"
    REPLY_ORDER = "reply_order"
    ACCEPT_REPLY = "accept_reply"
    REFUSE_REPLY = "refuse_reply"
    CANCEL_ORDER = "cancel_order"
    ESCALATE = "escalate"
    NOTE = "note"
    REVEAL = "reveal"
    WARN = "warn"
    BREACH = "breach"
    RECKON = "reckon"


@dataclass(frozen=True)
class Move:
    """From where, to where, by whom.

    `targets` empty: the ticket stays where it is. More than one: the caller of `next_status` says
    which (`toward`), the first being the usual one. `goes_back`: to the status it was taken from.
    """

    sources: tuple[Status, ...]
    targets: tuple[Status, ...]
    roles: frozenset[Role]
    goes_back: bool = False


def _move(
    *sources: Status, to: Status | tuple[Status, ...] | None, by: tuple[Role, ...], goes_back: bool = False
) -> Move:
    targets = () if to is None else (to,) if isinstance(to, Status) else to
    return Move(sources, targets, frozenset(by), goes_back)


_DESKS = (
    Role.AGENT,
    Role.DISPATCHER,
    Role.HANDLER,
    Role.LEADER,
    Role.REVIEWER,
    Role.FOLLOW_UP,
    Role.SUPERVISOR,
)
_DEPARTMENT = (Role.HANDLER, Role.LEADER)
# Whose clock runs may act, also while it is in question whose the ticket is.
_IN_QUESTION = (Status.RETURN_REQUESTED, Status.DISPUTED)
_ASSISTED = (Status.DISPATCHED, Status.ACCEPTED, *_IN_QUESTION, Status.SUSPENDED)
_AWAITED = (Status.ACCEPTED, *_IN_QUESTION, Status.SUSPENDED)
_HANDLED = (Status.RESOLVED, Status.AWAITING_FOLLOW_UP, Status.CLOSED)

MOVES: dict[Action, Move] = {
    # A ticket that does not exist yet has no status: LOG starts it, see `first_status`. A dispatcher
    # registers only what was split from another.
    Action.LOG: _move(to=Status.LOGGED, by=(Role.AGENT, Role.DISPATCHER, Role.SYSTEM)),
    Action.AMEND: _move(*OPEN, to=None, by=(Role.AGENT, Role.DISPATCHER)),
    Action.ANSWER: _move(Status.LOGGED, to=Status.CLOSED, by=(Role.AGENT, Role.DISPATCHER)),
    Action.TRANSFER: _move(Status.LOGGED, to=Status.TRANSFERRED, by=(Role.AGENT, Role.DISPATCHER)),
    Action.MERGE: _move(
        Status.LOGGED, Status.DISPATCHED, Status.ACCEPTED, to=Status.MERGED, by=(Role.DISPATCHER,)
    ),
    Action.UNMERGE: _move(
        Status.MERGED,
        to=(Status.LOGGED, Status.DISPATCHED, Status.ACCEPTED),
        by=(Role.DISPATCHER, Role.SYSTEM),
        goes_back=True,
    ),
    Action.SPLIT: _move(Status.LOGGED, to=None, by=(Role.DISPATCHER,)),
    Action.DISPATCH: _move(Status.LOGGED, to=Status.DISPATCHED, by=(Role.DISPATCHER, Role.SYSTEM)),
    # A slip of the hand, taken back within seconds: nobody has been told yet.
    Action.RECALL: _move(Status.DISPATCHED, to=Status.LOGGED, by=(Role.DISPATCHER,)),
    Action.ACCEPT: _move(Status.DISPATCHED, to=Status.ACCEPTED, by=_DEPARTMENT),
    # A provisional department works on while the dispute lasts (先办后议).
    Action.CONTACT: _move(Status.ACCEPTED, Status.DISPUTED, to=None, by=_DEPARTMENT),
    # A handler drafts, the leader signs: only then is it asked for (拟稿、签发).
    Action.DRAFT_RETURN: _move(Status.DISPATCHED, Status.ACCEPTED, to=None, by=(Role.HANDLER,)),
    Action.DROP_DRAFT: _move(Status.DISPATCHED, Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.REQUEST_RETURN: _move(
        Status.DISPATCHED, Status.ACCEPTED, to=Status.RETURN_REQUESTED, by=(Role.LEADER,)
    ),
    Action.GRANT_RETURN: _move(Status.RETURN_REQUESTED, to=Status.LOGGED, by=(Role.DISPATCHER,)),
    Action.REFUSE_RETURN: _move(
        Status.RETURN_REQUESTED,
        to=(Status.DISPATCHED, Status.ACCEPTED),
        by=(Role.DISPATCHER,),
        goes_back=True,
    ),
    # From the desk when nobody is left to send it to, from a department after the last refusal.
    Action.OPEN_DISPUTE: _move(
        Status.RETURN_REQUESTED,
        Status.LOGGED,
        Status.DISPATCHED,
        Status.ACCEPTED,
        to=Status.DISPUTED,
        by=(Role.DISPATCHER, Role.SUPERVISOR, Role.SYSTEM),
    ),
    Action.NAME_PROVISIONAL: _move(Status.DISPUTED, to=None, by=(Role.SUPERVISOR,)),
    Action.CONVENE: _move(Status.DISPUTED, to=None, by=(Role.SUPERVISOR,)),
    Action.GIVE_OPINION: _move(Status.DISPUTED, to=None, by=(*_DEPARTMENT, Role.SUPERVISOR)),
    Action.WRITE_MINUTES: _move(Status.DISPUTED, to=None, by=(Role.SUPERVISOR,)),
    Action.DESIGNATE: _move(Status.DISPUTED, to=(Status.DISPATCHED, Status.ACCEPTED), by=(Role.SUPERVISOR,)),
    Action.REQUEST_EXTENSION: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.GRANT_EXTENSION: _move(Status.ACCEPTED, to=None, by=(Role.REVIEWER,)),
    Action.REFUSE_EXTENSION: _move(Status.ACCEPTED, to=None, by=(Role.REVIEWER,)),
    Action.REQUEST_SUSPENSION: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.GRANT_SUSPENSION: _move(Status.ACCEPTED, to=Status.SUSPENDED, by=(Role.REVIEWER,)),
    Action.REFUSE_SUSPENSION: _move(Status.ACCEPTED, to=None, by=(Role.REVIEWER,)),
    Action.RESUME: _move(Status.SUSPENDED, to=Status.ACCEPTED, by=(Role.REVIEWER, Role.SYSTEM)),
    Action.DEFER: _move(Status.ACCEPTED, to=Status.DEFERRED, by=(Role.SUPERVISOR,)),
    Action.WRITE_OFF: _move(Status.DEFERRED, to=Status.ACCEPTED, by=(Role.SUPERVISOR, Role.SYSTEM)),
    Action.REQUEST_EXCLUSION: _move(*_HANDLED, to=None, by=_DEPARTMENT),
    Action.GRANT_EXCLUSION: _move(*_HANDLED, to=None, by=(Role.REVIEWER,)),
    Action.REFUSE_EXCLUSION: _move(*_HANDLED, to=None, by=(Role.REVIEWER,)),
    Action.HAND_DOWN: _move(Status.ACCEPTED, Status.DISPUTED, to=None, by=_DEPARTMENT),
    Action.GIVE_BACK: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.REPORT_UP: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.ASSIST: _move(*_ASSISTED, to=None, by=_DEPARTMENT),
    Action.DECLINE_PART: _move(*_ASSISTED, to=None, by=_DEPARTMENT),
    Action.ADD_ASSISTING: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.RELEASE: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    Action.WHISTLE: _move(Status.ACCEPTED, to=None, by=_DEPARTMENT),
    # Who was called in time comes to the spot also while the ticket waits for something else.
    Action.ARRIVE: _move(*_AWAITED, to=None, by=_DEPARTMENT),
    Action.CONFIRM_ARRIVAL: _move(*_AWAITED, to=None, by=_DEPARTMENT),
    Action.DENY_ARRIVAL: _move(*_AWAITED, to=None, by=_DEPARTMENT),
    Action.RESOLVE: _move(Status.ACCEPTED, to=Status.RESOLVED, by=_DEPARTMENT),
    Action.SEND_BACK_RESULT: _move(Status.RESOLVED, to=Status.ACCEPTED, by=(Role.REVIEWER,)),
    Action.ACCEPT_RESULT: _move(
        Status.RESOLVED, to=Status.AWAITING_FOLLOW_UP, by=(Role.REVIEWER, Role.SYSTEM)
    ),
    Action.ATTEMPT: _move(
        Status.AWAITING_FOLLOW_UP, to=None, by=(Role.FOLLOW_UP, Role.SUPERVISOR, Role.CITIZEN)
    ),
    Action.CLOSE: _move(
        Status.AWAITING_FOLLOW_UP,
        to=Status.CLOSED,
        by=(Role.FOLLOW_UP, Role.SUPERVISOR, Role.CITIZEN, Role.SYSTEM),
    ),
    Action.SEND_BACK: _move(
        Status.AWAITING_FOLLOW_UP, to=Status.DISPATCHED, by=(Role.FOLLOW_UP, Role.SUPERVISOR)
    ),
    # A ticket answered on the line was never dispatched: re-opened, it waits on the dispatch desk.
    Action.REOPEN: _move(Status.CLOSED, to=(Status.DISPATCHED, Status.LOGGED), by=(Role.SUPERVISOR,)),
    Action.WITHDRAW: _move(*OPEN, to=Status.WITHDRAWN, by=(Role.AGENT, Role.CITIZEN)),
    Action.URGE: _move(*OPEN, to=None, by=(Role.AGENT, Role.SUPERVISOR, Role.CITIZEN)),
    Action.SUPERVISE: _move(*OPEN, to=None, by=(Role.SUPERVISOR,)),
    Action.REPLY_ORDER: _move(*UNDER_ORDER, to=None, by=(Role.LEADER,)),
    Action.ACCEPT_REPLY: _move(*UNDER_ORDER, to=None, by=(Role.SUPERVISOR,)),
    Action.REFUSE_REPLY: _move(*UNDER_ORDER, to=None, by=(Role.SUPERVISOR,)),
    Action.CANCEL_ORDER: _move(*UNDER_ORDER, to=None, by=(Role.SUPERVISOR,)),
    Action.ESCALATE: _move(*UNDER_ORDER, to=None, by=(Role.SUPERVISOR, Role.SYSTEM)),
    Action.NOTE: _move(*Status, to=None, by=_DESKS),
    Action.REVEAL: _move(*Status, to=None, by=_DESKS),
    # The clock of an order runs on when its ticket is closed.
    Action.WARN: _move(*UNDER_ORDER, to=None, by=(Role.SYSTEM,)),
    Action.BREACH: _move(*UNDER_ORDER, to=None, by=(Role.SYSTEM,)),
    Action.RECKON: _move(*UNDER_ORDER, to=None, by=(Role.SYSTEM,)),
}


def acting_role(action: Action, roles: Collection[Role]) -> Role:
    """Return the role under which someone holding `roles` may do `action`. Raises NotAllowed."""
    for role in [Role.LEADER, *list(Role)]:  # who leads and handles signs as the leader
        if role in roles and role in MOVES[action].roles:
            return role
    raise NotAllowed(action)


def first_status(action: Action) -> Status:
    """Return the status of a new ticket. Raises IllegalTransition for anything but LOG."""
    if action is not Action.LOG:
        raise IllegalTransition(action, "new")
    return MOVES[action].targets[0]


def next_status(
    status: Status, action: Action, *, came_from: Status | None = None, toward: Status | None = None
) -> Status:
    """Return the status after `action`. Raises IllegalTransition.

    `came_from` is where a move that goes back returns to; `toward` picks one of several targets.
    """
    move = MOVES[action]
    if status not in move.sources:
        raise IllegalTransition(action, status)
    if not move.targets:
        return status
    target = came_from if move.goes_back else toward or move.targets[0]
    if target is None or target not in move.targets:
        raise IllegalTransition(action, status)
    return target


def actions_for(status: Status, roles: Collection[Role]) -> list[Action]:
    """Return what someone holding `roles` may do to a ticket in `status`, in the table's order."""
    return [
        action
        for action, move in MOVES.items()
        if status in move.sources and not move.roles.isdisjoint(roles)
    ]
