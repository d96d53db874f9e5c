"""A road that crosses areas may say which part of it lies where: then a side or a house number decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import BrokenTable, Gazetteer, QuestionKind
from routing.parts import HIGHEST, parse
from tests.routing.town import AREAS, gazetteer, rows

PLACES = """
name,kind,area,part,aliases
长堤路,road,E1,路东,长堤
长堤路,road,E2,路西,长堤
榆台路,road,E1,1-120号,
榆台路,road,W1,121-300号,
荷堤路,road,E1,单号,
荷堤路,road,E2,双号,
灯塔大街,road,E1,北段,
灯塔大街,road,E2,南段,
杏花路,road,E1,,
杏花路,road,E2,,
阳光花园,compound,E11,,
"""
HEADER, *LINES = PLACES.strip().splitlines()
ROADS = gazetteer(AREAS, PLACES)


@pytest.mark.parametrize(
    ("text", "area", "matched"),
    [
        ("长堤路东侧有人摆摊", "E1", "长堤路东侧"),
        ("长堤路西边的人行道塌了", "E2", "长堤路西边"),
        ("长堤路以西的小区", "E2", "长堤路以西"),
        ("长堤路菜市场门口，路东有个坑", "E1", "长堤路菜市场门口，路东"),
        ("长堤路东有个坑", "E1", "长堤路东"),
        ("榆台路88号油烟", "E1", "榆台路88号"),
        ("榆台路121号油烟", "W1", "榆台路121号"),
        ("榆台路 200号油烟", "W1", "榆台路 200号"),
        ("荷堤路15号油烟", "E1", "荷堤路15号"),
        ("荷堤路16-2号油烟", "E2", "荷堤路16-2号"),
        ("灯塔大街南段积水", "E2", "灯塔大街南段"),
        ("灯塔大街北头积水", "E1", "灯塔大街北头"),
    ],
)
def test_what_is_said_of_the_part_decides(text, area, matched):
    match = ROADS.find(text)

    assert (match.area.code, match.matched) == (area, matched)
    assert text[slice(*match.span)] == matched
    assert match.alternatives == ()
    assert match.question is None


@pytest.mark.parametrize(
    ("text", "kind", "options"),
    [
        ("长堤路积水", QuestionKind.SIDE, [("E1", "路东"), ("E2", "路西")]),
        ("长堤路东段积水", QuestionKind.SIDE, [("E1", "路东"), ("E2", "路西")]),
        ("榆台路积水", QuestionKind.NUMBERS, [("E1", "1-120号"), ("W1", "121-300号")]),
        ("榆台路5号楼", QuestionKind.NUMBERS, [("E1", "1-120号"), ("W1", "121-300号")]),
        ("榆台路999号", QuestionKind.NUMBERS, [("E1", "1-120号"), ("W1", "121-300号")]),
        ("荷堤路积水", QuestionKind.NUMBERS, [("E1", "单号"), ("E2", "双号")]),
        ("灯塔大街积水", QuestionKind.STRETCH, [("E1", "北段"), ("E2", "南段")]),
        ("杏花路积水", QuestionKind.AREA, [("E1", ""), ("E2", "")]),
        ("望帆街道和芦汀街道交界", QuestionKind.AREA, [("E", ""), ("W", "")]),
    ],
)
def test_what_would_separate_the_alternatives_is_asked(text, kind, options):
    match = ROADS.find(text)

    assert match.question.kind is kind
    assert [(option.area.code, option.part) for option in match.question.options] == options


def test_a_named_area_needs_no_part():
    match = ROADS.find("东岸区灯屿街道长堤路积水")

    assert match.area.code == "E2"
    assert match.question is None


def test_a_district_leaves_open_only_the_parts_in_it():
    assert ROADS.find("东岸区榆台路积水").area.code == "E1"


def test_a_side_said_later_decides():
    assert ROADS.find("长堤路积水。就是长堤路西侧").area.code == "E2"


def test_a_side_of_another_road_decides_nothing():
    assert ROADS.find("长堤路积水，杏花路东也有").area.code == "E"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("某路,road,E1,路边,", "'路边' is no side"),
        ("某路,road,E1,120-1号,", "'120-1号' is no side"),
        ("某路,road,E1,0-9号,", "no side"),
        ("某路,road,E1,1-120,", "no side"),
        ("某路,road,E1,号,", "no side"),
        ("某园,compound,E1,路东,", "only a road has parts"),
        ("某路,road,E1,路东,", "no other part"),
        ("长堤路,road,W1,北段,", "another kind than '路东' in line 2"),
        ("长堤路,road,E11,路西,", "overlaps '路西' in line 3"),
        ("荷堤路,road,E11,7-9号,", "overlaps '单号' in line 6"),
        ("长堤路,road,E1,路东,", "twice"),
    ],
)
def test_nonsense_about_a_part_is_refused_with_its_line(row, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        gazetteer(AREAS, "\n".join([HEADER, *LINES, row]))

    assert (broken.value.table, broken.value.line) == ("places", len(LINES) + 2)


def test_two_roads_of_one_name_in_two_districts_have_parts_of_their_own():
    twins = gazetteer(AREAS, "\n".join([HEADER, *LINES, "长堤路,road,W1,路东,"]))

    match = twins.find("长堤路东侧")

    assert [area.code for area in match.alternatives] == ["E1", "W1"]
    assert match.question.kind is QuestionKind.AREA
    assert [option.area.code for option in match.question.options] == ["E", "W"]


def test_a_table_without_the_column_is_read_as_before():
    plain = Gazetteer.parse(rows(AREAS), rows("name,kind,area,aliases\n长堤路,road,E1,\n长堤路,road,E2,"))

    assert [area.code for area in plain.find("长堤路东侧").alternatives] == ["E1", "E2"]


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 400), st.sampled_from(["", "单号", "双号"]))
def test_a_number_is_in_a_part_as_the_part_is_written(first, last, number, parity):
    first, last = min(first, last), max(first, last)
    part = parse(f"{first}-{last}{parity or '号'}")

    odd_enough = not parity or (number % 2 == 1) == (parity == "单号")
    assert part.holds_number(number) == (first <= number <= last and odd_enough)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), min_size=2, max_size=2), st.data())
def test_parts_overlap_when_one_number_lies_in_both(ranges, data):
    one, other = (
        parse(f"{first}-{first + more}{data.draw(st.sampled_from(['号', '单号', '双号']))}")
        for first, more in ranges
    )

    assert one.overlaps(other) == any(one.holds_number(n) and other.holds_number(n) for n in range(60))
    assert parse("单号").last == HIGHEST
