from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.lexicon import Lexicon

words = st.text(alphabet="甲乙丙", min_size=2, max_size=4)


def test_the_longest_of_several_names_is_found():
    lexicon = Lexicon({"望湖": "district", "望湖公园": "park"})

    assert [hit.meaning for hit in lexicon.hits("望湖公园在望湖")] == ["park", "district"]


def test_a_name_of_one_character_is_refused():
    with pytest.raises(ValueError, match="too short"):
        Lexicon({"湖": 1})


@settings(deadline=None)
@given(st.sets(words, max_size=6), st.text(alphabet="甲乙丙丁", max_size=30))
def test_what_is_found_stands_there_in_order_and_apart(names, text):
    hits = list(Lexicon({name: name for name in names}).hits(text))

    assert all(text[hit.start : hit.end] == hit.meaning for hit in hits)
    assert all(before.end <= after.start for before, after in pairwise(hits))
    assert bool(hits) == any(name in text for name in names)
