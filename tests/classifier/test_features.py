"""Words and characters, weighed as scikit-learn's vectorizers weigh them."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier import segmenter
from classifier.features import WORD_WEIGHT, Features, Vocabulary, reading
from tests.classifier.examples import A_COMPLAINT, COMPLAINTS

TEXTS = [reading(text).text for _, text in COMPLAINTS]
CUT = segmenter().cut


def dense(features: Features, text: str) -> np.ndarray:
    [row] = features.rows([text], CUT)
    values = np.zeros(len(features))
    values[row.places] = row.weights
    return values


def by_scikit_learn(text: str) -> np.ndarray:
    settings = {"lowercase": False, "sublinear_tf": True, "dtype": np.float32}
    words = TfidfVectorizer(token_pattern=r"\S+", **settings)
    words.fit([" ".join(CUT(one)) for one in TEXTS])
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), **settings).fit(TEXTS)
    return np.concatenate(
        [
            words.transform([" ".join(CUT(text))]).toarray()[0] * WORD_WEIGHT,
            characters.transform([text]).toarray()[0],
        ]
    )


@pytest.mark.parametrize(
    "text", [TEXTS[0], reading(A_COMPLAINT).text, "停水停水停水", "a  b   c", "没有一个字认得 zzz", ""]
)
def test_a_text_weighs_what_scikit_learn_makes_of_it(text):
    assert dense(Features.fit(TEXTS, CUT), text) == pytest.approx(by_scikit_learn(text), abs=1e-6)


def test_what_was_stored_weighs_the_same():
    features = Features.fit(TEXTS, CUT)

    restored = Features.restore(features.state())

    assert (dense(restored, TEXTS[0]) == dense(features, TEXTS[0])).all()


def test_a_vocabulary_whose_rarities_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 terms"):
        Vocabulary.of(["水", "电"], np.ones(3, dtype=np.float32))
