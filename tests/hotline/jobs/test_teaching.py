"""A model is taught by what people decided, tried, looks on, and takes over on a word."""

import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

import classifier
from classifier import Example, store, training
from classifier.features import characters_of
from hotline import runtime
from hotline.cities.rules import Learning
from hotline.errors import InvalidInput
from hotline.jobs import sweeps, teaching
from hotline.jobs import training as delivered
from hotline.jobs.inline import keep_due
from hotline.models.judgement import Judgement
from hotline.models.version import Cause, ModelVersion, Standing, Training
from hotline.settings import Settings
from hotline.tickets import dispatching, intake, trainings, triage, versions
from hotline.tickets.catalogues import examples
from hotline.tickets.catalogues.examples import Astray
from hotline.tickets.dispatching import Choice
from hotline.work import SYSTEM
from routing import Contract
from tests.builders import ADMIN, AGENT, DAY, DISPATCHER, LEAD, a_call

CATEGORIES = ("0101", "0204", "0306", "0503")
# Of each category the first texts are the corpus of this test, the next were told to the hotline.
SHIPPED, TOLD = 12, 24
LEARNING = Learning(least=20, shadow=timedelta(days=7), shadow_tickets=4, weekly=True)


@pytest.fixture(scope="module")
def texts() -> dict[str, list[Example]]:
    by_code = defaultdict(list)
    for example in classifier.read_corpus(delivered.CORPUS):
        if example.code in CATEGORIES:
            by_code[example.code].append(example)
    return by_code


@pytest.fixture(scope="module")
def shipped(texts: dict[str, list[Example]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small corpus, and the model that it taught."""
    corpus, folder = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("delivered")
    rows = [row for code in CATEGORIES for row in texts[code][:SHIPPED]]
    lines = ["code,text,kind,urgency", *(f'{row.code},"{row.text}",{row.kind},{row.urgency}' for row in rows)]
    (corpus / "small.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = training.train(
        [row.text for row in rows], [row.code for row in rows], segmenter=classifier.segmenter()
    )
    store.save(model, folder, trained_at="2026-11-01T10:00:00+08:00")
    return corpus, folder


@pytest.fixture
def learning(settings: Settings, shipped: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A started process that has the delivered model, in a city that learns early."""
    corpus, folder = shipped
    monkeypatch.setattr(delivered, "CORPUS", corpus)
    monkeypatch.setattr(training, "hints", lambda taxonomy, keywords: ())
    shutil.copytree(folder, settings.model_folder)
    runtime.stop()
    runtime.start(settings)
    running = runtime.current()
    running.city = replace(running.city, learning=LEARNING)
    return settings


def tell(texts: dict[str, list[Example]], first: int, last: int) -> None:
    """Register texts and have a dispatcher put every category right."""
    for number in range(first, last):
        for code in CATEGORIES:
            with runtime.work(AGENT) as work:
                call = a_call(content=texts[code][number].text, category=None)
                ticket = intake.log(work, call, auto_lane=False).ticket
                dispatcher = replace(work, actor=DISPATCHER)
                if ticket.category_code != code:
                    intake.amend(dispatcher, ticket, intake.Amendment(category=code), reason="分类不对")
                dispatching.dispatch(dispatcher, ticket, Choice(LEAD))


def taught(texts: dict[str, list[Example]]) -> ModelVersion:
    """Have a model taught by decisions, and return what it became."""
    tell(texts, SHIPPED, TOLD)
    with runtime.work(ADMIN) as work:
        asked = trainings.ask(work, Cause.PERSON)
    while keep_due():
        pass
    with runtime.view(SYSTEM) as work:
        ended = work.session.get_one(Training, asked.id)
        assert ended.version, ended.refusal
        made = versions.version(work, ended.version)
        work.session.expunge(made)
        return made


def look_on(texts: dict[str, list[Example]], wall: time_machine.Traveller) -> None:
    """Let the shadow time pass, with a ticket of each category in it."""
    wall.shift(DAY)
    tell(texts, TOLD, TOLD + 1)
    wall.shift(7 * DAY)


def in_force() -> str:
    with runtime.view(SYSTEM) as work:
        assert work.city.classifier is not None
        return work.city.classifier.version


def test_a_training_says_how_far_it_is_and_what_it_made(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    version = taught(texts)

    assert version.standing is Standing.SHADOW
    assert version.taught["taught"] + version.taught["held_back"] + version.taught["repeats"] == 4 * 12
    assert version.trial["cases"] == version.taught["held_back"] > 0
    assert version.trial["candidate"] >= version.trial["current"]
    # The contract examples of the city teach beside the corpus.
    assert set(CATEGORIES) < set(version.card["labels"])
    with runtime.view(SYSTEM) as work:
        ended = trainings.recent(work)[0]
        assert (ended.done, ended.of) == (teaching.STEPS, teaching.STEPS)
        assert trainings.under_way(work) is None


def test_what_was_held_back_is_the_first_evidence_of_the_new_model(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    version = taught(texts)

    with runtime.view(SYSTEM) as work:
        judged = work.session.scalars(select(Judgement).where(Judgement.model == version.version)).all()
        assert len(judged) == version.trial["cases"]
        assert not any(one.in_force or one.automatic for one in judged)


def test_in_its_shadow_time_it_judges_beside_the_model_in_force(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    before = in_force()
    version = taught(texts)
    wall.shift(DAY)
    tell(texts, TOLD, TOLD + 2)

    assert in_force() == before
    with runtime.view(SYSTEM) as work:
        trial = versions.shadow_trial(work, versions.version(work, version.version))
        assert trial.cases == 8
        assert versions.obstacle(work, versions.version(work, version.version)) == "shadow_not_over"


def test_after_its_shadow_time_a_word_puts_it_in_force_and_another_takes_it_back(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    before = in_force()
    version = taught(texts)
    with pytest.raises(InvalidInput), runtime.work(ADMIN) as work:
        versions.promote(work, version.version)
    look_on(texts, wall)

    with runtime.work(ADMIN) as work:
        versions.promote(work, version.version)
    assert in_force() == version.version

    with runtime.work(ADMIN) as work:
        assert versions.roll_back(work) == ""
    assert in_force() == before


def test_a_version_whose_folder_was_touched_leaves_its_place_to_the_delivered_model(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    before = in_force()
    version = taught(texts)
    look_on(texts, wall)
    card = runtime.version_folder(learning, version.version) / "card.json"
    card.write_text(card.read_text("utf-8").replace("0101", "0102"), "utf-8")

    with runtime.work(ADMIN) as work:
        versions.promote(work, version.version)

    assert in_force() == before


def test_one_that_does_worse_on_what_it_looked_on_is_not_put_in_force(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    version = taught(texts)
    wall.shift(DAY)
    tell(texts, TOLD, TOLD + 1)
    with runtime.work(SYSTEM) as work:
        for one in work.session.scalars(select(Judgement).where(Judgement.model == version.version)):
            one.category_code = "2404"
    wall.shift(8 * DAY)

    with pytest.raises(InvalidInput) as refused, runtime.work(ADMIN) as work:
        versions.promote(work, version.version)

    assert refused.value.fields == {"version": "worse_in_shadow"}


def test_one_that_looked_on_while_nothing_came_is_not_put_in_force(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    version = taught(texts)
    wall.shift(8 * DAY)

    with pytest.raises(InvalidInput) as refused, runtime.work(ADMIN) as work:
        versions.promote(work, version.version)

    assert refused.value.fields == {"version": "too_few_in_shadow:4"}


def test_the_week_waits_for_the_version_that_looks_on(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    version = taught(texts)
    for _ in range(15):
        wall.shift(DAY)
        sweeps.nightly()

    with runtime.view(SYSTEM) as work:
        assert len(trainings.recent(work)) == 1
        assert versions.version(work, version.version).standing is Standing.SHADOW


def test_a_training_that_breaks_is_told_and_leaves_nothing_behind(
    learning: Settings, texts: dict[str, list[Example]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(texts, SHIPPED, TOLD)
    with runtime.work(ADMIN) as work:
        asked = trainings.ask(work, Cause.PERSON)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "save", full)
    with pytest.raises(OSError, match="no space"):
        teaching.teach(asked.id)

    with runtime.view(SYSTEM) as work:
        assert work.session.get_one(Training, asked.id).refusal == "failed"
        assert trainings.under_way(work) is None
    assert list(runtime.version_folder(learning, "").iterdir()) == []


def test_what_a_killed_training_left_is_cleared_away_by_the_next(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    left = runtime.version_folder(learning, "feedfacecafe")
    left.mkdir(parents=True)

    version = taught(texts)

    assert [folder.name for folder in left.parent.iterdir()] == [version.version]


def test_too_few_decisions_teach_nothing(learning: Settings, texts: dict[str, list[Example]]) -> None:
    tell(texts, SHIPPED, SHIPPED + 4)
    with runtime.work(ADMIN) as work:
        asked = trainings.ask(work, Cause.PERSON)

    teaching.teach(asked.id)

    with runtime.view(SYSTEM) as work:
        ended = work.session.get_one(Training, asked.id)
        assert (ended.version, ended.refusal) == (None, "too_few_decisions")


def test_asking_again_while_one_waits_asks_for_no_second(learning: Settings) -> None:
    with runtime.work(ADMIN) as work:
        first = trainings.ask(work, Cause.PERSON)
    with runtime.work(ADMIN) as work:
        assert trainings.ask(work, Cause.DICTIONARY).id == first.id


def test_words_that_come_after_a_training_has_begun_ask_for_another(learning: Settings) -> None:
    with runtime.work(ADMIN) as work:
        first = trainings.ask(work, Cause.PERSON)
        first.started_at = work.now
    with runtime.work(ADMIN) as work:
        assert trainings.ask(work, Cause.PERSON).id == first.id
        assert trainings.ask(work, Cause.DICTIONARY).id != first.id


def test_a_training_delivered_twice_is_done_once(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    taught(texts)
    with runtime.view(SYSTEM) as work:
        done = trainings.recent(work)[0].id

    teaching.teach(done)

    with runtime.view(SYSTEM) as work:
        assert len(versions.recent(work)) == 1


def test_a_version_knows_no_run_of_characters_that_only_one_ticket_has(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    """A model file could be asked which runs it knows: a name must not be among them."""
    with runtime.work(AGENT) as work:
        call = a_call(content="欧阳珮玟家门口的路灯不亮，连着三天了", category="0204")
        ticket = intake.log(work, call, auto_lane=False).ticket
        dispatching.dispatch(replace(work, actor=DISPATCHER), ticket, Choice(LEAD))
    version = taught(texts)

    features = classifier.load(runtime.version_folder(learning, version.version)).features
    runs = features.blocks[1].places(characters_of("欧阳珮玟路灯", 2)[1])
    assert (runs[:4] == -1).all()
    assert runs[4] >= 0


def test_an_example_that_a_ruling_brought_meanwhile_keeps_a_model_out_that_sends_it_elsewhere(
    learning: Settings,
    texts: dict[str, list[Example]],
    wall: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = taught(texts)
    look_on(texts, wall)
    astray = Astray(Contract("楼顶灯箱松动", "", "0101", LEAD, 2), went=None)
    monkeypatch.setattr(examples, "led_astray", lambda work, model: (astray,))

    with pytest.raises(InvalidInput) as refused, runtime.work(ADMIN) as work:
        versions.promote(work, version.version)

    assert refused.value.fields == {"version": "breaks_contracts_now:楼顶灯箱松动"}


def test_an_example_counts_against_a_model_only_where_the_present_one_gets_it_right(
    learning: Settings, texts: dict[str, list[Example]], wall: time_machine.Traveller
) -> None:
    with runtime.view(SYSTEM) as work:
        model = work.city.classifier
        assert model is not None
        right = triage.suggest(work, texts["0204"][0].text)
        lead = right.decision.lead if right.decision else None
        told = Contract(texts["0204"][0].text, "", "0204", lead, 2)
        wrong = replace(told, lead="D-JT")
        bound = replace(work, city=replace(work.city, contracts=(told, wrong)))
        other = training.train(
            [one.text for code in CATEGORIES for one in texts[code][:SHIPPED]],
            [CATEGORIES[(number + 1) % 4] for number in range(4) for _ in range(SHIPPED)],
            segmenter=classifier.segmenter(),
        )

        assert examples.led_astray(bound, model) == ()
        astray = examples.led_astray(bound, other)

    assert [one.contract for one in astray] == ([told] if lead else [])
