from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import BrokenTable, Gazetteer, Level, MatchReason, UnknownCode
from tests.routing.town import AREAS, PLACES, TOWN, gazetteer, rows

NAMES = [name for area in TOWN.areas for name in (area.name, *area.aliases)] + [
    "阳光花园",
    "长堤路",
    "榆台小学",
]


@pytest.mark.parametrize(
    ("text", "area", "matched"),
    [
        ("东岸区垃圾没人收", "E", "东岸区"),
        ("东岸望帆街道门口积水", "E1", "望帆街道"),
        ("老帆镇的路灯坏了", "E1", "老帆镇"),
        ("家住东岸区望帆街道杏台社区3号楼", "E11", "杏台社区"),
        ("榆小门口拥堵", "E21", "榆小"),
        ("西岸区阳光花园停水", "W11", "阳光花园"),
        ("灯屿街道长堤路有坑", "E2", "长堤路"),
        ("滨海市", "C", "滨海市"),
    ],
)
def test_the_deepest_area_that_fits_the_text_is_found(text, area, matched):
    match = TOWN.find(text)

    assert (match.area.code, match.matched) == (area, matched)
    assert text[slice(*match.span)] == matched
    assert match.alternatives == ()


def test_a_text_without_a_place_has_no_match():
    assert TOWN.find("请问怎么办理") is None
    assert TOWN.find("") is None


def test_a_homonym_without_its_district_is_not_guessed():
    match = TOWN.find("阳光花园停水了")

    assert match.area.code == "C"
    assert [area.code for area in match.alternatives] == ["E11", "W11"]
    assert match.reason is MatchReason.HOMONYM


def test_a_road_across_two_subdistricts_is_only_as_certain_as_their_district():
    match = TOWN.find("长堤路路面塌了")

    assert match.area.code == "E"
    assert [area.code for area in match.alternatives] == ["E1", "E2"]


def test_two_places_that_lie_together_narrow_each_other():
    assert TOWN.find("长堤路榆台小学旁边").area.code == "E21"


def test_a_named_district_wins_over_a_place_elsewhere():
    match = TOWN.find("西岸区榆台小学门口")

    assert match.area.code == "W"
    assert match.reason is MatchReason.NAMED


def test_a_place_decides_between_two_named_districts():
    assert TOWN.find("东岸区的公司在西岸区阳光花园施工，西岸区芦汀街道也管不了").area.code == "W11"


def test_places_that_do_not_lie_together_become_alternatives():
    match = TOWN.find("望帆街道和芦汀街道交界的地方")

    assert match.area.code == "C"
    assert [area.code for area in match.alternatives] == ["E1", "W1"]
    assert match.reason is MatchReason.SEVERAL


def test_the_address_speaks_before_the_story():
    assert TOWN.locate("灯屿街道", "公司登记在西岸区").area.code == "E2"
    assert TOWN.locate("楼下", "西岸区有人摆摊").area.code == "W"


def test_the_story_tells_apart_what_the_address_leaves_open():
    match = TOWN.locate("阳光花园", "东岸区一直停水")

    assert match.area.code == "E11"
    assert (match.matched, match.alternatives, match.question) == ("阳光花园", (), None)
    assert TOWN.locate("阳光花园", "望帆街道和芦汀街道都停水").area.code == "C"
    assert TOWN.locate("长堤路", "西岸区也一样").area.code == "E"


def test_the_order_of_the_sentence_does_not_matter_within_one_rank():
    assert TOWN.find("榆台小学旁的长堤路").area == TOWN.find("长堤路旁的榆台小学").area


def test_ancestors_lead_from_the_area_up_to_the_city():
    assert [area.code for area in TOWN.ancestors("E11")] == ["E11", "E1", "E", "C"]
    assert TOWN.at_level("E11", Level.DISTRICT).code == "E"
    assert TOWN.at_level("E", Level.COMMUNITY) is None
    with pytest.raises(UnknownCode):
        TOWN.ancestors("X")


def test_the_words_that_decided_are_those_that_say_most():
    assert TOWN.find("滨海市东岸区望帆街道，请滨海市和东岸区管管").matched == "望帆街道"
    assert TOWN.find("榆台小学旁的长堤路").matched == "榆台小学"


def test_a_town_of_another_district_is_not_passed_over():
    match = TOWN.find("西岸区和望帆街道交界的地方")

    assert [area.code for area in match.alternatives] == ["E1", "W"]
    assert match.reason is MatchReason.SEVERAL


def test_five_areas_are_all_named_as_alternatives():
    match = TOWN.find("杏台社区、榆台社区、荷堤社区、灯屿街道、西岸区都停水")

    assert match.area.code == "C"
    assert [area.code for area in match.alternatives] == ["E11", "E21", "W11"]
    assert [option.area.code for option in match.question.options] == ["E", "W"]


def test_a_long_story_with_one_place_at_its_end_has_that_place():
    story = "楼下的店铺一直吵到半夜，" * 166

    assert TOWN.find(story) is None
    assert TOWN.find(f"{story}望帆街道").matched == "望帆街道"


WORDS = st.sampled_from(
    [
        *NAMES,
        "长堤路东侧",
        "，",
        "旁边",
        "派出所",
        "公司注册在",
        "户口",
        "往",
        "方向",
        "河",
        "路",
        "街道",
        "3号",
        "是",
        "人",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map("".join)))
def test_any_text_is_read_and_what_is_found_stands_there(text):
    match = TOWN.find(text)

    if match is None:
        return
    start, end = match.span
    assert 0 <= start < end <= len(text)
    assert text[start:end] == match.matched
    assert all(match.area in TOWN.ancestors(other.code) for other in match.alternatives)
    assert (match.question is None) == (match.alternatives == ())
    if match.question:
        assert len(match.question.options) > 1
        assert len({(option.area.code, option.part) for option in match.question.options}) > 1


@given(st.sampled_from(TOWN.areas))
def test_a_longer_address_of_the_same_place_never_contradicts_a_shorter_one(area):
    path = [one.name for one in reversed(TOWN.ancestors(area.code))]
    found = [TOWN.find("".join(path[:length])).area for length in range(1, len(path) + 1)]

    assert [one.code for one in found] == [one.code for one in reversed(TOWN.ancestors(area.code))]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*NAMES, "，", "旁边", "某处"]), max_size=8).map("".join))
def test_every_alternative_lies_in_the_certain_area(text):
    match = TOWN.find(text)

    if match is None:
        assert not any(name in text for name in NAMES)
        return
    assert text[slice(*match.span)] == match.matched
    assert all(match.area in TOWN.ancestors(other.code) for other in match.alternatives)
    assert len(match.alternatives) != 1


@pytest.mark.parametrize(
    ("areas", "line", "says"),
    [
        (AREAS + "E1,又一个,subdistrict,E,\n", 11, "twice"),
        (AREAS + "X1,某街道,subdistrict,X,\n", 11, "parent 'X'"),
        (AREAS + "X1,某街道,district,E1,\n", 11, "cannot lie in"),
        (AREAS + "X1,某街道,village,E,\n", 11, "'village'"),
        (AREAS + "X1,某,subdistrict,E,\n", 11, "too short"),
        (AREAS + "X,另一市,city,,\n", 11, "one city"),
        (AREAS + "X,某街道,subdistrict,,\n", 11, "no parent"),
        (AREAS + ",某街道,subdistrict,E,\n", 11, "code is empty"),
    ],
)
def test_a_broken_tree_is_refused_with_its_line(areas, line, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        gazetteer(areas)

    assert (broken.value.table, broken.value.line) == ("areas", line)


@pytest.mark.parametrize(
    ("place", "says"),
    [("某路,road,X,", "'X'"), ("阳光花园,compound,W11,", "twice"), ("某桥,bridge,E1,", "'bridge'")],
)
def test_a_broken_place_is_refused_with_its_line(place, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        gazetteer(places=PLACES + place)

    assert (broken.value.table, broken.value.line) == ("places", 7)


def test_an_unknown_column_is_refused():
    with pytest.raises(BrokenTable, match="alias'"):
        gazetteer(AREAS.replace("aliases", "alias"))


def test_a_long_text_costs_no_more_with_forty_thousand_areas():
    many = [
        {"code": f"E1{n:05}", "name": f"{n:05}号社区", "level": "community", "parent": "E1", "aliases": ""}
        for n in range(40_000)
    ]
    large = Gazetteer.parse([*rows(AREAS), *enumerate(many, start=11)], rows(PLACES))
    text = "楼下的店铺一直吵到半夜" * 180

    assert cost(large, text) < 5 * cost(TOWN, text)


def cost(place: Gazetteer, text: str) -> float:
    def once() -> float:
        began = perf_counter()
        place.find(text)
        return perf_counter() - began

    return min(once() for _ in range(20))
