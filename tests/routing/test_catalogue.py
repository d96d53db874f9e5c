from datetime import date

import pytest

from routing import BrokenTable
from tests.routing.town import CATALOGUE, CATEGORIES, catalogue

LAST = len(CATALOGUE.strip().splitlines()) + 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("99,,,,D-CG,,法,district,no,,,", "begins with '99'"),
        ("0101,Z,,,D-CG,,法,district,no,,,", "area 'Z'"),
        ("0101,,village,,D-CG,,法,district,no,,,", "'village'"),
        ("0101,,,词,D-XX,,法,district,no,,,", "'D-XX'"),
        ("0101,,,词,D-CG,D-XX,法,district,no,,,", "'D-XX'"),
        ("0101,,,词,XX@city,,法,district,no,,,", "duty 'XX'"),
        ("0101,,,词,CG@village,,法,district,no,,,", "no level"),
        ("0101,,,词,D-CG,D-CG,法,district,no,,,", "assist itself"),
        ("0101,,,词,D-CG,,,district,no,,,", "basis is empty"),
        ("0101,,,词,JB@subdistrict,,法,district,no,,,", "below the minimum"),
        ("0101,,,词,,,法,district,yes,,,", "without a lead"),
        ("0101,,,词,D-CG,,法,district,no,,2026-13-01,", "not a date"),
        ("0101,,,词,D-CG,,法,district,no,,2026-02-01,2026-01-31", "before it begins"),
        ("0202,,,供水 水表,D-CG,,法,district,no,,,", "same case as line 4"),
        ("0301,,,,D-CG,,法,district,no,,2026-01-01,", "same case as line 5"),
    ],
)
def test_a_broken_entry_is_refused_with_its_line(row, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        catalogue(CATALOGUE + row)

    assert (broken.value.table, broken.value.line) == ("catalogue", LAST)


def test_a_category_without_a_general_entry_is_refused():
    with pytest.raises(BrokenTable, match="2501"):
        catalogue(categories=(*CATEGORIES, "2501"))


def test_a_keyword_entry_alone_does_not_cover_its_category():
    only_keyword = CATALOGUE.replace("0301,,,,SHUI@city", "0301,,,停水,SHUI@city")

    with pytest.raises(BrokenTable, match="0301"):
        catalogue(only_keyword)


def test_a_successor_may_take_over_the_day_after():
    changed = CATALOGUE.replace("供水条例,district,yes,,,", "供水条例,district,yes,,,2026-12-31")

    rules = catalogue(changed + "0301,,,,D-CG,,新条例,district,no,,2027-01-01,")

    old, new = rules.entries_for("0301")
    assert old.in_force(date(2026, 12, 31))
    assert not old.in_force(date(2027, 1, 1))
    assert new.in_force(date(2027, 1, 1))


@pytest.mark.parametrize("successor", ["", "0301,,,,D-CG,,新条例,district,no,,2027-01-02,"])
def test_a_day_without_an_entry_is_refused(successor):
    changed = CATALOGUE.replace("供水条例,district,yes,,,", "供水条例,district,yes,,,2026-12-31")

    with pytest.raises(BrokenTable, match="0301 has no general entry after 2026-12-31"):
        catalogue(changed + successor)


def test_the_version_follows_the_rules_and_not_their_order():
    header, *entries = CATALOGUE.strip().splitlines()
    shuffled = "\n".join([header, *reversed(entries)])

    assert catalogue(shuffled).version == catalogue().version
    assert catalogue(CATALOGUE.replace("供水条例", "条例")).version != catalogue().version
