"""A category without an example is suggested by what the city calls it."""

import pytest

from classifier import segmenter, suggest
from classifier.training import train
from tests.classifier.examples import COMPLAINTS, keywords, taxonomy, the_hints

IN_ITS_WORDS = {
    "0101": "夜间施工打桩",
    "0102": "楼下跳舞的音响",
    "0201": "自来水没水",
    "0202": "闻到天然气，怕是燃气泄漏",
}


def taught_without(code):
    examples = [one for one in COMPLAINTS if one[0] != code]
    labels, texts = zip(*examples, strict=True)
    return train(texts, labels, segmenter=segmenter(), hints=the_hints())


@pytest.mark.parametrize(("code", "text"), IN_ITS_WORDS.items())
def test_a_category_without_examples_is_known_by_its_words(code, text):
    suggestion = suggest(text, taxonomy=taxonomy(), keywords=keywords(), model=taught_without(code))

    assert suggestion.categories[0].code == code


def test_a_category_without_examples_is_known_by_a_keyword_rule():
    suggestion = suggest("泥头车", taxonomy=taxonomy(), keywords=keywords(), model=taught_without("0101"))

    assert suggestion.categories[0].code == "0101"


@pytest.mark.parametrize(("code", "text"), IN_ITS_WORDS.items())
def test_before_a_model_is_taught_the_words_alone_suggest_it(code, text):
    suggestion = suggest(text, taxonomy=taxonomy(), keywords=keywords(), model=None)

    assert suggestion.categories[0].code == code
