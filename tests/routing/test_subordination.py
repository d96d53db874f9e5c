"""Who stands below whom, and whom a subdistrict may call to the spot."""

import pytest

from tests.routing.town import OFFICES, TOWN, departments

COMMUNITY = "JE11,杏台社区居委会,杏台居委会,community,JW,E11,JE1,yes,"


def codes(found):
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("own", "area", "below"),
    [
        ("E", "E1", ["E-CG", "E-SP", "JE1"]),
        ("E", "E2", ["E-CG", "E-SP"]),
        ("E", "W1", []),
        ("D-CG", "E11", ["E", "E-CG", "JE1"]),
        ("D-CG", "C", ["E", "W", "E-CG", "JE1"]),
        ("E-CG", "E1", ["JE1"]),
        ("JE1", "E1", []),
        ("U-SHUI", "W1", []),
    ],
)
def test_below_stand_subordinates_and_whoever_has_the_duty_or_the_place_further_down(own, area, below):
    assert codes(OFFICES.below(own, area, TOWN)) == below


def test_a_subdistrict_has_its_communities_below_where_the_city_lists_them():
    table = "\n".join(
        ["code,name,short,kind,duty,area,parent,evaluated,aliases"]
        + [
            f"{one.code},{one.name},{one.short},{one.kind},{one.duty},{one.area},{one.parent or ''},yes,"
            for one in OFFICES
        ]
        + [COMMUNITY]
    )

    assert codes(departments(table).below("JE1", "E11", TOWN)) == ["JE11"]


def test_nobody_stands_below_himself_or_above_who_stands_below_him():
    for upper in OFFICES:
        for lower in OFFICES.below(upper.code, "C", TOWN):
            assert lower.code != upper.code
            assert upper not in OFFICES.below(lower.code, "C", TOWN)


def test_a_subdistrict_calls_bodies_of_its_district_and_of_the_city():
    assert codes(OFFICES.around("JE1", TOWN)) == ["D-CG", "D-JJ", "U-SHUI", "E-CG", "E-SP"]


def test_a_level_is_that_of_the_area():
    assert [OFFICES.level_of(code, TOWN) for code in ("D-CG", "E-CG", "JE1")] == [
        "city",
        "district",
        "subdistrict",
    ]
