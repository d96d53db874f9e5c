"""One row of the pile: which clock, two facts, the next step and the other legal ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline import labels
from hotline.lifecycle import Action, Status, actions_for
from hotline.models.application import Application, ApplicationKind
from hotline.models.assignment import Assignment, Part
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import assigned, deadlines, orders, requested
from hotline.tickets.ledger import is_recallable
from hotline.web import filters, shell
from hotline.web.shell import Step
from hotline.work import Work
from routing import DepartmentKind
from sla.policy import Stage

FACTS = 2
_LEADS = frozenset(
    {
        Action.ACCEPT,
        Action.CONTACT,
        Action.HAND_DOWN,
        Action.RESOLVE,
        Action.DRAFT_RETURN,
        Action.DROP_DRAFT,
        Action.REQUEST_RETURN,
        Action.REQUEST_EXTENSION,
        Action.REQUEST_SUSPENSION,
        Action.REQUEST_EXCLUSION,
        Action.ADD_ASSISTING,
    }
)
_OF_DRAFT = frozenset({Action.DROP_DRAFT})
# Who handles it for a department above, and the subdistrict that may whistle besides.
_HANDED = frozenset({Action.CONTACT, Action.HAND_DOWN, Action.REPORT_UP, Action.GIVE_BACK})
_OPINION = frozenset({Action.ASSIST, Action.DECLINE_PART})
_PROVISIONAL = frozenset({Action.CONTACT, Action.HAND_DOWN})
_ASKED_FOR = {
    Action.DRAFT_RETURN: ApplicationKind.RETURN_DRAFT,
    Action.REQUEST_RETURN: ApplicationKind.RETURN,
    Action.REQUEST_EXTENSION: ApplicationKind.EXTENSION,
    Action.REQUEST_SUSPENSION: ApplicationKind.SUSPENSION,
    Action.REQUEST_EXCLUSION: ApplicationKind.EXCLUSION,
}


@dataclass(frozen=True)
class Row:
    """`steps`: the usual one first. `selectable`: whether the pile's batch (签收) can take it."""

    ticket: Ticket
    clock: Deadline | None
    facts: tuple[str, ...]
    steps: tuple[Step, ...]
    selectable: bool


def rows(work: Work, tickets: Sequence[Ticket]) -> list[Row]:
    """Return a row for each of `tickets`. Five queries, however many there are."""
    clocks = deadlines.nearest_of(work, tickets, department=work.actor.department_code)
    parts = assigned.own_parts(work, tickets)
    ordered = orders.owed_by(work, tickets)
    waiting, heard = requested.undecided_of(work, tickets), assigned.to_be_heard(work, tickets)
    return [
        _row(
            work,
            ticket,
            clocks.get(ticket.id),
            parts.get(ticket.id),
            waiting.get(ticket.id),
            is_heard=ticket.id in heard,
            is_ordered=ticket.id in ordered,
        )
        for ticket in tickets
    ]


def _row(
    work: Work,
    ticket: Ticket,
    clock: Deadline | None,
    part: Assignment | None,
    waiting: Application | None,
    *,
    is_heard: bool,
    is_ordered: bool,
) -> Row:
    heard = ("会商单位，等您的意见",) if is_heard else ()
    heard = ("督办单等回复", *heard) if is_ordered else heard
    facts = (*heard, *_facts(work, ticket, part, waiting))[:FACTS]
    actions = _actions(work, ticket, part, waiting, is_heard=is_heard)
    if is_ordered and Action.REPLY_ORDER in actions_for(ticket.status, work.actor.roles):
        actions = [*actions, Action.REPLY_ORDER]
    steps = shell.steps_for(actions, ticket.number)
    # First call, then report (先联系，后办结): while the contact clock is next, so is the call.
    if clock and clock.stage is Stage.CONTACT:
        steps.sort(key=lambda step: step.action is not Action.CONTACT)
    # What was drafted waits for the leader.
    if waiting and waiting.kind is ApplicationKind.RETURN_DRAFT:
        steps.sort(key=lambda step: step.action is not Action.REQUEST_RETURN)
    # What the supervisor demands goes before all else.
    steps.sort(key=lambda step: step.action is not Action.REPLY_ORDER)
    return Row(ticket, clock, facts, tuple(steps), Action.ACCEPT in actions)


def _actions(
    work: Work, ticket: Ticket, part: Assignment | None, waiting: Application | None, *, is_heard: bool
) -> list[Action]:
    """Return what the department can start here, by its part in the ticket."""
    mine: frozenset[Action] = frozenset()
    if is_recallable(work, ticket):
        return []
    if part and part.part is Part.ASSISTING and part.answered_at is None:
        mine = _OPINION
    elif part and part.part is Part.WHISTLED:
        mine = frozenset({Action.ARRIVE}) if part.arrived_at is None else mine
    elif ticket.status is Status.DISPUTED:
        mine = _PROVISIONAL if part and part.part is Part.PROVISIONAL else mine
    elif ticket.lead_code == work.actor.department_code:
        mine = _LEADS if waiting and waiting.kind is ApplicationKind.RETURN_DRAFT else _LEADS - _OF_DRAFT
    elif part and part.part is Part.HANDED:
        mine = _HANDED
    if _is_street(work) and mine & {Action.HAND_DOWN}:
        mine |= {Action.WHISTLE}
    if is_heard:
        mine |= {Action.GIVE_OPINION}
    return [
        action
        for action in actions_for(ticket.status, work.actor.roles)
        if action in mine and not (waiting and _ASKED_FOR.get(action) is waiting.kind)
    ]


def _is_street(work: Work) -> bool:
    mine, departments = work.actor.department_code or "", work.city.departments
    return mine in departments and departments[mine].kind is DepartmentKind.SUBDISTRICT


def _facts(work: Work, ticket: Ticket, part: Assignment | None, waiting: Application | None) -> Iterator[str]:
    """Yield what is worth a glance, the gravest first."""
    if is_recallable(work, ticket):
        yield "刚派来，几秒后可签收"
    if part and part.part is Part.WHISTLED:
        yield f"{filters.department(part.from_code, work)} 吹哨"
    elif part and part.part is not Part.LEAD:
        yield f"{labels.PARTS[part.part]}，主办 {filters.department(ticket.lead_code, work)}"
    if waiting:
        yield _asked(work, waiting)
    if ticket.resume_on and ticket.status in (Status.SUSPENDED, Status.DEFERRED):
        then = "自动恢复" if ticket.status is Status.SUSPENDED else "复核"
        yield f"{filters.local_day(ticket.resume_on, work)} {then}"
    yield from (labels.RISKS.get(risk, risk) for risk in ticket.risks[:1])
    if ticket.supervised:
        yield f"督办 {ticket.supervised} 级"
    if ticket.round > 1:
        yield f"第 {ticket.round} 轮"
    if part and part.handed_to:
        yield f"已派给 {part.handed_to}"


def _asked(work: Work, application: Application) -> str:
    if application.kind is ApplicationKind.RETURN_DRAFT:
        return "退单等分管负责人签发"
    if application.kind is ApplicationKind.RETURN and application.suggested_code:
        return f"拟转 {filters.department(application.suggested_code, work)}"
    return f"{labels.APPLICATION_KINDS[application.kind]}{labels.APPLICATION_STATES[application.state]}"
