"""The bench (试派台): a matter that nobody registered, taken through every step that a dispatch rests on."""

from dataclasses import dataclass
from functools import lru_cache

import classifier
import routing
from hotline.cities.city import City
from hotline.tickets import automatic, triage
from hotline.tickets.precedents import Precedents, precedents
from hotline.work import Work

PROPOSED = 3


@dataclass(frozen=True)
class Proposed:
    """A category that the text may be about, and the words that speak for it."""

    code: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """`category` is what was routed by, chosen or found; `goes_by_itself`: nobody would have been asked."""

    segments: tuple[str, ...]
    view: triage.Triage
    proposed: tuple[Proposed, ...]
    category: str | None
    area: str | None
    explanation: routing.Explanation | None
    goes_by_itself: bool
    precedents: Precedents


def try_out(work: Work, text: str, address: str = "", *, category: str | None = None) -> Trial:
    """Take `text` through every step. Nothing is stored; a few queries, none for more than one category."""
    view = triage.suggest(work, text, address, category=category)
    chosen = category or view.category
    area = view.place.area.code if view.place else None
    return Trial(
        segments=tuple(word for word in _segmenter_of(work.city).cut(text) if word.strip()),
        view=view,
        proposed=_proposed(work.city, text, view.suggestion),
        category=chosen,
        area=area,
        explanation=triage.explain(work, chosen, area, triage.words_of(address, text)) if chosen else None,
        goes_by_itself=category is None and automatic.choice_of(work, view) is not None and area is not None,
        precedents=precedents(work, chosen, text),
    )


def _proposed(city: City, text: str, said: classifier.Suggestion) -> tuple[Proposed, ...]:
    first = said.categories[0].code if said.categories else None
    return tuple(
        Proposed(one.code, one.probability, _words(city, text, one.code, said if one.code == first else None))
        for one in said.categories[:PROPOSED]
    )


def _words(city: City, text: str, code: str, said: classifier.Suggestion | None) -> tuple[str, ...]:
    """Return the words that spoke for a category; without a model only those of the first are known."""
    if said:
        words = said.words
    elif city.classifier:
        words = classifier.explain(city.classifier, text, code)
    else:
        words = ()
    return tuple(word.word for word in words)


def _segmenter_of(city: City) -> classifier.Segmenter:
    """Return what cuts for the model, else one that knows the names of the city."""
    if city.classifier:
        return city.classifier.segmenter
    return _made(city.names)


@lru_cache(maxsize=1)
def _made(words: tuple[str, ...]) -> classifier.Segmenter:
    return classifier.segmenter(words=words)
