import pytest

from routing import BrokenTable, Level
from routing.departments import DutyAt, Fixed, Named, parse_owner
from tests.routing.town import DEPARTMENTS, OFFICES, TOWN, departments


@pytest.mark.parametrize(
    ("owner", "area", "code", "fell_back"),
    [
        ("CG@district", "E11", "E-CG", False),
        ("CG@district", "W11", "D-CG", True),  # the western district has no such bureau
        ("CG@district", "C", "D-CG", True),  # not even the district is known
        ("CG@city", "E11", "D-CG", False),
        ("JB@subdistrict", "E11", "JE1", False),
        ("U-SHUI", "E11", "U-SHUI", False),
    ],
)
def test_a_duty_is_looked_for_from_its_level_upward(owner, area, code, fell_back):
    found = OFFICES.resolve(parse_owner(owner), area, TOWN)

    assert (found.department.code, found.fell_back) == (code, fell_back)


def test_a_duty_that_nobody_has_up_to_the_city_finds_nobody():
    assert OFFICES.resolve(DutyAt("JB", Level.SUBDISTRICT), "E21", TOWN) is None


def test_the_district_government_covers_its_district_only():
    assert OFFICES.covering("E21", TOWN).code == "E"
    assert OFFICES.covering("C", TOWN) is None


def test_bodies_are_found_by_name_short_name_and_alias():
    text = "自来水公司推给东岸区城管局，城管局又推给水务集团"

    assert [d.code for d in OFFICES.named_in(text)] == ["U-SHUI", "E-CG", "D-CG"]


def test_a_named_owner_is_found_only_when_exactly_one_body_is_named():
    assert OFFICES.resolve(Named(), "E", TOWN, "感谢交警").department.code == "D-JJ"
    assert OFFICES.resolve(Named(), "E", TOWN, "感谢大家") is None
    assert OFFICES.resolve(Named(), "E", TOWN, "感谢交警和城管局") is None


@pytest.mark.parametrize("text", ["CG@district", "U-SHUI", "named"])
def test_an_owner_is_written_as_it_is_read(text):
    assert str(parse_owner(text)) == text


def test_owners_are_told_apart():
    assert parse_owner("CG@city") == DutyAt("CG", Level.CITY)
    assert parse_owner("D-CG") == Fixed("D-CG")
    with pytest.raises(ValueError, match="village"):
        parse_owner("CG@village")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("D-CG,又一局,又局,bureau,XX,C,,yes,", "twice"),
        ("D-XX,又一局,又局,bureau,CG,C,,yes,", "already D-CG"),
        ("D-XX,又一局,又局,bureau,XX,Z,,yes,", "'Z'"),
        ("D-XX,又一局,又局,office,XX,C,,yes,", "'office'"),
        ("D-XX,又一局,又局,bureau,XX,C,Y,yes,", "parent 'Y'"),
        ("D-XX,又一局,又局,bureau,XX,C,D-XX,yes,", "own superior"),
        ("D-XX,又一局,又局,bureau,XX,C,,maybe,", "neither yes nor no"),
        ("A@city,又一局,又局,bureau,XX,C,,yes,", "read as a duty"),
        ("D-XX,局,又局,bureau,XX,C,,yes,", "too short"),
    ],
)
def test_a_broken_department_is_refused_with_its_line(row, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        departments(DEPARTMENTS + row)

    assert (broken.value.table, broken.value.line) == ("departments", 10)


def test_superiors_in_a_circle_are_refused():
    circle = DEPARTMENTS.replace("CG,C,,", "CG,C,D-JJ,").replace("JJ,C,,", "JJ,C,D-CG,")

    with pytest.raises(BrokenTable, match="own superior"):
        departments(circle)
