"""The words that carried a suggestion."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features import CHARACTER_RUNS, reading
from classifier.model import Model
from classifier.text import Span

# A word that brought less than this share of all that spoke for the category explains nothing.
_LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Word:
    """`weight` is the share, 0 to 1, of what spoke for the category; the place is in the text as given."""

    word: str
    weight: float
    start: int
    end: int


def explain(model: Model, text: str, code: str, top: int = 5) -> tuple[Word, ...]:
    """The words of `text` that spoke most for category `code`, strongest first; a repeated word once."""
    if code not in model.labels:
        return ()
    read = reading(text)
    spans = tuple(_word_spans(model.segmenter.cut(read.text), read.text))
    gains = _gains(model, read.text, spans, model.labels.index(code))
    found = {span: float(gains[span.start : span.end].sum()) for span in spans}
    total = sum(gain for gain in found.values() if gain > 0)
    words: dict[str, Word] = {}
    for span, gain in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        word = span.of(read.text)
        if gain > _LEAST_SHARE * total and word not in words:
            place = read.original(span)
            words[word] = Word(word, gain / total, place.start, place.end)
    return tuple(words.values())[:top]


def _word_spans(words: list[str], text: str) -> Iterator[Span]:
    """Where each word stands; punctuation is left out."""
    at = 0
    for word in words:
        at = text.index(word, at)
        if any(character.isalnum() for character in word):
            yield Span(at, at + len(word))
        at += len(word)


def _gains(model: Model, text: str, spans: tuple[Span, ...], column: int) -> NDArray[np.float64]:
    """How much each character moved the category against the average one."""
    [row] = model.features.rows([text], model.segmenter.cut)
    relative = model.weights[row.places, column] - model.weights[row.places].mean(axis=1)
    moved = dict(zip(row.places.tolist(), (row.weights * relative).tolist(), strict=True))
    places = list(_features_of(model, text, spans))
    counts = Counter(feature for feature, _ in places)
    gains = np.zeros(len(text))
    for feature, span in places:
        share = moved.get(feature, 0.0) / counts[feature]
        gains[span.start : span.end] += share / (span.end - span.start)
    return gains


def _features_of(model: Model, text: str, spans: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    words, characters = model.features.words.places, model.features.characters.places
    for span in spans:
        if (feature := words.get(span.of(text))) is not None:
            yield feature, span
    for length in range(CHARACTER_RUNS[0], CHARACTER_RUNS[1] + 1):
        for start in range(len(text) - length + 1):
            if (feature := characters.get(text[start : start + length])) is not None:
                yield feature + len(words), Span(start, start + length)
