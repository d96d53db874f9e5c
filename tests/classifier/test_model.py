import numpy as np
import pytest
from hypothesis import given, settings

from classifier import BrokenExamples, explain, normalise, segmenter
from classifier.calibration import Calibration
from classifier.training import train
from tests.classifier.examples import A_COMPLAINT, COMPLAINTS, model, teach, texts


def test_a_complaint_is_recognised():
    [found] = model().predict([A_COMPLAINT])

    assert found[0].code == "0101"
    assert found[0].probability > 0.5


def test_the_same_examples_teach_the_same_model():
    assert teach().predict([A_COMPLAINT]) == model().predict([A_COMPLAINT])


def test_a_text_without_a_known_character_gets_no_category():
    assert model().predict(["", "\u2603", " "]) == [(), (), ()]


def test_phone_numbers_are_not_learned():
    labels, complaints = zip(*COMPLAINTS, strict=True)
    with_phones = [f"{text}，电话13800138000" for text in complaints]

    taught = train(with_phones, labels, segmenter=segmenter())

    assert not taught.features.knows(["13800138000"]).any()


def test_two_categories_are_enough():
    labels, complaints = zip(*COMPLAINTS[:8], strict=True)

    taught = train(complaints, labels, segmenter=segmenter())

    assert taught.predict(["半夜打桩", "跳舞的音响"], top=1)[0][0].code == "0101"
    assert taught.predict(["跳舞的音响"], top=1)[0][0].code == "0102"


@pytest.mark.parametrize(
    ("complaints", "labels"),
    [
        ([], []),
        (["停水"], ["0201"]),
        (["停水"] * 9, ["0201"] * 9),
        (["停水"] * 9, ["0201"] * 8 + ["0101"]),
        (["停水", ""] * 5, ["0201", "0101"] * 5),
        (["停水", "打桩"] * 5, ["0201", ""] * 5),
        (["停水", "打桩"], ["0201"]),
    ],
)
def test_examples_that_cannot_teach_are_refused(complaints, labels):
    with pytest.raises(BrokenExamples):
        train(complaints, labels, segmenter=segmenter())


@settings(deadline=None)
@given(texts())
def test_probabilities_fall_and_add_up_to_one_at_most(text):
    [found] = model().predict([text], top=3)

    probabilities = [scored.probability for scored in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1 + 1e-9
    assert len({scored.code for scored in found}) == len(found) <= 3


def test_calibrated_probabilities_keep_the_order_of_the_scores():
    scores = np.array([[-1.0, 0.3, -0.2], [-90.0, -80.0, -99.0]], dtype=np.float32)

    probabilities = Calibration((4.0,), (-1.0,)).probabilities(scores)

    assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert (np.argsort(probabilities[0]) == np.argsort(scores[0])).all()


def test_the_words_of_the_matter_explain_the_category():
    words = [word.word for word in explain(model(), A_COMPLAINT, "0101")]

    assert "打桩" in words


def test_an_unknown_category_is_not_explained():
    assert explain(model(), A_COMPLAINT, "9999") == ()


@settings(deadline=None)
@given(texts())
def test_explaining_words_stand_in_the_text_strongest_first(text):
    words = explain(model(), text, "0101")

    assert [word.weight for word in words] == sorted((word.weight for word in words), reverse=True)
    for word in words:
        # One character may be several once it is folded (¼): the whole of it is marked.
        assert word.word in normalise(text[word.start : word.end]) or "*" in word.word
