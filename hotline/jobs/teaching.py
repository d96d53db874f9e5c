"""Teach a new model by what people decided, and try it beside the one in force."""

import json
import shutil
from collections.abc import Callable, Collection
from dataclasses import replace
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
from hotline.work import SYSTEM, Work

# A model folder could be asked which runs of characters it knows.
_LEAST = 3
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
        versions_known = versions.names(work)
    _clear_away(versions_known)

    def progress(done: int, of: int = STEPS) -> None:
        with runtime.work(SYSTEM) as work:
            work.session.get_one(Training, training_id).done = done
        tell(done, of)

    try:
        _teach(training_id, progress)
    except BaseException:  # also an interrupt: whoever waits for the result must be told there is none
        with runtime.work(SYSTEM) as work:
            _end(work, training_id, refusal="failed")
        raise


def _teach(training_id: int, progress: Progress) -> None:
    try:
        candidate = _candidate(progress)
    except (NothingToTeach, classifier.BrokenExamples) as nothing:
        few = isinstance(nothing, NothingToTeach)
        with runtime.work(SYSTEM) as work:
            _end(work, training_id, refusal="too_few_decisions" if few else "cannot_teach")
        return
    with runtime.view(SYSTEM) as work:
        tried = trial.try_out(work, candidate)
    progress(STEPS, STEPS)
    with runtime.work(SYSTEM) as work:
        versions.enter(work, tried.made)
        work.session.add_all(tried.judgements)
        _end(work, training_id, version=tried.made.version, refusal=tried.made.refusal or None)


def _end(work: Work, training_id: int, *, version: str | None = None, refusal: str | None = None) -> None:
    ended = work.session.get_one(Training, training_id)
    ended.ended_at, ended.version, ended.refusal = work.now, version, refusal


def _clear_away(known: Collection[str]) -> None:
    """Remove what trainings that were cut off have left: folders that no row names."""
    folder = runtime.version_folder(runtime.current().settings, "")
    for left in folder.iterdir() if folder.is_dir() else ():
        if left.name not in known:
            shutil.rmtree(left)


def _candidate(progress: Progress) -> Candidate:
    with runtime.view(SYSTEM) as work:
        city = work.city
        segmenter = classifier.segmenter(words=dictionary.words(work))
        decided = [
            Decided(ticket.id, reading(triage.text_of(ticket), segmenter.cut), category, ticket.logged_at)
            for ticket, category in trainings.labelled(work)
            if category in city.taxonomy
        ]
    material = split(decided)
    if len(material.taught) + len(material.held_back) < city.learning.least:
        raise NothingToTeach(len(decided))
    # What the catalogue must always send right is taught like what the project brings.
    told = [(one.text, one.code) for one in corpus_of(city)]
    told += [(one.text, one.category) for one in city.contracts]
    labels = [*(code for _, code in told), *(one.label for one in material.taught)]
    model = training.train_on(
        [*(reading(text, segmenter.cut) for text, _ in told), *(one.read for one in material.taught)],
        labels,
        segmenter=segmenter,
        hints=training.hints(city.taxonomy, city.keywords),
        teaching=_of_people(training.teaching_for(labels)),
        progress=lambda done, _: progress(done, STEPS),
    )
    return _saved(model, material)


def _of_people(course: training.Teaching) -> training.Teaching:
    """As `course`, but keep no run of characters that one or two texts have: a name may be among them."""
    return replace(course, recipe=replace(course.recipe, least=max(course.recipe.least, _LEAST)))


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
