"""Teach a new model by what people decided, and try it beside the one in force."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import classifier
from classifier import store, training
from classifier.decided import Decided, Split, split
from classifier.features import reading
from classifier.loading import CARD_FILE
from classifier.model import Model
from hotline import clock, runtime
from hotline.jobs import trial
from hotline.jobs.training import corpus_of
from hotline.jobs.trial import Candidate
from hotline.models.version import Training
from hotline.tickets import dictionary, trainings, triage, versions
from hotline.work import SYSTEM

# Five folds, the final teaching, the trial.
STEPS = training.FOLDS + 2
Progress = Callable[[int, int], None]


class NothingToTeach(Exception):
    """Fewer decisions than the city wants to teach by."""

    def __init__(self, decided: int) -> None:
        super().__init__(f"{decided} decisions")
        self.decided = decided


def teach(training_id: int, *, tell: Progress = lambda done, of: None) -> None:
    """Do the training that was asked for. Safe to run twice: one that has ended is left alone.

    Minutes; each step opens a transaction of its own, so that pages see how far it is.
    """
    with runtime.work(SYSTEM) as work:
        asked = work.session.get_one(Training, training_id)
        if asked.ended_at is not None:
            return
        asked.started_at, asked.done, asked.of = work.now, 0, STEPS

    def progress(done: int, of: int = STEPS) -> None:
        with runtime.work(SYSTEM) as work:
            work.session.get_one(Training, training_id).done = done
        tell(done, of)

    try:
        candidate = _candidate(progress)
    except NothingToTeach:
        _end(training_id, refusal="too_few_decisions")
        return
    except classifier.BrokenExamples:
        _end(training_id, refusal="cannot_teach")
        return
    with runtime.view(SYSTEM) as work:
        tried = trial.try_out(work, candidate)
    with runtime.work(SYSTEM) as work:
        versions.enter(work, tried.made)
        work.session.add_all(tried.judgements)
    _end(training_id, version=tried.made.version, refusal=tried.made.refusal or None)
    progress(STEPS)


def _end(training_id: int, *, version: str | None = None, refusal: str | None = None) -> None:
    with runtime.work(SYSTEM) as work:
        ended = work.session.get_one(Training, training_id)
        ended.ended_at, ended.version, ended.refusal = work.now, version, refusal


def _candidate(progress: Progress) -> Candidate:
    with runtime.view(SYSTEM) as work:
        city = work.city
        segmenter = classifier.segmenter(words=dictionary.words(work))
        decided = [
            Decided(ticket.id, reading(triage.text_of(ticket), segmenter.cut), category, ticket.logged_at)
            for ticket, category in trainings.labelled(work)
            if category in city.taxonomy
        ]
    if len(decided) < city.learning.least:
        raise NothingToTeach(len(decided))
    material = split(decided)
    examples = corpus_of(city)
    model = training.train_on(
        [*(reading(one.text, segmenter.cut) for one in examples), *(one.read for one in material.taught)],
        [*(one.code for one in examples), *(one.label for one in material.taught)],
        segmenter=segmenter,
        hints=training.hints(city.taxonomy, city.keywords),
        progress=lambda done, _: progress(done, STEPS),
    )
    return _saved(model, material)


def _saved(model: Model, material: Split) -> Candidate:
    """Write the model to the folder of its version, whose name only its card knows."""
    settings = runtime.current().settings
    folder = runtime.version_folder(settings, "")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".new-") as new:
        made_at = clock.now().isoformat(timespec="seconds")
        card = store.save(model, Path(new) / "model", trained_at=made_at)
        (Path(new) / "model").rename(runtime.version_folder(settings, card.version))
    home = runtime.version_folder(settings, card.version)
    return Candidate(classifier.load(home), json.loads((home / CARD_FILE).read_text("utf-8")), material)
