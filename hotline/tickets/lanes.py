"""Which categories may go without a person (自动派单): those whose recent decisions prove the promise.

A decision is evidence when a person dispatched, or a department accepted or gave back, what a version of the
model had judged unseen. It was right when category and department are the ones that the model and the
catalogue named. Each version has evidence of its own.

Lanes open at night only, and close at once: no dispatch waits for the weighing of what stays closed. One
that was closed by a decision since taken back is weighed again with it. What
looking every night costs the promise is measured in docs/classifier.md.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from classifier.selective import gate_for
from hotline.db import insert_into
from hotline.errors import InvalidInput
from hotline.models.judgement import Judgement
from hotline.models.lane import Lane, LaneHold, LaneTurn, Turn
from hotline.models.lesson import Lesson
from hotline.work import Work

# The newest decisions of a category that are evidence: they prove any promise below .994.
MOST = 500


def agrees() -> ColumnElement[bool]:
    """What was decided is what had been judged. False, not unknown, for what was given back."""
    return and_(
        Lesson.category_code == Judgement.category_code,
        Lesson.lead_code.is_not(None),
        Lesson.lead_code == Judgement.lead_code,
    )


def is_evidence(work: Work, version: str) -> ColumnElement[bool]:
    """A judgement of `version` that a recent decision stands beside, and that might have acted by itself."""
    since = work.now - work.city.auto_dispatch.recent
    return and_(Judgement.model == version, Judgement.eligible, Judgement.at >= since, Lesson.stands)


def threshold_of(work: Work, category: str) -> float | None:
    """The probability from which this category goes by itself, None while it does not. Two look-ups."""
    model = work.city.classifier
    if model is None or not work.city.auto_dispatch.enabled:
        return None
    lane = work.session.get(Lane, (category, model.version))
    if lane is None or work.session.get(LaneHold, category) is not None:
        return None
    return lane.threshold


def reckon(work: Work, category: str) -> None:
    """Weigh the evidence of one category for the model in force; what opens or closes is kept as a turn.

    Nothing without a model, or for what left the profile. One query, and a row locked before it.
    """
    model = work.city.classifier
    if model is None or category not in work.city.taxonomy:
        return
    lane = _lane(work, category, model.version)
    was_proved = lane.threshold is not None
    evidence = decisions(work, model.version, category)
    gate = gate_for(work.city.auto_dispatch.promise, evidence)
    lane.reckoned_at = work.now
    if gate:
        lane.threshold, lane.cases, lane.right = gate.threshold, gate.cases, gate.right
    else:
        lane.threshold, lane.cases, lane.right = None, len(evidence), right_of(evidence)
    if (gate is not None) != was_proved:
        _turn(work, category, Turn.PROVED if gate else Turn.BROKEN, lane)


def right_of(evidence: Sequence[tuple[float, bool]]) -> int:
    return sum(right for _, right in evidence)


def close_if_broken(work: Work, category: str) -> None:
    """Weigh an open lane again after a wrong decision. A closed one waits for the night."""
    if threshold_of(work, category) is not None:
        reckon(work, category)


def reopen_if_closed(work: Work, category: str, *, at: datetime) -> None:
    """Weigh a lane again that was closed at that moment, by a decision since taken back."""
    closed = select(LaneTurn.id).where(
        LaneTurn.category_code == category, LaneTurn.at == at, LaneTurn.turn == Turn.BROKEN
    )
    if work.session.scalar(closed.limit(1)) is not None:
        reckon(work, category)


def decisions(work: Work, version: str, category: str) -> list[tuple[float, bool]]:
    """How sure `version` was of this category and whether it was right, newest first. One query.

    Of texts that are the same to the letter only the newest counts: the bound wants them independent.
    """
    found = (
        select(Judgement.digest, Judgement.confidence, agrees())
        .join(Lesson, Lesson.ticket_id == Judgement.ticket_id)
        .where(is_evidence(work, version), Judgement.category_code == category)
        .order_by(Judgement.at.desc(), Judgement.ticket_id.desc())
        .limit(MOST)
    )
    newest: dict[str, tuple[float, bool]] = {}
    for digest, sure, right in work.session.execute(found):
        newest.setdefault(digest, (sure, bool(right)))
    return list(newest.values())


def categories(work: Work) -> list[str]:
    """Every category that the model in force has judged or that has a lane under it, in order."""
    model = work.city.classifier
    if model is None:
        return []
    judged = select(Judgement.category_code).where(Judgement.model == model.version).distinct()
    laned = select(Lane.category_code).where(Lane.model == model.version)
    found = {*work.session.scalars(judged), *work.session.scalars(laned)}
    return sorted(code for code in found if code in work.city.taxonomy)


def proved_by(work: Work, version: str) -> int:
    """How many categories the evidence of a version that is not in force would open. A query for each."""
    judged = select(Judgement.category_code).where(Judgement.model == version).distinct()
    known = [code for code in work.session.scalars(judged) if code in work.city.taxonomy]
    promise = work.city.auto_dispatch.promise
    return sum(gate_for(promise, decisions(work, version, code)) is not None for code in known if code)


def hold(work: Work, category: str, *, reason: str) -> None:
    """Close a category by hand, whatever the evidence. Raises InvalidInput without a reason."""
    _require_known(work, category)
    if not reason.strip():
        raise InvalidInput({"reason": "say_why_held"})
    new = insert_into(work.session, LaneHold).values(
        category_code=category, at=work.now, by_id=work.actor.user_id
    )
    held = work.session.scalar(new.on_conflict_do_nothing().returning(LaneHold.category_code))
    if held:
        _turn(work, category, Turn.HELD, _standing(work, category), reason=reason.strip())


def release(work: Work, category: str) -> None:
    """Leave a category to the evidence again."""
    _require_known(work, category)
    held = work.session.get(LaneHold, category, with_for_update=True)
    if held is not None:
        work.session.delete(held)
        _turn(work, category, Turn.RELEASED, _standing(work, category))


def _require_known(work: Work, category: str) -> None:
    if category not in work.city.taxonomy:
        raise InvalidInput({"category": "unknown_category"})


def _standing(work: Work, category: str) -> Lane | None:
    model = work.city.classifier
    return work.session.get(Lane, (category, model.version)) if model else None


def _lane(work: Work, category: str, version: str) -> Lane:
    """The row, made where there is none, locked until the end of the transaction: whoever weighs next sees
    the decision of this one.
    """
    new = insert_into(work.session, Lane).values(
        category_code=category, model=version, cases=0, right=0, reckoned_at=work.now
    )
    work.session.execute(new.on_conflict_do_nothing())
    row = select(Lane).where(Lane.category_code == category, Lane.model == version).with_for_update()
    return work.session.scalars(row.execution_options(populate_existing=True)).one()


def _turn(work: Work, category: str, turn: Turn, lane: Lane | None, *, reason: str = "") -> None:
    by_hand = turn in (Turn.HELD, Turn.RELEASED)
    work.session.add(
        LaneTurn(
            category_code=category,
            at=work.now,
            turn=turn,
            by_id=work.actor.user_id if by_hand else None,
            reason=reason,
            model=lane.model if lane else "",
            cases=lane.cases if lane else 0,
            right=lane.right if lane else 0,
        )
    )
