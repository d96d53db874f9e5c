"""Teach the model of this city from the shipped corpus."""

from pathlib import Path

import classifier
from classifier import alarm, store, training
from classifier.alarm_training import teach_alarm
from hotline import clock
from hotline.cities.city import City

CORPUS = Path(classifier.__file__).parent / "corpus"
EMERGENCIES = CORPUS.parent / "emergencies"


def train(city: City, folder: Path) -> classifier.Model:
    """Train on what of the corpus this city's categories know, write model and alarm to `folder`.

    About forty seconds on one core. Raises classifier.BrokenExamples when too little of the corpus fits.
    """
    examples = corpus_of(city)
    model = training.train(
        [example.text for example in examples],
        [example.code for example in examples],
        segmenter=classifier.segmenter(),
        hints=training.hints(city.taxonomy, city.keywords),
    )
    now = clock.now().isoformat(timespec="seconds")
    store.save(model, folder, trained_at=now)
    calm = alarm.calm_of(examples)
    taught = teach_alarm(list(alarm.read_emergencies(EMERGENCIES)), calm, segmenter=model.segmenter)
    store.save(taught.model, folder / alarm.FOLDER, trained_at=now)
    return model


def corpus_of(city: City) -> list[classifier.Example]:
    """What of the shipped corpus this city's categories know."""
    known = {leaf.code for leaf in city.taxonomy.leaves}
    return [example for example in classifier.read_corpus(CORPUS) if example.code in known]
