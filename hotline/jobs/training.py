"""Teach the model of this city from the shipped corpus."""

from pathlib import Path

import classifier
from classifier import store, training
from hotline import clock
from hotline.cities.city import City

CORPUS = Path(classifier.__file__).parent / "corpus"


def train(city: City, folder: Path) -> classifier.Model:
    """Train on what of the corpus this city's categories know, write the model and its card to `folder`.

    About half a minute on one core. Raises classifier.BrokenExamples when too little of the corpus fits.
    """
    known = {leaf.code for leaf in city.taxonomy.leaves}
    examples = [example for example in classifier.read_corpus(CORPUS) if example.code in known]
    model = training.train(
        [example.text for example in examples],
        [example.code for example in examples],
        segmenter=classifier.segmenter(),
        hints=training.hints(city.taxonomy, city.keywords),
    )
    store.save(model, folder, trained_at=clock.now().isoformat(timespec="seconds"))
    return model
