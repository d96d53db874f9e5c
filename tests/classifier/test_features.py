"""Words and characters, weighed as scikit-learn's vectorizers weigh them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier import normalise, segmenter
from classifier.features import (
    LONGEST_RUN,
    Features,
    Recipe,
    Vocabulary,
    characters_of,
    reading,
    reading_of_tokens,
    words_of,
)
from tests.classifier.examples import A_COMPLAINT, COMPLAINTS, texts

CUT = segmenter().cut
READ = [reading(text, CUT) for _, text in COMPLAINTS]
RICH = Recipe(characters=3, words=2, opening=8, least=1)
STRANGE = ["停水停水停水", "a  b   c", "没有一个字认得 zzz", "", "𠀀𠀁𠀂", "水"]


def dense(features, read):
    row = features.row(read)
    values = np.zeros(len(features))
    values[row.places] = row.weights
    return np.sort(values[values > 0])


def by_scikit_learn(read, recipe):
    rows = [*READ, read]
    kinds = [
        ("word", recipe.word_weight, [" ".join(one.words) for one in rows]),
        ("char", 1.0, [one.text for one in rows]),
    ]
    found = []
    for analyzer, weight, documents in kinds:
        longest = recipe.words if analyzer == "word" else recipe.characters
        counter = TfidfVectorizer(
            analyzer=analyzer,
            token_pattern=r"\S+" if analyzer == "word" else None,
            ngram_range=(1, longest),
            lowercase=False,
            sublinear_tf=True,
        )
        counter.fit(documents[:-1])
        found.append(counter.transform(documents[-1:]).toarray()[0] * weight)
    values = np.concatenate(found)
    return np.sort(values[values > 0])


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(characters=3, words=2)])
@pytest.mark.parametrize("text", [A_COMPLAINT, *STRANGE])
def test_a_text_weighs_what_scikit_learn_makes_of_it(text, recipe):
    read = reading(text, CUT)

    assert dense(Features.fit(READ, recipe), read) == pytest.approx(by_scikit_learn(read, recipe), abs=1e-5)


@pytest.mark.parametrize("recipe", [Recipe(), RICH])
def test_what_was_stored_weighs_the_same(recipe):
    features = Features.fit(READ, recipe)

    restored = Features.restore(recipe, features.state())

    assert (dense(restored, READ[0]) == dense(features, READ[0])).all()


@pytest.mark.parametrize("terms", [[2, 1], [1, 1], [1, 2, 3]])
def test_a_vocabulary_that_does_not_rise_or_fit_is_refused(terms):
    with pytest.raises(ValueError, match="must rise"):
        Vocabulary(np.array(terms, dtype=np.uint64), np.ones(2, dtype=np.float32))


@pytest.mark.parametrize("wrong", [{"characters": 0}, {"characters": 4}, {"words": 0}, {"words": 3}])
def test_a_recipe_beyond_what_a_number_holds_is_refused(wrong):
    with pytest.raises(ValueError, match="runs of"):
        Recipe(**wrong)


@settings(deadline=None)
@given(texts())
def test_two_runs_of_characters_have_one_number_only_when_they_are_the_same(text):
    text = normalise(text)
    seen = {}
    for length, run in enumerate(characters_of(text, LONGEST_RUN), start=1):
        for start, number in enumerate(run.tolist()):
            piece = text[start : start + length]
            assert seen.setdefault(number, piece) == piece


def test_pairs_of_words_are_told_from_single_ones():
    single, pairs = words_of(["路灯", "不亮", "路灯"], 2)

    assert len(set(single.tolist()) | set(pairs.tolist())) == 4


def test_an_opening_counts_its_terms_once_more():
    features = Features.fit(READ, RICH)
    opening = features.row(READ[0]).places[-1]

    assert opening >= len(features.blocks[0]) + len(features.blocks[1])


def test_runs_rarer_than_the_least_are_left_out_but_never_single_words():
    read = [reading_of_tokens(tokens) for tokens in (["路灯", "坏"], ["路灯", "坏"], ["水管", "爆"])]

    features = Features.fit(read, Recipe(words=2, least=2))

    assert features.knows(["路灯", "水管", "爆", "没见过"]).tolist() == [True, True, True, False]
    pair = words_of(["水管", "爆"], 2)[1]
    assert features.blocks[0].places(pair).tolist() == [-1]


@settings(deadline=None)
@given(st.lists(texts(), max_size=5))
def test_tokens_are_read_like_a_text_without_what_was_left_out(tokens):
    read = reading_of_tokens(tokens)

    assert read.text == "".join(read.words)
