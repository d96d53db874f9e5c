"""Which model is in force: a new one looks on first, and takes over on an administrator's word."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from hotline.db import insert_into
from hotline.errors import InvalidInput, NotFound
from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson
from hotline.models.mark import MODEL, SHADOW, Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.version import ModelVersion, Standing
from hotline.tickets.catalogues import examples
from hotline.tickets.promises import RECKON_LANES
from hotline.work import Work


@dataclass(frozen=True)
class Trial:
    """How two models did on the same `cases` that neither had seen. `current`: of the one then in force."""

    cases: int
    candidate: int
    current: int

    @property
    def is_worse(self) -> bool:
        return self.candidate < self.current


@dataclass(frozen=True)
class Made:
    """A model that was just taught. `refusal`: the code of why it may not be used, empty where it may."""

    version: str
    card: dict[str, Any]
    taught: dict[str, Any]
    trial: dict[str, Any]
    reference: dict[str, Any]
    refusal: str


def enter(work: Work, made: Made) -> ModelVersion:
    """Enter a new version: refused, or from now on in its shadow time, in which one before it gives way."""
    version = ModelVersion(
        version=made.version,
        standing=Standing.REFUSED if made.refusal else Standing.SHADOW,
        made_at=work.now,
        card=made.card,
        taught=made.taught,
        trial=made.trial,
        reference=made.reference,
        refusal=made.refusal,
        shadow_until=work.now + work.city.learning.shadow,
    )
    _take_turns(work)
    if not made.refusal:
        _retire(work, Standing.SHADOW)
        _mark(work, SHADOW, made.version)
    work.session.add(version)
    work.session.flush()
    return version


def standing(work: Work, which: Standing) -> ModelVersion | None:
    """The version in force, or the one in its shadow time; None for the delivered one, for none."""
    return work.session.scalar(select(ModelVersion).where(ModelVersion.standing == which))


def recent(work: Work, number: int = 12) -> list[ModelVersion]:
    """The last versions, newest first. One query."""
    newest = select(ModelVersion).order_by(ModelVersion.made_at.desc(), ModelVersion.version).limit(number)
    return list(work.session.scalars(newest))


def names(work: Work) -> set[str]:
    """Of every version there is. One query."""
    return set(work.session.scalars(select(ModelVersion.version)))


def version(work: Work, name: str) -> ModelVersion:
    """Raises NotFound."""
    found = work.session.get(ModelVersion, name)
    if found is None:
        raise NotFound("version", name)
    return found


def shadow_trial(work: Work, candidate: ModelVersion) -> Trial:
    """How the candidate and the model in force did on what came in since it was made. One query."""
    model = work.city.classifier
    ours, theirs = aliased(Judgement), aliased(Judgement)
    counted = (
        select(
            func.count(),
            func.count(case((ours.category_code == Lesson.category_code, 1))),
            func.count(case((theirs.category_code == Lesson.category_code, 1))),
        )
        .select_from(Lesson)
        .join(ours, (ours.ticket_id == Lesson.ticket_id) & (ours.model == candidate.version))
        .join(
            theirs,
            (theirs.ticket_id == Lesson.ticket_id) & (theirs.model == (model.version if model else "")),
        )
        .where(Lesson.stands, ours.at > candidate.made_at)
    )
    return Trial(*work.session.execute(counted).one())


def obstacle(work: Work, candidate: ModelVersion) -> str | None:
    """The code of why `candidate` may not be put in force now, None when it may."""
    if candidate.standing is not Standing.SHADOW:
        return candidate.refusal or "not_in_shadow"
    if work.now < candidate.shadow_until:
        return "shadow_not_over"
    trial = shadow_trial(work, candidate)
    if trial.cases < work.city.learning.shadow_tickets:
        return f"too_few_in_shadow:{work.city.learning.shadow_tickets}"
    return "worse_in_shadow" if trial.is_worse else None


def promote(work: Work, name: str) -> ModelVersion:
    """Put a version in force (启用) whose shadow time is over. Raises InvalidInput when it may not be.

    The catalogue's examples are asked once more: rulings may have brought new ones since it was taught.
    """
    _take_turns(work)
    candidate = version(work, name)
    if problem := obstacle(work, candidate):
        raise InvalidInput({"version": problem})
    model = work.city.shadow
    if model is None or model.version != name:
        raise InvalidInput({"version": "unreadable_model"})
    if astray := examples.led_astray(work, model):
        raise InvalidInput({"version": f"breaks_contracts_now:{astray[0].contract.text}"})
    before = _retire(work, Standing.IN_FORCE)
    candidate.replaces = before.version if before else ""
    _put_in_force(work, candidate)
    _mark(work, SHADOW, "")
    return candidate


def roll_back(work: Work) -> str:
    """Put in force again what the present version replaced; returns its name, empty for the delivered one."""
    _take_turns(work)
    present = _retire(work, Standing.IN_FORCE)
    if present is None:
        raise InvalidInput({"version": "nothing_before"})
    if present.replaces:
        _put_in_force(work, version(work, present.replaces))
    else:
        _mark(work, MODEL, "")
    return present.replaces or ""


def dismiss(work: Work, name: str) -> None:
    """End the shadow time of a version without putting it in force."""
    _take_turns(work)
    if version(work, name).standing is not Standing.SHADOW:
        raise InvalidInput({"version": "not_in_shadow"})
    _retire(work, Standing.SHADOW)
    _mark(work, SHADOW, "")


def _put_in_force(work: Work, chosen: ModelVersion) -> None:
    chosen.standing, chosen.in_force_from = Standing.IN_FORCE, work.now
    chosen.promoted_by_id = work.actor.user_id
    _mark(work, MODEL, chosen.version)
    # Its judgements of what it had not seen are its evidence: its lanes are weighed in a moment.
    work.session.add(OutboxMessage(kind=RECKON_LANES, payload={}))


def _retire(work: Work, which: Standing) -> ModelVersion | None:
    present = standing(work, which)
    if present is not None:
        present.standing = Standing.RETIRED
        work.session.flush()
    return present


def _take_turns(work: Work) -> None:
    """Wait for whoever else changes which versions judge and look on, until the end of the transaction."""
    for name in (MODEL, SHADOW):
        new = insert_into(work.session, Mark).values(name=name, value="")
        work.session.execute(new.on_conflict_do_nothing())
    named = select(Mark).where(Mark.name.in_((MODEL, SHADOW))).order_by(Mark.name).with_for_update()
    work.session.execute(named)


def _mark(work: Work, name: str, value: str) -> None:
    work.session.merge(Mark(name=name, value=value))
