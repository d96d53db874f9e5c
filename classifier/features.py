"""What the model sees of a text: its words and its runs of one and two characters, weighted by rarity.

Characters carry most where there are ten examples a category; words add the dictionary.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.personal import mask
from classifier.text import Folded, fold

# A longer text says what it is about in its beginning; what follows would only cost time.
READ_AT_MOST = 4_000

WORD_WEIGHT = 0.4
CHARACTER_RUNS = (1, 2)

Cut = Callable[[str], list[str]]
_SPACES = re.compile(r"\s\s+")


def reading(text: str) -> Folded:
    """The part of `text` that the model reads: normalised, personal data masked, with the way back."""
    return fold(mask(text[:READ_AT_MOST]))


@dataclass(frozen=True)
class Row:
    """One text: the columns of its features, each once, and how much each weighs."""

    places: NDArray[np.intp]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one kind: in which column each stands, and how rare it is among the texts."""

    places: Mapping[str, int]
    rarities: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[Counter[str]]) -> "Vocabulary":
        """Learn from what each text holds. A term of all texts still counts, one of few counts more."""
        texts_with = Counter(term for text in texts for term in text)
        terms = sorted(texts_with)
        shares = np.array([texts_with[term] for term in terms], dtype=np.float64)
        rarities = np.log((1 + len(texts)) / (1 + shares)) + 1
        return cls.of(terms, rarities.astype(np.float32))

    @classmethod
    def of(cls, terms: Iterable[str], rarities: NDArray[np.float32]) -> "Vocabulary":
        """Raises ValueError when there is not one rarity for each term."""
        places = {term: place for place, term in enumerate(terms)}
        if rarities.shape != (len(places),):
            raise ValueError(f"{len(places)} terms but rarities of shape {rarities.shape}")
        return cls(places, rarities)

    def row(self, counts: Counter[str]) -> Row:
        """Weigh the known terms, said once or many times, as a vector of length 1."""
        found = [
            (place, count) for term, count in counts.items() if (place := self.places.get(term)) is not None
        ]
        places = np.array([place for place, _ in found], dtype=np.intp)
        often = np.array([count for _, count in found], dtype=np.float32)
        weights = (1 + np.log(often)) * self.rarities[places]
        length = np.sqrt((weights * weights).sum())
        return Row(places, weights / length if len(found) else weights)


@dataclass(frozen=True)
class Features:
    """Columns are words first, then characters."""

    words: Vocabulary
    characters: Vocabulary

    @classmethod
    def fit(cls, texts: Sequence[str], cut: Cut) -> "Features":
        """Learn the terms and the rarities of normalised texts."""
        return cls(
            Vocabulary.fit([_words(text, cut) for text in texts]),
            Vocabulary.fit([_characters(text) for text in texts]),
        )

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> "Features":
        """Make the features that `state` was taken from. Raises KeyError or ValueError when it is broken."""
        return cls(
            Vocabulary.of(state["words"].split("\n"), state["word_rarities"]),
            Vocabulary.of(state["characters"].split("\n"), state["character_rarities"]),
        )

    def state(self) -> dict[str, Any]:
        """Plain values that say everything. No term holds a line break: normalised text has none."""
        return {
            "words": "\n".join(self.words.places),
            "characters": "\n".join(self.characters.places),
            "word_rarities": self.words.rarities,
            "character_rarities": self.characters.rarities,
        }

    def __len__(self) -> int:
        return len(self.words.places) + len(self.characters.places)

    def rows(self, texts: Iterable[str], cut: Cut) -> Iterator[Row]:
        """Yield one row a text. `texts` are normalised (see `reading`)."""
        for text in texts:
            words, characters = self.words.row(_words(text, cut)), self.characters.row(_characters(text))
            yield Row(
                np.concatenate([words.places, characters.places + len(self.words.places)]),
                np.concatenate([words.weights * np.float32(WORD_WEIGHT), characters.weights]),
            )


def _words(text: str, cut: Cut) -> Counter[str]:
    return Counter(part for word in cut(text) for part in word.split())


def _characters(text: str) -> Counter[str]:
    text = _SPACES.sub(" ", text)
    return Counter(
        text[start : start + length]
        for length in range(CHARACTER_RUNS[0], CHARACTER_RUNS[1] + 1)
        for start in range(len(text) - length + 1)
    )
