"""The hotline looks at what the department reports before the caller is asked (审核)."""

from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import deadlines, followup
from hotline.tickets.guards import require_other_side
from hotline.tickets.ledger import record
from hotline.work import SYSTEM, Work
from sla.policy import Stage

# Why a result goes back (审核退回).
FAULTS = (
    "evasive",  # 答非所问
    "not_contacted",  # 未联系诉求人
    "no_basis",  # 无依据
    "no_evidence",  # 未附证据
    "unclear",  # 表述不清
    "other",
)


def accept_result(work: Work, ticket: Ticket, *, note: str = "") -> None:
    """The result stands; the caller is asked next. With nobody to ask, or not drawn, the ticket is closed."""
    require_other_side(work, ticket, Action.ACCEPT_RESULT)
    record(work, ticket, Action.ACCEPT_RESULT, note=note.strip())
    deadlines.settle(work, ticket, Stage.REVIEW)
    deadlines.open_stage(work, ticket, Stage.FOLLOW_UP)
    if not followup.can_be_asked(work, ticket):
        followup.close_unasked(work.by(SYSTEM), ticket, Closing.UNREACHED)
    elif not followup.is_sampled(work, ticket):
        followup.close_unasked(work.by(SYSTEM), ticket, Closing.NOT_SAMPLED)


def send_back_result(work: Work, ticket: Ticket, *, fault: str, text: str) -> None:
    """The result is incomplete: back to the department, whose clock goes on from where it stopped."""
    require_other_side(work, ticket, Action.SEND_BACK_RESULT)
    problems = {}
    if fault not in FAULTS:
        problems["fault"] = "choose"
    if not text.strip():
        problems["text"] = "say_what_is_missing"
    if problems:
        raise InvalidInput(problems)
    record(work, ticket, Action.SEND_BACK_RESULT, fault=fault, text=text.strip())
    deadlines.settle(work, ticket, Stage.REVIEW)
    deadlines.restore(work, ticket, Stage.RESOLVE)
