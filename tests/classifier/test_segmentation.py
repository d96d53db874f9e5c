"""One text cut in two ways: what is said of a word is true of its text, and of no more."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import normalise, segmenter
from classifier.corpus import read_corpus
from classifier.segmentation import CONTEXT, places
from tests.classifier.oddities import strange
from tests.classifier.test_text import CLASSIFIER

NEW = "飞线充电"
TEXT = "楼道里飞线充电,一楼门厅也飞线充电"


@st.composite
def cuttings(draw):
    """A text and the pieces of two ways to cut it; few characters, so that words repeat and overlap."""
    text = draw(st.text("路灯不亮", min_size=1, max_size=12))
    return text, *(_pieces(text, draw(st.sets(st.integers(1, len(text))))) for _ in range(2))


def _pieces(text, cuts):
    return [text[start:end] for start, end in pairwise(sorted({0, len(text), *cuts}))]


WORDS = st.text("路灯不亮", min_size=1, max_size=4)


@given(cuttings(), WORDS)
def test_the_pieces_of_a_place_join_to_the_same_text_with_the_word_in_it(cutting, word):
    text, before, after = cutting

    for place in places(word, before, after):
        stretch = "".join(place.before)
        assert "".join(place.after) == stretch
        assert word in stretch
        assert f"{place.lead}{stretch}{place.trail}" in text


@given(cuttings(), WORDS)
def test_every_place_of_the_word_is_found_and_no_other(cutting, word):
    text, before, after = cutting

    assert len(list(places(word, before, after))) == text.count(word)


@given(cuttings(), WORDS)
def test_what_is_cut_alike_has_not_changed(cutting, word):
    _, before, after = cutting

    assert not any(place.is_changed for place in places(word, before, before))
    assert before != after or not any(place.is_changed for place in places(word, before, after))


@given(cuttings(), WORDS)
def test_a_place_reaches_no_further_than_the_next_cut_that_both_ways_have(cutting, word):
    _, before, after = cutting

    for place in places(word, before, after):
        stretch = "".join(place.before)
        shared = _inner_cuts(place.before) & _inner_cuts(place.after)
        # Such a cut lies inside the word, or the place would have ended there.
        assert any(
            shared <= set(range(at + 1, at + len(word)))
            for at in range(len(stretch))
            if stretch.startswith(word, at)
        )


def _inner_cuts(pieces):
    return {len("".join(pieces[:number])) for number in range(1, len(pieces))}


@given(cuttings())
def test_a_word_that_does_not_occur_changes_nothing(cutting):
    _, before, after = cutting

    assert list(places("停水", before, after)) == []


def test_a_word_that_becomes_whole_shows_its_pieces_and_a_few_around():
    before = ["小区", "3", "号楼", "楼道", "里", "飞线", "充电", ",", "消防", "来", "管", "一下"]
    after = [*before[:5], NEW, *before[7:]]

    (place,) = places(NEW, before, after)

    assert (place.before, place.after) == (("飞线", "充电"), (NEW,))
    assert (place.lead, place.trail) == ("3号楼楼道里", ",消防来管")
    assert (place.is_changed, place.is_whole) == (True, True)
    assert len(before[1:5]) == CONTEXT


def test_a_neighbour_that_loses_a_character_to_the_word_is_shown_with_it():
    (place,) = places("江大桥", ["市", "长江", "大桥"], ["市", "长", "江大桥"])

    assert (place.before, place.after) == (("长江", "大桥"), ("长", "江大桥"))


@pytest.mark.parametrize(("word", "after"), [("路灯", ["路灯"]), ("", ["路灯", "不亮"])])
def test_pieces_of_two_texts_are_not_compared_nor_any_around_nothing(word, after):
    with pytest.raises(ValueError, match="one text"):
        list(places(word, ["路灯", "不亮"], after))


# ---------------------------------------------------------------- the segmenters themselves


@pytest.fixture(scope="module", params=["jieba", "rjieba"])
def ways(request):
    """How texts are cut without a word and with it."""
    pytest.importorskip(request.param)
    return segmenter(request.param).cut, segmenter(request.param, [NEW]).cut


@given(text=strange().map(normalise))
def test_a_segmenter_loses_no_character(ways, text):
    assert {"".join(cut(text)) for cut in ways} == {text}


def test_a_word_is_whole_wherever_it_stands_once_it_is_known(ways):
    cut, cut_then = ways

    found = list(places(NEW, cut(TEXT), cut_then(TEXT)))

    assert [(place.is_changed, place.is_whole) for place in found] == [(True, True)] * 2


def test_of_a_thousand_texts_without_the_word_one_is_cut_otherwise_where_two_ways_were_as_likely(ways):
    cut, cut_then = ways
    texts = [normalise(one.text) for one in read_corpus(CLASSIFIER / "corpus")]

    others = [text for text in texts if NEW not in text and cut(text) != cut_then(text)]

    assert len(others) <= len(texts) / 1000
