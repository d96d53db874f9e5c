"""Whose a thing is by its mark (产权), and who stays out of a complaint about himself (回避)."""

from datetime import date

import pytest

from routing import BrokenTable, Case, Decision, Level, ReasonCode, objection, route
from tests.routing.town import CATALOGUE, DAY, DEPARTMENTS, OFFICES, TOWN, catalogue, decide, departments

HEADER, *REST = CATALOGUE.strip().splitlines()
OWNED = """
0202,,,,named,CG@district,道路条例,district,no,,,,property,CG@district
0202,,,自来水 供水,SHUI@city,CG@district,道路条例,district,no,,,,property,CG@district
0202,,,信号灯,JJ@city,CG@district,道路条例,district,no,,,,property,CG@district
2405,,,,named,,66号,subdistrict,yes,,,,,
"""
CONDUCT = "0301,,,,SHUI@city,superior,条例,district,yes,,,,conduct,\n"


def rules(lines: str = OWNED, **changes):
    wide = [f"{HEADER},decides,first", *(f"{line},," for line in REST if line[:4] not in ("0202", "2405"))]
    return catalogue("\n".join([*wide, *lines.strip().splitlines()]), **changes)


def whose(area: str, text: str, category: str = "0202", lines: str = OWNED) -> Decision:
    return decide(category, area, text, rules=rules(lines))


def codes(decision: Decision) -> list[ReasonCode]:
    return [reason.code for reason in decision.reasons]


def test_the_mark_on_a_cover_tells_whose_it_is():
    decision = whose("E11", "供水井盖没了")

    assert decision.lead == "U-SHUI"
    assert codes(decision) == [ReasonCode.ENTRY, ReasonCode.MARK, ReasonCode.DUTY]
    assert decision.reasons[1].facts["keyword"] == "供水"


def test_where_the_owner_is_unknown_the_desk_decides_and_the_area_handles_first():
    decision = whose("E11", "一个井盖没了")

    assert decision.lead is None
    assert codes(decision) == [ReasonCode.ENTRY, ReasonCode.FIRST, ReasonCode.DESK]
    assert decision.reasons[1].facts == {"department": "E-CG"}
    assert decision.alternatives[0].department == "E-CG"
    assert not decision.auto


def test_marks_of_two_owners_tell_of_none():
    decision = whose("E11", "供水井盖旁信号灯的井盖也没了")

    assert decision.lead is None
    assert codes(decision) == [
        ReasonCode.ENTRY,
        ReasonCode.OWNERS_DIFFER,
        ReasonCode.FIRST,
        ReasonCode.DESK,
    ]
    assert [each.department for each in decision.alternatives] == ["D-JJ", "U-SHUI", "E-CG", "E"]


def test_two_marks_of_one_owner_are_one():
    assert whose("E11", "自来水的井盖，上面写着供水").lead == "U-SHUI"


def test_a_street_that_the_text_names_does_not_become_the_owner():
    decision = whose("E11", "望帆办说井盖不归他们")

    assert decision.lead is None
    assert ReasonCode.BELOW_MINIMUM in codes(decision)
    assert "JE1" not in {each.department for each in decision.alternatives}


def test_praise_of_a_street_goes_to_the_street():
    assert whose("E11", "感谢望帆办", "2405").lead == "JE1"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("0202,,,词,D-CG,,法,district,no,,,,mark,", "decides 'mark'"),
        ("0202,,,词,D-CG,,法,district,no,,,,duty,D-CG", "only for what property"),
        ("0202,,,词,D-CG,,法,district,no,,,,property,D-XX", "'D-XX'"),
        ("0202,,,词,D-CG,,法,district,no,,,,property,JB@subdistrict", "first JB@subdistrict lies below"),
        ("0202,,,词,JE1,,法,district,no,,,,,", "lead JE1 lies below"),
        ("0202,,,词,named,,法,district,no,,,,conduct,", "its own conduct"),
        ("0202,,,词,D-CG,D-JJ D-JJ,法,district,no,,,,,", "assists twice"),
    ],
)
def test_a_broken_entry_is_refused(line, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        rules(OWNED + line)

    assert broken.value.line == len(REST) - 3 + 1 + len(OWNED.strip().splitlines()) + 1


def about(text: str, area: str = "E11", offices=OFFICES, lines: str = CONDUCT) -> Decision:
    wide = [f"{HEADER},decides,first", *(f"{line},," for line in REST if not line.startswith("0301"))]
    table = "\n".join([*wide, *lines.strip().splitlines()])
    return route(Case("0301", area, text, DAY), catalogue(table), offices, TOWN)


def test_whose_conduct_it_is_neither_leads_nor_assists():
    decision = about("东岸区城管局推诿", lines=CONDUCT.replace("superior", "CG@district superior"))

    assert decision.lead == "U-SHUI"
    assert decision.complained_of == ("E-CG",)
    assert ReasonCode.CONDUCT in codes(decision)
    # Its superior looks on instead.
    assert decision.assisting == ("E",)
    assert "E-CG" not in {each.department for each in decision.alternatives}


def test_a_complaint_about_whoever_would_lead_goes_to_its_superior():
    above = departments(DEPARTMENTS.replace("SHUI,C,,yes", "SHUI,C,D-CG,yes"))

    decision = about("水务集团态度恶劣", offices=above)

    assert decision.lead == "D-CG"
    assert codes(decision)[-2:] == [ReasonCode.CONDUCT, ReasonCode.SUPERIOR]
    assert not decision.auto


def test_where_the_one_complained_of_has_no_superior_the_desk_decides():
    decision = about("水务集团态度恶劣")

    assert decision.lead is None
    assert codes(decision)[-2:] == [ReasonCode.CONDUCT, ReasonCode.DESK]


def test_a_superior_that_is_complained_of_too_is_passed_over():
    above = departments(DEPARTMENTS.replace("SHUI,C,,yes", "SHUI,C,D-CG,yes").replace("CG,C,,", "CG,C,D-JJ,"))

    assert about("水务集团和城管局互相推诿", offices=above).lead == "D-JJ"


def test_the_district_does_not_cover_what_is_about_itself():
    decision = about(
        "东岸政府推诿", lines="0301,,,,JB@subdistrict,,条例,subdistrict,no,,,,conduct,", area="E21"
    )

    assert decision.lead is None
    assert decision.complained_of == ("E",)


def test_nobody_below_the_minimum_level_and_nobody_about_himself_may_lead():
    decision = whose("E11", "供水井盖没了")

    refused = objection(decision, "JE1", OFFICES, TOWN)

    assert refused is not None
    assert refused.code is ReasonCode.BELOW_MINIMUM
    assert refused.facts == {
        "department": "JE1",
        "level": Level.SUBDISTRICT,
        "minimum": Level.DISTRICT,
        "basis": "道路条例",
    }
    assert objection(decision, "E-SP", OFFICES, TOWN) is None
    conduct = about("东岸区城管局推诿")
    assert objection(conduct, "E-CG", OFFICES, TOWN).code is ReasonCode.CONDUCT


def test_what_another_entry_says_of_a_word_in_the_text_stands_against_the_minimum():
    both = "0801,,,人行道,CG@district,,道路条例,district,no,,,"
    decision = decide("0801", "E11", "人行道和小区内都被占了", rules=catalogue(CATALOGUE + both))

    assert (decision.lead, decision.minimum_level) == ("E-CG", Level.DISTRICT)
    assert objection(decision, "JE1", OFFICES, TOWN) is None


def test_a_general_entry_does_not_undo_the_minimum_of_a_special_one():
    special = "0101,,,建筑垃圾,CG@district,,条例,district,no,,,"
    general = CATALOGUE.replace("01,,,,CG@district,JB@subdistrict", "01,,,,JB@subdistrict,CG@district")
    decision = decide("0101", "E11", "楼下堆着建筑垃圾", rules=catalogue(general + special))

    assert decision.lead == "E-CG"
    assert objection(decision, "JE1", OFFICES, TOWN) is not None


def test_without_an_entry_in_force_nothing_forbids_a_street():
    later = catalogue(CATALOGUE.replace("供水条例,district,yes,,,", "供水条例,district,yes,,2026-01-01,"))
    decision = decide("0301", "E11", rules=later, day=date(2025, 12, 31))

    assert objection(decision, "JE1", OFFICES, TOWN) is None
