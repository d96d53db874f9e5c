"""The administrator's page of models: what judges, what looks on, and the words that change it."""

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classifier import store
from hotline import runtime
from hotline.cities.city import City
from hotline.models.mark import MODEL, SHADOW, Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.version import Standing, Training
from hotline.tickets import versions
from hotline.tickets.promises import TEACH
from hotline.tickets.versions import Made
from hotline.work import Actor, Work
from tests.builders import ADMIN, AGENT, DISPATCHER, SUPERVISOR
from tests.classifier.examples import model
from tests.hotline.web.browsing import post
from tests.support.judged import come_in, judge

ClientAs = Callable[[Actor], FlaskClient]
_days = itertools.cycle(range(1, 29))


def made(name: str, *, refusal: str = "") -> Made:
    card = {"metrics": {"top1": 0.9}, "segmenter": "jieba-0.42.1", "segmenter_words": ["滨海大剧院"]}
    taught = {"taught": 400, "held_back": 100, "repeats": 12}
    trial = {"cases": 100, "candidate": 91, "current": 88, "contracts": 25, "broken": []}
    return Made(name, card, taught, trial, {}, refusal)


@pytest.fixture(autouse=True)
def folder(app: Flask, city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city with a model, whose versions lie in a folder of their own."""
    running = runtime.current()
    monkeypatch.setattr(running, "settings", replace(running.settings, model_path=str(tmp_path)))
    monkeypatch.setattr(running, "delivered", model())
    monkeypatch.setattr(running, "city", replace(city, classifier=running.delivered))
    monkeypatch.setattr(running, "asks_models", True)
    return tmp_path


def looking_on(work: Work, *, since: timedelta = timedelta(days=30), tickets: int = 3) -> str:
    """A version that a training made, and the tickets on which it looked on. Returns its name."""
    work = replace(work, city=runtime.current().city)
    home = runtime.version_folder(runtime.current().settings, "new")
    name = store.save(model(), home, trained_at=f"2026-11-{next(_days):02}T10:00:00+08:00").version
    home.rename(home.with_name(name))
    versions.enter(replace(work, now=work.now - since), made(name))
    an_hour_ago = work.now - timedelta(hours=1)
    present = model().version
    come = come_in(work, tickets, "0204", an_hour_ago, model=present, in_force=True) if tickets else []
    judge(work, come, "0204", an_hour_ago, model=name, in_force=False, decided=None)
    work.session.commit()
    return name


def standing_of(work: Work, name: str) -> Standing:
    work.session.expire_all()
    return versions.version(work, name).standing


def mark(work: Work, name: str) -> str | None:
    work.session.expire_all()
    return work.session.scalar(select(Mark.value).where(Mark.name == name))


def test_a_training_is_asked_for_once_and_its_progress_shown(client_as: ClientAs, work: Work) -> None:
    client = client_as(ADMIN)

    for _ in range(2):
        assert post(client, "/models/train").status_code == 303

    assert len(work.session.scalars(select(Training)).all()) == 1
    assert len(work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TEACH)).all()) == 1
    assert "正在排队" in client.get("/models").text
    assert "progress" in client.get("/models/training").text


def test_a_finished_training_leads_to_its_result(client_as: ClientAs) -> None:
    assert "看结果" in client_as(ADMIN).get("/models/training").text


def test_before_its_shadow_time_is_over_a_version_cannot_be_put_in_force(
    client_as: ClientAs, work: Work
) -> None:
    name = looking_on(work, since=timedelta(0))
    client = client_as(ADMIN)

    assert "旁听期还没有满" in client.get("/models").text
    assert post(client, f"/models/{name}/promote").status_code == 422
    assert standing_of(work, name) is Standing.SHADOW


def test_one_that_looked_on_nothing_cannot_be_put_in_force(client_as: ClientAs, work: Work) -> None:
    name = looking_on(work, tickets=0)

    answer = post(client_as(ADMIN), f"/models/{name}/promote")

    assert "不满 1 张" in answer.text
    assert standing_of(work, name) is Standing.SHADOW


def test_one_word_puts_a_version_in_force_and_one_takes_it_back(client_as: ClientAs, work: Work) -> None:
    client = client_as(ADMIN)
    name = looking_on(work)

    assert post(client, f"/models/{name}/promote").status_code == 303
    assert mark(work, MODEL) == name
    assert "换回起步模型" in client.get("/models").text

    assert post(client, "/models/roll-back").status_code == 303
    assert mark(work, MODEL) == ""
    assert standing_of(work, name) is Standing.RETIRED
    assert post(client, "/models/roll-back").status_code == 422


def test_a_new_version_takes_the_place_of_the_one_that_looked_on(work: Work) -> None:
    first, second = looking_on(work), looking_on(work, since=timedelta(days=1))

    assert mark(work, SHADOW) == second
    assert standing_of(work, first) is Standing.RETIRED


def test_a_worse_model_is_kept_with_its_card_and_never_looks_on(client_as: ClientAs, work: Work) -> None:
    versions.enter(work, made("cccccccccccc", refusal="worse_on_held_back"))
    work.session.commit()
    client = client_as(ADMIN)

    assert not mark(work, SHADOW)
    assert "在留出的工单上不如现用模型" in client.get("/models").text
    assert post(client, "/models/cccccccccccc/promote").status_code == 422


def test_what_looks_on_may_be_sent_away(client_as: ClientAs, work: Work) -> None:
    name = looking_on(work)

    assert post(client_as(ADMIN), f"/models/{name}/dismiss").status_code == 303

    assert mark(work, SHADOW) == ""


def test_a_version_in_force_that_cannot_be_read_is_said_in_red(
    client_as: ClientAs, work: Work, folder: Path
) -> None:
    client = client_as(ADMIN)
    name = looking_on(work)
    post(client, f"/models/{name}/promote")
    shutil.rmtree(folder / runtime.VERSIONS / name)

    assert "读不出来" in client.get("/models").text


def test_one_whose_files_are_gone_cannot_be_put_in_force(
    client_as: ClientAs, work: Work, folder: Path
) -> None:
    name = looking_on(work)
    shutil.rmtree(folder / runtime.VERSIONS / name)

    assert "读不出来" in post(client_as(ADMIN), f"/models/{name}/promote").text


def test_an_unknown_version_is_not_there(client_as: ClientAs) -> None:
    assert post(client_as(ADMIN), "/models/nothing/promote").status_code == 404


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, SUPERVISOR], ids=lambda actor: actor.name)
def test_only_the_administrator_has_models_to_look_after(client_as: ClientAs, actor: Actor) -> None:
    client = client_as(actor)

    assert client.get("/models").status_code == 403
    assert post(client, "/models/train").status_code == 403
