import pytest
from hypothesis import given, settings

from classifier import Scored
from classifier.hierarchy import roll_up
from tests.classifier.examples import A_COMPLAINT, model, taxonomy, texts


def all_scored(text):
    [found] = model().predict([text], top=len(model().labels))
    return found


def test_the_first_level_is_as_probable_as_all_below_it():
    scored = [Scored("0101", 0.4), Scored("0201", 0.35), Scored("0202", 0.2), Scored("0102", 0.05)]

    rolled = roll_up(scored, taxonomy())

    assert [one.code for one in rolled] == ["02", "01"]
    assert [one.probability for one in rolled] == pytest.approx([0.55, 0.45])


def test_what_left_the_taxonomy_counts_for_nobody():
    assert roll_up([Scored("0101", 0.6), Scored("0999", 0.4)], taxonomy()) == (Scored("01", 0.6),)


def test_nothing_scored_rolls_up_to_nothing():
    assert roll_up([], taxonomy()) == ()


def test_a_complaint_belongs_where_its_leaf_does():
    assert roll_up(all_scored(A_COMPLAINT), taxonomy())[0].code == "01"


@settings(deadline=None)
@given(texts())
def test_both_levels_share_out_the_same(text):
    scored = all_scored(text)
    rolled = roll_up(scored, taxonomy())

    assert sum(one.probability for one in rolled) == pytest.approx(sum(one.probability for one in scored))
    assert [one.probability for one in rolled] == sorted((one.probability for one in rolled), reverse=True)


@settings(deadline=None)
@given(texts())
def test_no_leaf_is_more_probable_than_its_parent(text):
    scored = all_scored(text)
    above = {one.code: one.probability for one in roll_up(scored, taxonomy())}

    for leaf in scored:
        assert above[taxonomy().lineage(leaf.code)[0].code] >= leaf.probability
