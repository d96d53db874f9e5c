"""The administrator's page of models: what judges, what looks on, and the words that change it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.models.mark import MODEL, SHADOW, Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.version import Standing, Training
from hotline.tickets import versions
from hotline.tickets.promises import TEACH
from hotline.tickets.versions import Made
from hotline.work import Actor, Work
from tests.builders import ADMIN, AGENT, DISPATCHER, SUPERVISOR
from tests.hotline.web.browsing import post

ClientAs = Callable[[Actor], FlaskClient]


def made(name: str, *, refusal: str = "") -> Made:
    card = {"metrics": {"top1": 0.9}, "segmenter": "jieba-0.42.1", "segmenter_words": ["滨海大剧院"]}
    taught = {"taught": 400, "held_back": 100, "repeats": 12}
    trial = {"cases": 100, "candidate": 91, "current": 88, "contracts": 25, "broken": []}
    return Made(name, card, taught, trial, {}, refusal)


def looking_on(work: Work, name: str, *, since: timedelta = timedelta(days=30)) -> None:
    versions.enter(replace(work, now=work.now - since), made(name))
    work.session.commit()


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
    looking_on(work, "aaaaaaaaaaaa", since=timedelta(0))
    client = client_as(ADMIN)

    assert "旁听期还没有满" in client.get("/models").text
    assert post(client, "/models/aaaaaaaaaaaa/promote").status_code == 422
    assert standing_of(work, "aaaaaaaaaaaa") is Standing.SHADOW


def test_one_word_puts_a_version_in_force_and_one_takes_it_back(client_as: ClientAs, work: Work) -> None:
    client = client_as(ADMIN)
    for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        looking_on(work, name)
        assert post(client, f"/models/{name}/promote").status_code == 303
    assert mark(work, MODEL) == "bbbbbbbbbbbb"
    assert "换回aaaaaaaaaaaa" in client.get("/models").text

    assert post(client, "/models/roll-back").status_code == 303
    assert mark(work, MODEL) == "aaaaaaaaaaaa"
    assert standing_of(work, "bbbbbbbbbbbb") is Standing.RETIRED

    assert post(client, "/models/roll-back").status_code == 303
    assert mark(work, MODEL) == ""
    assert post(client, "/models/roll-back").status_code == 422


def test_a_new_version_takes_the_place_of_the_one_that_looked_on(work: Work) -> None:
    looking_on(work, "aaaaaaaaaaaa")
    looking_on(work, "bbbbbbbbbbbb", since=timedelta(days=1))

    assert mark(work, SHADOW) == "bbbbbbbbbbbb"
    assert standing_of(work, "aaaaaaaaaaaa") is Standing.RETIRED


def test_a_worse_model_is_kept_with_its_card_and_never_looks_on(client_as: ClientAs, work: Work) -> None:
    versions.enter(work, made("cccccccccccc", refusal="worse_on_held_back"))
    work.session.commit()
    client = client_as(ADMIN)

    assert mark(work, SHADOW) is None
    assert "在留出的工单上不如现用模型" in client.get("/models").text
    assert post(client, "/models/cccccccccccc/promote").status_code == 422


def test_what_looks_on_may_be_sent_away(client_as: ClientAs, work: Work) -> None:
    looking_on(work, "aaaaaaaaaaaa")

    assert post(client_as(ADMIN), "/models/aaaaaaaaaaaa/dismiss").status_code == 303

    assert mark(work, SHADOW) == ""


def test_a_version_in_force_that_cannot_be_read_is_said_in_red(client_as: ClientAs, work: Work) -> None:
    client = client_as(ADMIN)
    looking_on(work, "aaaaaaaaaaaa")
    post(client, "/models/aaaaaaaaaaaa/promote")

    assert "读不出来" in client.get("/models").text


def test_an_unknown_version_is_not_there(client_as: ClientAs) -> None:
    assert post(client_as(ADMIN), "/models/nothing/promote").status_code == 404


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, SUPERVISOR], ids=lambda actor: actor.name)
def test_only_the_administrator_has_models_to_look_after(client_as: ClientAs, actor: Actor) -> None:
    client = client_as(actor)

    assert client.get("/models").status_code == 403
    assert post(client, "/models/train").status_code == 403
