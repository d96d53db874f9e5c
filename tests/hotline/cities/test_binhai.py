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


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("海澜区潮音街道杏坞社区", "杏坞社区"),
        ("阳光花园12号楼", "滨海市"),
        ("望湖区阳光花园12号楼", "晴坪社区"),
        ("海澜区环湖东路", "鸥矶街道"),
        ("市人民医院门口", "芦汀街道"),
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
