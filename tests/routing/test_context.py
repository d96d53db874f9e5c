"""What stands around a name decides whether it names a place, and whether it is that of the problem."""

import pytest

from routing import Gazetteer
from tests.routing.town import rows

AREAS = """
code,name,level,parent,aliases
C,滨海市,city,,滨海
E,仓台区,district,C,仓台
W,连屿县,district,C,连屿
E1,仓台镇,subdistrict,E,仓台
E2,海口镇,subdistrict,E,海口
E3,龙江街道,subdistrict,E,龙江
E4,三叉街街道,subdistrict,E,三叉街
W1,榆滘镇,subdistrict,W,榆滘
W2,柳滩镇,subdistrict,W,柳滩
W11,苍溪社区,community,W1,
"""
PLACES = """
name,kind,area,aliases
连屿南路,road,E2,
海滨大厦,landmark,E3,
"""
COUNTY = Gazetteer.parse(rows(AREAS), rows(PLACES))
# A city without districts, where people say the towns' short forms alone.
TOWNS = Gazetteer.parse(
    rows("""
code,name,level,parent,aliases
C,滨湾市,city,,滨湾
1,南汀街道,subdistrict,C,南汀
2,厚埗镇,subdistrict,C,厚埗
3,长柳镇,subdistrict,C,长柳
"""),
    rows(PLACES.replace("E2", "1").replace("E3", "2")),
)


def where(text: str, gazetteer: Gazetteer = COUNTY) -> str | None:
    match = gazetteer.find(text)
    return match.area.code if match else None


@pytest.mark.parametrize(
    "text",
    ["连屿河又黑又臭", "连屿大桥堵车", "连屿北路积水", "连屿大道路灯不亮", "连屿大厦漏水", "连屿二路有坑"],
)
def test_a_road_or_river_called_after_an_area_does_not_lie_in_it(text):
    assert where(text) is None


def test_a_road_that_is_known_itself_says_where_it_lies():
    assert where("连屿南路积水") == "E2"
    assert where("海滨大厦门口") == "E3"


@pytest.mark.parametrize("text", ["连屿路边有人摆摊", "连屿路灯不亮", "连屿五四路口积水", "连屿街道"])
def test_what_lies_at_the_roadside_of_an_area_lies_in_it(text):
    assert where(text) == "W"


@pytest.mark.parametrize("text", ["仓台区入海口的水", "仓台区的乌龙江", "仓台区九龙江畔"])
def test_a_town_is_not_found_inside_another_word(text):
    assert where(text) == "E"


def test_a_district_comes_before_its_town_of_the_same_short_form():
    assert where("仓台有人乱停车") == "E"
    assert where("仓台镇有人乱停车") == "E1"


def test_a_short_form_names_a_town_where_its_district_is_named():
    assert where("仓台区海口垃圾没人收") == "E2"
    assert where("仓台三叉街地铁口") == "E4"
    assert where("连屿县，海口垃圾没人收") == "W"


def test_a_short_form_alone_is_only_as_certain_as_its_district():
    assert where("柳滩垃圾没人收") == "W"
    assert where("柳滩镇垃圾没人收") == "W2"


def test_a_city_without_districts_is_known_by_the_short_forms_of_its_towns():
    assert where("投诉南汀垃圾没人收", TOWNS) == "1"
    assert where("滨湾南汀区垃圾没人收", TOWNS) == "1"
    assert where("厚埗道成公司不发工资", TOWNS) == "2"


@pytest.mark.parametrize(
    "text",
    [
        "建设银行长柳支行不放贷",
        "长柳派出所态度不好",
        "长柳房管所限号",
        "长柳镇人民法院",
        "长柳公安分局",
        "长柳镇政府",
    ],
)
def test_a_body_called_after_a_town_is_better_than_nothing(text):
    assert where(text, TOWNS) == "3"


def test_where_a_matter_is_handled_is_not_where_it_lies():
    assert where("房子在南汀街道，长柳支行不放贷", TOWNS) == "1"
    assert where("长柳派出所说管不了厚埗的噪音", TOWNS) == "2"
    assert where("仓台区法院判了，房子在连屿县") == "W"


@pytest.mark.parametrize(
    "text",
    [
        "公司注册地址在连屿县柳滩镇，污水排在仓台区海口镇",
        "注册于连屿县的公司在仓台区海口镇乱倒垃圾",
        "总部位于连屿县，仓台区海口镇的门店不退钱",
        "我是连屿县人，住在仓台区海口镇",
        "本人户籍在连屿县，现住仓台区海口镇",
        "户籍连屿县现住仓台区海口镇",
        "老家连屿县，在仓台区海口镇上班被欠薪",
        "连屿县户口，仓台区海口镇不给办居住证",
        "往连屿县方向的车在仓台区海口镇不停",
    ],
)
def test_the_place_of_the_problem_decides(text):
    match = COUNTY.find(text)

    assert match.area.code == "E2"
    assert match.alternatives == ()


def test_where_a_company_is_registered_is_better_than_nothing():
    assert where("这家公司注册在连屿县柳滩镇") == "W2"
    assert where("我是连屿县人民医院的病人") == "W"


@pytest.mark.parametrize(
    ("text", "area", "matched"),
    [
        ("连屿县榆窖镇停水", "W1", "榆窖镇"),
        ("榆漖镇停水", "W1", "榆漖镇"),
        ("仓溪社区停水", "W11", "仓溪社区"),
    ],
)
def test_a_name_is_found_with_the_characters_people_write_for_it(text, area, matched):
    match = COUNTY.find(text)

    assert (match.area.code, match.matched) == (area, matched)
    assert text[slice(*match.span)] == matched


def test_names_are_given_as_the_profile_writes_them():
    assert "榆滘镇" in COUNTY.names
    assert "苍溪社区" in COUNTY.names
