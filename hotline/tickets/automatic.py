"""Dispatch without a person (自动派单), where the evidence proves that it goes right."""

from hotline.models.judgement import Judgement
from hotline.models.lane import Lane
from hotline.models.ticket import Ticket
from hotline.tickets import dispatching, lanes, triage
from hotline.tickets.dispatching import Choice
from hotline.work import SYSTEM, Work


def attempt(work: Work, ticket: Ticket, view: triage.Triage, judgement: Judgement | None) -> bool:
    """Dispatch `ticket` when its lane is open and nothing speaks against it; tell whether. The entry says
    which evidence stood behind it.
    """
    if judgement is None or not judgement.eligible or judgement.category_code != ticket.category_code:
        return False
    choice = choice_of(work, view)
    if choice is None:
        return False
    lane = work.session.get_one(Lane, (ticket.category_code, judgement.model))
    judgement.automatic = True
    dispatching.dispatch(
        work.by(SYSTEM),
        ticket,
        choice,
        auto=True,
        confidence=round(view.confidence, 4),
        threshold=lane.threshold,
        evidence=[lane.right, lane.cases],
        model=lane.model,
    )
    return True


def choice_of(work: Work, view: triage.Triage) -> Choice | None:
    """Whose it is, when it may go by itself: the lane is open, the model sure, and nothing against it."""
    if view.category is None or view.decision is None or not triage.speaks_for_itself(view):
        return None
    threshold = lanes.threshold_of(work, view.category)
    if threshold is None or view.confidence < threshold or view.decision.lead is None:
        return None
    return Choice(view.decision.lead, view.decision.assisting)
