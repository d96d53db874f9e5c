import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Span, normalise
from classifier.text import fold
from tests.classifier.examples import texts


def test_full_width_forms_become_plain_ones():
    assert normalise("ＡＢＣ１２３（号）：") == "abc123(号):"


def test_white_space_is_one_space_and_none_at_the_edges():
    assert normalise("\u3000停水 \r\n\t 两天\u00a0") == "停水 两天"


def test_control_and_invisible_characters_vanish():
    assert normalise("停\x00水\u200b了\ufeff") == "停水了"


def test_a_lone_surrogate_vanishes():
    assert normalise("停\ud83d水") == "停水"


def test_traditional_characters_stay_as_they_are():
    assert normalise("噪聲") == "噪聲"


def test_every_character_folds_to_a_form_that_stays():
    everything = "x".join(chr(codepoint) for codepoint in range(sys.maxunicode // 8))

    once = normalise(everything)

    assert normalise(once) == once


@settings(deadline=None)
@given(texts())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)

    assert normalise(once) == once
    assert fold(text).text == once


@settings(deadline=None)
@given(texts(), st.data())
def test_the_way_back_leads_to_the_same_characters(text, data):
    folded = fold(text)
    if not folded.text:
        return

    start = data.draw(st.integers(0, len(folded.text) - 1))
    place = folded.original(Span(start, start + 1))

    assert 0 <= place.start < place.end <= len(text)
    assert folded.text[start] in fold("x" + place.of(text) + "x").text
