"""What the model sees of a text: its words and its runs of one and two characters, weighted by rarity.

Characters carry most where there are ten examples a category; words add the dictionary.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.personal import mask
from classifier.text import Folded, fold

# A longer text says what it is about in its beginning; what follows would only cost time.
READ_AT_MOST = 4_000

WORD_WEIGHT = 0.4
CHARACTER_RUNS = (1, 2)


def reading(text: str) -> Folded:
    """The part of `text` that the model reads: normalised, personal data masked, with the way back."""
    return fold(mask(text[:READ_AT_MOST]))


@dataclass(frozen=True)
class Features:
    """Two fitted vectorizers; columns are words first, then characters."""

    words: TfidfVectorizer
    characters: TfidfVectorizer

    @classmethod
    def fit(cls, texts: Sequence[str], cut: Callable[[str], list[str]]) -> "Features":
        """Learn the vocabulary and the rarities of normalised texts."""
        words = _words().fit([_spaced(cut, text) for text in texts])
        return cls(words, _characters().fit(texts))

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> "Features":
        """Make the features that `state` was taken from. Raises KeyError or ValueError when it is broken."""
        words = _words(state["words"].split("\n"))
        characters = _characters(state["characters"].split("\n"))
        words.idf_, characters.idf_ = state["word_rarities"], state["character_rarities"]
        return cls(words, characters)

    def state(self) -> dict[str, Any]:
        """Plain values that say everything. No term holds a line break: normalised text has none."""
        return {
            "words": "\n".join(self.words.get_feature_names_out()),
            "characters": "\n".join(self.characters.get_feature_names_out()),
            "word_rarities": self.words.idf_,
            "character_rarities": self.characters.idf_,
        }

    def matrix(self, texts: Sequence[str], cut: Callable[[str], list[str]]) -> Any:
        """Sparse rows, one a text. `texts` are normalised (see `reading`)."""
        words = self.words.transform([_spaced(cut, text) for text in texts])
        characters = self.characters.transform(texts)
        return sparse.hstack([words * np.float32(WORD_WEIGHT), characters], format="csr")


def _spaced(cut: Callable[[str], list[str]], text: str) -> str:
    return " ".join(word for word in cut(text) if not word.isspace())


def _words(vocabulary: Iterable[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=r"\S+",  # noqa: S106 -- a pattern, not a password
        vocabulary=vocabulary,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
    )


def _characters(vocabulary: Iterable[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=CHARACTER_RUNS,
        vocabulary=vocabulary,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
    )
