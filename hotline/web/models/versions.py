"""Which model judges, which one looks on, what was tried, and the words that put one in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import classifier
from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.models.version import Cause, ModelVersion, Standing
from hotline.tickets import drift, lanes, trainings, versions
from hotline.tickets.versions import Trial
from hotline.web.access import open_to
from hotline.web.models.blueprint import pages
from hotline.work import Work

METRICS = {
    "top1": "首选就对",
    "top3": "前三里有对的",
    "macro_f1": "各类平均 F1",
    "ece": "把握与实际的偏差",
}


# A worker begins within seconds, unless none runs or another long job is before it.
QUEUED_LONG = timedelta(minutes=2)


@dataclass(frozen=True)
class Delivered:
    """The model that came with the product; `made_at` None where its folder is no longer readable."""

    version: str
    made_at: datetime | None
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Onlooker:
    """A version in its shadow time, how it does, and the code of why it may not be put in force yet.

    `proved`: how many categories could go by themselves under it, `proved_now` under the one in force.
    """

    version: ModelVersion
    trial: Trial
    obstacle: str | None
    proved: int
    proved_now: int


@pages.get("")
@open_to(Role.ADMIN)
def show() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        present = versions.standing(work, Standing.IN_FORCE)
        return render_template(
            "models/versions.html",
            work=work,
            present=present,
            is_lost=present is not None and _loaded(work) != present.version,
            delivered=_delivered(runtime.current().settings.model_folder),
            onlooker=_onlooker(work),
            training=trainings.under_way(work),
            queued_long=QUEUED_LONG,
            trainings=trainings.recent(work),
            versions=versions.recent(work),
            decided=trainings.decided(work),
            metrics=METRICS,
            moved=drift.moved(work),
        )


def _loaded(work: Work) -> str:
    return work.city.classifier.version if work.city.classifier else ""


def _delivered(folder: Path) -> Delivered | None:
    try:
        card = classifier.read_card(folder)
    except classifier.ModelRefused:
        return None
    return Delivered(card.version, datetime.fromisoformat(card.trained_at), card.metrics)


def _onlooker(work: Work) -> Onlooker | None:
    version = versions.standing(work, Standing.SHADOW)
    if version is None:
        return None
    return Onlooker(
        version,
        versions.shadow_trial(work, version),
        versions.obstacle(work, version),
        proved=lanes.proved_by(work, version.version),
        proved_now=lanes.proved_by(work, _loaded(work)),
    )


@pages.get("/training")
@open_to(Role.ADMIN)
def progress() -> ResponseReturnValue:
    """Draw how far the training is; asked for again by the page while one is under way."""
    with runtime.view(g.viewer) as work:
        return render_template(
            "models/_training.html",
            work=work,
            training=trainings.under_way(work),
            queued_long=QUEUED_LONG,
        )


@pages.post("/train")
@open_to(Role.ADMIN)
def train() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        asked = trainings.ask(work, Cause.PERSON)
        log.info("training_asked", training=asked.id, by=g.viewer.user_id)
    flash("已安排训练，几分钟后出结果；现用模型照常工作", "met")
    return redirect(url_for(".show"), 303)


@pages.post("/<name>/promote")
@open_to(Role.ADMIN)
def promote(name: str) -> ResponseReturnValue:
    _require_readable(name)
    with runtime.work(g.viewer) as work:
        versions.promote(work, name)
        log.info("model_promoted", version=name, by=g.viewer.user_id)
    flash(f"模型 {name} 已启用，从下一张工单起由它判断", "met")
    return redirect(url_for(".show"), 303)


def _require_readable(name: str) -> None:
    with runtime.view(g.viewer) as work:
        known = versions.version(work, name).version
    try:
        classifier.read_card(runtime.version_folder(runtime.current().settings, known))
    except classifier.ModelRefused:
        raise InvalidInput({"version": "unreadable_model"}) from None


@pages.post("/<name>/dismiss")
@open_to(Role.ADMIN)
def dismiss(name: str) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        versions.dismiss(work, name)
        log.info("model_dismissed", version=name, by=g.viewer.user_id)
    flash(f"模型 {name} 不再旁听", "met")
    return redirect(url_for(".show"), 303)


@pages.post("/roll-back")
@open_to(Role.ADMIN)
def roll_back() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        before = versions.roll_back(work)
        log.info("model_rolled_back", to=before or "delivered", by=g.viewer.user_id)
    flash(f"已换回{'模型 ' + before if before else '起步模型'}，从下一张工单起由它判断", "met")
    return redirect(url_for(".show"), 303)
