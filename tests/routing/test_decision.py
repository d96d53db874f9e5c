from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import Level, ReasonCode, UnknownCode
from tests.routing.town import CATALOGUE, CATEGORIES, OFFICES, TOWN, catalogue, decide


def codes(decision):
    return [reason.code for reason in decision.reasons]


def test_a_category_goes_to_whoever_has_the_duty_in_the_place():
    decision = decide("0101", "E11")

    assert (decision.lead, decision.assisting) == ("E-CG", ("JE1",))
    assert codes(decision) == [ReasonCode.ENTRY, ReasonCode.DUTY]
    assert decision.reasons[0].facts["basis"] == "市容条例"
    assert decision.minimum_level is Level.SUBDISTRICT


def test_a_keyword_entry_wins_over_the_general_one():
    decision = decide("0801", "E11", "车停在小区内")

    assert decision.lead == "JE1"
    assert ReasonCode.KEYWORD in codes(decision)
    assert [candidate.department for candidate in decision.alternatives] == ["D-JJ", "E"]


@pytest.mark.parametrize(
    ("narrower", "text", "lead"),
    [
        ("0101,,,,D-JJ,,法,district,no,,,", "", "D-JJ"),  # a longer category wins over a shorter one
        ("01,E,,,D-JJ,,法,district,no,,,", "", "D-JJ"),  # an area over none
        ("01,E1,,,D-JJ,,法,district,no,,,\n01,E,,,D-CG,,法,district,no,,,", "", "D-JJ"),  # a smaller area
        (
            "0101,E1,,,D-CG,,法,district,no,,,\n01,,,扔车,D-JJ,,法,district,no,,,",
            "乱扔车",
            "D-JJ",
        ),  # a keyword
        ("01,,subdistrict,,D-JJ,,法,district,no,,,", "", "D-JJ"),  # a place known more precisely
        (
            "01,,,扔车,D-CG,,法,district,no,,,\n01,,,乱扔车,D-JJ,,法,district,no,,,",
            "乱扔车",
            "D-JJ",
        ),  # more said
    ],
)
def test_the_most_specific_entry_wins(narrower, text, lead):
    assert decide("0101", "E11", text, rules=catalogue(CATALOGUE + narrower)).lead == lead


def test_an_entry_for_a_level_waits_until_the_place_is_known_so_precisely():
    rules = catalogue(CATALOGUE + "01,,subdistrict,,D-JJ,,法,district,no,,,")

    assert decide("0101", "E", rules=rules).lead == "E-CG"


def test_only_entries_in_force_that_day_count():
    rules = catalogue(CATALOGUE + "0101,,,,D-JJ,,法,district,no,,2027-01-01,")

    assert decide("0101", "E", rules=rules, day=date(2026, 12, 31)).lead == "E-CG"
    assert decide("0101", "E", rules=rules, day=date(2027, 1, 1)).lead == "D-JJ"


def test_what_fell_back_to_a_higher_level_is_never_automatic():
    found, fallen = decide("0101", "E11"), decide("0101", "W11")

    assert found.auto
    assert fallen.lead == "D-CG"
    assert not fallen.auto
    assert fallen.reasons[-1].facts == {"department": "D-CG", "asked": "district", "found": "city"}


def test_without_a_clear_owner_the_district_government_covers():
    decision = decide("0801", "W11", "车停在小区内")

    assert decision.lead == "W"
    assert codes(decision)[-1] is ReasonCode.COVERED
    assert not decision.auto


def test_without_owner_and_district_the_desk_gets_it():
    decision = decide("0801", "C", "车停在小区内")

    assert decision.lead is None
    assert codes(decision)[-1] is ReasonCode.PLACE_UNKNOWN


def test_a_thing_named_in_the_text_decides_whose_it_is():
    assert decide("0202", "E11", "供水井盖没了").lead == "U-SHUI"


def test_praise_goes_to_the_one_praised():
    decision = decide("2405", "E11", "感谢交警")

    assert decision.lead == "D-JJ"
    assert codes(decision) == [ReasonCode.ENTRY, ReasonCode.NAMED]


def test_when_the_text_does_not_tell_the_desk_chooses_between_those_it_names():
    decision = decide("2405", "E11", "感谢交警和城管局")

    assert decision.lead is None
    assert [candidate.department for candidate in decision.alternatives] == ["D-JJ", "D-CG", "E"]
    assert codes(decision)[-1] is ReasonCode.DESK
    assert not decision.auto


def test_before_its_first_entry_a_category_is_covered_by_the_district():
    rules = catalogue(CATALOGUE.replace("供水条例,district,yes,,,", "供水条例,district,yes,,2026-01-01,"))

    decision = decide("0301", "E11", rules=rules, day=date(2025, 12, 31))

    assert decision.lead == "E"
    assert codes(decision) == [ReasonCode.NO_ENTRY, ReasonCode.COVERED]


def test_unknown_codes_are_named():
    with pytest.raises(UnknownCode, match="category '99'"):
        decide("99", "E")
    with pytest.raises(UnknownCode, match="area 'X'"):
        decide("0101", "X")


@settings(deadline=None)
@given(
    st.sampled_from(CATEGORIES),
    st.sampled_from(TOWN.areas),
    st.sampled_from(["", "小区内", "供水井盖", "感谢交警", "城管局和水务集团"]),
)
def test_every_category_in_every_area_has_an_answer_without_an_exception(category, area, text):
    decision = decide(category, area.code, text)

    named = {decision.lead, *decision.assisting} - {None}
    assert all(code in OFFICES for code in named)
    assert decision.lead not in decision.assisting
    assert decision.lead not in {candidate.department for candidate in decision.alternatives}
    assert decision.lead or not decision.auto
    assert decision.reasons
