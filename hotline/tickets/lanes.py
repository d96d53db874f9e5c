"""Which categories may go without a person (自动派单): those whose recent decisions prove the promise.

A decision is evidence when a person dispatched, or a department accepted, what a version of the model had
judged unseen. It was right when category and department are the ones that the model and the catalogue
named. Another version begins with no evidence of its own.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select

from classifier.selective import gate_for
from hotline.db import insert_into
from hotline.errors import InvalidInput
from hotline.models.judgement import Judgement
from hotline.models.lane import Lane, LaneTurn, Turn
from hotline.models.lesson import Lesson
from hotline.work import Work

# The newest decisions of a category that are evidence: they prove any promise below .994.
MOST = 500


def agrees() -> ColumnElement[bool]:
    """What was decided is what had been judged."""
    return and_(Lesson.category_code == Judgement.category_code, Lesson.lead_code == Judgement.lead_code)


def is_evidence(work: Work, version: str) -> ColumnElement[bool]:
    """A judgement of `version` that a recent decision stands beside, and that might have acted by itself."""
    since = work.now - work.city.auto_dispatch.recent
    return and_(Judgement.model == version, Judgement.eligible, Lesson.stands, Lesson.at >= since)


def threshold_of(work: Work, category: str) -> float | None:
    """The probability from which this category goes by itself, None while it does not. One look-up."""
    model = work.city.classifier
    if model is None or not work.city.auto_dispatch.enabled:
        return None
    lane = work.session.get(Lane, category)
    return lane.threshold if lane and lane.model == model.version and is_open(lane) else None


def is_open(lane: Lane) -> bool:
    return lane.threshold is not None and lane.held_at is None


def reckon(work: Work, category: str, *, version: str | None = None) -> None:
    """Weigh the evidence of one category anew; what opens or closes by that goes on the list of turns.

    `version`: of the model that is to be in force, where it is not yet.
    """
    if version is None:
        version = work.city.classifier.version if work.city.classifier else None
    if version is None:
        return
    evidence = decisions(work, version, category)
    gate = gate_for(work.city.auto_dispatch.promise, evidence)
    lane = _lane(work, category)
    was_open = is_open(lane)
    lane.model, lane.reckoned_at = version, work.now
    lane.decided = len(evidence)
    lane.threshold, lane.cases, lane.right = (
        (gate.threshold, gate.cases, gate.right) if gate else (None, *_record_of(evidence))
    )
    if is_open(lane) != was_open:
        _turn(work, lane, Turn.PROVED if is_open(lane) else Turn.BROKEN)


def _record_of(evidence: Sequence[tuple[float, bool]]) -> tuple[int, int]:
    return len(evidence), sum(right for _, right in evidence)


def decisions(work: Work, version: str, category: str) -> list[tuple[float, bool]]:
    """How sure `version` was of this category and whether it was right, newest first. One query."""
    found = (
        select(Judgement.confidence, agrees())
        .join(Lesson, Lesson.ticket_id == Judgement.ticket_id)
        .where(is_evidence(work, version), Judgement.category_code == category)
        .order_by(Judgement.at.desc(), Judgement.ticket_id.desc())
        .limit(MOST)
    )
    return [(sure, bool(right)) for sure, right in work.session.execute(found)]


def reckon_all(work: Work, *, version: str | None = None) -> None:
    """Weigh every category again: a new model, or a night in which old evidence ran out."""
    model = version or (work.city.classifier.version if work.city.classifier else "")
    judged = select(Judgement.category_code).where(Judgement.model == model).distinct()
    known = {*work.session.scalars(judged), *work.session.scalars(select(Lane.category_code))}
    # In one order, so that two who weigh at once never wait for each other.
    for category in sorted(known - {None}):
        reckon(work, category, version=model)


def hold(work: Work, category: str, *, reason: str) -> None:
    """Close a category by hand, whatever the evidence. Raises InvalidInput without a reason."""
    lane = _lane(work, category)
    if lane.held_at is not None:
        return
    if not reason.strip():
        raise InvalidInput({"reason": "say_why"})
    lane.held_at, lane.held_by_id = work.now, work.actor.user_id
    _turn(work, lane, Turn.HELD, reason=reason.strip())


def release(work: Work, category: str) -> None:
    """Leave a category to the evidence again."""
    lane = _lane(work, category)
    if lane.held_at is None:
        return
    lane.held_at = lane.held_by_id = None
    _turn(work, lane, Turn.RELEASED)


def _lane(work: Work, category: str) -> Lane:
    """The row of this category, made where there is none, locked until the end of the transaction."""
    if category not in work.city.taxonomy:
        raise InvalidInput({"category": "unknown_category"})
    new = insert_into(work.session, Lane).values(
        category_code=category, model="", decided=0, cases=0, right=0, reckoned_at=work.now
    )
    work.session.execute(new.on_conflict_do_nothing())
    return work.session.scalars(select(Lane).where(Lane.category_code == category).with_for_update()).one()


def _turn(work: Work, lane: Lane, turn: Turn, *, reason: str = "") -> None:
    by_hand = turn in (Turn.HELD, Turn.RELEASED)
    work.session.add(
        LaneTurn(
            category_code=lane.category_code,
            at=work.now,
            turn=turn,
            by_id=work.actor.user_id if by_hand else None,
            reason=reason,
            model=lane.model,
            decided=lane.decided,
            cases=lane.cases,
            right=lane.right,
        )
    )
