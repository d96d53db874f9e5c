import pytest
from hypothesis import given, settings

from classifier import Emergency, Keywords, Kind, Risk, Urgency, suggest
from classifier.wording import AT_MOST
from tests.classifier.examples import A_COMPLAINT, keywords, model, taxonomy, texts
from tests.support.pace import is_linear


def suggested(text, model=None):
    return suggest(text, taxonomy=taxonomy(), keywords=keywords(), model=model)


def test_a_model_suggests_with_its_words_and_the_elements():
    suggestion = suggested(A_COMPLAINT, model())

    assert suggestion.categories[0].code == "0101"
    assert "打桩" in [word.word for word in suggestion.words]
    assert suggestion.kind is Kind.COMPLAINT
    assert suggestion.elements.where is not None


def test_without_a_model_words_judge_alone_and_never_surely():
    suggestion = suggested("工地打桩，夜间施工，还有泥头车")

    assert suggestion.categories[0].code == "0101"
    assert {word.word for word in suggestion.words} >= {"打桩", "夜间施工", "泥头车"}
    assert sum(scored.probability for scored in suggestion.categories) <= AT_MOST


def test_no_category_when_no_word_says_anything():
    assert suggested("今天天气不错").categories == ()


@pytest.mark.parametrize("text", ["", " ", "水", "!", "？？？？", "\x00\x01", "😀" * 50])
@pytest.mark.parametrize("trained", [True, False])
def test_too_little_text_suggests_no_category(text, trained):
    suggestion = suggested(text, model() if trained else None)

    assert suggestion.categories == ()
    assert suggestion.words == ()
    assert suggestion.urgency is Urgency.NORMAL


def test_emergencies_and_risks_are_named_once():
    suggestion = suggested("有人要跳楼，快来，真的要跳楼")

    assert suggestion.emergencies == (Emergency.POLICE,)
    assert suggestion.risks == (Risk.SELF_HARM,)


def test_an_emergency_is_critical_whatever_it_is_about():
    assert suggested("有人要跳楼").urgency is Urgency.CRITICAL


def test_a_sure_category_brings_its_urgency():
    assert suggested(A_COMPLAINT, model()).urgency is Urgency.URGENT


def test_a_guess_does_not_bring_its_urgency():
    assert suggested("工地打桩").urgency is Urgency.NORMAL


def test_an_urgent_word_counts_without_a_category():
    assert suggested("闻到煤气味").urgency is Urgency.CRITICAL


def test_a_category_that_left_the_taxonomy_is_not_suggested():
    smaller = taxonomy()
    kept = type(smaller)({code: c for code, c in smaller.categories.items() if code != "0101"})

    suggestion = suggest(A_COMPLAINT, taxonomy=kept, keywords=Keywords(), model=model())

    assert "0101" not in [scored.code for scored in suggestion.categories]


@pytest.mark.parametrize("trained", [True, False])
def test_a_long_text_is_read_in_linear_time(trained):
    taught = model() if trained else None

    assert is_linear(lambda text: suggested(text, taught), A_COMPLAINT)


@settings(deadline=None)
@given(texts())
def test_every_place_lies_in_the_text(text):
    for trained in (None, model()):
        suggestion = suggested(text, trained)
        places = [*suggestion.words, *suggestion.hits]
        places += [place for place in vars(suggestion.elements).values() if place is not None]
        assert all(0 <= place.start < place.end <= len(text) for place in places)
