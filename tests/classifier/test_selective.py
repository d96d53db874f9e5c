import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Scored
from classifier.evaluation import calibration_error, coverage_at, evaluate, macro_f1
from classifier.selective import Gate, Promise, gate_for, lower_bound

PROMISE = Promise(precision=0.97, confidence=0.95)


def test_ninety_nine_faultless_decisions_are_the_fewest_that_prove_97_percent():
    assert gate_for(PROMISE, [(0.9, True)] * 98) is None
    assert gate_for(PROMISE, [(0.9, True)] * 99) == Gate(0.9, cases=99, right=99)


def test_the_gate_is_as_wide_as_the_evidence_reaches():
    decisions = [(0.9, True)] * 200 + [(0.6, True), (0.6, False)] * 100

    assert gate_for(PROMISE, decisions) == Gate(0.9, cases=200, right=200)


def test_no_decision_opens_no_gate():
    assert gate_for(PROMISE, []) is None


def test_sure_and_wrong_opens_no_gate():
    assert gate_for(PROMISE, [(0.99, True), (0.99, False)] * 250) is None


def test_luck_further_down_does_not_open_what_failed_above():
    decisions = [(0.99, False)] * 5 + [(0.9, True)] * 300

    assert gate_for(PROMISE, decisions) is None


def test_the_bound_is_that_of_the_tables():
    # Clopper and Pearson's one-sided 95 % bounds: 0.05 ** (1 / 10), and of 9 in 10.
    assert lower_bound(10, 10, 0.95) == pytest.approx(0.7411, abs=1e-4)
    assert lower_bound(9, 10, 0.95) == pytest.approx(0.6058, abs=1e-4)
    assert lower_bound(0, 10, 0.95) == lower_bound(0, 0, 0.95) == 0


cases = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.8, 0.9, 0.99]), st.booleans()), max_size=400)
promises = st.builds(Promise, st.sampled_from([0.5, 0.8, 0.95]), st.sampled_from([0.8, 0.95]))


@settings(deadline=None)
@given(cases, promises)
def test_what_passed_the_gate_proves_the_promise(found, promise):
    gate = gate_for(promise, found)

    if gate is not None:
        passed = [right for sure, right in found if sure >= gate.threshold]
        assert (gate.cases, gate.right) == (len(passed), sum(passed))
        assert lower_bound(gate.right, gate.cases, promise.confidence) >= promise.precision


@settings(deadline=None)
@given(cases, promises, st.randoms())
def test_the_order_of_the_decisions_changes_nothing(found, promise, random):
    shuffled = random.sample(found, len(found))

    assert gate_for(promise, shuffled) == gate_for(promise, found)


def test_a_gate_breaks_its_promise_no_oftener_than_it_says():
    """Of many models just too bad for the promise, only as many as the confidence allows get a gate."""
    chance = np.random.default_rng(1)

    def opens() -> bool:
        sureness = chance.random(400)
        return (
            gate_for(Promise(0.9, 0.95), zip(sureness, chance.random(400) < 0.899, strict=True)) is not None
        )

    assert sum(opens() for _ in range(1000)) <= 70


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
