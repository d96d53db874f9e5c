"""The words that carried a suggestion."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.features import characters_of, folded, words_of
from classifier.model import Model
from classifier.text import Span

# A word that brought less than this share of all that spoke for the category explains nothing.
_LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Word:
    """The place is in the text as given. `weight` in `explain`: the share of all that spoke for it."""

    word: str
    weight: float
    start: int
    end: int


def explain(model: Model, text: str, code: str, top: int = 5) -> tuple[Word, ...]:
    """The words of `text` that spoke most for category `code`, strongest first; a repeated word once."""
    spoke = [word for word in moves(model, text, code) if word.weight > 0]
    total = sum(word.weight for word in spoke)
    strong = [
        replace(word, weight=word.weight / total) for word in spoke if word.weight > _LEAST_SHARE * total
    ]
    return tuple(strong[:top])


def moves(model: Model, text: str, code: str) -> list[Word]:
    """Every word of `text` with how far it moved `code` against the average category, from for to against.

    A repeated word stands once, with its strongest place. Empty for a category that the model does not know.
    """
    if code not in model.labels:
        return []
    said = folded(text)
    spans = tuple(_word_spans(model.segmenter.cut(said.text), said.text))
    gains = _gains(model, said.text, spans, model.labels.index(code))
    found = {span: float(gains[span.start : span.end].sum()) for span in spans}
    words: dict[str, Word] = {}
    for span, gain in sorted(found.items(), key=lambda item: (-abs(item[1]), item[0])):
        word = span.of(said.text)
        if word not in words:
            place = said.original(span)
            words[word] = Word(word, gain, place.start, place.end)
    return sorted(words.values(), key=lambda word: -word.weight)


def _word_spans(words: list[str], text: str) -> Iterator[Span]:
    """Where each word stands; punctuation is left out."""
    at = 0
    for word in words:
        at = text.index(word, at)
        if any(character.isalnum() for character in word):
            yield Span(at, at + len(word))
        at += len(word)


def _gains(model: Model, text: str, spans: tuple[Span, ...], column: int) -> NDArray[np.float64]:
    """How much each character moved the category against the average one.

    What a term brought is shared by the places where it stands, and there by its characters.
    """
    row = model.features.row(model.read(text))
    weights = model.weights[row.places].astype(np.float32)
    moved = np.zeros(len(model.features) + 1)
    moved[row.places] = row.weights * (weights[:, column] - weights.mean(axis=1))
    gains = np.zeros(len(text) + 1)
    words, characters = model.features.blocks[:2]
    [single] = words_of([span.of(text) for span in spans], 1)
    edges = np.array([(span.start, span.end) for span in spans], dtype=np.intp).reshape(-1, 2)
    _share(gains, moved, words.places(single), edges)
    for length, run in enumerate(characters_of(text, model.features.recipe.characters), start=1):
        begins = np.arange(len(run))
        places = characters.places(run)
        shifted = np.where(places >= 0, places + len(words), -1)
        _share(gains, moved, shifted, np.stack([begins, begins + length], axis=1))
    return gains[:-1].cumsum()


def _share(
    gains: NDArray[np.float64],
    moved: NDArray[np.float64],
    places: NDArray[np.intp],
    edges: NDArray[np.intp],
) -> None:
    """Add what the features at `places` moved to the slopes at their `edges`: the running sum is the gain."""
    often = np.bincount(places[places >= 0], minlength=1)
    known = places >= 0
    each = moved[places[known]] / often[places[known]]
    begins, ends = edges[known].T
    np.add.at(gains, begins, each / (ends - begins))
    np.add.at(gains, ends, -each / (ends - begins))
