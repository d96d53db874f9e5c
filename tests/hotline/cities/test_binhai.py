"""The demo city keeps its promises."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hotline.cities.reading import load
from hotline.cities.rules import TransferKind
from routing import Case, DepartmentKind, Level, ReasonCode, broken_contracts, route
from sla import Case as Sort
from sla import Stage

CITY = load(Path(__file__).parents[3] / "hotline" / "cities" / "binhai")
DAY = date(2026, 11, 22)


def test_its_examples_go_where_they_should():
    broken = broken_contracts(CITY.contracts, CITY.catalogue, CITY.departments, CITY.gazetteer, day=DAY)

    assert [(each.contract.text, each.contract.lead, each.decision.lead) for each in broken] == []


def test_it_has_six_districts_with_their_offices_and_communities():
    levels = Counter(area.level for area in CITY.gazetteer.areas)
    kinds = Counter(department.kind for department in CITY.departments)

    assert (levels[Level.DISTRICT], levels[Level.SUBDISTRICT], levels[Level.COMMUNITY]) == (6, 42, 210)
    assert kinds[DepartmentKind.DISTRICT] == 6
    assert kinds[DepartmentKind.SUBDISTRICT] == 42
    assert DepartmentKind.COMMUNITY not in kinds  # never dispatched to directly


def test_every_matter_in_every_known_district_has_an_owner_or_asks_the_desk():
    to_the_desk = set()
    for category in CITY.taxonomy.leaves:
        for area in CITY.gazetteer.areas:
            case = Case(category.code, area.code, "说不清是谁的", DAY)
            decision = route(case, CITY.catalogue, CITY.departments, CITY.gazetteer)
            if decision.lead is None and area.level is not Level.CITY:
                to_the_desk.add((category.code, decision.reasons[-1].code))

    assert to_the_desk == {
        (code, ReasonCode.DESK) for code in ("0202", "0208", "0707", "2305", "2402", "2404", "2405")
    }


def test_a_street_never_leads_what_a_bureau_must_do():
    for entry in CITY.catalogue.entries:
        if "@subdistrict" in str(entry.lead):
            assert entry.minimum_level is Level.SUBDISTRICT, entry


def asked(category, text, address="海澜区潮音街道"):
    area = CITY.gazetteer.locate(address, text).area.code
    return route(Case(category, area, text, DAY), CITY.catalogue, CITY.departments, CITY.gazetteer)


def test_nobody_that_the_catalogue_finds_is_below_its_own_minimum_level():
    text = "潮音街道办说不归他们管"
    for category in CITY.taxonomy.leaves:
        decision = asked(category.code, text)
        lead = decision.lead and CITY.departments.level_of(decision.lead, CITY.gazetteer)
        assert lead is None or lead.depth <= decision.minimum_level.depth, category.code


def test_every_mark_on_a_cover_or_pole_leads_to_its_owner():
    marked = {"供水": "U-SHUI", "排水": "U-PAI", "电力": "U-DIAN", "燃气": "U-RAN", "联通": "U-LT"}

    for mark, owner in marked.items():
        assert asked("0202", f"路边{mark}井盖没了").lead == owner


def test_a_cover_without_a_mark_is_made_safe_by_the_area_while_the_desk_looks_for_its_owner():
    decision = asked("0202", "路边一个井盖没了，没有字")

    assert decision.lead is None
    assert decision.alternatives[0].reason.code is ReasonCode.FIRST
    assert CITY.departments[decision.alternatives[0].department].name == "海澜区城市管理局"


@pytest.mark.parametrize("category", ["2401", "2402"])
def test_no_department_gets_the_complaint_about_itself(category):
    for body in CITY.departments:
        decision = asked(category, f"{body.name}的工作人员态度恶劣")
        others = {decision.lead, *decision.assisting, *(each.department for each in decision.alternatives)}
        assert body.code not in others


def test_a_complaint_about_the_conduct_office_goes_above_it():
    assert asked("2401", "市数据局的窗口推诿").lead == "D-ZFB"
    assert asked("2401", "海澜区城管局的人推诿").assisting == ("Q01",)


def test_praise_goes_to_the_praised_whoever_that_is():
    for body in CITY.departments:
        assert asked("2405", f"感谢{body.name}").lead == body.code


def test_vertical_bodies_and_utilities_lead_like_others():
    leads = {asked(each.code, "").lead for each in CITY.taxonomy.leaves}

    assert {"D-SWJ", "D-XF", "D-YZ", "U-SHUI", "U-DIAN", "U-YD", "U-RE"} <= leads


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("海澜区潮音街道杏坞社区", "杏坞社区"),
        ("阳光花园12号楼", "滨海市"),
        ("望湖区阳光花园12号楼", "晴坪社区"),
        ("海澜区环湖东路", "鸥矶街道"),
        ("市人民医院门口", "芦汀街道"),
        ("云通路", "海澜区"),
        ("云通路路东", "锦帆街道"),
        ("虹瑞路128号", "盐廪街道"),
    ],
)
def test_addresses_are_found(address, area):
    assert CITY.gazetteer.find(address).area.name == area


def test_an_emergency_knows_whom_to_call_first():
    lines = [each for each in CITY.transfers.values() if each.kind is TransferKind.EMERGENCY]

    assert [each.code for each in sorted(lines, key=lambda each: each.priority)] == [
        "110",
        "119",
        "120",
        "122",
    ]


def test_its_targets_are_those_of_the_default_policy():
    urgent = Sort("complaint", "critical")

    assert str(CITY.policy.allowance(Stage.RESOLVE, urgent)) == "2h"
    assert CITY.policy.extension(urgent) is None
    assert str(CITY.policy.allowance(Stage.RESOLVE, Sort("complaint", "normal"))) == "7wd"
    assert CITY.policy.allowance(Stage.RESOLVE, Sort("praise", "normal")) is None
