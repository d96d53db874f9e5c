"""What the model sees of a text: words and short runs of characters, each by a number, weighed by rarity.

A vocabulary holds numbers and no words. The number of a run of characters can be turned back into them: who
teaches by texts that name people leaves rare runs out (`Recipe.least`). Characters carry most where there are
ten examples a category; words add the dictionary; the opening, which is a title where there is one, counts
once more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from classifier.personal import mask
from classifier.repetition import once
from classifier.text import Folded, fold, normalise

# A longer text says what it is about in its beginning; what follows would only cost time.
READ_AT_MOST = 4_000
# A character has 21 bits: three of them fit into one number exactly.
_BITS = np.uint64(21)
LONGEST_RUN = 3

Cut = Callable[[str], list[str]]
Terms = NDArray[np.uint64]
_NONE = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True)
class Recipe:
    """Which terms count, and how much. `least`: in so many texts a run of several must occur to count.

    `opening`: how many characters count once more as an opening; 0 for none.
    """

    characters: int = 2
    words: int = 1
    word_weight: float = 0.4
    opening: int = 0
    opening_weight: float = 0.5
    least: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.characters <= LONGEST_RUN or self.words not in (1, 2):
            raise ValueError(f"runs of 1 to {LONGEST_RUN} characters and of 1 or 2 words, not {self}")


@dataclass(frozen=True)
class Reading:
    """A text as the model takes it: normalised, and its words, which stand in it in this order."""

    text: str
    words: tuple[str, ...]


def folded(text: str) -> Folded:
    """What `reading` makes of `text`, with the way back to where it stood."""
    return fold(mask(once(text)[:READ_AT_MOST]))


def reading(text: str, cut: Cut) -> Reading:
    """Read a text as it was said or written."""
    plain = normalise(mask(once(text)[:READ_AT_MOST]))
    return Reading(plain, tuple(word for word in cut(plain) if not word.isspace()))


def reading_of_tokens(tokens: Iterable[str]) -> Reading:
    """Read a text that was cut before, and perhaps robbed of its commonest words."""
    words = tuple(word for token in tokens if (word := normalise(mask(token))))
    return Reading("".join(words), words)


def characters_of(text: str, longest: int) -> list[Terms]:
    """The numbers of the runs of one character, of two, … as they stand in `text`, repeats included."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    runs = [points]
    for length in range(2, longest + 1):
        runs.append((runs[-1][:-1] << _BITS) | points[length - 1 :] if len(points) >= length else _NONE)
    return runs


def words_of(words: Sequence[str], longest: int) -> list[Terms]:
    """The numbers of the words as they stand, and for `longest` 2 also of the pairs of neighbours."""
    single = np.fromiter((crc32(word.encode()) for word in words), dtype=np.uint64, count=len(words))
    pairs = (single[:-1] << np.uint64(32)) | single[1:]
    return [single, pairs][:longest]


@dataclass(frozen=True)
class Row:
    """One text: the columns of its features, each once, and how much each weighs."""

    places: NDArray[np.intp]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one kind by their numbers, rising; each stands in the column of its place."""

    terms: Terms
    rarities: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.terms.shape != self.rarities.shape or (self.terms[1:] <= self.terms[:-1]).any():
            raise ValueError(f"{self.terms.shape} terms, which must rise, and {self.rarities.shape} rarities")

    @classmethod
    def fit(cls, texts: Sequence[Sequence[Terms]], least: int) -> "Vocabulary":
        """Learn from the terms of each text. A term of all texts still counts, one of few counts more."""
        terms, texts_with = np.unique(
            np.concatenate([np.unique(run) for runs in texts for run in runs] or [_NONE]), return_counts=True
        )
        single = np.unique(np.concatenate([runs[0] for runs in texts] or [_NONE]))
        kept = (texts_with >= least) | np.isin(terms, single, assume_unique=True)
        rarities = np.log((1 + len(texts)) / (1 + texts_with[kept])) + 1
        return cls(terms[kept], rarities.astype(np.float32))

    def __len__(self) -> int:
        return len(self.terms)

    def places(self, terms: Terms) -> NDArray[np.intp]:
        """The column of each term, -1 for one that is not known."""
        if not len(self.terms):
            return np.full(len(terms), -1, dtype=np.intp)
        at = np.searchsorted(self.terms, terms).clip(max=len(self.terms) - 1)
        return np.where(self.terms[at] == terms, at, -1)

    def row(self, runs: Sequence[Terms]) -> Row:
        """Weigh the known terms, said once or many times, as a vector of length 1."""
        said, often = np.unique(np.concatenate(runs), return_counts=True)
        at = self.places(said)
        known = at >= 0
        places = at[known]
        weights = (1 + np.log(often[known], dtype=np.float32)) * self.rarities[places]
        length = np.sqrt((weights * weights).sum())
        return Row(places, weights / length if len(places) else weights)


@dataclass(frozen=True)
class Features:
    """Columns are the words', then the characters', then those of the opening in the same order."""

    recipe: Recipe
    blocks: tuple[Vocabulary, ...]

    @classmethod
    def fit(cls, readings: Sequence[Reading], recipe: Recipe) -> "Features":
        """Learn the terms and the rarities."""
        texts = [list(_runs(one, recipe)) for one in readings]
        return cls(
            recipe,
            tuple(Vocabulary.fit(list(block), recipe.least) for block in zip(*texts, strict=True)),
        )

    @classmethod
    def restore(cls, recipe: Recipe, state: Mapping[str, Any]) -> "Features":
        """Make the features that `state` was taken from. Raises KeyError or ValueError when it is broken."""
        return cls(
            recipe,
            tuple(
                Vocabulary(state[f"terms{number}"], state[f"rarities{number}"])
                for number in range(len(_weights(recipe)))
            ),
        )

    def state(self) -> dict[str, Any]:
        """Arrays that, with the recipe, say everything."""
        return {
            name: values
            for number, block in enumerate(self.blocks)
            for name, values in ((f"terms{number}", block.terms), (f"rarities{number}", block.rarities))
        }

    def __len__(self) -> int:
        return sum(map(len, self.blocks))

    def knows(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Tell of each word whether it occurred in what the features were learned from."""
        return self.blocks[0].places(words_of(words, 1)[0]) >= 0

    def row(self, one: Reading) -> Row:
        """The whole text: blocks side by side."""
        places, weights, start = [], [], 0
        for block, runs, weight in zip(
            self.blocks, _runs(one, self.recipe), _weights(self.recipe), strict=True
        ):
            row = block.row(runs)
            places.append(row.places + start)
            weights.append(row.weights * np.float32(weight))
            start += len(block)
        return Row(np.concatenate(places), np.concatenate(weights))


def _weights(recipe: Recipe) -> tuple[float, ...]:
    whole = (recipe.word_weight, 1.0)
    return (*whole, *(weight * recipe.opening_weight for weight in whole)) if recipe.opening else whole


def _runs(one: Reading, recipe: Recipe) -> Iterator[list[Terms]]:
    """Yield the runs of each block."""
    words, characters = words_of(one.words, recipe.words), characters_of(one.text, recipe.characters)
    yield words
    yield characters
    if recipe.opening:
        yield words_of(_opening(one.words, recipe.opening), recipe.words)
        yield [run[: recipe.opening] for run in characters]


def _opening(words: Sequence[str], length: int) -> Sequence[str]:
    """The words that begin within the first `length` characters."""
    ends = np.cumsum([0, *map(len, words)])
    return words[: int(np.searchsorted(ends[:-1], length))]
