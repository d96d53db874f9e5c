import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Scored, threshold_for
from classifier.evaluation import calibration_error, coverage_at, evaluate, macro_f1
from classifier.selective import lower_bound


def test_the_threshold_is_the_least_confidence_that_keeps_the_promise():
    confidences = [0.9] * 200 + [0.6] * 200
    correct = [True] * 200 + [True, False] * 100

    assert threshold_for(0.95, confidences, correct) == 0.9


def test_few_cases_open_nothing():
    assert threshold_for(0.95, [0.99] * 20, [True] * 20) is None


def test_no_case_opens_nothing():
    assert threshold_for(0.95, [], []) is None


def test_wrong_predictions_that_are_sure_open_nothing():
    assert threshold_for(0.95, [0.99] * 500, [True, False] * 250) is None


cases = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.8, 0.9, 0.99]), st.booleans()), max_size=400)


@settings(deadline=None)
@given(cases, st.sampled_from([0.5, 0.8, 0.95]))
def test_what_passes_the_threshold_kept_the_promise(found, promise):
    threshold = threshold_for(promise, [sure for sure, _ in found], [right for _, right in found])

    if threshold is not None:
        passed = [right for sure, right in found if sure >= threshold]
        assert lower_bound(sum(passed), len(passed)) >= promise
        assert sum(passed) / len(passed) >= promise


def test_perfect_predictions_score_one():
    predictions = [(Scored("a", 1.0), Scored("b", 0.0)), (Scored("b", 1.0),)]

    figures = evaluate(predictions, ["a", "b"])

    assert figures == {
        "top1": 1, "top3": 1, "top5": 1, "macro_f1": 1, "ece": 0, "coverage_95": 1, "coverage_98": 1,
    }  # fmt: skip


def test_an_empty_prediction_is_wrong_and_not_sure():
    figures = evaluate([()], ["a"])

    assert figures["top1"] == figures["top5"] == figures["macro_f1"] == figures["ece"] == 0


def test_macro_f1_counts_every_category_alike():
    assert macro_f1(["a", "a", "a", "a"], ["a", "a", "a", "b"]) == pytest.approx((6 / 7 + 0) / 2)


def test_calibration_error_is_the_gap_between_saying_and_being_right():
    assert calibration_error(np.full(10, 0.9), np.array([True] * 5 + [False] * 5)) == pytest.approx(0.4)


def test_coverage_is_the_share_that_can_go_without_a_person():
    correct = np.array([True, True, False, True])

    assert coverage_at(0.95, np.array([0.9, 0.8, 0.7, 0.6]), correct) == 0.5
